"""A first look at a frame of the stream: no more of it than says whether it may concern somebody.

Of everybody's posts nearly all concern nobody, so what is read of each must cost little: the words
and where they stand in the stream. What passes is read whole, in the killable child.
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal, NamedTuple

import msgspec

from connectors.parse.jetstream import POSTS, event, microseconds

Dialect = Literal["v1", "v2"]


class Glimpse(NamedTuple):
    """`uri` is the post's address, or an account's with a slash at its end; empty for what concerns
    no post. `said` are its words and those on its pictures; `is_gone` when it was taken back."""

    position: int = 0
    uri: str = ""
    said: str = ""
    is_gone: bool = False
    is_outdated: bool = False
    """The server begins later than it was asked to."""


class _Picture(msgspec.Struct):
    alt: str = ""


class _Media(msgspec.Struct):
    images: list[_Picture] = []


class _Embed(_Media):
    media: _Media | None = None


class _Record(msgspec.Struct):
    text: str = ""
    embed: _Embed | None = None


class _Commit(msgspec.Struct):
    operation: str = ""
    collection: str = ""
    rkey: str = ""
    record: _Record | None = None


class _Account(msgspec.Struct):
    active: bool = True


class _First(msgspec.Struct):
    did: str
    time_us: int
    kind: str = ""
    commit: _Commit | None = None
    account: _Account | None = None


class _Payload(_Commit):
    type: str = msgspec.field(name="$type", default="")
    did: str = ""
    time: str = ""
    witnessed: str = msgspec.field(name="witnessedAt", default="")
    account: _Account | None = None


class _Second(msgspec.Struct):
    payload: _Payload


_v1 = msgspec.json.Decoder(_First)
_v2 = msgspec.json.Decoder(_Second)


def glimpse(frame: bytes, dialect: Dialect) -> Glimpse:
    """What it may concern. Raises Malformed for what is no event, Throttled for a frame by which
    the server ends the stream (v2)."""
    try:
        return _of_first(_v1.decode(frame)) if dialect == "v1" else _of_second(_v2.decode(frame))
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return _patiently(frame)


def _of_first(told: _First) -> Glimpse:
    if told.kind == "commit" and told.commit:
        return _of_commit(told.commit, told.did, told.time_us)
    return _of_account(told.account, told.did, told.time_us)


def _of_second(told: _Second) -> Glimpse:
    payload = told.payload
    at = datetime.fromisoformat(payload.witnessed or payload.time)
    if payload.type.endswith("#commit"):
        return _of_commit(payload, payload.did, microseconds(at))
    return _of_account(payload.account, payload.did, microseconds(at))


def _of_account(account: _Account | None, did: str, position: int) -> Glimpse:
    is_gone = account is not None and not account.active and bool(did)
    return Glimpse(position, f"at://{did}/" if is_gone else "", is_gone=is_gone)


def _of_commit(commit: _Commit, did: str, position: int) -> Glimpse:
    if commit.collection != POSTS or not (did and commit.rkey):
        return Glimpse(position)
    uri = f"at://{did}/{POSTS}/{commit.rkey}"
    if commit.operation == "delete":
        return Glimpse(position, uri, is_gone=True)
    record = commit.record
    return Glimpse(position, uri, _said(record) if record else "")


def _said(record: _Record) -> str:
    embed = record.embed
    if embed is None:
        return record.text
    images = (embed.media or embed).images
    return "\n".join([record.text, *(one.alt for one in images)]) if images else record.text


def _patiently(frame: bytes) -> Glimpse:
    """What is written otherwise than it should be is read as in the child, so that nobody is
    missed for it."""
    one = event(frame)
    if one.item is None:
        return Glimpse(one.position, one.gone, is_gone=bool(one.gone), is_outdated=one.is_outdated)
    said = "\n".join((one.item.text, *one.item.descriptions))
    return Glimpse(one.position, one.item.id, said)
