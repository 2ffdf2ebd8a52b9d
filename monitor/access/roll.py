"""Who may sign in, as people.toml says now: who is taken out of it is out at once."""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import blake2b
from pathlib import Path
from threading import Lock

import structlog

from config.errors import ConfigError
from config.loading import PEOPLE, read_people
from config.people import Group, Member, People, seat_faults
from config.trust import Trust
from monitor.store.sessions import Whose

log = structlog.get_logger()
Mark = tuple[int, int, int]


class Roll:
    """The people of a folder's people.toml, read again when the file has changed. A file that
    cannot be read lets in nobody until it is mended: it may have been changed to keep one out."""

    def __init__(self, folder: Path, trust: Trust) -> None:
        self._folder, self._trust = folder, trust
        self._schools = frozenset(school.id for school in trust.schools)
        self._lock = Lock()
        self._mark: Mark | None = None
        self._people = People()

    @property
    def people(self) -> People:
        """As the file says now."""
        with self._lock:
            mark = self._marked()
            if mark is None or mark != self._mark:
                self._people, self._mark = self._read(), mark
            return self._people

    def member(self, whose: Whose) -> Member | None:
        """What somebody may do: by their own entry, else by the groups they came with."""
        people = self.people
        own = (one for one in people.people if one.subject == whose.subject)
        return next(own, None) or self._by_groups(people, whose)

    def named_groups(self, groups: Iterable[str]) -> tuple[str, ...]:
        """Those of them that people.toml names: no others are kept."""
        given = frozenset(groups)
        return tuple(one.group for one in self.people.groups if one.group in given)

    def name(self, name: str, subject: str, others: Iterable[str]) -> str:
        """What somebody known by a group is called in the record: never as one of the people,
        nor as one of the others who are in."""
        people = (one.name for one in self.people.people if one.subject != subject)
        taken = {one.casefold() for one in (*people, *others)}
        if name and name.casefold() not in taken:
            return name
        mark = blake2b(subject.encode(), digest_size=3).hexdigest()
        return f"{name or 'Somebody'} ({mark})"

    def _by_groups(self, people: People, whose: Whose) -> Member | None:
        """Several groups add up where they are for the same schools; else it would not be clear
        which role is for which school, and nobody is let in."""
        given = [one for one in people.groups if one.group in whose.groups]
        if not given:
            return None
        seat = _together(given, whose)
        for_others = any(one.schools != given[0].schools for one in given)
        if for_others or next(seat_faults(seat, self._schools), None):
            log.warning("groups_do_not_go_together", groups=[one.group for one in given])
            return None
        return seat

    def _marked(self) -> Mark | None:
        try:
            found = (self._folder / PEOPLE).stat()
        except OSError:
            return None
        return found.st_mtime_ns, found.st_size, found.st_ino

    def _read(self) -> People:
        try:
            return read_people(self._folder, self._trust)
        except ConfigError as error:
            log.error("people_unreadable", problems=str(error))
            return People()


def _together(given: list[Group], whose: Whose) -> Member:
    return Member(
        name=whose.name or "Somebody",
        subject=whose.subject,
        roles=tuple(dict.fromkeys(role for one in given for role in one.roles)),
        schools=given[0].schools,
        whole_trust=any(one.whole_trust for one in given),
    )
