"""Accounts that pose as the Trust or a school, noticed in what is collected (policy 6.2, 6.11).

Looked at is the name and handle under which a collected post stands, and nothing else: nobody is
searched for. The same name, a handle near an official one, or the school's name with a word of
office make a finding for a person to look at; a fan or a club ("Oakenhall FC") does not.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from alerts import words
from alerts.channels import MAIL
from config.terms import is_bare
from config.trust import Trust
from connectors.types import Mention
from monitor.skeleton import skeleton
from monitor.store import accounts, deliveries
from monitor.store.accounts import Account
from monitor.store.database import Tx
from monitor.store.views import OutboxItem, ServiceNote

TRUST = ""
SHORTEST = 7
"""Letters of a name or handle under which likeness says nothing."""
BADGES = (
    "official", "admissions", "schooloffice", "reception", "headteacher", "principal", "governors",
    "thereal", "real", "news", "school", "uk", "hq", "info",
)  # fmt: skip
"""Words by which an account says that it speaks for a school ..."""
_BADGES = tuple(map(skeleton, BADGES))
OFFICES = (
    "official", "admissions", "school office", "reception", "headteacher", "principal", "governors",
)  # fmt: skip
"""... and in a name, where "news" or "school" says nothing."""
_OFFICES = {tuple(map(skeleton, office.split())): office for office in OFFICES}
BY_PERSONS = frozenset({"post", "comment", "review"})
SAME_HANDLE = (
    "It has the handle of an official account, or one drawn like it, and is not on the register."
)
SAME_NAME = "It bears the same name, or one drawn like it."
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Likeness:
    """Whom an account looks like, and by what."""

    poses_as: str
    """A school's id; empty: the Trust."""
    why: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class _Ours:
    """Skeletons of names and handles of the configuration, each with whom it is of."""

    names: dict[str, str]
    handles: dict[str, str]


_LAST: list[Any] = [None, None]
"""The last trust that was asked for, and what is ours of it."""


@dataclass(frozen=True, slots=True)
class _Known:
    """Skeletons of names and handles, each with whom it is of; `near` are those of handles less one
    letter."""

    names: Mapping[str, str]
    handles: Mapping[str, str]
    near: Mapping[str, str]


def note(tx: Tx, mention_id: int, mention: Mention, trust: Trust, now: datetime) -> None:
    """Write a finding down where the author of a collected mention looks like one of ours; once
    for an author."""
    author = mention.author
    if mention.official or mention.kind not in BY_PERSONS or not (author.name or author.handle):
        return
    found = likeness(mention, trust, accounts.listing(tx))
    if found is None or accounts.told_of(tx, mention_id):
        return
    if accounts.note_look_alike(tx, mention_id, found.poses_as, found.why, now):
        _tell(tx, mention_id, mention, found, trust, now)


def _tell(
    tx: Tx, mention_id: int, mention: Mention, found: Likeness, trust: Trust, now: datetime
) -> None:
    """The Head of PR & Communications is responsible for the accounts (policy 6.2). The mail names
    whom it looks like and not the account."""
    if not trust.contacts.head_of_pr:
        return
    whom = words.school_name(found.poses_as, trust) if found.poses_as else trust.name
    where = words.platform(mention.platform)
    said = f"On {where}, mention {mention_id}: it looks like {words.one_line(whom)}."
    item = OutboxItem(
        key=f"look_alike:{mention_id}",
        channel=MAIL,
        recipient=trust.contacts.head_of_pr,
        service=ServiceNote(kind="look_alike", about=(said, *found.why)),
    )
    deliveries.enqueue(tx, item, now=now)


def likeness(mention: Mention, trust: Trust, register: Sequence[Account]) -> Likeness | None:
    """None where it looks like nobody of ours, or is ours."""
    written = (mention.author.handle or "").casefold().lstrip("@")
    name = mention.author.name or ""
    facts = [one.facts for one in register]
    if (mention.platform, written) in {(one.platform, one.handle.casefold()) for one in facts}:
        return None
    known = _known(_ours(trust), tuple((skeleton(one.handle), one.school_id) for one in facts))
    whys: dict[str, list[str]] = {}
    for poses_as, why in (*_by_handle(written, known), *_by_name(name, known)):
        whys.setdefault(poses_as, []).append(why)
    if not whys:
        return None
    poses_as = max(whys, key=lambda one: len(whys[one]))
    return Likeness(poses_as=poses_as, why=tuple(whys[poses_as]))


def _by_handle(written: str, known: _Known) -> Iterable[tuple[str, str]]:
    handle = skeleton(written)
    if len(handle) < SHORTEST:
        return
    if (whose := known.handles.get(handle)) is not None:
        yield whose, SAME_HANDLE
    elif (whose := _nearly(handle, known)) is not None:
        yield whose, "Its handle is one letter off an official one."
    elif (whose := _badged(handle, known)) is not None:
        yield whose, "Its handle is a name of ours with a word of office."


def _nearly(handle: str, known: _Known) -> str | None:
    """Of whom the handle is one letter away: one more, one less, or another."""
    if handle in known.near:
        return known.near[handle]
    for shorter in _less_one(handle):
        whose = known.handles.get(shorter, known.near.get(shorter))
        if whose is not None:
            return whose
    return None


def _badged(handle: str, known: _Known) -> str | None:
    for badge in _BADGES:
        for rest in (handle.removeprefix(badge), handle.removesuffix(badge)):
            if rest != handle and len(rest) >= SHORTEST:
                whose = known.handles.get(rest, known.names.get(rest))
                if whose is not None:
                    return whose
    return None


def _by_name(name: str, known: _Known) -> Iterable[tuple[str, str]]:
    whole = skeleton(name)
    if (whose := known.names.get(whole)) is not None and len(whole) >= SHORTEST:
        yield whose, SAME_NAME
        return
    written = _WORD.findall(name)
    drawn = [skeleton(word) for word in written]
    for office, called in _OFFICES.items():
        for at in _places(office, drawn):
            rest = skeleton("".join((*written[:at], *written[at + len(office) :])))
            if (whose := known.names.get(rest)) is not None:
                yield whose, f"It calls itself by a name of ours with “{called}”."
                return


def _places(wanted: tuple[str, ...], words: Sequence[str]) -> Iterable[int]:
    size = len(wanted)
    return (at for at in range(len(words)) if tuple(words[at : at + size]) == wanted)


@lru_cache(maxsize=4)
def _known(ours: _Ours, registered: tuple[tuple[str, str], ...]) -> _Known:
    handles = ours.handles | dict(registered)
    handles = {form: whose for form, whose in handles.items() if len(form) >= SHORTEST}
    near = {one: whose for form, whose in handles.items() for one in _less_one(form)}
    return _Known(ours.names, handles, near)


def _ours(trust: Trust) -> _Ours:
    """Made once for a configuration: there may be thousands of schools in it."""
    if _LAST[0] is not trust:
        _LAST[:] = [trust, _read(trust)]
    found: _Ours = _LAST[1]
    return found


def _read(trust: Trust) -> _Ours:
    names: dict[str, str] = {}
    handles: dict[str, str] = {}
    for whose, called, known_as in _called(trust):
        # A school may be named after somebody, and so may others be.
        plain = (one for one in called if not is_bare(one))
        names |= {form: whose for one in plain if len(form := skeleton(one)) >= SHORTEST}
        handles |= {skeleton(one): whose for one in known_as}
    return _Ours(names, handles)


def _called(trust: Trust) -> Iterable[tuple[str, tuple[str, ...], tuple[str, ...]]]:
    """Whose, the names, the handles."""
    for school in trust.enabled_schools:
        yield school.id, (school.name, *school.aliases, *school.former_names), school.handles
    yield TRUST, (trust.name, *trust.aliases), trust.handles


def _less_one(form: str) -> set[str]:
    if len(form) <= SHORTEST:
        return set()
    return {form[:at] + form[at + 1 :] for at in range(len(form))}
