"""The first look at a frame, against the whole reading of it."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from connectors.errors import Malformed, Throttled
from connectors.parse.glimpse import Dialect, glimpse
from connectors.parse.jetstream import event
from tests.doubles.jetstream import Written, micro

AT = datetime(2026, 11, 20, 12, 0, 1, 500_000, tzinfo=UTC)
POST = Written(at=AT, key="a", text="Oak Hill School,\n“shut” \U0001f622 & cold")
EVENTS = {
    "post": POST,
    "deleted": Written(at=AT, key="a"),
    "account": Written(at=AT, account=True),
}


def frame(written: Written, dialect: Dialect, *, ascii_only: bool = False) -> bytes:
    told = written.v1() if dialect == "v1" else written.v2(7)
    return json.dumps(told, ensure_ascii=ascii_only).encode()


@pytest.mark.parametrize("dialect", ["v1", "v2"])
@pytest.mark.parametrize("name", EVENTS)
def test_it_tells_the_same_as_the_whole_reading(name: str, dialect: Dialect) -> None:
    written = frame(EVENTS[name], dialect)
    seen, whole = glimpse(written, dialect), event(written)
    assert seen.position == whole.position == micro(AT)
    assert seen.is_gone == bool(whole.gone)
    assert seen.uri == (whole.item.id if whole.item else whole.gone)
    assert seen.said == (whole.item.text if whole.item else "")


@pytest.mark.parametrize("dialect", ["v1", "v2"])
def test_however_a_letter_is_written_it_is_the_same(dialect: Dialect) -> None:
    assert glimpse(frame(POST, dialect, ascii_only=True), dialect).said == POST.text


@pytest.mark.parametrize("is_in_media", [True, False])
def test_what_pictures_show_is_said_too(is_in_media: bool) -> None:
    told = POST.v1()
    images: dict[str, Any] = {"images": [{"alt": "The gate of Oak Hill School"}, {"alt": "A cat"}]}
    told["commit"]["record"]["embed"] = {"media": images} if is_in_media else images
    said = glimpse(json.dumps(told).encode(), "v1").said
    assert said == f"{POST.text}\nThe gate of Oak Hill School\nA cat"


ODD = {
    "embed": {"embed": ["no", "record"]},
    "alt": {"embed": {"images": [{"alt": None}, "no record"]}},
    "langs": {"langs": 3},
}


@pytest.mark.parametrize("name", ODD)
def test_a_post_that_is_written_oddly_is_missed_by_nobody(name: str) -> None:
    told = POST.v1()
    told["commit"]["record"] |= ODD[name]
    said = glimpse(json.dumps(told).encode(), "v1").said
    assert said.startswith(str(POST.text))


NO_EVENTS = (b"", b"{", b"[]", b"{}", b"[" * 100_000, b'{"did": 1, "time_us": "x"}', b"\xff\xfe")


@pytest.mark.parametrize("written", NO_EVENTS, ids=range(len(NO_EVENTS)))
@pytest.mark.parametrize("dialect", ["v1", "v2"])
def test_what_is_no_event_is_refused(written: bytes, dialect: Dialect) -> None:
    with pytest.raises(Malformed):
        glimpse(written, dialect)


def test_the_second_dialect_tells_of_its_end_and_of_what_is_lost() -> None:
    with pytest.raises(Throttled, match="ConsumerTooSlow"):
        glimpse(b'{"$type": "error", "error": "ConsumerTooSlow"}', "v2")
    info = {"$type": "x#info", "name": "OutdatedCursor"}
    assert glimpse(json.dumps({"$type": "message", "payload": info}).encode(), "v2").is_outdated
