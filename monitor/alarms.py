"""Alarms: people are told at once, whoever answers stops the chain, and nobody is told twice.

Each function that tells somebody enqueues in the transaction that notes it (design decision 4).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from alerts import briefs, bursts, clocks, escalation, routing, timing, words
from alerts.bursts import Burst
from alerts.duty import Duty
from alerts.types import Notice
from classifiers.types import SEVERITIES, Assessment, Severity
from config.policy import Grouping, Policy
from config.settings import Settings
from config.trust import Trust
from connectors.types import Mention
from monitor import silencing
from monitor.access import conflict
from monitor.context import Context
from monitor.schedule import local_day
from monitor.store import (
    alarms,
    audit,
    deliveries,
    evidence_orders,
    mentions,
    response_clocks,
    stories,
    tallies,
)
from monitor.store.database import Store, Tx
from monitor.store.scope import EVERYTHING
from monitor.store.tallies import Habit
from monitor.store.views import Alarm, OutboxItem


def sound(
    tx: Tx,
    mention_id: int,
    story_id: int,
    mention: Mention,
    assessment: Assessment,
    *,
    trust: Trust,
    policy: Policy,
    duty: Duty,
    news: str = "",
) -> int:
    """Tell everybody who must be told, unless a silence covers it; the number of messages due."""
    duty = conflict.heeding(tx, duty, trust, story_id)
    due = tuple(
        replace(notice, news=news)
        for notice in routing.notices(mention_id, story_id, assessment, trust, policy, duty)
    )
    if not due:
        return 0
    silence = silencing.over(tx, story_id, mention, assessment, policy, duty)
    enqueued = 0 if silence else enqueue(tx, story_id, due, assessment, policy.grouping, duty)
    told_at = _told_at(tx, story_id, assessment, duty)
    alarms.put(
        tx,
        story_id,
        mention_id,
        assessment.severity,
        next_step_at=escalation.next_at(assessment, policy, step=0, told_at=told_at, duty=duty),
        now=duty.now,
        silence_id=silence.silence_id if silence else None,
    )
    return enqueued


def _told_at(tx: Tx, story_id: int, assessment: Assessment, duty: Duty) -> datetime:
    """From when people count as told of what was raised at `duty.now`, so that nobody else is
    called before their mail has left: it may wait for the night's end, or to share its mail."""
    first = deliveries.first_due(tx, story_id, since=duty.now)
    return max(timing.told_from(assessment, duty), first or duty.now)


def enqueue(
    tx: Tx,
    story_id: int,
    due: tuple[Notice, ...],
    assessment: Assessment,
    grouping: Grouping,
    duty: Duty,
) -> int:
    """Make the mails due, and beside each what the other channels tell. Those of first duty are
    never overtaken."""
    enqueued = 0
    for notice, held in timing.in_order(due, assessment, grouping, duty):
        slot = max(held, _slot(tx, notice, grouping, duty.now))
        at = timing.after_quiet(notice, slot, assessment, duty)
        for told in (notice, *briefs.also([notice], assessment.severity, duty.channels)):
            item = OutboxItem(
                key=told.dedupe_key,
                channel=told.channel,
                recipient=told.recipient,
                story_id=story_id,
                not_before=at,
                severity=assessment.severity,
                notice=told,
            )
            enqueued += deliveries.enqueue(tx, item, now=duty.now)
    return enqueued


def _slot(tx: Tx, notice: Notice, grouping: Grouping, now: datetime) -> datetime:
    if notice.urgency != "grouped":
        return now
    ladder = (timedelta(),) if notice.occasion == "late" else grouping.interval
    return deliveries.next_slot(tx, notice.recipient, now=now, wait=grouping.wait, ladder=ladder)


def spread(tx: Tx, story_id: int, *, trust: Trust, policy: Policy, duty: Duty) -> int:
    """A story that has gone far counts as one level graver, once; the number of messages due."""
    gone = alarms.spread(tx, story_id)
    lead = stories.lead(tx, story_id)
    if lead is None or not escalation.spreads(policy.grouping, size=gone.size, places=gone.places):
        return 0
    severity = escalation.raised(mentions.judged_severity(tx, lead))
    news = escalation.growth(gone.size, gone.places)
    key = f"posts{gone.size}"
    return _raise(tx, lead, severity, news, key, trust=trust, policy=policy, duty=duty)


def count_matter(
    tx: Tx, assessment: Assessment, *, trust: Trust, policy: Policy, duty: Duty
) -> int:
    """Count a new matter for its schools. Where that makes a school's day far busier than is its
    habit, the gravest of the day is told at once, whatever it is; the number of messages due."""
    enqueued = 0
    for link in assessment.schools:
        tallies.count(tx, link.school_id, duty.today)
        found = _burst_begins(tallies.habit(tx, link.school_id, duty.today))
        since = local_day(duty.today)[0]
        lead = stories.gravest_open(tx, link.school_id, since) if found else None
        if found is None or lead is None:
            continue
        news = escalation.busy(words.school_name(link.school_id, trust), found)
        key = f"burst{duty.today.isoformat()}"
        enqueued += _raise(
            tx, lead, "high", news, key, trust=trust, policy=policy, duty=duty, is_news=True
        )
    return enqueued


def _burst_begins(habit: Habit) -> Burst | None:
    """The burst that today's last matter makes; None before and after it."""
    found = bursts.burst(habit.today, habit.lately, habit.last_year)
    before = bursts.burst(habit.today - 1, habit.lately, habit.last_year)
    return found if before is None else None


def _raise(
    tx: Tx,
    lead: int,
    severity: Severity,
    news: str,
    key: str,
    *,
    trust: Trust,
    policy: Policy,
    duty: Duty,
    is_news: bool = False,
) -> int:
    """Let an undecided mention count as so grave at least. Who knows of it already reads so in
    the same thread; who does not is told of it now. What `is_news` is said even where it was as
    grave before."""
    detail = mentions.detail(tx, EVERYTHING, lead)
    if detail is None or detail.assessment is None or detail.story_id is None:
        return 0
    current = detail.assessment.severity
    is_graver = SEVERITIES.index(severity) > SEVERITIES.index(current)
    if detail.state != "open" or not (is_graver or is_news):
        return 0
    covering = silencing.over(tx, detail.story_id, detail.mention, detail.assessment, policy, duty)
    if covering and covering.scope.closure:  # that everybody says so makes it no graver
        return 0
    graver = replace(detail.assessment, severity=severity if is_graver else current)
    duty = conflict.heeding(tx, duty, trust, detail.story_id)
    mentions.regrade(tx, lead, graver.severity)
    evidence_orders.order(tx, lead, graver.severity, now=duty.now)
    response_clocks.start(tx, detail.story_id, clocks.of_story(graver, policy, duty), duty.now)
    if detail.alarm is None or detail.alarm.state == "silenced":
        if not routing.is_told_at_once(detail.mention, graver, policy):
            return 0
        return sound(
            tx, lead, detail.story_id, detail.mention, graver,
            trust=trust, policy=policy, duty=duty, news=news,
        )  # fmt: skip
    alarms.regrade(tx, detail.story_id, graver.severity, now=duty.now)
    notices = routing.notices(lead, detail.story_id, graver, trust, policy, duty)
    known = {one.recipient.casefold(): one for one in alarms.told_notices(tx, detail.story_id)}
    due = []
    for notice in notices:
        first = known.get(notice.recipient.casefold())
        if first is None:
            due.append(replace(notice, news=news))
        elif not _hastened(tx, detail.story_id, first, graver, duty):
            due.append(escalation.thread_notice(first, news, key))
    return enqueue(tx, detail.story_id, tuple(due), graver, policy.grouping, duty)


def _hastened(tx: Tx, story_id: int, first: Notice, graver: Assessment, duty: Duty) -> bool:
    """True where what waited to share a mail goes at once, as it has become critical meanwhile:
    the mail then says so, and no second one follows it."""
    return graver.severity == "critical" and deliveries.hasten(
        tx, story_id, first, severity=graver.severity, now=duty.now
    )


def escalate(ctx: Context) -> int:
    """Take the steps of the chains that are due; the number of messages enqueued."""
    now = ctx.clock()
    with ctx.store.read() as tx:
        if not alarms.due(tx, now, limit=1):
            return 0
    with ctx.store.begin() as tx:
        return sum(_next_step(tx, alarm, ctx.settings, ctx.duty()) for alarm in alarms.due(tx, now))


def _next_step(tx: Tx, alarm: Alarm, settings: Settings, duty: Duty) -> int:
    duty = conflict.heeding(tx, duty, settings.trust, alarm.story_id)
    detail = mentions.detail(tx, EVERYTHING, alarm.mention_id)
    assessment = detail.assessment if detail else None
    chain = escalation.chain(assessment, settings.policy) if assessment else None
    if assessment is None or chain is None or alarm.step >= len(chain.steps):
        alarms.advance(tx, alarm, None)
        return 0
    told_at = _told_at(tx, alarm.story_id, assessment, replace(duty, now=alarm.raised_at))
    after = escalation.next_at(
        assessment, settings.policy, step=alarm.step + 1, told_at=told_at, duty=duty
    )
    alarms.advance(tx, alarm, after)
    plan = escalation.step_plan(assessment, chain.steps[alarm.step], settings.trust, duty)
    due = escalation.step_notices(
        alarm.mention_id,
        alarm.story_id,
        assessment,
        plan,
        step=alarm.step,
        waited=duty.now - told_at,
    )
    known = response_clocks.reminded(tx, alarm.story_id, duty.now - clocks.REMINDED, ("late",))
    due = tuple(one for one in due if one.recipient.casefold() not in known)
    return enqueue(tx, alarm.story_id, due, assessment, settings.policy.grouping, duty)


def follow(ctx: Context) -> int:
    """Say in their threads how far stories have grown; the number of messages enqueued."""
    now = ctx.clock()
    grouping = ctx.settings.policy.grouping
    before = now - grouping.every
    with ctx.store.read() as tx:
        if not alarms.growing(tx, told_before=before, grows_by=grouping.grows_by):
            return 0
    with ctx.store.begin() as tx:
        found = alarms.growing(tx, told_before=before, grows_by=grouping.grows_by)
        return sum(_grown(tx, alarm, ctx.settings, ctx.duty()) for alarm in found)


def _grown(tx: Tx, alarm: Alarm, settings: Settings, duty: Duty) -> int:
    gone = alarms.spread(tx, alarm.story_id)
    detail = mentions.detail(tx, EVERYTHING, alarm.mention_id)
    if not alarms.note_told(tx, alarm, size=gone.size, now=duty.now) or detail is None:
        return 0
    due = tuple(
        escalation.thread_notice(
            first, escalation.growth(gone.size, gone.places), f"posts{gone.size}"
        )
        for first in alarms.told_notices(tx, alarm.story_id)
    )
    duty = conflict.heeding(tx, duty, settings.trust, alarm.story_id)
    assessment = detail.assessment or Assessment()
    return enqueue(tx, alarm.story_id, due, assessment, settings.policy.grouping, duty)


def acknowledge(store: Store, mention_id: int, *, by: str, now: datetime) -> bool:
    """Somebody takes a mention's story on, so that nobody further is told; False when it was
    answered before or nobody was told of it."""
    with store.begin() as tx:
        return answer(tx, mention_id, by=by, now=now)


def answer(tx: Tx, mention_id: int, *, by: str, now: datetime) -> bool:
    """As `acknowledge`, within a transaction; on record when it changes something."""
    story_id = stories.of_mention(tx, mention_id)
    answered = story_id is not None and alarms.acknowledge(tx, story_id, by=by, now=now)
    if story_id is not None:
        response_clocks.note_seen(tx, story_id, now)
    if answered:
        audit.append(
            tx, actor=by, action="alarm.acknowledged", subject=f"mention {mention_id}", now=now
        )
    return answered
