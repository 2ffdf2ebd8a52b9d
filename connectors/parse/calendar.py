"""Calendar files (iCalendar, RFC 5545) as councils publish term dates: whole days alone.

Times, repetitions, alarms and attendees are passed over: a closure is days with a name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta

from connectors.errors import Malformed, TooLarge
from connectors.parse.items import Stretch

MAX_BYTES = 1024 * 1024
MAX_EVENTS = 2_000
LONGEST_NAME = 120
LONGEST = timedelta(days=100)
"""What is longer is no closure."""
_FOLD = re.compile(r"\r?\n[ \t]")
_ESCAPED = re.compile(r"\\([\\;,nN])")
_DAY = re.compile(r"(\d{4})(\d{2})(\d{2})")


def stretches(body: bytes) -> tuple[Stretch, ...]:
    """The whole-day events of a calendar, in its order; what is none is left out. Raises Malformed
    or TooLarge."""
    if len(body) > MAX_BYTES:
        raise TooLarge("The calendar is larger than a megabyte.")
    text = _FOLD.sub("", body.decode("utf-8-sig", errors="replace"))
    if "BEGIN:VCALENDAR" not in text[:1000].upper():
        raise Malformed("The file is not a calendar (.ics).")
    return tuple(one for event in _events(text) if (one := _stretch(event)))


def _events(text: str) -> Iterator[dict[str, str]]:
    """The properties of each event by name, without those of an alarm within it."""
    event: dict[str, str] = {}
    depth = found = 0
    for line in text.splitlines():
        name, _, value = line.partition(":")
        name = name.partition(";")[0].strip().upper()
        if name == "BEGIN":
            depth += 1
            event = {} if value.strip().upper() == "VEVENT" else event
        elif name == "END":
            depth -= 1
            if value.strip().upper() == "VEVENT":
                found += 1
                if found > MAX_EVENTS:
                    raise TooLarge("The calendar has more events than a school's.")
                yield event
        elif depth == 2:
            event.setdefault(name, value.strip())


def _stretch(event: dict[str, str]) -> Stretch | None:
    first, end = _day(event.get("DTSTART", "")), _day(event.get("DTEND", ""))
    name = _name(event.get("SUMMARY", ""))
    if first is None or not name:
        return None
    last = max(end - timedelta(days=1), first) if end else first  # DTEND is not included
    return Stretch(name=name, first=first, last=last) if last - first <= LONGEST else None


def _name(written: str) -> str:
    """In one line, without what cannot be seen."""
    plain = _ESCAPED.sub(lambda found: " " if found[1] in "nN" else found[1], written)
    shown = "".join(one for one in plain if one.isprintable() or one.isspace())
    return " ".join(shown.split())[:LONGEST_NAME]


def _day(value: str) -> date | None:
    """A day, and nothing where a time stands beside it."""
    found = _DAY.fullmatch(value)
    try:
        return date(*map(int, found.groups())) if found else None
    except ValueError:
        return None
