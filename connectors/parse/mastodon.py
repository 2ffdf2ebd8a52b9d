"""Answers of Mastodon and servers that speak its interface (docs.joinmastodon.org)."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlsplit

from connectors.errors import Malformed
from connectors.parse import values
from connectors.parse.html import html_to_text
from connectors.parse.items import MAX_ITEMS, Around, Feed, Happened, Item
from connectors.parse.values import Record

SHOWN = ("public", "unlisted")
"""Visibilities that anybody may read; what is meant for fewer never leaves the parser."""


def parse_statuses(body: bytes, content_type: str, url: str) -> Feed:
    """The posts of a timeline, newest first as they come. Raises Malformed.

    Left out: boosts of other posts, whatever is not public, and posts of people who ask
    search engines to leave them out (`noindex`).
    """
    return _posts(values.document(body), url, "The answer is not a timeline.")


def parse_search(body: bytes, content_type: str, url: str) -> Feed:
    """The posts that a search found, by the same rules. Raises Malformed."""
    answer = values.document(body)
    found = answer.get("statuses") if isinstance(answer, dict) else None
    return _posts(found, url, "The answer is no result of a search.")


def parse_status(body: bytes, content_type: str, url: str) -> Feed:
    """One post, by the same rules. Raises Malformed."""
    return _posts([values.document(body)], url, "The answer is no post.")


def parse_context(body: bytes, content_type: str, url: str) -> Around:
    """What a post answers, and what answers it, by the same rules. Raises Malformed."""
    answer = values.document(body)
    if not isinstance(answer, dict):
        raise Malformed("The answer is no conversation.")
    before = _posts(answer.get("ancestors"), url, "The answer is no conversation.").items
    after = _posts(answer.get("descendants"), url, "The answer is no conversation.").items
    return Around(
        before=tuple(one for one in before if one.id),
        after=tuple(one for one in after if one.id),
        withheld=sum(not one.id for one in (*before, *after)),
    )


def _posts(statuses: object, url: str, otherwise: str) -> Feed:
    if not isinstance(statuses, list):
        raise Malformed(otherwise)
    server = urlsplit(url).netloc
    found = [one for one in statuses[:MAX_ITEMS] if isinstance(one, dict) and one.get("id")]
    known = {values.name(one, "id"): values.string(one, "uri") for one in found}
    lost = len(statuses[:MAX_ITEMS]) - len(found)
    return Feed(
        items=tuple(_item(one, server, known) for one in found),
        partial=f"{lost} posts could not be read." if lost else "",
    )


def parse_access(body: bytes, content_type: str, url: str) -> Feed:
    """What a server says of its hashtags (Mastodon 4.5 and later): `partial` is the reason why
    strangers may not read them, empty when they may or when it does not say."""
    about = values.document(body)
    settings = values.record(about, "configuration") if isinstance(about, dict) else {}
    hashtags = values.record(values.record(settings, "timelines_access"), "hashtag_feeds")
    closed = [kind for kind in ("local", "remote") if hashtags.get(kind, "public") != "public"]
    reason = f"The server does not show strangers its {' and '.join(closed)} posts by hashtag."
    return Feed(items=(), partial=reason if closed else "")


def parse_streaming(body: bytes, content_type: str, url: str) -> Feed:
    """Where a server says that its streams are (`next`); empty when it does not say."""
    about = values.document(body)
    settings = values.record(about, "configuration") if isinstance(about, dict) else {}
    return Feed(items=(), next=values.string(values.record(settings, "urls"), "streaming", 2048))


def read_events(frames: Sequence[bytes], server: str) -> Happened:
    """What the frames of a stream tell: new posts, edited ones (with a time of the edit), and
    what was deleted, by the server's own numbers. What cannot be read is counted."""
    items: dict[str, Item] = {}
    gone: dict[str, None] = {}
    lost = 0
    for frame in frames:
        try:
            told = values.document(frame)
            payload = values.string(told, "payload")
            if values.string(told, "event", 40) == "delete":
                gone[payload[: values.MAX_NAME]] = None
            elif told["event"] in ("update", "status.update"):
                status = values.document(payload.encode())
                items[values.name(status, "id")] = _item(status, server, {})
        except (Malformed, AttributeError, LookupError, TypeError):
            lost += 1
    return Happened(items=tuple(items.values()), gone=tuple(gone), lost=lost)


def _item(status: Record, server: str, known: dict[str, str]) -> Item:
    """A post. One that is not for us keeps its place in the timeline alone, to page by."""
    position = values.name(status, "id")
    account = values.record(status, "account")
    if not _for_us(status, account):
        return Item(position=position)
    uri = values.string(status, "uri", values.MAX_NAME * 2)
    media = values.records(status, "media_attachments")[:16]
    return Item(
        id=uri or f"https://{server}/api/v1/statuses/{position}",
        url=values.string(status, "url") or uri,
        title=values.string(status, "spoiler_text"),
        text=html_to_text(values.string(status, "content")),
        author=values.string(account, "display_name", values.MAX_NAME),
        handle=_handle(account, server),
        published_at=values.moment(values.string(status, "created_at")),
        edited_at=values.moment(values.string(status, "edited_at")),
        media=tuple((values.string(one, "url"), values.string(one, "type")) for one in media),
        descriptions=tuple(values.string(one, "description") for one in media),
        parent=_parent(values.name(status, "in_reply_to_id"), server, known),
        language=values.string(status, "language", 35),
        position=position,
    )


def _for_us(status: Record, account: Record) -> bool:
    visible = status.get("visibility") in SHOWN
    return visible and not status.get("reblog") and account.get("noindex") is not True


def _handle(account: Record, server: str) -> str:
    """user@server; a server leaves itself out of its own people's handles."""
    acct = values.string(account, "acct", values.MAX_NAME)
    return f"{acct}@{server}" if acct and "@" not in acct else acct


def _parent(local: str, server: str, known: dict[str, str]) -> str:
    """A server numbers posts in its own way; only the address of its answer is global."""
    if not local:
        return ""
    return known.get(local) or f"https://{server}/api/v1/statuses/{local}"
