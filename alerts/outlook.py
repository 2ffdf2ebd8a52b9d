"""What would happen now: who is told of a post, when and by which ways, and who comes next where
nobody answers, looks or decides. The same rules as those by which people are told."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from alerts import briefs, clocks, escalation, explain, routing, timing, words
from alerts.channels import MAIL
from alerts.clocks import Mark
from alerts.duty import Duty
from alerts.routing import Plan, Told
from alerts.types import Disclosure, Notice
from classifiers.types import Assessment
from config.policy import Policy
from config.trust import Trust

NO_STORY = 0
"""A post that is only tried belongs to no story."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """What one person would get."""

    seat: str
    """The role, and the school whose role it is."""
    recipient: str
    at: datetime
    """When it leaves at the earliest."""
    ways: tuple[str, ...]
    """Mail, then the other channels by their ids."""
    disclosure: Disclosure
    why: str
    clauses: tuple[str, ...]
    shares: bool
    """It may go in one mail with other matters of the same hours."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """A role that would be told, and why nobody is."""

    seat: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """What follows at a time, and for what lack."""

    at: datetime
    lack: str
    """ "nobody has answered for 15 minutes"."""
    is_late: bool
    """A response clock has passed; otherwise a step of the chain is due."""
    told: tuple[Telling, ...]
    untold: tuple[Missing, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """Who is told first, who is not, and what follows, in the order of time."""

    told: tuple[Telling, ...] = ()
    untold: tuple[Missing, ...] = ()
    then: tuple[Event, ...] = ()
    by: Mapping[Mark, datetime] = field(default_factory=dict)
    """By when somebody is to have looked, and decided."""


def outlook(assessment: Assessment, trust: Trust, policy: Policy, duty: Duty) -> Outlook:
    """What would become of such a post if it came in at `duty.now`, told to nobody before."""
    plan = routing.plan(assessment, trust, policy, duty)
    about = _About(assessment, trust, policy)
    marks = clocks.of_story(assessment, policy, duty)
    steps = about.steps(duty) if plan.told else ()
    follow = sorted((*steps, *about.passed(marks, duty)), key=lambda one: one.at)
    return Outlook(
        told=about.tellings(plan, _first(plan, assessment), duty),
        untold=about.missing(plan),
        then=tuple(_less_repeated(follow)),
        by=marks,
    )


def _first(plan: Plan, assessment: Assessment) -> list[Notice]:
    return [
        routing.notice(one, routing.key(NO_STORY, assessment.severity, one.recipient), NO_STORY)
        for one in plan.told
    ]


@dataclass(frozen=True, slots=True)
class _About:
    """The post, and by whose rules it is told."""

    assessment: Assessment
    trust: Trust
    policy: Policy

    def missing(self, plan: Plan) -> tuple[Missing, ...]:
        return tuple(
            Missing(seat=explain.seat(one, self.trust), why=one.why) for one in plan.untold
        )

    def tellings(self, plan: Plan, notices: Iterable[Notice], duty: Duty) -> tuple[Telling, ...]:
        whose = {one.recipient.casefold(): one for one in plan.told}
        timed = timing.in_order(notices, self.assessment, self.policy.grouping, duty)
        return tuple(
            self._telling(whose[notice.recipient.casefold()], notice, at, duty)
            for notice, at in timed
        )

    def _telling(self, told: Told, notice: Notice, at: datetime, duty: Duty) -> Telling:
        shares = notice.urgency == "grouped"
        slot = max(at, duty.now + self.policy.grouping.wait) if shares else at
        also = briefs.also([notice], self.assessment.severity, duty.channels)
        return Telling(
            seat=explain.seat(told, self.trust),
            recipient=told.recipient,
            at=timing.after_quiet(notice, slot, self.assessment, duty),
            ways=("mail", *(one.channel for one in also if one.channel != MAIL)),
            disclosure=told.disclosure,
            why=told.why,
            clauses=told.clauses,
            shares=shares,
        )

    def steps(self, duty: Duty) -> Iterator[Event]:
        """The steps of the chain, each with the people of its own hour."""
        chain = escalation.chain(self.assessment, self.policy)
        told_at = timing.told_from(self.assessment, duty)
        for number, step in enumerate(chain.steps if chain else ()):
            at = escalation.next_at(
                self.assessment, self.policy, step=number, told_at=told_at, duty=duty
            )
            if at is None:
                return
            then = replace(duty, now=at)
            plan = escalation.step_plan(self.assessment, step, self.trust, then)
            waited = at - told_at
            notices = escalation.step_notices(
                NO_STORY, NO_STORY, self.assessment, plan, step=number, waited=waited
            )
            yield Event(
                at=at,
                lack=f"nobody has answered for {words.span(waited)}",
                is_late=False,
                told=self.tellings(plan, notices, then),
                untold=self.missing(plan),
            )

    def passed(self, marks: Mapping[Mark, datetime], duty: Duty) -> Iterator[Event]:
        """The response clocks that tell somebody when they pass."""
        for mark, at in marks.items():
            then = replace(duty, now=at)
            plan = clocks.plan(self.assessment, self.trust, self.policy, then)
            notices = clocks.notices(
                "0", mark, NO_STORY, self.assessment, self.trust, self.policy, then
            )
            if plan.told or plan.untold:
                did = "looked at it" if mark == "seen" else "decided on it"
                yield Event(
                    at=at,
                    lack=f"nobody has {did}",
                    is_late=True,
                    told=self.tellings(plan, notices, then),
                    untold=self.missing(plan),
                )


def _less_repeated(events: Iterable[Event]) -> Iterator[Event]:
    """Who was told within the hour that the matter waits is not told that a clock has passed, nor
    called by the chain when it was that."""
    reminded: dict[str, Event] = {}
    for event in events:
        told = tuple(
            one
            for one in event.told
            if (last := reminded.get(one.recipient.casefold())) is None
            or event.at - last.at >= clocks.REMINDED
            or not (event.is_late or last.is_late)
        )
        reminded |= {one.recipient.casefold(): event for one in told}
        if told or event.untold:
            yield replace(event, told=told)


def lines(found: Outlook, now: datetime) -> Iterator[str]:
    """For a terminal: who is told now, who is not, and what follows, a line each."""
    if not found.told and not found.untold:
        yield "Nobody is told at once; it waits in the review queue."
    for place, one in enumerate(found.told, start=1):
        yield f"{place}. {_line(one, now)}"
    yield from (_untold(one) for one in found.untold)
    for event in found.then:
        yield f"{words.moment(event.at, year=False)}, if {event.lack}:"
        yield from (f"   {_line(one, event.at)}" for one in event.told)
        yield from (f"   {_untold(one)}" for one in event.untold)
    if found.by:
        yield f"Response clocks: {due(found)}."


def due(found: Outlook) -> str:
    """ "to be seen by Mon 23 Nov, 10:00, to be decided on by Mon 23 Nov, 14:00"."""
    did: Mapping[Mark, str] = {"seen": "seen", "action": "decided on", "closed": "closed"}
    return ", ".join(
        f"to be {did[mark]} by {words.moment(at, year=False)}" for mark, at in found.by.items()
    )


def when(one: Telling, now: datetime) -> str:
    """ "at once", or from when."""
    at = "at once" if one.at <= now else f"from {words.moment(one.at, year=False)}"
    return f"{at}, with what else there is for them" if one.shares else at


def _line(one: Telling, now: datetime) -> str:
    clauses = words.clauses(one.clauses)
    return (
        f"{one.seat} <{one.recipient}>, {when(one, now)}, by {words.listed(one.ways)}:"
        f" {explain.DISCLOSURE[one.disclosure]}. {one.why}{f' ({clauses})' if clauses else ''}"
    )


def _untold(one: Missing) -> str:
    return f"Not told: {one.seat}. {one.why}"
