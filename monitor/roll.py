"""Who may sign in, as people.toml says now: who is taken out of it is out at once."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from threading import Lock

import structlog

from config.errors import ConfigError
from config.loading import PEOPLE, read_people
from config.people import Member
from config.settings import Trust

log = structlog.get_logger()
Mark = tuple[int, int, int]


class Roll:
    """The people of a folder's people.toml, read again when the file has changed. A file that
    cannot be read lets in nobody until it is mended: it may have been changed to keep one out."""

    def __init__(self, folder: Path, trust: Trust) -> None:
        self._folder, self._trust = folder, trust
        self._lock = Lock()
        self._mark: Mark | None = None
        self._members: Mapping[str, Member] = {}

    def member(self, subject: str) -> Member | None:
        with self._lock:
            mark = self._marked()
            if mark is None or mark != self._mark:
                self._members, self._mark = self._read(), mark
            return self._members.get(subject)

    def _marked(self) -> Mark | None:
        try:
            found = (self._folder / PEOPLE).stat()
        except OSError:
            return None
        return found.st_mtime_ns, found.st_size, found.st_ino

    def _read(self) -> Mapping[str, Member]:
        try:
            people = read_people(self._folder, self._trust)
        except ConfigError as error:
            log.error("people_unreadable", problems=str(error))
            return {}
        return {one.subject: one for one in people.people}
