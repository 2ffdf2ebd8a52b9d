"""What people report through the form: always stored, judged like any mention, told by kind."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from alerts import briefs
from alerts import reports as duties
from alerts.duty import Duty
from alerts.reports import Reported
from classifiers.severity import severity
from classifiers.types import Assessment, Reason, SchoolLink
from config.policy import Policy
from config.trust import Trust
from connectors.types import Mention
from monitor.access import conflict
from monitor.store import alarms, audit, blocks, deliveries, pictures, reports
from monitor.store.database import Store, Tx
from monitor.store.pictures import Brought
from monitor.store.reports import Protected, Report
from monitor.store.views import OutboxItem

FORM = "the report form"


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A report as its reporter gave it. `school_id` is None for the Trust as a whole."""

    report: Report
    protected: Protected
    school_id: str | None
    platform: str
    link: str
    text: str
    pictures: tuple[Brought, ...] = ()


def take(store: Store, told: Told, *, now: datetime) -> None:
    """Store a report for the pipeline; one that comes twice is the same. Raises StoreError."""
    seen_at = told.report.seen_at
    mention = Mention(
        platform=told.platform,
        external_id=told.report.reference,
        url=told.link,
        text=told.text,
        kind="report",
        published_at=min(seen_at or now, now),
        published_known=False,
        fetched_at=now,
        source_school=told.school_id,
    )
    with store.begin() as tx:
        mention_id = reports.put(tx, mention, told.report, told.protected, now)
        if mention_id is not None:
            pictures.put(tx, mention_id, told.pictures)
            if told.report.kind in ("block", "unblock"):
                blocks.ask(tx, mention_id, 0, told.report.kind, approver="", by=FORM, now=now)


def as_reported(
    assessment: Assessment, mention: Mention, report: Report, policy: Policy
) -> Assessment:
    """The assessment with what the reporter knows better: the school, and whom it concerns."""
    allegation = assessment.allegation
    if report.doer in ("staff", "head") and report.kind not in ("block", "unblock"):
        allegation = "head" if "head" in (report.doer, allegation) else "staff"
    graver = replace(assessment, schools=_schools(assessment, mention), allegation=allegation)
    return replace(graver, severity=severity(policy.severity, graver))


def _schools(assessment: Assessment, mention: Mention) -> tuple[SchoolLink, ...]:
    """The chosen school is certain, whatever the text names."""
    if mention.source_school is None:
        return assessment.schools
    found = {link.school_id: link for link in assessment.schools}
    chosen = found.pop(
        mention.source_school,
        SchoolLink(school_id=mention.source_school, certainty="certain", score=1),
    )
    said = Reason(name="who reported it chose this school", weight=6)
    found_in_text = (reason for reason in chosen.reasons if reason.name != "its own page")
    chosen = replace(chosen, certainty="certain", score=1, reasons=(said, *found_in_text))
    return (chosen, *found.values())


def tell(
    tx: Tx,
    mention_id: int,
    story_id: int,
    assessment: Assessment,
    report: Report,
    *,
    trust: Trust,
    duty: Duty,
) -> int:
    """Tell whom the kind of report calls and who does not know of it yet; the number due."""
    duty = conflict.heeding(tx, duty, trust, story_id)
    due = duties.notices(
        Reported(
            kind=report.kind,
            doer=report.doer,
            on_premises=report.on_premises,
            school_computer=report.school_computer,
        ),
        mention_id,
        story_id,
        assessment,
        trust=trust,
        duty=duty,
        told={one.recipient.casefold() for one in alarms.told_notices(tx, story_id)},
    )
    told = 0
    is_pressing = duty.is_pressing(assessment)
    for notice in due:
        at = duty.now if is_pressing else duty.not_before(notice.recipient)
        for one in (notice, *briefs.also([notice], assessment.severity, duty.channels)):
            item = OutboxItem(
                key=one.dedupe_key,
                story_id=story_id,
                channel=one.channel,
                recipient=one.recipient,
                not_before=at,
                severity=assessment.severity,
                notice=one,
            )
            told += deliveries.enqueue(tx, item, now=duty.now)
    return told


def show_protected(store: Store, mention_id: int, *, by: str, now: datetime) -> Protected | None:
    """Who is affected and where an answer may go; asking for it is on record."""
    with store.begin() as tx:
        found = reports.protected(tx, mention_id)
        if found is not None:
            subject = f"mention {mention_id}"
            audit.append(tx, actor=by, action="report.affected_shown", subject=subject, now=now)
        return found
