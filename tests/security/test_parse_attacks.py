"""Documents that hurt their parser: each costs at most 5 seconds, and a child, not the service."""

import asyncio
import os
import time
from datetime import UTC, datetime

import pytest

from config.sources import Source
from connectors.errors import ConnectorError, Malformed, TooLarge
from connectors.parse.child import Limits, parse
from connectors.parse.feed import parse_feed
from connectors.parse.html import html_to_text
from connectors.parse.items import MAX_ITEMS, Feed
from connectors.parse.jsonfeed import parse_jsonfeed
from connectors.polling import poll
from connectors.types import Batch, Cursor, NotMeasured, Query
from tests.security.hostile import answer, fetcher, talking

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
ATTRIBUTES = " ".join(f'a{n}="1"' for n in range(22_000))
LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE r [<!ENTITY a "ha">'
    + "".join(
        f'<!ENTITY {chr(98 + n)} "{(chr(38) + chr(97 + n) + chr(59)) * 10}">' for n in range(9)
    )
    + ']><rss version="2.0"><channel><item><title>&j;</title></item></channel></rss>'
)
XXE = (
    '<?xml version="1.0"?><!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    '<rss version="2.0"><channel><item><title>&x;</title></item></channel></rss>'
)


def rss(inside: str) -> bytes:
    return f'<?xml version="1.0"?><rss version="2.0"><channel>{inside}</channel></rss>'.encode()


def feed_of(body: bytes) -> Feed:
    return parse(parse_feed, body, "application/rss+xml", "")


def polled(body: bytes) -> Batch:
    with talking(answer(body, Content_Type="application/rss+xml")) as place:
        source = Source(
            id="a", kind="rss", name="A", allow=(place,), options={"url": f"http://{place}/"}
        )
        return asyncio.run(poll(source, Query(), Cursor(), fetcher=fetcher(), now=NOW))


def test_a_209_kilobyte_tag_of_attributes_is_refused_at_once() -> None:
    body = rss(f"<item {ATTRIBUTES}><title>x</title></item>")
    assert len(body) > 209_000
    began = time.monotonic()
    with pytest.raises(TooLarge):
        feed_of(body)
    assert time.monotonic() - began < 2


@pytest.mark.parametrize(
    "inside",
    [
        "<item><description>" + "<b>" * 460_000 + "</description></item>",
        "<item><description>" + "&lt;div&gt;" * 100_000 + "</description></item>",
        "<item>" * 200_000,
        "<" * 2_000_000,
        "<item " + "x='<' " * 200_000 + ">",
    ],
)
def test_deep_nesting_ends_within_five_seconds(inside: str) -> None:
    began = time.monotonic()
    batch = polled(rss(inside))
    assert time.monotonic() - began < 5
    assert all(len(mention.text) < 300_000 for mention in batch.mentions)


@pytest.mark.parametrize("body", [LAUGHS.encode(), XXE.encode()])
def test_entities_neither_expand_nor_read_files(body: bytes) -> None:
    try:
        feed = feed_of(body)
    except ConnectorError:
        return
    assert all("root:" not in item.title and len(item.title) < 1_000 for item in feed.items)


@pytest.mark.parametrize(
    "body",
    [
        b"<html><body><form>Please log in</form></body></html>",
        b"",
        b"\x00" * 100,
        b"\xff\xfe\x00\x00",
        b"just text",
        b'{"json": true}',
    ],
)
def test_what_is_no_feed_is_not_measured(body: bytes) -> None:
    health = polled(body).health
    assert isinstance(health, NotMeasured)
    assert health.kind == "Malformed"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "iso-8859-1", "windows-1252"])
def test_a_feed_in_its_declared_encoding_is_read(encoding: str) -> None:
    text = f'<?xml version="1.0" encoding="{encoding}"?><rss version="2.0"><channel>'
    text += "<item><guid>1</guid><title>Café</title></item></channel></rss>"
    assert feed_of(text.encode(encoding)).items[0].title == "Café"


def test_more_items_than_anybody_reads_are_cut() -> None:
    feed = feed_of(rss("<item><title>x</title></item>" * (MAX_ITEMS + 50)))
    assert len(feed.items) == MAX_ITEMS


def test_a_deep_json_feed_is_malformed() -> None:
    body = b'{"version":"https://jsonfeed.org/version/1.1","items":' + b"[" * 100_000
    with pytest.raises(Malformed):
        parse(parse_jsonfeed, body, "", "")


def sleeping(seconds: float) -> None:
    time.sleep(seconds)


def eating(megabytes: int) -> int:
    return len(bytearray(megabytes * 1024 * 1024))


def dying() -> None:
    os.abort()


def test_a_parser_that_hangs_is_killed() -> None:
    began = time.monotonic()
    with pytest.raises(TooLarge):
        parse(sleeping, 60.0, limits=Limits(seconds=0.5))
    assert time.monotonic() - began < 3


def test_a_parser_that_eats_memory_or_dies_costs_only_itself() -> None:
    with pytest.raises(TooLarge):
        parse(eating, 2_000, limits=Limits(memory_bytes=64 * 1024 * 1024))
    with pytest.raises(Malformed):
        parse(dying)
    assert parse(html_to_text, "<p>still here") == "still here"


def test_an_error_tells_nothing_of_the_document() -> None:
    health = polled(b"<html>the secret of the pupil</html>").health
    assert isinstance(health, NotMeasured)
    assert "secret" not in health.reason


@pytest.mark.parametrize(
    "markup",
    ["<script>alert(1)</script>Hi", "<style>x{}</style>Hi", "<svg onload=alert(1)>x</svg>Hi",
     "<p>Hi</p><iframe src=x>y</iframe>", "<p>Hi</p><noscript>n</noscript>", "<!-- c -->Hi"],
)  # fmt: skip
def test_what_a_reader_would_not_see_is_not_text(markup: str) -> None:
    assert html_to_text(markup) == "Hi"
