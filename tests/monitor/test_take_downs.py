"""What comes next after a platform was asked: its answer, then the helplines in their time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from config.loading import load
from config.policy import Policy
from monitor.cases import take_downs
from monitor.store.casefile import CaseFile, Entry, TakeDown, fold

ASKED = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def policy() -> Policy:
    return load(environ={}).policy


def case(*moves: tuple[str, timedelta]) -> CaseFile:
    said: list[tuple[str, dict[str, Any]]] = [
        ("opened", {"title": "A case"}),
        (
            "take_down_asked",
            {
                "platform": "Natter", "where": "https://natter.example/1", "reference": "N-7",
                "at": ASKED.isoformat(),
            },
        ),
    ]  # fmt: skip
    for state, after in moves:
        at = (ASKED + after).isoformat()
        more = {
            "take_down": 2,
            "platform": "Natter",
            "state": state,
            "at": at,
            "text": "We keep it",
        }
        said.append(("take_down_moved", more))
    return fold(1, [_entry(at, kind, facts) for at, (kind, facts) in enumerate(said, 1)])


def _entry(number: int, kind: Any, facts: dict[str, Any]) -> Entry:
    return Entry(number=number, at=ASKED, actor="A", kind=kind, facts=facts)


def asked(*moves: tuple[str, timedelta]) -> TakeDown:
    (one,) = case(*moves).take_downs
    return one


HOURS, DAYS = timedelta(hours=1), timedelta(days=1)
CASES: Sequence[
    tuple[str, tuple[tuple[str, timedelta], ...], bool, timedelta, str | None, bool]
] = [
    ("an hour later it is waited for", (), False, HOURS, "posh", False),
    ("after 47 hours still", (), False, 47 * HOURS, "posh", False),
    ("after 48 hours POSH is told", (), False, 48 * HOURS, "posh", True),
    ("at once when a child may be at risk", (), True, timedelta(0), "posh", True),
    ("a refusal goes to RHC at once", (("refused", HOURS),), False, HOURS, "rhc", True),
    ("POSH told: RHC after seven days", (("posh", 2 * DAYS),), False, 3 * DAYS, "rhc", False),
    ("seven days of silence", (("posh", 2 * DAYS),), False, 7 * DAYS, "rhc", True),
    ("both told", (("posh", 2 * DAYS), ("rhc", 7 * DAYS)), False, 8 * DAYS, None, False),
]


@pytest.mark.parametrize(
    ("moves", "grave", "after", "line", "ready"),
    [one[1:] for one in CASES],
    ids=[one[0] for one in CASES],
)
def test_the_next_step_follows_the_clock(
    policy: Policy,
    moves: tuple[tuple[str, timedelta], ...],
    grave: bool,
    after: timedelta,
    line: str | None,
    ready: bool,
) -> None:
    now = ASKED + after
    step = take_downs.next_step(asked(*moves), policy, is_safeguarding=grave, now=now)
    assert step is not None
    assert (step.helpline.id if step.helpline else None) == line
    assert step.is_ready(now) == ready


@pytest.mark.parametrize("end", ["removed", "given_up"])
def test_what_is_over_has_no_next_step(policy: Policy, end: str) -> None:
    over = asked((end, HOURS))
    assert take_downs.next_step(over, policy, is_safeguarding=True, now=ASKED) is None
    assert case((end, HOURS)).open_take_downs == ()


def test_the_text_for_a_helpline_says_all_that_is_known(policy: Policy) -> None:
    (rhc,) = (one for one in policy.helplines if one.id == "rhc")
    said = take_downs.ready_text(rhc, asked(("refused", HOURS)), {"case": "TM-00001"})
    for known in ("Natter", "23 November 2026", "N-7", "We keep it", "TM-00001", "natter.example"):
        assert known in said
