"""What is said would happen happens: the outlook of a post beside what became of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count

import pytest

from alerts import outlook, timing
from alerts.outlook import Outlook
from classifiers.types import Label, Severity
from config.rota import Days, Person
from monitor import alarms, clocks
from tests.monitor.conftest import Clock, Opened
from tests.monitor.test_alarms import EXECUTIVE, PR, STORY, Day, Judge, quiet
from tests.monitor.test_channels import PAGER, ROOM, with_channels

A_QUARTER = timedelta(minutes=15)
Seen = set[tuple[datetime, str, str]]
"""When it was decided that somebody is told, who, and by which channel."""


@pytest.fixture
def day(opened: Opened, clock: Clock) -> Iterator[Day]:
    with opened() as ctx:
        yield Day(with_channels(ctx, ROOM, PAGER), clock, count(1))


def foretold(day: Day, severity: Severity, label: Label) -> Outlook:
    settings = day.ctx.settings
    assessment = Judge(severity, label).assessment
    return outlook.outlook(assessment, settings.trust, settings.policy, day.ctx.duty())


def expected(found: Outlook, now: datetime) -> Seen:
    """Of channels that several people share, the first one's; each channel once for its cause."""
    seen: Seen = {(now, one.recipient, "mail") for one in found.told}
    seen |= {(now, way, way) for one in found.told for way in one.ways[1:]}
    for event in found.then:
        seen |= {(event.at, one.recipient, "mail") for one in event.told}
        seen |= {(event.at, way, way) for one in event.told for way in one.ways[1:]}
    return seen


def happened(day: Day) -> Seen:
    names = {"smtp": "mail"}
    return {
        (one.created_at, one.recipient, names.get(one.channel, one.channel)) for one in day.told()
    }


@pytest.mark.parametrize(
    ("severity", "label", "hours"),
    [
        ("critical", "threat", ""),
        ("critical", "reputation", "12:00-07:00"),
        ("high", "self_harm", "12:00-07:00"),
        ("high", "reputation", "13:00-07:00"),
        ("medium", "reputation", ""),
    ],
)
def test_who_is_said_to_be_told_is_told_then_and_by_those_ways_and_nobody_else(
    severity: Severity, label: Label, hours: str, day: Day
) -> None:
    with quiet(day, hours):
        begun = day.clock()
        found = foretold(day, severity, label)
        day.post(STORY, severity, label)
        held = {one.recipient: one.next_attempt_at for one in day.told()}
        for one in found.told:
            assert held[one.recipient] == one.at
        for step in [A_QUARTER] * 20 + [4 * A_QUARTER] * 30:
            alarms.escalate(day.ctx)
            clocks.tell(day.ctx)
            day.clock.forward(step)
        assert happened(day) == expected(found, begun)


def test_who_stands_in_at_the_hour_of_a_step_is_foretold(day: Day) -> None:
    """PR is away from tomorrow on: who is told now is PR, and who comes next her deputy's seat."""
    tomorrow = day.clock().date() + timedelta(days=1)
    away = Days(since=tomorrow, until=tomorrow + timedelta(days=3))
    person = Person(who=EXECUTIVE, deputy="deputy@larkmere.example", away=(away,))
    rota = day.ctx.settings.rota.model_copy(update={"people": (person,)})
    day.ctx = replace(day.ctx, settings=day.ctx.settings.model_copy(update={"rota": rota}))
    found = foretold(day, "high", "reputation")
    assert [one.recipient for one in found.told] == [PR]
    later = [one.recipient for event in found.then for one in event.told]
    assert later[0] == EXECUTIVE
    assert later[-1] == "deputy@larkmere.example"


def test_whom_the_post_names_is_foretold_to_hear_nothing(day: Day) -> None:
    settings = day.ctx.settings
    duty = replace(day.ctx.duty(), barred=frozenset({PR}))
    assessment = Judge("critical", "reputation").assessment
    found = outlook.outlook(assessment, settings.trust, settings.policy, duty)
    told = [*found.told, *(one for event in found.then for one in event.told)]
    assert PR not in {one.recipient for one in told}
    assert found.told[0].recipient == EXECUTIVE
    assert "names somebody" in found.told[0].why
    assert timing.told_from(assessment, duty) == duty.now
    said = "\n".join(outlook.lines(found, duty.now))
    assert "1. Executive Team <ceo@larkmere.example>, at once, by mail and pr-room:" in said
    assert "16:00, if nobody has decided on it:" in said
    assert "Response clocks: to be seen by Fri 20 Nov, 12:30" in said
