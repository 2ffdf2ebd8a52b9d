"""What the store has for a digest or an overview; `alerts.digest` and `alerts.overview` compose."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import islice

from alerts import mask, words
from alerts.listed import SHOWN_PRAISE
from alerts.material import (
    ClockDue,
    DigestEntry,
    DigestMaterial,
    DigestSource,
    Figures,
    Health,
    OverviewMaterial,
    OwnPost,
    PlaceDays,
    Praise,
    StoryEntry,
)
from classifiers.praise import is_praise
from classifiers.types import LabelScore
from config.settings import Settings
from config.sources import Source
from monitor import clocks
from monitor.figures import daily
from monitor.schedule import local_day
from monitor.store import digest_entries, overview_entries
from monitor.store import sources as source_rows
from monitor.store.database import Store, Tx
from monitor.store.digest_entries import About, Entry, HarmlessPost
from monitor.store.scope import EVERYTHING, Part, Scope
from monitor.store.views import DigestOrder, SourceState

A_DAY = timedelta(days=1)
A_WEEK = timedelta(days=7)
SUNDAY = 6
BARS_OF_DAYS, BARS_OF_WEEKS = 14, 8
STORIES = 5
CLOCKS = 4
MOST_CLOCKS = 8
"""Looked at for one digest."""
QUOTED = 130
"""Characters of praise shown."""
DOUBTFUL = 0.5
"""Share of a label's threshold from which praise is doubted."""


Apart = frozenset[str]
"""Subjects of those who read it: stories that name them are left out."""
NOBODY: Apart = frozenset()


def of_head(
    store: Store, settings: Settings, order: DigestOrder, now: datetime, apart: Apart = NOBODY
) -> DigestMaterial:
    """What a headteacher reads of their schools."""
    reader = replace(EVERYTHING, apart=apart)
    first = order.local_date - A_DAY * (order.days - 1)
    with store.read() as tx:
        return DigestMaterial(
            first=first,
            last=order.local_date,
            places=tuple(
                _place(tx, settings, About(one, reader), first, order.local_date)
                for one in order.school_ids
            ),
            health=_health(tx),
            clocks=tuple(_clocks(tx, settings, order.school_ids, now, reader)),
        )


def of_trust(
    store: Store, settings: Settings, order: DigestOrder, now: datetime, apart: Apart = NOBODY
) -> OverviewMaterial:
    """What PR and the executive read."""
    reader = replace(EVERYTHING, apart=apart)
    last = order.local_date
    first = last - A_DAY * (order.days - 1)
    span = A_WEEK if order.days == 1 else A_DAY * order.days
    since, until = _moments(first, last)
    with store.read() as tx:
        waited, unanswered = overview_entries.answers(tx, reader, since=since, until=until)
        found = overview_entries.stories(tx, reader, since=since, until=until, limit=STORIES)
        return OverviewMaterial(
            first=first,
            last=last,
            trust=_place(tx, settings, About(None, reader), first, last),
            now=daily.total(tx, None, first, last, reader),
            before=daily.total(tx, None, first - span, last - span, reader),
            last_year=daily.total(tx, None, first - daily.A_YEAR, last - daily.A_YEAR, reader),
            answers=tuple(waited),
            unanswered=unanswered,
            stories=tuple(
                StoryEntry(
                    entry=_entry(one.entry), places=one.places, is_waiting=one.entry.is_waiting
                )
                for one in found
            ),
            platforms=overview_entries.by_platform(tx, reader, since, until),
            schools=overview_entries.by_school(tx, reader, since, until),
            health=_health(tx),
            clocks=tuple(_clocks(tx, settings, (None,), now, reader)),
        )


def _moments(first: date, last: date) -> tuple[datetime, datetime]:
    return local_day(first)[0].astimezone(UTC), local_day(last)[1].astimezone(UTC)


def _place(tx: Tx, settings: Settings, about: About, first: date, last: date) -> PlaceDays:
    school_id = about.school_id
    since, until = _moments(first, last)
    official = {
        source.id: source
        for source in settings.sources
        if source.official and school_id in (None, source.school)
    }
    days = digest_entries.gather(tx, about=about, since=since, until=until)
    harmless = digest_entries.harmless(
        tx, about=about, since=since, until=until, ours=list(official)
    )
    return PlaceDays(
        school_id=school_id,
        collected=days.collected,
        flagged={level: number for level, number in days.severities.items() if level != "none"},
        labels=days.labels,
        decided=days.decided,
        waiting=days.waiting,
        entries=tuple(_entry(one) for one in days.entries),
        praise=tuple(islice(_praise(tx, harmless), SHOWN_PRAISE)),
        trend=_trend(tx, about, last, is_weeks=first < last),
        own_posts=_own_posts(tx, official, last),
    )


def _trend(tx: Tx, about: About, last: date, *, is_weeks: bool) -> tuple[int, ...]:
    """Flagged mentions by day, or by week; shorter while little is known."""
    bars, step = (BARS_OF_WEEKS, 7) if is_weeks else (BARS_OF_DAYS, 1)
    begin = last - A_DAY * (bars * step - 1)
    days = daily.by_day(tx, about.school_id, begin, last, about.reader)
    steps = [sum(days[at : at + step], Figures()) for at in range(0, len(days), step)]
    known = [one.flagged for one in steps if one.days]
    return tuple(known) if len(known) > 1 else ()


def _entry(row: Entry) -> DigestEntry:
    return DigestEntry(
        mention_id=row.mention_id,
        assessment=row.assessment,
        platform=row.platform,
        published_at=row.published_at,
        copies=row.copies,
    )


def _praise(tx: Tx, posts: Iterable[HarmlessPost]) -> Iterator[Praise]:
    for one in posts:
        if not is_praise(one.text):
            continue
        assessment = digest_entries.assessment(tx, one.mention_id)
        if not _doubtful(assessment.scores):
            excerpt = mask.excerpt(one.text, assessment, length=QUOTED)
            yield Praise(mention_id=one.mention_id, excerpt=excerpt, platform=one.platform)


def _doubtful(scores: Iterable[LabelScore]) -> bool:
    return any(one.probability > one.threshold * DOUBTFUL for one in scores)


def _own_posts(tx: Tx, official: dict[str, Source], last: date) -> tuple[OwnPost, ...]:
    """Of the week, on its last day: what our own pages showed (policy 6.10)."""
    if last.weekday() != SUNDAY:
        return ()
    until = local_day(last)[1].astimezone(UTC)
    found = digest_entries.own_posts(tx, list(official), since=until - A_WEEK, until=until)
    return tuple(
        OwnPost(
            mention_id=one.mention_id,
            level=one.level,
            source=official[one.source_id].name,
            published_at=one.published_at,
        )
        for one in found
    )


def _clocks(
    tx: Tx, settings: Settings, schools: Sequence[str | None], now: datetime, reader: Scope
) -> Iterable[ClockDue]:
    """What is past its time or due next; of matters without a clock when others are called, as
    nobody has answered."""
    told: set[str] = set()
    for one in clocks.running(
        tx, _scope(schools, reader), settings.policy, settings.rota, now, limit=MOST_CLOCKS
    ):
        where = one.at(settings.trust) if schools == (None,) or len(schools) > 1 else ""
        what = f"{one.what} ({where})" if where else one.what
        yield ClockDue(what=what, due_at=one.due_at, path=one.path)
        told.add(one.path)
    for school_id in schools:
        for call in digest_entries.next_calls(tx, about=About(school_id, reader), limit=CLOCKS):
            path = f"/mentions/{call.mention_id}"
            if path not in told:
                told.add(path)
                kind = words.kind(call.assessment)
                what = f"Others are called: nobody has answered a {kind}"
                yield ClockDue(what=what, due_at=call.at, path=path)


def _scope(schools: Sequence[str | None], reader: Scope) -> Scope:
    """What heads may see of their schools; everything for the Trust."""
    own = frozenset(one for one in schools if one is not None)
    parts = (Part(schools=own, about_heads=False),) if own else reader.parts
    return replace(reader, parts=parts)


def _health(tx: Tx) -> Health:
    set_aside, undelivered = digest_entries.troubles(tx)
    return Health(
        sources=tuple(_source(*one) for one in source_rows.readings(tx)),
        set_aside=set_aside,
        undelivered=undelivered,
    )


def _source(name: str, state: SourceState, reason: str) -> DigestSource:
    return DigestSource(
        name=name,
        read=state in ("ok", "partial"),
        reason=reason or ("not yet read" if state == "never" else ""),
    )
