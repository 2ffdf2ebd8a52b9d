"""What other channels than mail tell: severity, kind, school, clause and link, and no more."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from alerts import links, seats, words
from alerts.seats import SCHOOL_ROLES
from alerts.types import Brief, Notice, Occasion
from classifiers.types import SEVERITIES, Assessment, Severity
from config.policy import Policy
from config.settings import ChannelSettings
from config.trust import Trust

CALM = (
    "Do not reply to the post. This is not an emergency service: if somebody may be in danger"
    " now, call 999."
)
_OCCASION: Mapping[Occasion, str] = {
    "unanswered": "Unanswered, ",
    "late": "Past its time, ",
}


def also(
    notices: Iterable[Notice], severity: Severity, channels: Sequence[ChannelSettings]
) -> Iterator[Notice]:
    """The notices for other channels that stand beside those by mail.

    The key is made of story, severity and channel, so that a channel for several people hears
    of a story once, again when it is graver, and once for each step that nobody answered.
    """
    told = [one for one in channels if _is_grave_enough(severity, one)]
    for notice in notices:
        for channel in told:
            if notice.role in channel.roles or _is_among(notice.recipient, channel.recipients):
                yield _by(channel, notice, severity)


def of_it(channels: Sequence[ChannelSettings], trust: Trust) -> list[ChannelSettings]:
    """The channels by which IT is told."""
    it = trust.contacts.it
    return [one for one in channels if "it" in one.roles or _is_among(it, one.recipients)]


def _is_grave_enough(severity: Severity, channel: ChannelSettings) -> bool:
    return SEVERITIES.index(severity) >= SEVERITIES.index(channel.min_severity)


def _is_among(address: str, addresses: Iterable[str]) -> bool:
    return address.casefold() in {one.casefold() for one in addresses}


def _by(channel: ChannelSettings, notice: Notice, severity: Severity) -> Notice:
    story, _, rest = notice.dedupe_key.partition(":")
    step = rest.rpartition(":")[2] if notice.occasion in ("unanswered", "late") else ""
    key = f"{story}:{severity}:@{channel.id}"
    return replace(
        notice,
        dedupe_key=f"{key}:{step}" if step else key,
        channel=channel.id,
        recipient=channel.id,
        disclosure="link_only",
    )


def brief(
    notice: Notice,
    assessment: Assessment,
    *,
    trust: Trust,
    policy: Policy,
    console_url: str,
    brief_id: str,
    now: datetime,
) -> Brief:
    """The brief for one notice; its clauses are those of what is flagged."""
    flagged = [clause for label in assessment.flags for clause in policy.labels[label].clauses]
    if assessment.pupil.level != "none":
        flagged += policy.pupil.clauses
    return Brief(
        brief_id=brief_id,
        event="alert",
        occasion=notice.occasion,
        severity=assessment.severity,
        kind=notice.about or words.kind(assessment),
        place=_place(notice, assessment, trust),
        clauses=tuple(dict.fromkeys(flagged or notice.clauses)),
        link=links.matter(console_url, notice),
        at=now,
    )


def _place(notice: Notice, assessment: Assessment, trust: Trust) -> str:
    """A school's people read of their own school only."""
    if notice.role in SCHOOL_ROLES and notice.school_id:
        return words.school_name(notice.school_id, trust)
    sure = [one.name for one in seats.certain_schools(assessment, trust)]
    unsure = [one.name for one in seats.possible_schools(assessment, trust)]
    named = [*sure, *(f"possibly {name}" for name in unsure)]
    return words.listed([words.one_line(name) for name in named]) or words.one_line(trust.name)


def title(brief: Brief) -> str:
    """One line: "Critical: possible threat - Larkmere Hill School"."""
    occasion = _OCCASION.get(brief.occasion, "")
    if brief.event != "alert":
        return f"{words.capital(brief.kind)} - {brief.place}"
    severity = words.SEVERITY[brief.severity]
    grade = f"{occasion}{severity.lower()}" if occasion else severity
    return f"{grade}: {brief.kind} - {brief.place}"


def body(brief: Brief) -> str:
    """The lines under the title, as plain text, with a blank line between, as Teams wants it."""
    lines = [words.capital(words.clauses(brief.clauses)), brief.link]
    if brief.event == "alert":
        lines.append(CALM)
    return "\n\n".join(line for line in lines if line)
