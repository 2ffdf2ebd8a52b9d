"""The whole Trust's time for PR, the executive and the term: volumes, stories, reach and answers,
each beside the time before and the same weeks of last year.

What cannot be known is said so: figures of a time before the service began, and how many people
saw a post, which no platform tells.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from statistics import median_low

from alerts import digest, envelope, links, listed, phrases, words
from alerts.listed import Clocks, Kind, Line, OwnLine
from alerts.material import Figures, OverviewMaterial
from alerts.plot import Bar
from alerts.templating import template
from alerts.types import Message
from config.trust import Trust

NAMED = 4
"""Schools and platforms named; the rest is a number."""
STORIES = 4
CLOCKS = 4
REACH = "Reach is posts and places: how many people saw a post, no platform tells."
MEASURES = {
    "mentions": "Mentions",
    "flagged": "Flagged",
    "stories": "Stories, each day anew",
    "grave": "High or critical",
    "decided": "Decided",
    "alarms": "Alerts",
    "answered_soon": "Answered within the hour",
}
TITLES = {"brief": "Morning brief", "executive": "The week", "term": "The term"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """One row of the comparison."""

    name: str
    now: str
    before: str
    last_year: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OverviewPage:
    """What both templates show."""

    subject: str
    preview: str
    title: str
    days: str
    trust: str
    status: str
    lines: tuple[Line, ...]
    lines_title: str
    more: str
    bars: tuple[Bar, ...]
    trend: str
    columns: tuple[str, str, str]
    measures: tuple[Measure, ...]
    unknown: str
    """Which comparison cannot be made, and why."""
    answers: str
    spread: tuple[str, ...]
    """Platforms, schools and reach."""
    decided: str
    praise: tuple[Kind, ...]
    clocks: Clocks
    sources: str
    is_whole: bool
    troubles: tuple[str, ...]
    queue: str
    own_lines: tuple[OwnLine, ...]
    own_more: str
    title_of_ours: str = ""
    own_note: str = phrases.OWN_PAGES
    never: str = phrases.NEVER_REPLY
    limits: str = phrases.LIMITS
    reply: str


def compose(
    material: OverviewMaterial,
    *,
    kind: str,
    trust: Trust,
    console_url: str,
    sender: str,
    recipient: str,
    reply_to: str,
    message_id: str,
    now: datetime,
) -> Message:
    """The overview of a `kind` in TITLES for one recipient."""
    page = _page(material, kind, trust, console_url, reply_to, now)
    return envelope.seal(
        subject=page.subject,
        text=template("overview.txt").render(page=page),
        html=template("overview.html").render(page=page),
        recipient=recipient,
        sender=sender,
        message_id=message_id,
        list_name="overviews",
        now=now,
        reply_to=reply_to,
        is_optional=True,
    )


def _page(
    material: OverviewMaterial,
    kind: str,
    trust: Trust,
    console_url: str,
    reply_to: str,
    now: datetime,
) -> OverviewPage:
    place = material.trust
    part = digest.section(
        place, material.health, trust, console_url, title="", is_week=material.days > 1
    )
    days = phrases.days(material.first, material.last)
    sources = phrases.sources(material.health)
    lines_title, lines = _lines(material, trust, console_url)
    return OverviewPage(
        subject=f"{TITLES[kind]}, {days}: {_headline(material)}",
        preview=f"{part.status} {sources}",
        title=TITLES[kind],
        days=days,
        trust=words.one_line(trust.name),
        status=part.status,
        lines=lines,
        lines_title=lines_title,
        more=phrases.beyond(place.waiting, len(lines)),
        bars=part.bars,
        trend=part.trend,
        columns=_columns(material),
        measures=_measures(material),
        unknown=_unknown(material),
        answers=_answers(material),
        spread=_spread(material, trust),
        decided=part.summary,
        praise=part.praise,
        clocks=listed.clocks(material.clocks, console_url, now, shown=CLOCKS),
        sources=sources,
        is_whole=phrases.is_whole(material.health),
        troubles=phrases.troubles(material.health),
        queue=links.queue(console_url),
        own_lines=part.own_lines,
        own_more=part.own_more,
        reply=digest.answered_by(reply_to),
    )


def _headline(material: OverviewMaterial) -> str:
    if waiting := material.trust.waiting:
        return f"{waiting} waiting"
    return "nothing waits" if phrases.is_whole(material.health) else "not everything could be read"


def _lines(
    material: OverviewMaterial, trust: Trust, console_url: str
) -> tuple[str, tuple[Line, ...]]:
    """In the morning what waits; of more days the stories, with how far they went."""
    if material.days == 1:
        waiting = listed.gravest(material.trust.entries)[:STORIES]
        lines = tuple(listed.line(one, None, trust, console_url) for one in waiting)
        return "What needs you", lines
    told = material.stories[:STORIES]
    return "The stories", tuple(
        listed.line(
            one.entry,
            None,
            trust,
            console_url,
            words.count(one.places, "place"),
            "waits" if one.is_waiting else "decided",
        )
        for one in told
    )


def _columns(material: OverviewMaterial) -> tuple[str, str, str]:
    if material.days == 1:
        return ("Day", "Same day last week", "Last year")
    return ("Now", "Before", "Last year")


def _measures(material: OverviewMaterial) -> tuple[Measure, ...]:
    return tuple(
        Measure(
            name=title,
            now=str(getattr(material.now, name)),
            before=_known(material.before, name, material.days),
            last_year=_known(material.last_year, name, material.days),
        )
        for name, title in MEASURES.items()
    )


def _known(figures: Figures, name: str, days: int) -> str:
    return str(getattr(figures, name)) if figures.days == days else "\N{EN DASH}"


def _unknown(material: OverviewMaterial) -> str:
    """A time that the service did not see, or not whole, is not compared."""
    missing = [
        name
        for name, figures in (("before", material.before), ("last year", material.last_year))
        if figures.days < material.days
    ]
    if not missing:
        return ""
    return f"No figures of the time {' and '.join(missing)}: the service did not watch it whole."


def _answers(material: OverviewMaterial) -> str:
    """ "4 of 5 alerts were answered, half of them within 23 minutes; 1 waits." """
    answered, waits = len(material.answers), material.unanswered
    if not answered + waits:
        return "No alert was due."
    said = f"{answered} of {words.count(answered + waits, 'alert')} answered"
    if answered:
        said += f", half of them within {words.span(median_low(material.answers))}"
    return f"{said}; {waits} unanswered." if waits else f"{said}."


def _spread(material: OverviewMaterial, trust: Trust) -> tuple[str, ...]:
    platforms = _most({words.platform(key): n for key, n in material.platforms.items()})
    schools = _most({words.school_name(key, trust): n for key, n in material.schools.items()})
    posts = sum(one.entry.copies for one in material.stories)
    parts = [
        f"Where: {platforms}." if platforms else "",
        f"About whom: {schools}." if schools else "",
        f"The largest stories together: {words.count(posts, 'post')}. {REACH}" if posts else "",
    ]
    return tuple(part for part in parts if part)


def _most(counts: Mapping[str, int]) -> str:
    """ "Website 12, Bluesky 4 and 3 more"."""
    ordered = sorted(counts.items(), key=lambda one: -one[1])
    named = ", ".join(f"{name} {number}" for name, number in ordered[:NAMED])
    more = len(ordered) - NAMED
    return f"{named} and {more} more" if more > 0 else named
