"""What digests and overviews list, a line each: entries, posts of our own, praise and clocks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from alerts import links, words
from alerts.material import ClockDue, DigestEntry, OwnPost, Praise
from alerts.tones import TONES
from classifiers.types import SEVERITIES
from config.trust import Trust

SHOWN_PRAISE = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One entry as shown."""

    url: str
    tone: str
    severity: str
    kind: str
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnLine:
    """One post of our own as shown."""

    url: str
    level: str
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """Praise as shown."""

    url: str
    quote: str
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    url: str
    what: str
    when: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Clocks:
    """What is past its time, and what is due next; the rest is a number and a link."""

    late: tuple[Clock, ...] = ()
    coming: tuple[Clock, ...] = ()
    more: str = ""
    """How many more are past their time."""
    url: str = ""


def gravest(entries: Sequence[DigestEntry]) -> list[DigestEntry]:
    """Gravest first, then newest."""
    ordered = sorted(entries, key=lambda entry: entry.published_at, reverse=True)
    ordered.sort(key=lambda entry: SEVERITIES.index(entry.assessment.severity), reverse=True)
    return ordered


def line(
    entry: DigestEntry, school_id: str | None, trust: Trust, console_url: str, *extra: str
) -> Line:
    """One entry; for the Trust it says which schools, for a school only whether it is surely
    theirs."""
    parts = [
        _where(entry, school_id, trust),
        words.platform(entry.platform),
        words.moment(entry.published_at, year=False),
        *extra,
    ]
    if entry.copies > 1:
        parts.append(f"{entry.copies} posts")
    return Line(
        url=links.mention(console_url, entry.mention_id),
        tone=TONES[entry.assessment.severity],
        severity=words.SEVERITY[entry.assessment.severity],
        kind=words.capital(words.kind(entry.assessment)),
        detail=" · ".join(part for part in parts if part),
    )


def _where(entry: DigestEntry, school_id: str | None, trust: Trust) -> str:
    schools = entry.assessment.schools
    if school_id is not None:
        sure = any(one.school_id == school_id and one.certainty == "certain" for one in schools)
        return "" if sure else "Only possibly yours"
    named = [
        words.school_name(one.school_id, trust)
        + ("" if one.certainty == "certain" else " (only possible)")
        for one in sorted(schools, key=lambda one: one.certainty)
    ]
    return words.listed(named[:2]) + (f" and {len(named) - 2} more" if len(named) > 2 else "")


def kind_words(praise: Sequence[Praise], console_url: str) -> tuple[Kind, ...]:
    return tuple(
        Kind(
            url=links.mention(console_url, one.mention_id),
            quote="".join(piece.text for piece in one.excerpt),
            detail=words.platform(one.platform),
        )
        for one in praise[:SHOWN_PRAISE]
    )


def clocks(due: Sequence[ClockDue], console_url: str, now: datetime, *, shown: int) -> Clocks:
    """What is past its time, the longest first, and what is next; so many of each."""
    ordered = sorted(due, key=lambda one: one.due_at)
    late = [one for one in ordered if one.due_at < now]
    coming = ordered[len(late) :]
    return Clocks(
        late=tuple(_clock(one, console_url, "since ") for one in late[:shown]),
        coming=tuple(_clock(one, console_url) for one in coming[:shown]),
        more=f"{len(late) - shown} more" if len(late) > shown else "",
        url=links.clocks(console_url),
    )


def _clock(due: ClockDue, console_url: str, before: str = "") -> Clock:
    return Clock(
        url=f"{console_url.rstrip('/')}{due.path}",
        what=words.one_line(due.what),
        when=f"{before}{words.moment(due.due_at, year=False)}",
    )


def own_line(post: OwnPost, console_url: str) -> OwnLine:
    return OwnLine(
        url=links.mention(console_url, post.mention_id),
        level=words.PUPIL[post.level],
        detail=f"{words.one_line(post.source)} · {words.moment(post.published_at)}",
    )
