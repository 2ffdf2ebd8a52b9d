"""When each notice leaves: whom it wakes, what waits for the morning, what shares a mail."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime

from alerts.duty import Duty
from alerts.types import Notice
from classifiers.types import Assessment
from config.policy import Grouping


def told_from(assessment: Assessment, duty: Duty) -> datetime:
    """From when people count as told, so that the chain may go on: now, or the end of everybody's
    quiet hours for what may wait."""
    return duty.now if duty.is_pressing(assessment) else duty.not_before("")


def in_order(
    due: Iterable[Notice], assessment: Assessment, grouping: Grouping, duty: Duty
) -> Iterator[tuple[Notice, datetime]]:
    """Each notice with its urgency, and the moment before which it does not leave. Nobody whom the
    story names is among them, and those of first duty are never overtaken."""
    held = duty.now
    for notice in due:
        if notice.recipient.casefold() in duty.barred:
            continue
        if not wakes(notice, assessment, duty):
            held = max(held, duty.not_before(notice.recipient))
        is_patient = may_wait(notice, assessment, grouping)
        yield replace(notice, urgency="grouped" if is_patient else "immediate"), held


def wakes(notice: Notice, assessment: Assessment, duty: Duty) -> bool:
    """What is critical wakes everybody; what else breaks the quiet hours, those who act first."""
    acts_first = notice.order == 0
    return assessment.severity == "critical" or (acts_first and duty.is_pressing(assessment))


def may_wait(notice: Notice, assessment: Assessment, grouping: Grouping) -> bool:
    """First tellings of what is not critical, to those who need not act first; and that clocks
    have passed."""
    is_patient = notice.occasion == "late" or (notice.occasion == "first" and notice.order > 0)
    return is_patient and assessment.severity != "critical" and grouping.gathers


def after_quiet(notice: Notice, at: datetime, assessment: Assessment, duty: Duty) -> datetime:
    """The moment, or the end of the quiet hours in which it falls, for what wakes nobody."""
    if wakes(notice, assessment, duty):
        return at
    return max(at, replace(duty, now=at).not_before(notice.recipient))
