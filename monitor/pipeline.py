"""From a pending mention to an assessment, its story and the notices due, in one transaction.

Design decision 4: a decision to tell somebody is a delivery row in the same transaction as
the assessment that caused it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from alerts.routing import is_told_at_once, notices, plan
from classifiers.pipeline import Classifier
from classifiers.text import assessed_text
from classifiers.types import Assessment
from config.settings import Policy, Trust
from monitor.store import assessments, deliveries
from monitor.store.database import Tx
from monitor.store.views import OutboxItem, PendingMention


def judge(
    classifier: Classifier, pending: Sequence[PendingMention]
) -> list[tuple[PendingMention, Assessment]]:
    """What the classifiers say of each; pure, so it happens outside any transaction."""
    judged = classifier.assess([item.mention for item in pending])
    return list(zip(pending, judged, strict=True))


def record(
    tx: Tx,
    pending: PendingMention,
    assessment: Assessment,
    *,
    classifier: Classifier,
    trust: Trust,
    policy: Policy,
    now: datetime,
) -> int:
    """Save the assessment, join the story, enqueue who must be told; the number enqueued.

    A mention that somebody else has assessed meanwhile is left alone, so running this twice
    tells nobody twice.
    """
    fingerprint = classifier.fingerprint(assessed_text(pending.mention))
    is_alarming = is_told_at_once(pending.mention, assessment, policy) and bool(
        plan(assessment, trust, policy).told
    )
    saved = assessments.save(
        tx, pending.mention_id, assessment, fingerprint, now, is_alarming=is_alarming
    )
    if saved is None or not saved.lead or not is_alarming:
        return 0  # also a copy of what somebody was told already, and no graver
    due = notices(pending.mention_id, saved.story_id, assessment, trust, policy)
    items = (
        OutboxItem(
            key=notice.dedupe_key, channel=notice.channel, recipient=notice.recipient, notice=notice
        )
        for notice in due
    )
    return sum(deliveries.enqueue(tx, item, now=now) for item in items)
