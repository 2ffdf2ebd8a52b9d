"""Who can be told now: absences and their deputies, quiet hours, school holidays (rota.toml)."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from classifiers.severity import holds
from classifiers.types import Assessment
from config.people import People
from config.rota import Days, Person, Rota
from config.settings import ChannelSettings

LONDON = ZoneInfo("Europe/London")
SATURDAY = 5
A_DAY = timedelta(days=1)
LONGEST_QUIET = 9
"""Days looked ahead for the end of the quiet hours: more than any week holds."""
MOST_STRETCHES = 60
"""Of waking time that a span of hours is put together from."""
SEVEN_DAYS = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """The rota at one moment (UTC-aware), and the ways beside mail by which people are told."""

    rota: Rota
    now: datetime
    channels: tuple[ChannelSettings, ...] = ()
    people: People = field(default_factory=People)
    """Those of the console, who may be named by a story ..."""
    barred: frozenset[str] = frozenset()
    """... and the addresses (case-folded) of those whom this one names."""

    @property
    def today(self) -> date:
        return self.now.astimezone(LONDON).date()

    def deputy(self, address: str) -> tuple[str, str]:
        """Who is told in place of somebody who is away, and until when that is; the address
        itself and "" where they are there or nobody stands in for them."""
        asked = {address.casefold()}
        found, away = address, self._away(address)
        while away and (person := self._person(found)) and person.deputy:
            if person.deputy.casefold() in asked:
                return address, ""
            found = person.deputy
            asked.add(found.casefold())
            further = self._away(found)
            if not further:
                return found, f"{away.until.day} {away.until:%B}"
            away = max(away, further, key=lambda days: days.until)
        return address, ""

    def holiday(self) -> str:
        """The name of the school holiday; empty in term."""
        return next((one.name for one in self.rota.holidays if _within(one, self.today)), "")

    def not_before(self, address: str) -> datetime:
        """The moment from which a person may be told of what can wait: now, or the end of
        their quiet hours."""
        hours = self._hours(address)
        moment = self.now
        for _ in range(LONGEST_QUIET):
            end = self._end_of_quiet(moment, hours)
            if end is None:
                return moment
            moment = end
        return moment

    def after(self, span: timedelta) -> datetime:
        """When a span has passed for what can wait. Hours stand still in everybody's quiet hours;
        whole days go by the calendar, and end when it is quiet no more."""
        if span >= A_DAY:
            return replace(self, now=self.now + span).not_before("")
        hours, moment, left = self._hours(""), self.now, span
        for _ in range(MOST_STRETCHES):
            moment = replace(self, now=moment).not_before("")
            waking = self._next_quiet(moment, hours) - moment
            if left <= waking:
                break
            moment, left = moment + waking, left - waking
        return moment + left

    def is_pressing(self, assessment: Assessment) -> bool:
        """True for what breaks the quiet hours."""
        return assessment.severity == "critical" or any(
            holds(condition, assessment) for condition in self.rota.quiet.broken_by
        )

    def _person(self, address: str) -> Person | None:
        folded = address.casefold()
        return next((one for one in self.rota.people if one.who.casefold() == folded), None)

    def _away(self, address: str) -> Days | None:
        person = self._person(address)
        return (
            next((days for days in person.away if _within(days, self.today)), None)
            if person
            else None
        )

    def _hours(self, address: str) -> str:
        person = self._person(address)
        return self.rota.quiet.hours if person is None or person.quiet is None else person.quiet

    def _end_of_quiet(self, moment: datetime, hours: str) -> datetime | None:
        """When the quiet that holds at the moment ends; None when it is not quiet."""
        local = moment.astimezone(LONDON)
        if self.rota.quiet.weekends and local.weekday() >= SATURDAY:
            return _at(local.date() + A_DAY, time()).astimezone(moment.tzinfo)
        for day in (local.date() - A_DAY, local.date()) if hours else ():
            since, until = _stretch(day, hours)
            if since <= local < until:
                return until.astimezone(moment.tzinfo)
        return None

    def _next_quiet(self, moment: datetime, hours: str) -> datetime:
        """When it is quiet next, within the days that a span of hours can reach."""
        today = moment.astimezone(LONDON).date()
        days = [today + A_DAY * ahead for ahead in range(SEVEN_DAYS)]
        begins = [_stretch(day, hours)[0] for day in days] if hours else []
        if self.rota.quiet.weekends:
            begins += [_at(day, time()) for day in days if day.weekday() == SATURDAY]
        coming = [one.astimezone(moment.tzinfo) for one in begins]
        return min((one for one in coming if one > moment), default=moment + A_DAY * SEVEN_DAYS)


def _within(days: Days, day: date) -> bool:
    return days.since <= day <= days.until


def _stretch(day: date, hours: str) -> tuple[datetime, datetime]:
    """The quiet hours that begin on a day."""
    begins, ends = (time.fromisoformat(part) for part in hours.split("-"))
    last = day + A_DAY if ends <= begins else day
    return _at(day, begins), _at(last, ends)


def _at(day: date, moment: time) -> datetime:
    return datetime.combine(day, moment, tzinfo=LONDON)
