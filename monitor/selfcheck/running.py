"""Checks while they run and while their page is open: in the memory of this process alone."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from threading import Lock, Thread

from alerts.words import LONDON
from config.selfcheck import SearchProvider, SelfCheckSettings
from monitor.selfcheck import checking, keeping
from monitor.selfcheck.asking import Ask, Progress, Round
from monitor.selfcheck.checking import Assess, Checked
from monitor.selfcheck.draft import Details
from monitor.selfcheck.judging import NOTHING_LEARNT
from monitor.selfcheck.keeping import Kept
from monitor.selfcheck.limits import Limits
from monitor.selfcheck.person import Person

MOST_HELD = 200
"""Open results of everybody together; the oldest make room."""
BROKEN = "The check could not be ended. Nothing of it was kept: try again in a moment."


@dataclass(slots=True, kw_only=True)
class Check:
    """One check of one person, from its start until its page is closed."""

    subject: str
    asked: Round
    details: Details
    without: tuple[str, ...]
    before: Kept | None
    touched_at: datetime
    checked: Checked | None = None
    trouble: str = ""

    @property
    def progress(self) -> Sequence[Progress]:
        return list(self.asked.progress.values())

    @property
    def is_over(self) -> bool:
        return self.checked is not None or bool(self.trouble)


@dataclass(slots=True, kw_only=True)
class Checks:
    """All checks that are open. Safe for threads; nobody gets at another's."""

    settings: SelfCheckSettings
    clock: Callable[[], datetime]
    ask: Ask
    assess: Assess
    withheld: Callable[[], frozenset[str]]
    limits: Limits = field(init=False)
    _open: dict[str, Check] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def __post_init__(self) -> None:
        self.limits = Limits(self.settings, self.clock)

    def start(
        self,
        subject: str,
        person: Person,
        providers: Sequence[SearchProvider],
        *,
        details: Details,
        before: Kept | None,
    ) -> str:
        """Begin a check; the key of its page. Raises TooMuch."""
        self.limits.begin(subject, (person.name, *person.also, *person.handles))
        asked = Round(person, providers, self.settings.searches_a_run)
        chosen = {one.id for one in providers}
        check = Check(
            subject=subject,
            asked=asked,
            details=details,
            without=tuple(one.id for one in self.settings.providers if one.id not in chosen),
            before=before,
            touched_at=self.clock(),
        )
        key = secrets.token_urlsafe(16)
        with self._lock:
            self._sweep()
            self._open[key] = check
        Thread(target=self._run, args=(check,), name="self-check", daemon=True).start()
        return key

    def of(self, subject: str, key: str) -> Check | None:
        """Somebody's own open check; None for another's and for one that is gone."""
        with self._lock:
            self._sweep()
            check = self._open.get(key)
            if check is None or check.subject != subject:
                return None
            check.touched_at = self.clock()
            return check

    def answer(self, check: Check, url: str, *, is_me: bool) -> None:
        with self._lock:
            if check.checked is not None:
                check.checked = checking.answered(check.checked, url, is_me=is_me)

    def forget(self, subject: str, key: str) -> None:
        with self._lock:
            check = self._open.get(key)
            if check is not None and check.subject == subject:
                del self._open[key]

    def _run(self, check: Check) -> None:
        """In a thread of its own; whatever happens, the person may begin again."""
        try:
            lessons = check.before.lessons if check.before else NOTHING_LEARNT
            found = checking.check(
                check.asked,
                ask=self.ask,
                grant=lambda one, wanted: self.limits.grant(check.subject, one, wanted),
                assess=self.assess,
                withheld=self.withheld(),
                today=self.clock().astimezone(LONDON).date(),
                lessons=lessons,
            )
            check.checked = keeping.compared(found, check.before)
        finally:
            if check.checked is None:
                check.trouble = BROKEN
            self.limits.end(check.subject)

    def _sweep(self) -> None:
        """Forget what nobody has looked at for its time, and the oldest when there are many."""
        over = self.clock() - self.settings.page_kept
        for key in [key for key, one in self._open.items() if one.touched_at < over]:
            del self._open[key]
        while len(self._open) >= MOST_HELD:
            del self._open[min(self._open, key=lambda key: self._open[key].touched_at)]
