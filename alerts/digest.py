"""The daily digest: what needs a decision, what was decided, and whether silence means quiet.

It is composed from what the store gathered, shows no text, title or name of any post, and
fits one screen of a phone. A quiet day says how many sources were read, so that quiet can be
told from broken.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from alerts import envelope, links, words
from alerts.templating import template
from alerts.tones import TONES
from alerts.types import Message
from classifiers.types import LABELS, SEVERITIES, Assessment, Label, PupilLevel, Severity
from config.settings import Trust

SHOWN = 4
SHOWN_OF_OURS = 8
"""Entries listed; the rest is a number and a link."""
NAMED = 3
"""Sources named when they were not read; the rest is a number."""
LIMITS = (
    "Public posts only: private groups cannot be seen. Not an emergency service, and not the"
    " schools' filtering and monitoring: in danger call 999. A machine flags, a person decides."
)
NEVER_REPLY = "Never reply to a post, not even in support (policy 6.8, 9.3)."
OWN_PAGES = (
    "The Trust's and the schools' own pages must let nobody single out a pupil or a class (policy"
    " 6.10): check the consent, or take it down."
)
OUTCOMES = {
    "not_about_us": "not about us",
    "no_action": "no action",
    "watch": "watch",
    "open_case": "case opened",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestEntry:
    """A mention that waits for a decision."""

    mention_id: int
    assessment: Assessment
    platform: str
    published_at: datetime
    copies: int = 1
    """Posts in its story, itself included."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnPost:
    """A post on a page of the Trust's or a school's own that could identify somebody (6.10)."""

    mention_id: int
    level: PupilLevel
    source: str
    published_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestSource:
    """A source that is switched on. `read` when its last poll was read to an end or in part;
    `reason` says why not, in words for people."""

    name: str
    read: bool
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestMaterial:
    """What the store knows of one day, for one school (None: the whole Trust).

    Counts are of mentions collected in the day; `waiting` is everything undecided, newer or
    older, of which `entries` are the gravest. For a school, matters about its head must not
    be among them (design decision 7); entries of that kind are taken out here as well.
    """

    school_id: str | None
    local_date: date
    """The day reported, in Europe/London."""
    collected: int = 0
    flagged: Mapping[Severity, int]
    """How many of the collected, by severity above "none"."""
    labels: Mapping[Label, int]
    decided: Mapping[str, int]
    """Decisions taken in the day, by outcome."""
    waiting: int = 0
    entries: tuple[DigestEntry, ...] = ()
    sources: tuple[DigestSource, ...] = ()
    set_aside: int = 0
    """Mentions that could not be assessed and wait for a person."""
    undelivered: int = 0
    """Messages that were given up."""
    own_posts: tuple[OwnPost, ...] = ()
    """Of the week that ends with the day, the plainest first; only on a Sunday."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tile:
    figure: int
    unit: str


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
class DigestPage:
    """What both templates show."""

    subject: str
    preview: str
    title: str
    day: str
    status: str
    is_calm: bool
    tiles: tuple[Tile, ...]
    lines: tuple[Line, ...]
    more: str
    sources: str
    summary: str
    troubles: tuple[str, ...]
    """What a person must see to; the sources not read are among them on a day not calm."""
    queue: str
    own_lines: tuple[OwnLine, ...]
    own_more: str
    own_note: str = OWN_PAGES
    never: str = NEVER_REPLY
    limits: str = LIMITS


def compose(
    material: DigestMaterial,
    *,
    trust: Trust,
    console_url: str,
    sender: str,
    recipient: str,
    message_id: str,
    now: datetime,
) -> Message:
    """The digest for one recipient. `sender` is "address" or "Name <address>"."""
    page = _page(_without_heads(material), trust, console_url)
    return envelope.seal(
        subject=page.subject,
        text=template("digest.txt").render(page=page),
        html=template("digest.html").render(page=page),
        recipient=recipient,
        sender=sender,
        message_id=message_id,
        list_name="digests",
        now=now,
    )


def _without_heads(material: DigestMaterial) -> DigestMaterial:
    """A school's digest goes to its head, so nothing about a head stands in it."""
    if material.school_id is None:
        return material
    kept = tuple(one for one in material.entries if one.assessment.allegation != "head")
    waiting = material.waiting - (len(material.entries) - len(kept))
    return replace(material, entries=kept, waiting=max(waiting, len(kept)))


def _page(material: DigestMaterial, trust: Trust, console_url: str) -> DigestPage:
    place = words.school_name(material.school_id or trust.id, trust)
    day = words.day(material.local_date)
    status, is_calm = _status(material)
    return DigestPage(
        subject=f"{place}, {day}: {_headline(material)}",
        preview=f"{status} {_sources(material)}",
        title=place,
        day=day,
        status=status,
        is_calm=is_calm,
        tiles=_tiles(material),
        lines=tuple(_line(entry, material, trust, console_url) for entry in _gravest(material)),
        more=_more(material),
        sources=_sources(material),
        summary=_summary(material, is_calm=is_calm),
        troubles=_troubles(material, is_calm=is_calm),
        queue=links.queue(console_url),
        own_lines=tuple(
            OwnLine(
                url=links.mention(console_url, one.mention_id),
                level=words.PUPIL[one.level],
                detail=f"{words.one_line(one.source)} · {words.moment(one.published_at)}",
            )
            for one in material.own_posts[:SHOWN_OF_OURS]
        ),
        own_more=_beyond(len(material.own_posts), SHOWN_OF_OURS),
    )


def _flagged(material: DigestMaterial) -> int:
    return sum(number for severity, number in material.flagged.items() if severity != "none")


def _is_blind(material: DigestMaterial) -> bool:
    return not any(source.read for source in material.sources)


def _headline(material: DigestMaterial) -> str:
    if material.waiting:
        return f"{material.waiting} to decide"
    if _is_blind(material):
        return "nothing could be read"
    if _is_whole(material):
        return "all quiet" if not _flagged(material) else "all decided"
    return "quiet where we could look" if not _flagged(material) else "all decided"


def _status(material: DigestMaterial) -> tuple[str, bool]:
    """The day in a sentence, and whether it is calm."""
    if material.waiting:
        needs = "needs" if material.waiting == 1 else "need"
        return f"{words.count(material.waiting, 'mention')} {needs} your decision.", False
    if _is_blind(material):
        return "No source could be read, so silence says nothing about the day.", False
    if _flagged(material):
        return "Nothing waits: everything flagged has been decided.", True
    if _is_whole(material):
        return "All quiet: nothing was flagged.", True
    return "Quiet where we could look: nothing was flagged.", True


def _tiles(material: DigestMaterial) -> tuple[Tile, ...]:
    return (
        Tile(figure=material.collected, unit="mentions"),
        Tile(figure=_flagged(material), unit="flagged"),
        Tile(figure=material.waiting, unit="to decide"),
        Tile(figure=sum(material.decided.values()), unit="decided"),
    )


def _makeup(material: DigestMaterial) -> str:
    """ "1 critical, 2 high. Reputation 3, bullying 1." for the day's flagged ones."""
    levels = [
        f"{material.flagged[severity]} {severity}"
        for severity in reversed(SEVERITIES)
        if severity != "none" and material.flagged.get(severity)
    ]
    kinds = [
        f"{label.replace('_', '-')} {material.labels[label]}"
        for label in LABELS
        if material.labels.get(label)
    ]
    parts = [", ".join(part) for part in (levels, kinds) if part]
    return " ".join(f"{part[:1].upper()}{part[1:]}." for part in parts)


def _gravest(material: DigestMaterial) -> Sequence[DigestEntry]:
    """The entries shown: gravest first, then newest."""
    ordered = sorted(material.entries, key=lambda entry: entry.published_at, reverse=True)
    ordered.sort(key=lambda entry: SEVERITIES.index(entry.assessment.severity), reverse=True)
    return ordered[:SHOWN]


def _line(entry: DigestEntry, material: DigestMaterial, trust: Trust, console_url: str) -> Line:
    kind = words.kind(entry.assessment)
    parts = [
        _where(entry, material, trust),
        words.platform(entry.platform),
        words.moment(entry.published_at, year=entry.published_at.year != material.local_date.year),
    ]
    if entry.copies > 1:
        parts.append(f"{entry.copies} posts")
    return Line(
        url=links.mention(console_url, entry.mention_id),
        tone=TONES[entry.assessment.severity],
        severity=words.SEVERITY[entry.assessment.severity],
        kind=words.capital(kind),
        detail=" · ".join(part for part in parts if part),
    )


def _where(entry: DigestEntry, material: DigestMaterial, trust: Trust) -> str:
    """The schools; in a school's own digest only whether it is surely theirs."""
    schools = entry.assessment.schools
    if material.school_id is not None:
        sure = any(
            link.school_id == material.school_id and link.certainty == "certain" for link in schools
        )
        return "" if sure else "Only possibly yours"
    named = [
        words.school_name(link.school_id, trust)
        + ("" if link.certainty == "certain" else " (only possible)")
        for link in sorted(schools, key=lambda link: link.certainty)
    ]
    return words.listed(named[:2]) + (f" and {len(named) - 2} more" if len(named) > 2 else "")


def _more(material: DigestMaterial) -> str:
    return _beyond(material.waiting, min(len(material.entries), SHOWN))


def _beyond(number: int, shown: int) -> str:
    return f"{number - shown} more" if number > shown else ""


def _sources(material: DigestMaterial) -> str:
    """ "14 of 15 sources read; 1 not measured: The Argus (asked us to wait)." """
    read = sum(source.read for source in material.sources)
    total = len(material.sources)
    if not total:
        return "No source is switched on."
    unread = [source for source in material.sources if not source.read]
    line = f"{read} of {words.count(total, 'source')} read"
    if not unread:
        return f"{line}."
    named = [
        words.one_line(source.name)
        + (f" ({words.one_line(source.reason).rstrip('.')})" if source.reason else "")
        for source in unread[:NAMED]
    ]
    more = f" and {len(unread) - NAMED} more" if len(unread) > NAMED else ""
    return f"{line}; {len(unread)} not measured: {'; '.join(named)}{more}."


def _is_whole(material: DigestMaterial) -> bool:
    """Every source was read."""
    return bool(material.sources) and all(source.read for source in material.sources)


def _summary(material: DigestMaterial, *, is_calm: bool) -> str:
    parts = [_makeup(material), _decided(material)]
    if not is_calm and _is_whole(material):
        parts.append(_sources(material))
    return " ".join(part for part in parts if part)


def _troubles(material: DigestMaterial, *, is_calm: bool) -> tuple[str, ...]:
    troubles = []
    if not is_calm and not _is_whole(material):
        troubles.append(_sources(material))
    if material.set_aside:
        aside = words.count(material.set_aside, "mention")
        troubles.append(f"{aside} could not be assessed and must be read by a person.")
    if material.undelivered:
        given_up = words.count(material.undelivered, "message")
        troubles.append(f"{given_up} could not be delivered: see Deliveries in the console.")
    return tuple(troubles)


def _decided(material: DigestMaterial) -> str:
    outcomes = [
        f"{number} {OUTCOMES.get(outcome, outcome)}"
        for outcome, number in material.decided.items()
        if number
    ]
    return f"Decided: {', '.join(outcomes)}." if outcomes else ""
