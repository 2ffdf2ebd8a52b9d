"""Slurs are found however they are disguised, and looking quickly first loses none."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from classifiers.labels import slurs as module
from classifiers.labels.slurs import slurs

PARTS = (
    "gypo", "GYPOS", "g y p o", "g-y-p-o", "g—y—p—o", "g1ppo", "gy\u200bpo", "#gypo", "gypoooo",
    "the", "head", "a", "-", ".", "it's", "1b", "\u00a0", "\n", "https://site.example/gypo", "'",
)  # fmt: skip


@given(st.lists(st.sampled_from([*PARTS, " "]), max_size=12).map("".join))
def test_a_quick_look_first_finds_what_a_close_one_does(text: str) -> None:
    assert list(slurs(text)) == list(module._found(text))


def test_each_disguise_is_found_where_it_stands() -> None:
    for disguised in ("gypo", "GYPOS", "g y p o", "g-y-p-o", "g1ppo", "gy\u200bpo"):
        text = f"They called him {disguised} at the gate"
        assert [text[one.start : one.end] for one in slurs(text)] == [disguised]
