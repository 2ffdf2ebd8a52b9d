"""A story that names one of the console's people is told to the executive and not to them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import count

import pytest

from config.people import Member, People
from monitor import alarms, messages
from monitor.access import conflict
from monitor.digests import BRIEF
from monitor.store import conflicts, scope
from monitor.store.scope import Part, Scope
from monitor.store.views import DigestOrder
from tests.monitor.conftest import Clock, Opened
from tests.monitor.test_alarms import EXECUTIVE, PR, Day

HEAD = "head@larkmere.example"
OFFICER = Member(
    name="Odile Fairhurst-Okoro",
    subject="a1",
    roles=("pr",),
    also_called=("Odie Okoro",),
    handles=("@odile.fo",),
)
PRINCIPAL = Member(name="Ottoline Penrose", subject="b2", roles=("headteacher",), schools=("hill",))
PEOPLE = People(people=(OFFICER, PRINCIPAL))
OF_PR = "Odile Fairhurst-Okoro lied to us about Larkmere Hill School, sack her now, all of you"
OF_HEAD = "Mrs Penrose at Larkmere Hill School is a disgrace and has lied to parents once more"


@pytest.fixture
def day(opened: Opened, clock: Clock) -> Iterator[Day]:
    with opened() as ctx:
        yield Day(replace(ctx, people=lambda: PEOPLE), clock, count(1))


@pytest.mark.parametrize(
    ("said", "subjects"),
    [
        ("Odile Fairhurst-Okoro said no", {"a1"}),
        ("ODILE FAIRHURST OKORO's nonsense", {"a1"}),
        ("odile fairhurst–okoro", {"a1"}),
        ("Od\u200bile Fairhurst-Okoro", {"a1"}),
        ("Ms Fairhurst-Okoro of the press office", {"a1"}),
        ("O. Fairhurst-Okoro signed it", {"a1"}),
        ("that Odie Okoro again", {"a1"}),
        ("ask @Odile.FO.", {"a1"}),
        ("ask @odile.fowler", set()),
        ("Odile at the press office", set()),
        ("Fairhurst Road is closed", set()),
        ("Mrs Penrose and Ms Fairhurst-Okoro", {"a1", "b2"}),
        ("Dr. Penrose", {"b2"}),
        ("Penrose House won the cup", set()),
        ("Mrs Penrosewood", set()),
        ("", set()),
    ],
)
def test_whom_a_text_names(said: str, subjects: set[str]) -> None:
    assert conflict.named(PEOPLE, said) == subjects


def test_of_a_story_about_the_press_officer_the_executive_hears_and_not_she(day: Day) -> None:
    day.post(OF_PR)
    assert (day.told_to(PR), day.told_to(EXECUTIVE)) == (0, 1)
    day.post()
    assert (day.told_to(PR), day.told_to(EXECUTIVE)) == (1, 1)


def test_of_a_story_about_a_head_the_executive_and_pr_hear_and_not_the_head(day: Day) -> None:
    day.post(OF_HEAD)
    assert (day.told_to(HEAD), day.told_to(PR), day.told_to(EXECUTIVE)) == (0, 1, 1)
    (one,) = [told for told in day.told() if told.recipient == EXECUTIVE]
    assert "told nothing of it" in one.why


def test_a_lesser_story_reaches_the_executive_too_as_nobody_else_might_look(day: Day) -> None:
    day.post(OF_PR, severity="medium")
    assert (day.told_to(PR), day.told_to(EXECUTIVE)) == (0, 1)
    day.post("Larkmere Hill School lost a match, and the referee", severity="medium")
    assert day.told_to(EXECUTIVE) == 1


def test_who_is_named_is_not_called_when_nobody_answers(day: Day) -> None:
    day.post(OF_PR)
    for _ in range(3):
        day.later(days=1)
        alarms.escalate(day.ctx)
    assert day.told_to(PR) == 0
    assert day.told_to(EXECUTIVE) >= 1


def test_an_address_of_their_own_counts_instead_of_their_seat(day: Day) -> None:
    own = OFFICER.model_copy(update={"mail": "odile@larkmere.example"})
    day.ctx = replace(day.ctx, people=lambda: People(people=(own,)))
    day.post(OF_PR)
    assert day.told_to(PR) == 1


def test_a_copy_without_the_name_belongs_to_the_story(day: Day) -> None:
    first = day.post(OF_PR)
    second = day.post(OF_PR.replace("Odile", "Odette"), severity="critical", source="two")
    assert day.detail(first).story_id == day.detail(second).story_id
    assert day.told_to(PR) == 0


def test_a_copy_without_the_name_is_hidden_with_its_story(day: Day) -> None:
    first, other = day.post(OF_PR), day.post(OF_HEAD)
    copy = day.post(OF_PR.replace("Odile", "Odette"), source="two")
    hers = Scope(parts=(Part(),), apart=frozenset({"a1"}))
    with day.ctx.store.begin() as tx:
        conflicts.put(tx, copy, frozenset())
        seen = [scope.sees(tx, hers, number) for number in (first, copy, other)]
    assert seen == [False, False, True]


def test_the_morning_brief_says_nothing_of_it_to_who_is_named(day: Day) -> None:
    day.post(OF_PR)
    order = DigestOrder(
        recipient=PR, kind=BRIEF, school_ids=(), local_date=day.clock().date(), days=1
    )
    texts = []
    for apart in (frozenset[str](), conflict.at(PEOPLE, PR, day.ctx.settings.trust)):
        mail = messages.digest_of(
            day.ctx.store, day.ctx.settings, order,
            apart=apart, message_id="<a@b.example>", now=day.clock(),
        ).mail  # fmt: skip
        texts.append(mail.as_string())
    assert "/mentions/1" in texts[0]
    assert "/mentions/1" not in texts[1]


def looked_through(day: Day, *people: Member) -> frozenset[str]:
    """Whom the first story names, once all that is stored was looked through for these people."""
    ctx = replace(day.ctx, people=lambda: People(people=people))
    while conflict.look_through(ctx):
        pass
    with ctx.store.read() as tx:
        return conflicts.named(tx, 1)


def test_what_is_stored_is_looked_through_for_who_is_new_or_called_otherwise(
    day: Day, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(conflict, "AT_ONCE", 2)
    day.ctx = replace(day.ctx, people=People)
    for text in (OF_PR, "one thing", "another thing", "a third thing", OF_HEAD):
        day.post(text)
    assert looked_through(day) == frozenset()
    assert looked_through(day, PRINCIPAL) == frozenset()
    assert looked_through(day, PRINCIPAL, OFFICER) == {"a1"}
    other = OFFICER.model_copy(update={"name": "Odette Marchbank", "also_called": ()})
    assert looked_through(day, other) == frozenset()
    assert looked_through(day, OFFICER) == {"a1"}
    assert looked_through(day) == frozenset()


def test_nothing_is_looked_through_twice(day: Day) -> None:
    day.post(OF_PR)
    assert conflict.look_through(day.ctx) == 1
    assert conflict.look_through(day.ctx) == 0
