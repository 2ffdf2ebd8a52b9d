"""What is seen of each platform, what is not and why, and what exactly is asked of whom.

Both follow from the connectors' own declarations and the configured sources, so that a new
connector cannot be forgotten here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import get_args

from config.settings import Settings
from config.sources import Source
from connectors.errors import ConnectorError
from connectors.registry import CONNECTORS, asks, coverage, hosts, key_name, terms
from connectors.types import Coverage, Platform

BY_PEOPLE: Mapping[Platform, str] = {
    "Netmums, Mumsnet, The Student Room": "Their terms forbid collecting: a search engine gives "
    "the link and its own few words, and people tell the rest.",
    "Facebook and Instagram: groups, profiles, others' pages": "There is no search for names, and "
    "no lawful way into groups.",
    "Snapchat, TikTok, WhatsApp, Discord, closed groups": "There is no lawful interface.",
    "Telegram": "Only chats that one has joined can be read, and we join none.",
    "Google reviews": "Google shows none of schools for ages 6 to 18 any more.",
}
"""Platforms of which people bring all or most, and why no other road leads there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One source as it is asked. No `questions` where a feed is read whole and what names nobody
    of ours is dropped; no `hosts` where the addresses are a secret."""

    source_id: str
    name: str
    kind: str
    hosts: tuple[str, ...]
    questions: tuple[str, ...]
    every: timedelta
    sees: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Road:
    """One kind by which a platform can be seen, and the sources of it that are switched on.
    `hindrance` says what must come first; empty when it may simply be switched on."""

    kind: str
    sources: tuple[Source, ...]
    coverage: Coverage
    hindrance: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PlatformView:
    name: Platform
    roads: tuple[Road, ...]
    by_people: str
    """Why people bring most of it; empty where roads lead there."""

    @property
    def is_seen(self) -> bool:
        return any(road.sources for road in self.roads)


def asked(settings: Settings) -> tuple[Asked, ...]:
    """What is asked of whom, of every source that is switched on."""
    return tuple(_asked(source, settings) for source in settings.sources if source.enabled)


def asked_terms(source: Source, settings: Settings) -> tuple[str, ...]:
    """The terms of a source: its own, or the names of the Trust and its schools."""
    trust = settings.trust
    return source.terms or (trust.name, *(school.name for school in trust.enabled_schools))


def _asked(source: Source, settings: Settings) -> Asked:
    try:
        questions = asks(source.kind, asked_terms(source, settings), source.options)
    except ConnectorError:  # nothing that it could be asked; its poll says so
        questions = ()
    return Asked(
        source_id=source.id,
        name=source.name,
        kind=source.kind,
        hosts=hosts(source.kind, source.options),
        questions=questions,
        every=source.every,
        sees=coverage(source.kind).sees,
    )


def platforms(settings: Settings) -> tuple[PlatformView, ...]:
    """Every platform there is a word for, with the roads to it."""
    return tuple(
        PlatformView(
            name=name,
            roads=tuple(
                _road(kind, settings) for kind in CONNECTORS if name in coverage(kind).platforms
            ),
            by_people=BY_PEOPLE.get(name, ""),
        )
        for name in get_args(Platform)
    )


def _road(kind: str, settings: Settings) -> Road:
    on = tuple(one for one in settings.sources if one.enabled and one.kind == kind)
    hindrance = "" if on else _hindrance(kind, settings)
    return Road(kind=kind, sources=on, coverage=coverage(kind), hindrance=hindrance)


def _hindrance(kind: str, settings: Settings) -> str:
    if (wanted := terms(kind)) and kind not in {one.kind for one in settings.accepted}:
        return f"Off until somebody answers for it: {wanted.say}"
    if (key := key_name(kind)) and key not in settings.secrets:
        return "It needs a key or an account of the Trust's own, which is not given yet."
    return ""
