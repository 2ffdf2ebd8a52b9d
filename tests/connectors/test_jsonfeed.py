"""JSON Feed 1.0 and 1.1, in the shapes that blogs and podcasts give them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from connectors.types import Batch, Mention, Ok
from tests.connectors.asking import NEVER_ASKED, NOW, asked, not_measured, partly
from tests.connectors.recorded import as_recorded, expected, payloads, told
from tests.doubles.loopback import Site, as_json, as_text, serving

VERSION = "https://jsonfeed.org/version/1.1"
POST = {"id": "tag:blog.example,2026:1", "content_text": "Text of a post"}


def ask(site: Site, **options: object) -> Batch:
    return asked("jsonfeed", {"url": f"{site.address}/feed.json"} | options, site)


def read(*items: object, **more: object) -> Batch:
    document = {"version": VERSION, "title": "Blog", "items": list(items)} | more
    with serving(lambda asked: as_json(document)) as site:
        return ask(site)


def only(item: object, **more: object) -> Mention:
    batch = read(item, **more)
    assert isinstance(batch.health, Ok)
    (mention,) = batch.mentions
    return mention


@pytest.mark.parametrize("payload", payloads("jsonfeed"), ids=lambda path: path.stem)
def test_what_each_kind_of_software_writes_is_told_whole(payload: Path) -> None:
    with serving(lambda asked: as_recorded(payload)) as site:
        batch = ask(site)
        assert isinstance(batch.health, Ok)
        assert [told(one) for one in batch.mentions] == expected(payload, site)


def test_its_items_are_posts_unless_the_source_says_otherwise() -> None:
    with serving(lambda asked: as_json({"version": VERSION, "items": [POST]})) as site:
        assert ask(site).mentions[0].kind == "post"
        assert ask(site, posts="article").mentions[0].kind == "article"


@pytest.mark.parametrize(
    ("given", "known_as"),
    [
        ({"id": 7}, "127.0.0.1:7"),
        ({"id": "7"}, "127.0.0.1:7"),
        ({"id": "https://blog.example/7"}, "https://blog.example/7"),
        ({"id": True, "url": "https://blog.example/7"}, "https://blog.example/7"),
        ({"id": {"a": 1}, "url": "https://blog.example/7"}, "https://blog.example/7"),
        ({"external_url": "https://paper.example/7"}, "https://paper.example/7"),
    ],
)
def test_an_item_is_known_by_its_id_or_else_by_its_address(
    given: dict[str, Any], known_as: str
) -> None:
    assert only({"content_text": "Text"} | given).external_id == known_as


def test_items_without_id_or_address_are_told_apart_by_their_words() -> None:
    batch = read({"content_text": "One"}, {"content_text": "Two"}, {"content_text": "One"})
    assert [one.text for one in batch.mentions] == ["One", "Two"]
    assert all(one.external_id.startswith("127.0.0.1:") for one in batch.mentions)


@pytest.mark.parametrize(
    "written",
    ["", "yesterday", "1970-01-01T00:00:00Z", "0001-01-01T00:00:00+14:00", 1773475200, None],
)
def test_a_date_that_is_none_is_not_known_and_the_time_of_reading_stands_in(
    written: object,
) -> None:
    mention = only(POST | {"date_published": written})
    assert mention.published_at == NOW
    assert not mention.published_known


def test_a_date_in_the_future_becomes_now() -> None:
    mention = only(POST | {"date_published": "2036-03-14T08:00:00Z"})
    assert mention.published_at == NOW
    assert mention.published_known


def test_a_title_that_the_text_begins_with_is_not_told_twice() -> None:
    mention = only(POST | {"title": "Fair & square", "content_text": "Fair  & square \nWe won."})
    assert (mention.title, mention.text) == ("Fair & square", "We won.")


def test_plain_text_is_taken_before_markup_and_its_angles_are_no_tags() -> None:
    mention = only(POST | {"content_text": "5 <b> 6", "content_html": "<p>Other</p>"})
    assert mention.text == "5 <b> 6"
    assert only({"id": "1", "content_html": "<p>A</p><script>b()</script>"}).text == "A"


def test_what_is_no_item_is_counted_and_costs_no_other_one() -> None:
    batch = read(None, POST, 7, "text", ["list"])
    assert [one.text for one in batch.mentions] == ["Text of a post"]
    assert "4 items" in partly(batch)


@pytest.mark.parametrize(
    "odd",
    [
        {"author": "Wren", "authors": "Wren"},
        {"authors": [None, 7, {"name": 7}]},
        {"title": 7, "content_html": {"a": 1}, "summary": ["b"], "url": 7},
        {"attachments": [None, {"url": 7}, {"mime_type": "audio/mpeg"}], "image": 7},
        {"attachments": [{"url": "javascript:alert(1)"}], "url": "javascript:alert(1)"},
        {"date_published": [2026], "date_modified": {}},
    ],
)
def test_fields_of_the_wrong_kind_are_taken_for_absent(odd: dict[str, object]) -> None:
    mention = only(POST | odd)
    assert mention.text == "Text of a post"
    assert (mention.title, mention.url, mention.author.name) == ("", "", None)
    assert all(one.url == "" for one in mention.media)


@pytest.mark.parametrize(
    "document",
    [
        {"items": [POST]},
        {"version": 1.1, "items": [POST]},
        {"version": "https://other.example/version/1", "items": [POST]},
        {"version": VERSION},
        {"version": VERSION, "items": {"0": POST}},
        [POST],
    ],
)
def test_a_document_of_another_kind_is_not_measured(document: object) -> None:
    with serving(lambda asked: as_json(document)) as site:
        assert not_measured(ask(site)).kind == "Malformed"


def test_a_document_cut_off_is_not_measured_since_nothing_of_it_can_be_trusted() -> None:
    whole = '{"version": "https://jsonfeed.org/version/1.1", "items": [{"id": "1"}]}'
    with serving(lambda asked: as_text(whole[:-4])) as site:
        assert not_measured(ask(site)).kind == "Malformed"


def test_nesting_without_end_is_not_measured() -> None:
    deep = '{"version": "https://jsonfeed.org/version/1.1", "items": ' + "[" * 200_000
    with serving(lambda asked: as_text(deep)) as site:
        assert not_measured(ask(site)).kind == "Malformed"


def test_a_mark_of_byte_order_and_characters_no_page_can_hold_do_no_harm() -> None:
    said = '\ufeff{"version": "https://jsonfeed.org/version/1", "items": [{"id": "1", '
    said += '"content_text": "a\\u0000b\\ud800c"}]}'
    with serving(lambda asked: as_text(said)) as site:
        (mention,) = asked("jsonfeed", {"url": site.address}, site, cursor=NEVER_ASKED).mentions
    assert mention.text == "abc"
