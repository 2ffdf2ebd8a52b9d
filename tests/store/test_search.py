"""Everything judged is found by the words that are shown of it, and by no other."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from classifiers.expressions import All, Any, ExpressionError, Term, Text, matches, parse
from monitor.store import decisions, endings, mentions, queue, retention, search, verdicts
from monitor.store.database import Store, Tx
from monitor.store.scope import EVERYTHING, Part, Scope
from monitor.store.views import QueueFilter
from tests.store.conftest import FILES_ONLY, NOW, post, queued
from tests.store.test_retention import limits

SECRET = "xylophonesandwich"
TEXTS = (
    "Fire at Coton Green today, pupils evacuated",
    "A fire on Coton Green Road",
    "The green bus to Coton was late",
    "Evacuating the hall went well",
)


def taken(tx: Tx, texts: Sequence[str]) -> list[int]:
    numbers = []
    for place, text in enumerate(texts):
        number, _ = queued(tx, post(f"{place}", text))
        search.index(tx, number, text)
        numbers.append(number)
    return numbers


def found(tx: Tx, written: str, *, before: int | None = None, most: int = 100) -> list[int]:
    return search.newest(tx, endings.spelt_out(tx, parse(written)), before=before, most=most)


def test_finds_words_phrases_stems_and_leaves_out_what_must_not_be_there(store: Store) -> None:
    with store.begin() as tx:
        one, two, three, four = taken(tx, TEXTS)
        assert found(tx, '"coton green" AND (fire OR evacuat*)') == [two, one]
        assert found(tx, '"coton green" AND fire NOT "coton green road"') == [one]
        assert found(tx, "evacuat*") == [four, one]
        assert found(tx, "green NEAR/2 coton") == [three, two, one]
        assert found(tx, "green NEAR/2 coton", before=three, most=1) == [two]
        assert search.count(tx, parse("coton"), most=2) == 2


def test_a_stem_is_written_out_where_its_words_are_few(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    with store.begin() as tx:
        taken(tx, TEXTS)
        if not store.is_embedded:
            assert endings.spelt_out(tx, parse("evacuat*")) == parse("evacuat*")
            return
        assert endings.spelt_out(tx, parse("evacuat*")) == parse("evacuated OR evacuating")
        written = endings.spelt_out(tx, parse('bus NOT "hall evacuati"*'))
        assert written == All((Term(("bus",)),), (Any((Term(("hall", "evacuating")),)),))
        assert endings.spelt_out(tx, parse("xyl*")) == parse("xyl*")
        monkeypatch.setattr(endings, "MOST", 1)
        assert endings.spelt_out(tx, parse("evacuat*")) == parse("evacuat*")


def test_the_newest_are_found_however_rare_or_common_the_words(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A server reads the newest few, then more, and asks its index in the end."""
    for name, number in (("NEAR", 4), ("FAR", 6), ("RARE", 1)):
        monkeypatch.setattr(search, name, number)
    head = Scope(parts=(Part(schools=frozenset({"hill"})),))
    with store.begin() as tx:
        said = ["bus late", *["common bus"] * 4, *["common"] * 3, "late", "common"]
        numbers = taken(tx, [f"{words} {at}" for at, words in enumerate(said)])
        for words in ("common", "bus", "late", "bus late", "nowhere", "9"):
            wanted = parse(words)
            holds = [
                n
                for n, text in zip(numbers, said, strict=True)
                if set(words.split()) <= set(f"{text} {numbers.index(n)}".split())
            ][::-1]
            for most in (1, 3, 20):
                assert search.newest(tx, wanted, most=most) == holds[:most], (words, most)
                before = numbers[5]
                earlier = [n for n in holds if n < before][:most]
                assert search.newest(tx, wanted, before=before, most=most) == earlier
                chosen = QueueFilter(state="all", wanted=wanted)
                page = queue.page(tx, head, chosen, after=None, limit=most)
                assert [row.mention_id for row in page.rows] == holds[:most]


WORDS = st.sampled_from(["fire", "coton", "green", "road", "evac*", '"coton green"', "bus"])
WRITTEN = st.recursive(
    WORDS,
    lambda inner: st.one_of(
        st.tuples(inner, inner).map(lambda two: f"({two[0]} AND {two[1]})"),
        st.tuples(inner, inner).map(lambda two: f"({two[0]} OR {two[1]})"),
        st.tuples(inner, inner).map(lambda two: f"({two[0]} NOT {two[1]})"),
        st.tuples(WORDS, WORDS).map(lambda two: f"{two[0]} NEAR/3 {two[1]}"),
    ),
    max_leaves=8,
)


@settings(max_examples=60)
@given(written=WRITTEN)
def test_the_index_and_the_text_itself_agree(store: Store, written: str) -> None:
    try:
        expression = parse(written)
    except ExpressionError:
        return
    with store.begin() as tx:
        if not mentions.detail(tx, EVERYTHING, 1):
            taken(tx, TEXTS)
        expected = [at for at, text in enumerate(TEXTS, 1) if matches(expression, Text(text))]
        assert sorted(found(tx, written)) == expected


@FILES_ONLY
def test_no_word_of_what_is_forgotten_is_left_in_any_file(store: Store, tmp_path: Path) -> None:
    with store.begin() as tx:
        numbers = taken(tx, [f"Post {n} says {SECRET} and more" for n in range(30)])
        taken_in_again = len(found(tx, SECRET))
        verdicts.give(tx, numbers[0], {"reputation": False}, by="A", now=NOW)
    assert taken_in_again == 30
    later = limits(365)
    with store.begin() as tx:
        assert retention.forget(tx, "unreviewed", later, most=100) + retention.forget(
            tx, "copies", later, most=100
        )
    search.purge(store)
    store.settle()
    with store.begin() as tx:
        assert found(tx, SECRET) == []
        assert verdicts.since(tx) == []
    for path in tmp_path.iterdir():
        assert SECRET.encode() not in path.read_bytes()


def test_a_verdict_says_whether_the_label_was_flagged_and_can_be_taken_back(store: Store) -> None:
    with store.begin() as tx:
        number, _ = queued(tx, post("1"))
        verdicts.give(tx, number, {"reputation": False, "threat": True}, by="A", now=NOW)
        said = verdicts.of_mention(tx, number)
        assert (said["reputation"].was_flagged, said["reputation"].holds) == (True, False)
        assert (said["threat"].was_flagged, said["threat"].holds) == (False, True)
        verdicts.give(tx, number, {"threat": None, "reputation": True}, by="B", now=NOW)
        assert [(one.label, one.holds, one.by) for one in verdicts.since(tx)] == [
            ("reputation", True, "B")
        ]
        assert verdicts.since(tx, NOW + timedelta(seconds=1)) == []
        assert decisions.of_mention(tx, EVERYTHING, number) == ()
