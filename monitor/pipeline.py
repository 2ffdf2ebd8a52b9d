"""From a pending mention to an assessment, its story and the notices due, in one transaction.

Design decision 4: a decision to tell somebody is a delivery row in the same transaction as
the assessment that caused it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from alerts.duty import Duty
from alerts.routing import is_told_at_once, plan
from classifiers.pipeline import Classifier
from classifiers.text import assessed_text
from classifiers.types import Assessment
from config.policy import Policy
from config.trust import Trust
from monitor import alarms, clocks, impersonation, rules, searching
from monitor.access import conflict
from monitor.intake import mailbox, reports
from monitor.intake.shared import SHARED
from monitor.store import assessments, conflicts, evidence_orders
from monitor.store import reports as report_rows
from monitor.store.database import Tx
from monitor.store.views import PendingMention

BY_PEOPLE = frozenset({SHARED, mailbox.SOURCE})
"""Sources by which a person hands in one thing at a time: a person looks at it, always."""


def judge(
    classifier: Classifier, pending: Sequence[PendingMention]
) -> list[tuple[PendingMention, Assessment]]:
    """What the classifiers say of each; pure, so it happens outside any transaction."""
    whole = [item for item in pending if not _second_part(item)]
    judged = list(zip(whole, classifier.assess([item.mention for item in whole]), strict=True))
    for item in pending:
        if second := _second_part(item):
            judged.append((item, classifier.assess_by_parts(item.mention, second)))
    return judged


def _second_part(item: PendingMention) -> int:
    """Where the words of its pictures begin in the assessed text; 0 for none."""
    text = assessed_text(item.mention)
    written = text.find(item.written) + len(item.written) if item.written else 0
    return written if 0 < written < len(text) else 0


def record(
    tx: Tx,
    pending: PendingMention,
    assessment: Assessment,
    *,
    classifier: Classifier,
    trust: Trust,
    policy: Policy,
    duty: Duty,
) -> int:
    """Save the assessment, join the story, enqueue who must be told; the number enqueued.

    A mention that somebody else has assessed meanwhile is left alone, so running this twice
    tells nobody twice.
    """
    reported = report_rows.of_mention(tx, pending.mention_id)
    if reported is not None:
        assessment = reports.as_reported(assessment, pending.mention, reported.report, policy)
    text = assessed_text(pending.mention)
    subjects = conflict.named(duty.people, text)
    fingerprint = classifier.fingerprint(text)
    is_news = is_told_at_once(pending.mention, assessment, policy)
    heeding = conflict.barring(duty, trust, subjects)
    is_alarming = is_news and bool(plan(assessment, trust, policy, heeding).told)
    saved = assessments.save(
        tx,
        pending.mention_id,
        assessment,
        fingerprint,
        duty.now,
        is_alarming=is_alarming,
        is_report=reported is not None or pending.source_id in BY_PEOPLE,
    )
    if saved is None:
        return 0
    _follow(tx, pending, assessment, subjects, trust, duty.now)
    if reported is None and pending.source_id not in BY_PEOPLE:
        rules.apply(tx, pending.mention_id, pending.mention.url, saved.story_id, now=duty.now)
    if not saved.lead:  # a copy of what somebody was told already, and no graver
        return alarms.spread(tx, saved.story_id, trust=trust, policy=policy, duty=duty)
    about = (pending.mention_id, saved.story_id)
    told = 0
    if is_news:
        collected_at = pending.mention.fetched_at
        clocks.start(tx, saved.story_id, assessment, collected_at, policy=policy, duty=duty)
    if is_alarming:
        told = alarms.sound(
            tx, *about, pending.mention, assessment, trust=trust, policy=policy, duty=duty
        )
    if reported is not None:
        told += reports.tell(tx, *about, assessment, reported.report, trust=trust, duty=duty)
    if saved.fresh and assessment.severity not in ("none", "low") and is_news:
        told += alarms.count_matter(tx, assessment, trust=trust, policy=policy, duty=duty)
    return told


def _follow(
    tx: Tx,
    pending: PendingMention,
    assessment: Assessment,
    subjects: frozenset[str],
    trust: Trust,
    now: datetime,
) -> None:
    """What follows from every assessment: whom it is kept from, its capture, its words, and whether
    its author poses as one of us."""
    conflicts.put(tx, pending.mention_id, subjects)
    evidence_orders.order(tx, pending.mention_id, assessment.severity, now=now)
    searching.index(tx, pending.mention_id, pending.mention, assessment)
    impersonation.note(tx, pending.mention_id, pending.mention, trust, now)
