"""What the providers are asked, within what everybody may ask of them, and how far they are."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Literal

from config.selfcheck import Look, SearchProvider
from config.sources import Source
from connectors.types import Batch, Mention, NotMeasured, Partial, Query
from monitor.selfcheck.person import Person
from monitor.selfcheck.providers import question

Ask = Callable[[Source, Query], Awaitable[Batch]]
"""How a provider is asked: handed in, so that this module opens no door to the network."""
Grant = Callable[[SearchProvider, int], int]
"""How many of the wanted searches a provider may be asked now."""
State = Literal["waiting", "asking", "done", "partly", "failed", "used up"]
BESIDE = 2
"""Searches of news, pictures and forums: a name alone, and with the place."""


@dataclass(slots=True)
class Progress:
    """How far one provider is; changed by the check, read by whoever shows it."""

    name: str
    state: State = "waiting"
    found: int = 0
    trouble: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One page that a provider found, and where it looked."""

    mention: Mention
    provider: str
    look: Look


@dataclass(slots=True)
class Round:
    """One check's questions to all chosen providers."""

    person: Person
    providers: Sequence[SearchProvider]
    most: int
    """Searches of one provider."""
    progress: dict[str, Progress] = field(init=False)

    def __post_init__(self) -> None:
        self.progress = {one.id: Progress(one.name) for one in self.providers}

    def answers(self, ask: Ask, grant: Grant) -> list[Answer]:
        """What was found, in the order of the providers; one that fails keeps no other back."""
        return asyncio.run(self._all(ask, grant))

    async def _all(self, ask: Ask, grant: Grant) -> list[Answer]:
        found = await asyncio.gather(*(self._of(one, ask, grant) for one in self.providers))
        return [answer for answers in found for answer in answers]

    async def _of(self, provider: SearchProvider, ask: Ask, grant: Grant) -> list[Answer]:
        progress = self.progress[provider.id]
        progress.state = "asking"
        wanted = searches(self.person)[: self.most]
        allowed = grant(provider, len(wanted) + BESIDE * (len(provider.looks) - 1))
        found: list[Answer] = []
        for look in provider.looks:
            phrases = wanted[: min(allowed, len(wanted) if look == provider.looks[0] else BESIDE)]
            allowed -= len(phrases)
            if not phrases:
                progress.state = "used up"
                progress.trouble = "What may be asked of it today is used up. Try tomorrow."
                break
            names = tuple(dict.fromkeys(phrase[0] for phrase in phrases))
            batch = await ask(question(provider, look), Query(terms=names, together=phrases))
            found += [
                Answer(mention=one, provider=provider.name, look=look) for one in batch.mentions
            ]
            _note(progress, batch)
        progress.found = len(found)
        if progress.state == "asking":
            progress.state = "done"
        return found


def _note(progress: Progress, batch: Batch) -> None:
    progress.found += len(batch.mentions)
    if isinstance(batch.health, NotMeasured):
        progress.state = "partly" if progress.found else "failed"
        progress.trouble = batch.health.reason
    elif isinstance(batch.health, Partial):
        progress.state = "partly"
        progress.trouble = batch.health.reason


def searches(person: Person) -> tuple[tuple[str, ...], ...]:
    """What is asked, the most telling first: the name with town, school, subject and role, the
    name alone, then variants and accounts."""
    name, towns, schools = person.name, person.towns[:2], person.schools[:2]
    beside = [*towns, *schools, *filter(None, (person.subject, person.role)), *person.words[:3]]
    variants = [(one,) for one in person.also]
    with_town = [(one, town) for one in person.also for town in towns[:1]]
    alone = [(one,) for one in person.handles]
    asked = [(name, *beside[:1]), (name,), *((name, one) for one in beside[1:]), *variants]
    return tuple(dict.fromkeys((*asked, *alone, *with_town)))
