"""The navigation as data: one line a page, with the roles that see it.

A page is found here by those who may open it; that they may is declared beside its router.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from config.people import CONSOLE_ROLES, ConsoleRole
from monitor.store.views import Counts
from monitor.web.viewer import READERS, Viewer


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """`counted` names the field of Counts that its badge shows, and `means` says of what."""

    href: str
    icon: str
    words: str
    roles: tuple[ConsoleRole, ...]
    counted: str = ""
    means: str = ""
    alarming: bool = False
    beneath: tuple[str, ...] = ()
    """Further beginnings of addresses that belong to it."""

    def is_here(self, path: str) -> bool:
        own = path == self.href if self.href == "/" else _is_under(path, self.href)
        return own or any(_is_under(path, place) for place in self.beneath)

    def count(self, counts: Counts | None) -> int:
        return getattr(counts, self.counted) if counts and self.counted else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    words: str
    entries: tuple[Entry, ...]


MENU: tuple[Group, ...] = (
    Group(
        words="Review",
        entries=(
            Entry(href="/", icon="queue", words="Queue", roles=READERS, counted="open",
                  means="to review", beneath=("/mentions", "/decisions")),
            Entry(href="/cases", icon="case", words="Cases", roles=READERS),
            Entry(href="/clocks", icon="wait", words="Clocks", roles=READERS),
            Entry(href="/captures", icon="record", words="Captures", roles=READERS),
            Entry(href="/take-downs", icon="out", words="Take-downs", roles=READERS),
            Entry(href="/rules", icon="mute", words="Rules and mutes",
                  roles=("pr", "executive")),
            Entry(href="/welfare", icon="pupil", words="Wellbeing", roles=READERS),
            Entry(href="/share", icon="out", words="Share a post", roles=READERS),
        ),
    ),
    Group(
        words="Service",
        entries=(
            Entry(href="/sources", icon="sources", words="Sources",
                  roles=("pr", "executive", "it"), counted="sources_not_measured",
                  means="not measured", alarming=True),
            Entry(href="/coverage", icon="eye", words="Coverage",
                  roles=("pr", "executive", "it", "dpo", "safeguarding", "headteacher"),
                  beneath=("/monitored",)),
            Entry(href="/deliveries", icon="deliveries", words="Deliveries",
                  roles=("pr", "executive", "it"), counted="deliveries_dead",
                  means="could not be sent", alarming=True),
            Entry(href="/digests", icon="out", words="Digests",
                  roles=("pr", "executive", "headteacher")),
            Entry(href="/blocks", icon="no", words="Block requests",
                  roles=("it", "pr", "executive")),
            Entry(href="/running", icon="wait", words="Running", roles=("it",)),
            Entry(href="/silences", icon="wait", words="Silences", roles=("pr", "executive")),
            Entry(href="/closures", icon="wait", words="Closure days",
                  roles=("pr", "executive", "headteacher")),
        ),
    ),
    Group(
        words="Records",
        entries=(
            Entry(href="/accounts", icon="yes", words="Official accounts",
                  roles=("pr", "it", "executive", "dpo")),
            Entry(href="/board", icon="judgement", words="Board",
                  roles=("executive", "pr", "dpo")),
            Entry(href="/audit", icon="record", words="Record", roles=("dpo",)),
            Entry(href="/requests", icon="help", words="Requests", roles=("dpo",)),
            Entry(href="/setup", icon="yes", words="Set-up", roles=("it", "dpo")),
            Entry(href="/notices", icon="record", words="Documents",
                  roles=("dpo", "it", "executive")),
            Entry(href="/retention", icon="wait", words="Keeping",
                  roles=("dpo", "executive", "safeguarding", "pr")),
        ),
    ),
    Group(
        words="Judging",
        entries=(
            Entry(href="/judgement", icon="judgement", words="Judgement",
                  roles=("pr", "executive")),
            Entry(href="/oversight", icon="eye", words="Reviewing",
                  roles=("pr", "executive", "dpo")),
            Entry(href="/try", icon="eye", words="Try a post",
                  roles=("pr", "executive", "safeguarding", "it")),
        ),
    ),
    Group(
        words="For you",
        entries=(
            Entry(href="/selfcheck", icon="eye", words="Check yourself", roles=CONSOLE_ROLES),
            Entry(href="/report", icon="out", words="Report something", roles=("staff",)),
        ),
    ),
    Group(
        words="Help",
        entries=(Entry(href="/help", icon="help", words="Handbook", roles=CONSOLE_ROLES),),
    ),
)  # fmt: skip
"""Somebody begins with the first entry that is theirs."""


def shown(viewer: Viewer) -> tuple[Group, ...]:
    """What of the menu somebody sees; groups without an entry for them are left out."""
    groups = (
        replace(group, entries=tuple(one for one in group.entries if viewer.may(one.roles)))
        for group in MENU
    )
    return tuple(group for group in groups if group.entries)


def alarms(groups: tuple[Group, ...], counts: Counts | None) -> int:
    """How much of what is counted needs somebody: shown while the menu is folded."""
    entries = (entry for group in groups for entry in group.entries)
    return sum(entry.count(counts) for entry in entries if entry.alarming)


def home(viewer: Viewer) -> str:
    """Where somebody begins who has just come in."""
    return shown(viewer)[0].entries[0].href


def _is_under(path: str, place: str) -> bool:
    return path == place or path.startswith(f"{place}/")
