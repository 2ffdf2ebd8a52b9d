"""The posts around one of a forum, where its software tells of them; robots.txt is obeyed."""

from __future__ import annotations

import re
from datetime import datetime
from urllib.parse import urlencode, urlsplit

from connectors.conversations import told_around
from connectors.errors import Forbidden
from connectors.feeds import mention
from connectors.fetch.client import Fetcher
from connectors.parse.discourse import parse_topic
from connectors.parse.flarum import parse_posts
from connectors.parse.items import Around
from connectors.posts import ACCEPT
from connectors.types import Conversation, Mention

_DISCOURSE = re.compile(r"/t/(?:[^/]+/)?(\d{1,12})(?:/(\d{1,9}))?/?$")
_FLARUM = re.compile(r"/d/(\d{1,12})[^/]*(?:/(\d{1,9}))?/?$")

MOST_FLARUM = "20"
"""Posts at once, as it gives unless told otherwise."""


async def discourse(post: Mention, site: str, fetch: Fetcher, now: datetime) -> Conversation:
    """Of a topic the first post and about twenty near this one. Raises ConnectorError."""
    topic, number = _places(_DISCOURSE, post, site)
    near = f"/{number}" if number else ""
    answer = await fetch.get(f"{site}/t/{topic}{near}.json", accept=ACCEPT, obey_robots=True)
    return _conversation(await told_around(answer, parse_topic, fetch), number, site, now)


async def flarum(post: Mention, site: str, fetch: Fetcher, now: datetime) -> Conversation:
    """Of a discussion twenty posts, those near this one. It is asked for posts, as its newer
    versions tell of a discussion without them. Raises ConnectorError."""
    discussion, number = _places(_FLARUM, post, site)
    asked = {"filter[discussion]": discussion, "page[limit]": MOST_FLARUM}
    near = {"page[near]": number} if number else {}
    answer = await fetch.get(
        f"{site}/api/posts?{urlencode(asked | near)}", accept="application/vnd.api+json",
        obey_robots=True,
    )  # fmt: skip
    return _conversation(await told_around(answer, parse_posts, fetch), number, site, now)


def _places(pattern: re.Pattern[str], post: Mention, site: str) -> tuple[str, str]:
    """The numbers of the topic and of the post in it. Raises Forbidden."""
    parts = urlsplit(post.url)
    found = pattern.search(parts.path) if parts.netloc == urlsplit(site).netloc else None
    if not found:
        raise Forbidden("The address of the post does not say where in the forum it stands.")
    return found[1], found[2] or ""


def _conversation(around: Around, number: str, site: str, now: datetime) -> Conversation:
    host = urlsplit(site).hostname or ""
    here = int(number or 1)
    told = [
        (int(item.position), mention(item, site=host, now=now, kind="post"))
        for item in around.after
        if int(item.position) != here
    ]
    return Conversation(
        before=tuple(one for at, one in told if at < here),
        after=tuple(one for at, one in told if at > here),
    )
