"""What a silence covers, and that it never covers danger."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from alerts.silencing import Scope, covers
from classifiers.types import Assessment

Judged = Callable[..., Assessment]
TEXT = "Ferncliffe School SHUT today: snow!"


@pytest.mark.parametrize(
    ("scope", "expected"),
    [
        (Scope(phrase="school shut"), True),
        (Scope(phrase="closed, shut today"), True),
        (Scope(phrase="closed,,"), False),
        (Scope(phrase="hut today"), False),
        (Scope(school_id="ferncliffe"), True),
        (Scope(school_id="aldergate"), False),
        (Scope(school_id="ferncliffe", phrase="closed"), False),
        (Scope(label="reputation"), True),
        (Scope(label="threat"), False),
        (Scope(story_id=3), True),
        (Scope(story_id=4), False),
        (Scope(), False),
    ],
)
def test_every_part_that_is_given_must_hold(scope: Scope, expected: bool, judged: Judged) -> None:
    assert covers(scope, judged("reputation"), TEXT, 3) is expected


def test_a_school_or_a_label_is_silenced_only_where_nothing_else_is_at_stake(
    judged: Judged,
) -> None:
    two = judged("reputation", certain=("ferncliffe", "aldergate"))
    assert not covers(Scope(school_id="ferncliffe"), two, TEXT, 3)
    assert not covers(Scope(label="reputation"), judged("reputation", "threat"), TEXT, 3)


def test_what_is_critical_is_never_silenced(judged: Judged) -> None:
    critical = judged("reputation", severity="critical")
    assert not covers(Scope(phrase="school shut"), critical, TEXT, 3)


CLOSURE = Scope(school_id="ferncliffe", closure=True)


@pytest.mark.parametrize(
    ("text", "labels", "changes", "expected"),
    [
        (TEXT, ("reputation",), {}, True),
        ("Closed AGAIN for an inset day, what a joke", ("reputation",), {}, True),
        ("The lunches are a disgrace", ("reputation",), {}, False),
        ("Shut, and I will burn it down", ("reputation", "threat"), {}, False),
        ("Shut: police are at the gate", ("reputation",), {"incident": "scandal"}, False),
        ("Shut because of what he did", ("reputation",), {"allegation": "staff"}, False),
        ("Shut for years", ("reputation",), {"severity": "critical"}, False),
    ],
)
def test_a_closure_explains_only_that_the_school_is_shut(
    text: str, labels: tuple[str, ...], changes: dict[str, str], expected: bool, judged: Judged
) -> None:
    said = replace(judged(*labels), **changes)  # type: ignore[arg-type]
    assert covers(CLOSURE, said, text, 3, ("shut", "closed")) is expected
    assert not covers(Scope(school_id="aldergate", closure=True), said, text, 3, ("shut", "closed"))
