"""Taking in: each post once, whole or not at all, whatever stands in it."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import Any, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.types import Author, Media
from monitor.store import mentions
from monitor.store.database import Store
from monitor.store.errors import StoreError
from monitor.store.inserts import BY_COPY, put_all
from monitor.store.sealed_tables import MarkKeyRow
from tests.store.conftest import NOW, post, taken_in

WRITER = Author(name="A. Writer", handle="@writer")


def test_a_post_found_by_two_roads_is_stored_once_and_stays_as_it_was(store: Store) -> None:
    with store.begin() as tx:
        first = mentions.ingest(tx, "feed", [post("1", "As first read")], NOW)
        second = mentions.ingest(tx, "search", [post("1", "Read again"), post("2")], NOW)
        kept = mentions.pending(tx, 10)
    assert (first.stored, first.known) == (1, 0)
    assert (second.stored, second.known) == (1, 1)
    assert [one.mention.text for one in kept] == ["As first read", "Post 2"]


def test_the_same_post_twice_in_one_batch_is_one(store: Store) -> None:
    with store.begin() as tx:
        assert mentions.ingest(tx, "feed", [post("1"), post("1")], NOW).stored == 1


def test_many_at_once_are_taken_in_as_few_are(store: Store) -> None:
    """On a server they go by another road."""
    known = replace(post("7", "As first read"), author=Author(name="First"))
    many = [replace(post(str(n), f"Tab\t, line\n, \\N {n}"), author=WRITER) for n in range(BY_COPY)]
    with store.begin() as tx:
        taken_in(tx, known)
        told = mentions.ingest(tx, "search", [*many, many[3]], NOW)
        kept = {one.mention.external_id: one.mention for one in mentions.pending(tx, 1_000)}
    assert (told.stored, told.known) == (BY_COPY - 1, 2)
    assert [kept[one.external_id] for one in many] == [*many[:7], known, *many[8:]]


def test_a_value_among_many_that_fits_no_column_is_an_error_of_the_store(store: Store) -> None:
    table = cast(Any, MarkKeyRow).__table__
    with pytest.raises(StoreError), store.begin() as tx:
        put_all(tx, table, ("id", "key"), [("a word", b"")] * BY_COPY)
    with store.begin() as tx:
        assert len(taken_in(tx, post("1"))) == 1


def test_two_platforms_may_use_the_same_id(store: Store) -> None:
    with store.begin() as tx:
        assert len(taken_in(tx, post("1", platform="web"), post("1", platform="mastodon"))) == 2


def test_platform_and_id_never_run_together() -> None:
    assert mentions.identity("web", "1") != mentions.identity("web1", "")


def test_nothing_of_a_transaction_that_fails_is_kept(store: Store) -> None:
    with suppress(ZeroDivisionError), store.begin() as tx:
        taken_in(tx, post("1"))
        raise ZeroDivisionError
    with store.read() as tx:
        assert mentions.pending(tx, 10) == []


def test_a_reader_sees_one_moment_while_another_writes(store: Store) -> None:
    with store.read() as before:
        assert mentions.pending(before, 10) == []
        with store.begin() as tx:
            taken_in(tx, post("1"))
        assert mentions.pending(before, 10) == []
    with store.read() as after:
        assert len(mentions.pending(after, 10)) == 1


def test_everything_a_source_says_comes_back_as_it_was(store: Store) -> None:
    said = replace(
        post("1", "Text", platform="mastodon"),
        title="Title",
        kind="comment",
        author=Author(name="A. Writer", handle="@writer@posts.example"),
        published_known=False,
        edited_at=NOW,
        expires_at=NOW,
        parent_id="0",
        language="en",
        media=(Media(url="https://posts.example/p.png", type="image/png", alt="A gate"),),
        place_hints=("Hillford",),
        source_school="hill",
        official=True,
    )
    with store.begin() as tx:
        taken_in(tx, said)
        (back,) = mentions.pending(tx, 10)
    assert back.mention == said


@settings(max_examples=60)
@given(text=st.text(st.characters(codec=None), max_size=40))
def test_any_text_can_be_stored_and_only_what_no_database_takes_is_replaced(
    store: Store, text: str
) -> None:
    with store.begin() as tx:
        taken_in(tx, replace(post(text), text=text))
        told = {one.mention.text for one in mentions.pending(tx, 10_000)}
    writable = "".join("?" if "\ud800" <= letter <= "\udfff" else letter for letter in text)
    assert writable.replace("\0", "\ufffd") in told
