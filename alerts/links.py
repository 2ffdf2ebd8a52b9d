"""The two kinds of address a mail may hold: the console's, and the original post's."""

from __future__ import annotations

from urllib.parse import urlsplit

from alerts.mask import tells
from alerts.types import Notice
from classifiers.types import Assessment
from connectors.types import Mention

LONGEST_URL = 2_000


def mention(console_url: str, mention_id: int) -> str:
    """The mention's page in the console."""
    return f"{console_url.rstrip('/')}/mentions/{mention_id}"


def matter(console_url: str, notice: Notice) -> str:
    """What a notice is about: its case, else its mention."""
    if notice.case_id is not None:
        return f"{console_url.rstrip('/')}/cases/{notice.case_id}"
    return mention(console_url, notice.mention_id)


def seen(console_url: str, token: str) -> str:
    """Where somebody who was told says so; it asks for a click, as mail scanners follow links."""
    return f"{console_url.rstrip('/')}/seen/{token}"


def queue(console_url: str) -> str:
    """The review queue."""
    return f"{console_url.rstrip('/')}/"


def clocks(console_url: str) -> str:
    """All response clocks."""
    return f"{console_url.rstrip('/')}/clocks"


def original(post: Mention, text: str, assessment: Assessment) -> str | None:
    """The post's own address; None where it is not a plain web address or would tell what
    is masked in `text` (a name in the path of an article)."""
    url = post.url
    if len(url) > LONGEST_URL or not url.isascii() or any(char <= " " for char in url):
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not parts.hostname or "@" in parts.netloc:
        return None
    return None if tells(url, text, assessment) else url


def host(url: str) -> str:
    """The host of an address that `original` let pass."""
    return urlsplit(url).hostname or ""
