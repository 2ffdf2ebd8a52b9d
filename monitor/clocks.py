"""Response clocks at work: started with the assessment, and told of when they pass, once.

Those of stories are rows; those of cases follow from when a case was opened, and that one has
passed is an entry of its timeline.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from alerts import clocks, words
from alerts.clocks import Mark
from alerts.duty import Duty
from alerts.types import Notice
from classifiers.types import Assessment, Severity
from config.policy import Policy
from config.readiness import may_collect
from config.rota import Rota
from config.settings import Settings
from config.trust import Trust
from monitor import alarms
from monitor.access import conflict
from monitor.cases import playbook, take_downs
from monitor.context import Context
from monitor.store import case_clocks, cases, decisions, mentions, response_clocks, stories
from monitor.store.casefile import CaseFile
from monitor.store.cases import CaseHead
from monitor.store.database import Tx
from monitor.store.response_clocks import Waiting
from monitor.store.scope import EVERYTHING, Scope

ACTOR = "the service"
SHOWN = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """A clock as people see it: `what` names nobody, `path` is where in the console."""

    what: str
    due_at: datetime
    path: str
    severity: Severity
    schools: tuple[str, ...]

    def at(self, trust: Trust) -> str:
        """The schools in words; empty where none is certain."""
        return words.listed([words.school_name(one, trust) for one in self.schools])

    def is_late(self, now: datetime) -> bool:
        return self.due_at <= now


def start(
    tx: Tx, story_id: int, assessment: Assessment, collected_at: datetime, *,
    policy: Policy, duty: Duty,
) -> None:  # fmt: skip
    """Let the clocks of a story's severity run, from when its new lead was collected."""
    due = clocks.of_story(assessment, policy, replace(duty, now=collected_at))
    response_clocks.start(tx, story_id, due, collected_at)


def look(tx: Tx, mention_id: int, now: datetime) -> None:
    """Somebody who may decide looks at a mention."""
    story_id = stories.of_mention(tx, mention_id)
    if story_id is not None:
        response_clocks.note_seen(tx, story_id, now)


def resume(tx: Tx, decision_id: int) -> None:
    """A decision was taken back: its mention waits as before."""
    mention_id = decisions.mention_of(tx, decision_id)
    story_id = stories.of_mention(tx, mention_id) if mention_id else None
    if story_id is not None:
        response_clocks.resume(tx, story_id)


def tell(ctx: Context) -> int:
    """Tell of the clocks that have passed; the number of messages newly due."""
    settings, now = ctx.settings, ctx.clock()
    if not may_collect(settings):
        return 0
    with ctx.store.read() as tx:
        late_cases = list(_late_cases(tx, settings, now))
        if not response_clocks.has_passed(tx, now) and not late_cases:
            return 0
    with ctx.store.begin() as tx:
        response_clocks.sweep(tx)
        late = response_clocks.settle(tx, now)
        told = sum(_tell_story(tx, one, settings, ctx.duty()) for one in late)
        return told + sum(_tell_case(tx, *one, settings, ctx.duty()) for one in late_cases)


def _tell_story(tx: Tx, late: Waiting, settings: Settings, duty: Duty) -> int:
    story_id = late.clock.story_id
    duty = conflict.heeding(tx, duty, settings.trust, story_id)
    known = response_clocks.reminded(tx, story_id, duty.now - clocks.REMINDED)
    due = clocks.notices(
        str(story_id), late.clock.mark, late.mention_id, late.assessment,
        settings.trust, settings.policy, duty,
    )  # fmt: skip
    return alarms.enqueue(
        tx, story_id, _others(due, known), late.assessment, settings.policy.grouping, duty
    )


def _others(due: Iterable[Notice], known: frozenset[str]) -> tuple[Notice, ...]:
    return tuple(one for one in due if one.recipient.casefold() not in known)


def _late_cases(tx: Tx, settings: Settings, now: datetime) -> Iterator[tuple[CaseHead, Mark]]:
    """Cases whose clock has passed and whose timeline does not say so yet."""
    heads = cases.listing(tx, EVERYTHING, "open", limit=SHOWN)
    noted = case_clocks.passed(tx, [one.case_id for one in heads])
    for head in heads:
        for mark, due_at in of_case(head, settings.policy, settings.rota):
            if due_at <= now and (head.case_id, mark) not in noted:
                yield head, mark


def of_case(
    head: CaseHead | CaseFile, policy: Policy, rota: Rota
) -> Iterator[tuple[Mark, datetime]]:
    """The clocks of an open case that are not met."""
    duty = Duty(rota=rota, now=head.opened_at)
    begun = head.acted_at is not None
    yield from clocks.of_case(head.severity, policy, duty, has_begun=begun).items()


def _tell_case(tx: Tx, head: CaseHead, mark: Mark, settings: Settings, duty: Duty) -> int:
    """Write into the timeline that a clock has passed, and tell of it."""
    clock = clocks.of_severity(head.severity, settings.policy)
    case = cases.find(tx, head.case_id)
    if clock is None or case is None or case.state != "open":
        return 0
    said = clocks.passed(mark, clock, head.case_id)
    facts = {"mark": mark, "text": said, "told": [words.ROLES[role] for role in clock.tell]}
    cases.append(tx, head.case_id, "clock_passed", facts, by=ACTOR, now=duty.now)
    found = (mentions.detail(tx, EVERYTHING, number) for number in case.mentions)
    detail = next((one for one in found if one and one.assessment), None)
    if detail is None or detail.assessment is None or detail.story_id is None:
        return 0
    duty = conflict.heeding(tx, duty, settings.trust, detail.story_id)
    assessment = replace(detail.assessment, severity=head.severity)
    due = clocks.notices(
        f"case{head.case_id}", mark, detail.mention_id, assessment,
        settings.trust, settings.policy, duty, case_id=head.case_id,
    )  # fmt: skip
    return alarms.enqueue(tx, detail.story_id, due, assessment, settings.policy.grouping, duty)


def running(
    tx: Tx, scope: Scope, policy: Policy, rota: Rota, now: datetime, *, limit: int = SHOWN
) -> tuple[Running, ...]:
    """What somebody may see of all clocks, what is due first on top."""
    found = [
        Running(
            what=clocks.waits(
                one.clock.mark, words.kind(one.assessment), None, is_late=one.clock.is_late(now)
            ),
            due_at=one.clock.due_at,
            path=f"/mentions/{one.mention_id}",
            severity=one.assessment.severity,
            schools=_certain(one.assessment),
        )
        for one in response_clocks.waiting(tx, scope, limit=limit)
    ]
    for head in cases.listing(tx, scope, "open", limit=limit):
        due = [*_marks(head, policy, rota, now), *_steps(tx, head, policy, now)]
        first = min(due, key=lambda one: one[1], default=None)
        if first is not None:
            found.append(
                Running(
                    what=first[0],
                    due_at=first[1],
                    path=f"/cases/{head.case_id}",
                    severity=head.severity,
                    schools=head.schools,
                )
            )
    return tuple(sorted(found, key=lambda one: one.due_at)[:limit])


def _certain(assessment: Assessment) -> tuple[str, ...]:
    return tuple(one.school_id for one in assessment.schools if one.certainty == "certain")


def _marks(
    head: CaseHead, policy: Policy, rota: Rota, now: datetime
) -> Iterator[tuple[str, datetime]]:
    for mark, due_at in of_case(head, policy, rota):
        yield clocks.waits(mark, "", head.case_id, is_late=due_at <= now), due_at


def _steps(tx: Tx, head: CaseHead, policy: Policy, now: datetime) -> Iterator[tuple[str, datetime]]:
    """The step that is due next, and what is to follow on reports to platforms."""
    case = cases.find(tx, head.case_id)
    if case is None:
        return
    step = playbook.next_open(playbook.offered(case, policy))
    if step is not None and step.due_at is not None:
        yield f"Case {head.case_id}: {words.one_line(step.step.title)}", step.due_at
    grave = playbook.is_safeguarding(case)
    for asked in case.open_take_downs:
        coming = take_downs.next_step(asked, policy, is_safeguarding=grave, now=now)
        if coming is not None and coming.at is not None:
            yield f"Case {head.case_id}: {words.one_line(coming.words)}", coming.at
