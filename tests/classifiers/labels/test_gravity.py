"""The second reading: what it learns from, and that it tells grave posts from ordinary talk."""

from __future__ import annotations

import pytest

from classifiers.labels.examples import Example
from classifiers.labels.model import LabelModel
from classifiers.training.corpora import Row, ordinary
from classifiers.training.gravity import grade
from classifiers.types import Label


def example(text: str, *labels: Label, topic: str = "many_voices") -> Example:
    return Example(text=text, labels=frozenset(labels), topic=topic, split="train")


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (example("see you at the fair"), False),
        (example("Avoid. Rude office, no answers.", "reputation"), False),
        (example("A teaching assistant hit my son at school.", "reputation"), None),
        (example("bring a bat, he's dead", "threat"), True),
        (example("do it then, nobody would miss you", "self_harm", "bullying"), True),
        (example("nobody sit with Priya Nadkarni", "bullying"), True),
        (example("nobody sit with the new kid", "bullying"), None),
        (example("They are vermin, all of them", "hate"), True),
        (example("One does wonder about their sort", "hate", topic="hate_polite"), None),
    ],
    ids=[
        "harmless", "complaint", "allegation", "threat", "self-harm", "cruelty to a named person",
        "cruelty to nobody named", "hate", "polite hate",
    ],
)  # fmt: skip
def test_what_counts_as_grave_follows_from_labels_and_a_name(
    given: Example, expected: bool | None
) -> None:
    assert grade(given) is expected


def test_only_rows_of_sets_that_would_tell_are_ordinary_talk() -> None:
    rows = [
        Row(text="nice day", targets={"negative": False}, source="goemotions", split="train"),
        Row(text="I loathe it", targets={"negative": True}, source="goemotions", split="train"),
        Row(text="a post", targets={"hate": False}, source="hatexplain", split="train"),
    ]
    assert ordinary(rows) == [0]


def test_grave_posts_lie_above_ordinary_talk() -> None:
    grave = [
        "he's got a knife in his bag and says he'll stab her after school",
        "i've taken all my tablets, tell mum i'm sorry",
        "they're animals, gas the lot of them",
    ]
    plain = ["the choir sang beautifully in the hall", "who has a spare ticket for Friday?"]
    _, gravity = LabelModel.load().judged([*grave, *plain])
    assert min(gravity[: len(grave)]) > 0.5
    assert max(gravity[len(grave) :]) < 0.05
    assert LabelModel.load().judged([])[1].shape == (0,)
