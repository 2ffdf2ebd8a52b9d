"""A headteacher's digest: what needs them, what was decided, praise, the trend and the clocks.

It shows no words of any post but kind ones, which are masked, names nobody, and fits one screen
of a phone. A quiet day says how many sources were read, so that quiet can be told from broken.
A head of two schools reads of both in one mail.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from alerts import envelope, links, listed, phrases, plot, words
from alerts.listed import Clocks, Kind, Line, OwnLine
from alerts.material import DigestMaterial, Health, PlaceDays
from alerts.plot import Bar
from alerts.templating import template
from alerts.types import Message
from config.trust import Trust

SHOWN, SHOWN_OF_MANY = 3, 2
"""Entries listed of one school, and of each of several; the rest is a number and a link."""
SHOWN_OF_OURS = 8
SHOWN_CLOCKS = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """What is said of one school."""

    title: str
    """Empty where the mail is of one school alone."""
    status: str
    is_calm: bool
    lines: tuple[Line, ...]
    more: str
    bars: tuple[Bar, ...]
    trend: str
    summary: str
    praise: tuple[Kind, ...]
    own_lines: tuple[OwnLine, ...]
    own_more: str

    @property
    def title_of_ours(self) -> str:
        return self.title


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestPage:
    """What both templates show."""

    subject: str
    preview: str
    title: str
    days: str
    sections: tuple[Section, ...]
    clocks: Clocks
    sources: str
    is_whole: bool
    """Every source was read; what was not is said as a warning."""
    queue: str
    own_note: str = phrases.OWN_PAGES
    never: str = phrases.NEVER_REPLY
    limits: str = phrases.LIMITS
    answers: str


def compose(
    material: DigestMaterial,
    *,
    trust: Trust,
    console_url: str,
    sender: str,
    recipient: str,
    reply_to: str,
    message_id: str,
    now: datetime,
) -> Message:
    """The digest for one recipient. `sender` is "address" or "Name <address>"; a reply reaches
    the person at `reply_to`."""
    page = _page(material, trust, console_url, reply_to, now)
    return envelope.seal(
        subject=page.subject,
        text=template("digest.txt").render(page=page),
        html=template("digest.html").render(page=page),
        recipient=recipient,
        sender=sender,
        message_id=message_id,
        list_name="digests",
        now=now,
        reply_to=reply_to,
        is_optional=True,
    )


def _page(
    material: DigestMaterial, trust: Trust, console_url: str, reply_to: str, now: datetime
) -> DigestPage:
    places = [_without_heads(place) for place in material.places]
    material = replace(material, places=tuple(places))
    names = [words.school_name(place.school_id or trust.id, trust) for place in places]
    days = phrases.days(material.first, material.last)
    sources = phrases.sources(material.health)
    title = words.listed(names)
    return DigestPage(
        subject=f"{title}, {days}: {_headline(material)}",
        preview=f"{' '.join(_status(place, material.health)[0] for place in places)} {sources}",
        title=title,
        days=days,
        sections=tuple(
            section(
                place,
                material.health,
                trust,
                console_url,
                title=name if len(names) > 1 else "",
                is_week=material.is_week,
            )
            for place, name in zip(places, names, strict=True)
        ),
        clocks=listed.clocks(material.clocks, console_url, now, shown=SHOWN_CLOCKS),
        sources=sources,
        is_whole=phrases.is_whole(material.health),
        queue=links.queue(console_url),
        answers=answered_by(reply_to),
    )


def answered_by(reply_to: str) -> str:
    """Whom a reply reaches; empty where nobody is named."""
    return f"A reply to this mail reaches {reply_to}, a person." if reply_to else ""


def _without_heads(place: PlaceDays) -> PlaceDays:
    """A school's digest goes to its head, so nothing about a head stands in it."""
    if place.school_id is None:
        return place
    kept = tuple(one for one in place.entries if one.assessment.allegation != "head")
    waiting = place.waiting - (len(place.entries) - len(kept))
    return replace(place, entries=kept, waiting=max(waiting, len(kept)))


def _headline(material: DigestMaterial) -> str:
    if waiting := sum(place.waiting for place in material.places):
        return f"{waiting} waiting"
    if phrases.is_blind(material.health):
        return "nothing could be read"
    is_flagged = any(phrases.flagged(place) for place in material.places)
    if phrases.is_whole(material.health):
        return "all decided" if is_flagged else "all quiet"
    return "all decided" if is_flagged else "quiet where we could look"


def _status(place: PlaceDays, health: Health) -> tuple[str, bool]:
    """The time in a sentence, and whether it is calm."""
    if place.waiting:
        verb = "waits" if place.waiting == 1 else "wait"
        return f"{words.count(place.waiting, 'mention')} {verb} for a decision.", False
    if phrases.is_blind(health):
        return "No source could be read, so silence says nothing about the day.", False
    if phrases.flagged(place):
        return "Nothing waits: everything flagged has been decided.", True
    if phrases.is_whole(health):
        return "All quiet: nothing was flagged.", True
    return "Quiet where we could look: nothing was flagged.", True


def section(
    place: PlaceDays,
    health: Health,
    trust: Trust,
    console_url: str,
    *,
    title: str,
    is_week: bool,
) -> Section:
    status, is_calm = _status(place, health)
    shown = SHOWN_OF_MANY if title else SHOWN
    entries = listed.gravest(place.entries)[:shown]
    said = (phrases.makeup(place), phrases.decided(place.decided))
    return Section(
        title=title,
        status=status,
        is_calm=is_calm,
        lines=tuple(listed.line(one, place.school_id, trust, console_url) for one in entries),
        more=phrases.beyond(place.waiting, len(entries)),
        bars=plot.bars(place.trend),
        trend=phrases.trend(place.trend, is_week=is_week) if place.trend else "",
        summary=" ".join(part for part in said if part),
        praise=listed.kind_words(place.praise, console_url),
        own_lines=tuple(
            listed.own_line(one, console_url) for one in place.own_posts[:SHOWN_OF_OURS]
        ),
        own_more=phrases.beyond(len(place.own_posts), SHOWN_OF_OURS),
    )
