"""Frames of Bluesky's Jetstream, the network's posts as they are written, in both dialects: v1 of
/subscribe and v2 of network.bsky.jetstream.subscribeEvents.

A position is when the server witnessed an event, in microseconds since 1970: it means the same
in both dialects and on every server, and never becomes too old to be asked from.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from connectors.errors import Malformed, Throttled
from connectors.parse import values
from connectors.parse.items import Happened, Item
from connectors.parse.naming import is_named
from connectors.parse.values import Record

POSTS = "app.bsky.feed.post"
_OUTDATED = "OutdatedCursor"


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """What one frame tells: a post as it reads now (`item`), one that was taken back (`gone`, by
    its address), or an account that nobody can read any more (`gone`, ending with a slash).
    `position` is 0 for what stands nowhere in the stream; `is_outdated` when the server begins
    later than it was asked to."""

    position: int = 0
    item: Item | None = None
    gone: str = ""
    is_outdated: bool = False


def event(frame: bytes) -> Event:
    """What a frame tells; of what concerns no post only its position. Raises Malformed for what
    is no event, Throttled for a frame by which the server ends the stream (v2)."""
    told = values.document(frame)
    if not isinstance(told, dict):
        raise Malformed("The stream sends what is no event.")
    if told.get("$type") == "error":
        reason = values.string(told, "error", 80) or "no reason given"
        raise Throttled(f"The stream was ended by the server ({reason}).")
    if told.get("$type") == "message":
        return _second(values.record(told, "payload"))
    return _first(told)


def _first(told: Record) -> Event:
    position = told.get("time_us")
    if not isinstance(position, int):
        raise Malformed("The stream sends what is no event.")
    did = values.string(told, "did", values.MAX_NAME)
    if told.get("kind") == "commit":
        return _commit(did, values.record(told, "commit"), position)
    return _account(did, values.record(told, "account"), position)


def _second(payload: Record) -> Event:
    kind = values.string(payload, "$type", values.MAX_NAME).rpartition("#")[2]
    if kind == "info":
        return Event(is_outdated=payload.get("name") == _OUTDATED)
    witnessed = values.string(payload, "witnessedAt", 40) or values.string(payload, "time", 40)
    at = values.moment(witnessed)
    if at is None:
        raise Malformed("The stream sends what is no event.")
    did = values.string(payload, "did", values.MAX_NAME)
    if kind == "commit":
        return _commit(did, payload, microseconds(at))
    return _account(did, values.record(payload, "account"), microseconds(at))


def _account(did: str, account: Record, position: int) -> Event:
    is_gone = account.get("active") is False and did
    return Event(position=position, gone=f"at://{did}/" if is_gone else "")


def _commit(did: str, commit: Record, position: int) -> Event:
    key = values.string(commit, "rkey", values.MAX_NAME)
    if commit.get("collection") != POSTS or not (did and key):
        return Event(position=position)
    uri = f"at://{did}/{POSTS}/{key}"
    if commit.get("operation") == "delete":
        return Event(position=position, gone=uri)
    return Event(position=position, item=_item(did, key, values.record(commit, "record")))


def _item(did: str, key: str, record: Record) -> Item:
    """The author is known by their DID alone; their handle is not in the stream."""
    embed = values.record(record, "embed")
    images = values.records(values.record(embed, "media") or embed, "images")[:16]
    parent = values.record(values.record(record, "reply"), "parent")
    languages = record.get("langs")
    return Item(
        id=f"at://{did}/{POSTS}/{key}",
        url=f"https://bsky.app/profile/{did}/post/{key}",
        text=values.string(record, "text"),
        handle=did,
        published_at=values.moment(values.string(record, "createdAt", values.MAX_NAME)),
        media=tuple(("", "image") for _ in images),
        descriptions=tuple(values.string(one, "alt") for one in images),
        parent=values.string(parent, "uri", values.MAX_NAME * 2),
        language=str(languages[0])[:35] if isinstance(languages, list) and languages else "",
    )


def microseconds(at: datetime) -> int:
    """A time as a position of the stream."""
    return int(at.timestamp()) * 1_000_000 + at.microsecond


def read_frames(frames: Sequence[bytes], names: Sequence[str]) -> Happened:
    """What many frames tell: the posts that bear one of the `names` (as `naming.folded` gives
    them), in their order, and all that was taken back. What cannot be read is counted."""
    each = map(read_frame, frames)
    return merged(
        replace(one, items=tuple(item for item in one.items if is_named(item, names)))
        for one in each
    )


def read_each(frames: Sequence[bytes]) -> tuple[Happened, ...]:
    """What each of many frames tells, whomever it names."""
    return tuple(map(read_frame, frames))


def read_frame(frame: bytes) -> Happened:
    try:
        one = event(frame)
    except Malformed:
        return Happened(lost=1)
    except Throttled as error:
        return Happened(ended=str(error))
    return Happened(
        items=(one.item,) if one.item else (), gone=(one.gone,) if one.gone else (),
        position=one.position, is_outdated=one.is_outdated,
    )  # fmt: skip


def merged(parts: Iterable[Happened]) -> Happened:
    """What was told one after the other, as one, as far as the stream went."""
    items: dict[str, Item] = {}
    gone: dict[str, None] = {}
    position = lost = 0
    is_outdated = False
    ended = ""
    for part in parts:
        position = max(position, part.position)
        lost += part.lost
        is_outdated |= part.is_outdated
        for one in part.gone:
            gone[one] = None
            items = {key: item for key, item in items.items() if not is_under(key, one)}
        for item in part.items:
            gone.pop(item.id, None)
            items[item.id] = item
        if ended := part.ended:
            break
    return Happened(
        items=tuple(items.values()), gone=tuple(gone), position=position, lost=lost,
        is_outdated=is_outdated, ended=ended,
    )  # fmt: skip


def is_under(uri: str, gone: str) -> bool:
    """Whether a post is what was taken back, or of the account that was."""
    return uri.startswith(gone) if gone.endswith("/") else uri == gone
