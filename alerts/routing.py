"""Who must be told of an assessment, in which order, with how much of the post.

Routes and conditions come from policy.toml. Five rules of the house stand above it, because
a slip in a file must not undo them (design decision 7):

1. Every alert-worthy assessment reaches the Head of PR & Communications.
2. For pupil, self-harm and sexual matters the safeguarding lead is told first.
3. That a member of staff harmed a child is told to the headteacher first; about a head it is
   told to the chair or the executive first, and never to that head.
4. Matters of 2 and 3 go as school, kind, clause and link only.
5. A person of a school is told only where the school is certain.
6. Whom a story names are told nothing of it; the executive is, in their place.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from hashlib import blake2b

from alerts import seats, words
from alerts.duty import Duty
from alerts.seats import Seat
from alerts.types import Disclosure, Notice, Role
from classifiers.severity import holds
from classifiers.types import SEVERITIES, Assessment, Severity
from config.policy import Condition, Policy, Route
from config.trust import Trust
from connectors.types import Mention

ALERT_FROM: Severity = "high"
"""At or above this somebody is told at once, whatever the routes say."""
WELFARE_LABELS = frozenset({"self_harm", "sexual"})
WELFARE_LEVELS = frozenset({"indirect", "direct"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One person to be told, under every role that makes them so (the first one counts)."""

    recipient: str
    roles: tuple[Role, ...]
    school_id: str | None
    order: int
    disclosure: Disclosure
    reasons: tuple[str, ...]
    """Sentences: what calls each of the roles, then what the person should know of it."""
    clauses: tuple[str, ...]

    @property
    def why(self) -> str:
        return " ".join(self.reasons)


@dataclass(frozen=True, slots=True, kw_only=True)
class Untold:
    """A role that would be told, and why nobody is."""

    role: Role
    school_id: str | None
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Who is told, first told first, and who is not. Empty when nothing calls for it."""

    told: tuple[Told, ...] = ()
    untold: tuple[Untold, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A role that a route, a rule of the house or a chain calls. Order 0 is a first duty: it
    falls to a stand-in where its own seat is empty."""

    role: Role
    order: int
    disclosure: Disclosure
    why: str
    clauses: tuple[str, ...]


def notices(
    mention_id: int,
    story_id: int,
    assessment: Assessment,
    trust: Trust,
    policy: Policy,
    duty: Duty | None = None,
) -> tuple[Notice, ...]:
    """One notice for each person to be told, first told first; empty when nobody must be.

    The dedupe key is made of story, severity and recipient: the copies of a known story tell
    nobody twice, a graver copy tells again.
    """
    return tuple(
        notice(told, key(story_id, assessment.severity, told.recipient), mention_id)
        for told in plan(assessment, trust, policy, duty).told
    )


def notice(told: Told, dedupe_key: str, mention_id: int) -> Notice:
    """What the outbox holds for one person."""
    return Notice(
        dedupe_key=dedupe_key,
        role=told.roles[0],
        school_id=told.school_id,
        recipient=told.recipient,
        channel="smtp",
        mention_id=mention_id,
        why=told.why,
        clauses=told.clauses,
        urgency="immediate",
        disclosure=told.disclosure,
        order=told.order,
    )


def key(story_id: int, severity: Severity, recipient: str) -> str:
    """The recipient enters as a digest, so that the key may stand in a log."""
    digest = blake2b(recipient.casefold().encode("utf-8", "surrogatepass"), digest_size=8)
    return f"{story_id}:{severity}:{digest.hexdigest()}"


def is_told_at_once(mention: Mention, assessment: Assessment, policy: Policy) -> bool:
    """False for old news that a newly read source brings; a post without a date is none."""
    age = mention.fetched_at - mention.published_at
    is_news = not mention.published_known or age <= policy.news
    return is_news or assessment.severity == "critical"


def plan(assessment: Assessment, trust: Trust, policy: Policy, duty: Duty | None = None) -> Plan:
    """Who would be told of such an assessment and who would not, with reasons. Without a
    `duty`, as if everybody were there."""
    routes = tuple(route for route in policy.routes if applies(route, assessment))
    if not routes and SEVERITIES.index(assessment.severity) < SEVERITIES.index(ALERT_FROM):
        # Of who is named by a story that others would find in the queue, the executive hears.
        is_flagged = bool(assessment.flags)
        return seated((), assessment, trust, duty) if is_flagged else Plan()
    first = _first(routes, assessment)
    calls = (*_route_calls(routes, assessment, first), *_house_calls(routes, assessment, first))
    return seated(calls, assessment, trust, duty)


def seated(
    calls: Iterable[Call], assessment: Assessment, trust: Trust, duty: Duty | None = None
) -> Plan:
    """The people whom the calls reach: one entry each, the strictest disclosure. Of a story that
    names one of them, the executive in their place."""
    told: dict[str, Told] = {}
    untold: list[Untold] = []
    for call in (*calls, *_conflict_calls(assessment, duty)):
        taken, missing = _seats(call, assessment, trust, duty)
        untold += [item for item in missing if item not in untold]
        for seat in taken:
            _merge(told, _told(seat, call, assessment, trust))
    in_order = sorted(told.values(), key=lambda one: one.order)
    return Plan(told=tuple(in_order), untold=tuple(untold))


def applies(route: Route, assessment: Assessment) -> bool:
    """True when the severity suffices and any condition (or none is given) holds."""
    if SEVERITIES.index(assessment.severity) < SEVERITIES.index(route.min_severity):
        return False
    return any_holds(route.when, assessment)


def any_holds(conditions: tuple[Condition, ...], assessment: Assessment) -> bool:
    """True when any of the conditions holds, or none is given."""
    return not conditions or any(holds(condition, assessment) for condition in conditions)


def is_welfare(assessment: Assessment) -> bool:
    """A pupil may be identified, or self-harm or a sexual matter is flagged."""
    return assessment.pupil.level in WELFARE_LEVELS or not WELFARE_LABELS.isdisjoint(
        assessment.flags
    )


def first_told(assessment: Assessment) -> frozenset[Role]:
    """Roles that come before everybody else, PR above all."""
    roles: set[Role] = set()
    if is_welfare(assessment):
        roles.add("safeguarding_lead")
    if assessment.allegation == "staff":
        roles.add("headteacher")
    if assessment.allegation == "head":
        roles |= {"chair", "executive"}
    return frozenset(roles)


def _first(routes: tuple[Route, ...], assessment: Assessment) -> frozenset[Role]:
    """As `first_told`; a safeguarding lead whom a route calls comes first as well."""
    lead: Role = "safeguarding_lead"
    is_called = any(lead in route.tell for route in routes)
    return first_told(assessment) | ({lead} if is_called else set())


def _route_calls(
    routes: tuple[Route, ...], assessment: Assessment, first: frozenset[Role]
) -> Iterator[Call]:
    for route in routes:
        for place, role in enumerate(route.tell):
            yield Call(
                role=role,
                order=0 if role in first else place + 1,
                disclosure="link_only" if is_withheld(assessment) else route.disclosure,
                why=words.sentence(route.why),
                clauses=route.clauses,
            )


def is_withheld(assessment: Assessment) -> bool:
    """The post itself may not leave by mail: school, kind, clause and link only."""
    return is_welfare(assessment) or assessment.allegation != "none"


def _house_calls(
    routes: tuple[Route, ...], assessment: Assessment, first: frozenset[Role]
) -> Iterator[Call]:
    """What the rules of the house add where the routes do not call the role already."""
    called = {role for route in routes for role in route.tell}
    for role, why, clauses in _house_rules(assessment):
        if role not in called:
            yield Call(
                role=role,
                order=0 if role in first else 1,
                disclosure="link_only" if is_withheld(assessment) else "masked_excerpt",
                why=why,
                clauses=clauses,
            )


def _house_rules(assessment: Assessment) -> Iterator[tuple[Role, str, tuple[str, ...]]]:
    if is_welfare(assessment):
        why = "Pupil, self-harm and sexual matters reach the safeguarding lead first."
        yield "safeguarding_lead", why, ("4.1", "9.2")
    if assessment.allegation == "staff":
        why = "A possible allegation about a member of staff reaches the headteacher first."
        yield "headteacher", why, ("1.4", "9.2")
    if assessment.allegation == "head":
        why = "A possible allegation about a head reaches the chair or the executive first."
        yield "chair", why, ("1.1", "9.2")
    yield "head_of_pr", "Every alert reaches the Head of PR & Communications.", ("1.1", "6.2")


def _conflict_calls(assessment: Assessment, duty: Duty | None) -> Iterator[Call]:
    if duty and duty.barred:
        yield Call(
            role="executive",
            order=0,
            disclosure="link_only" if is_withheld(assessment) else "masked_excerpt",
            why="The story names somebody who would see to it, and who is told nothing of it.",
            clauses=("1.1", "1.4"),
        )


def _seats(
    call: Call, assessment: Assessment, trust: Trust, duty: Duty | None
) -> tuple[list[Seat], list[Untold]]:
    """Who holds the called role or stands in for it, less the subject; and what stays empty."""
    barred = duty.barred if duty else frozenset[str]()
    if assessment.allegation == "head":
        if call.role == "headteacher":
            why = "The post may be about the head."
            return [], [Untold(role=call.role, school_id=None, why=why)]
        barred |= seats.heads(assessment, trust)
    certain = seats.certain_schools(assessment, trust)
    found = [
        seat if seat.address or call.order else seats.stand_in(call.role, seat, trust, barred)
        for seat in seats.holders(call.role, certain, trust, barred)
    ]
    there = [seat for seat in found if seat.address]
    if duty is not None:
        there = [_covered(seat, duty, barred) for seat in there]
        there += _holiday_seats(call, there, trust, duty, barred)
    return there, [
        Untold(role=call.role, school_id=seat.school_id, why=seat.note)
        for seat in found
        if not seat.address
    ]


def _covered(seat: Seat, duty: Duty, barred: frozenset[str]) -> Seat:
    """The deputy's seat while its holder is away; never one whom the post may be about."""
    deputy, until = duty.deputy(seat.address)
    if not until or deputy.casefold() in barred:
        return seat
    note = f"You are told in place of somebody who is away until {until}."
    return replace(seat, address=deputy, note=f"{seat.note} {note}".strip())


def _holiday_seats(
    call: Call, seats_: list[Seat], trust: Trust, duty: Duty, barred: frozenset[str]
) -> list[Seat]:
    """The Trust's safeguarding lead beside a school's own while the schools are on holiday."""
    holiday = duty.holiday()
    own = [seat for seat in seats_ if seat.school_id]
    if call.role != "safeguarding_lead" or not holiday or not own:
        return []
    empty = Seat(role=call.role, school_id=None, address="")
    seat = seats.stand_in(call.role, empty, trust, barred)
    note = f"The schools are on holiday ({holiday}), so you are told as well."
    return [_covered(replace(seat, note=note), duty, barred)] if seat.address else []


def _told(seat: Seat, call: Call, assessment: Assessment, trust: Trust) -> Told:
    """A person of the Trust must also know which schools are unsure."""
    unsure = words.possible_schools(assessment, trust) if seat.school_id is None else ""
    return Told(
        recipient=seat.address,
        roles=(seat.role,),
        school_id=seat.school_id,
        order=call.order,
        disclosure=call.disclosure,
        reasons=tuple(part for part in (call.why, seat.note, unsure) if part),
        clauses=call.clauses,
    )


def _merge(told: dict[str, Told], new: Told) -> None:
    """One notice for one person: strictest disclosure, every role and reason."""
    key = new.recipient.casefold()
    told[key] = _joined(told[key], new) if key in told else new


def _joined(one: Told, other: Told) -> Told:
    """A first duty (order 0) stays first; otherwise the later place counts, so that nobody
    overtakes those whom a route names before them."""
    lead, second = (one, other) if one.order <= other.order else (other, one)
    strict = "link_only" in (one.disclosure, other.disclosure)
    return Told(
        recipient=lead.recipient,
        roles=tuple(dict.fromkeys(lead.roles + second.roles)),
        school_id=lead.school_id,
        order=lead.order and second.order,
        disclosure="link_only" if strict else "masked_excerpt",
        reasons=tuple(dict.fromkeys(lead.reasons + second.reasons)),
        clauses=tuple(dict.fromkeys(lead.clauses + second.clauses)),
    )
