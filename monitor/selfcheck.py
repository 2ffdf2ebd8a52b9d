"""Staff check their own online presence (policy 6.15): private, own name only, never stored.

The results live in the memory of one call and nowhere else: no row, no audit entry, no log
line tells that a check was made, of whom, or what it found.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from classifiers.pipeline import Classifier
from classifiers.text import assessed_text
from classifiers.types import Label
from config.settings import Source
from connectors.types import Batch, Mention, NotMeasured, Partial, Query

ADVICE = (
    "Do not reply to or argue with a post about you, and do not ask friends to (policy 6.8).",
    "If a post bullies or threatens you, tell your headteacher or line manager: you will be "
    "supported (policy 9.3). Save the page with its date and time first (policy 9.4).",
    "Check that your own profiles keep school and private life apart: views marked as your own "
    "(6.9), no pupils as contacts (6.5), no pupils in pictures (6.10).",
    "Most platforms and search engines remove private contact details on request.",
)


Ask = Callable[[Source, Query], Awaitable[Batch]]
"""How a source is asked: handed in, so that this module opens no door to the network."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """The signed-in person, as single sign-on or IT has verified them."""

    name: str
    school: str = ""
    place: str = ""
    role: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One public result. `because` says why it may be them; empty means the name alone."""

    title: str
    url: str
    where: str
    published_at: datetime | None
    because: tuple[str, ...]
    flags: tuple[Label, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SelfCheck:
    """What the check saw. `not_measured` names each source that could not be read, so that
    nothing found there is never taken for nothing there."""

    found: tuple[Found, ...]
    read: tuple[str, ...]
    not_measured: tuple[tuple[str, str], ...]


def check(
    person: Person,
    sources: Sequence[Source],
    *,
    ask: Ask,
    classifier: Classifier,
) -> SelfCheck:
    """Search the sources that allow it for the person's own name, and judge what comes back."""
    batches = asyncio.run(_ask_all(person, sources, ask))
    found = [
        (source, mention)
        for source, batch in zip(sources, batches, strict=True)
        for mention in batch.mentions
        if _names(person, mention)
    ]
    judged = classifier.assess([mention for _, mention in found], explain=False)
    results = [
        _found(person, source, mention, assessment.flags)
        for (source, mention), assessment in zip(found, judged, strict=True)
    ]
    results.sort(key=lambda result: (len(result.flags), len(result.because)), reverse=True)
    healths = [(source.name, batch.health) for source, batch in zip(sources, batches, strict=True)]
    return SelfCheck(
        found=tuple(results),
        read=tuple(name for name, health in healths if not isinstance(health, NotMeasured)),
        not_measured=tuple(
            (name, health.reason)
            for name, health in healths
            if isinstance(health, NotMeasured | Partial)
        ),
    )


async def _ask_all(person: Person, sources: Sequence[Source], ask: Ask) -> list[Batch]:
    query = Query(terms=(person.name,))
    return list(await asyncio.gather(*(ask(source, query) for source in sources)))


def _names(person: Person, mention: Mention) -> bool:
    """Whether the person's name stands in the result; search engines loosen their terms."""
    text = assessed_text(mention).casefold()
    return person.name.casefold() in text


def _found(person: Person, source: Source, mention: Mention, flags: tuple[Label, ...]) -> Found:
    text = assessed_text(mention).casefold()
    clues = (
        ("your school", person.school),
        ("your town", person.place),
        ("your role", person.role),
    )
    return Found(
        title=mention.title or mention.text[:80],
        url=mention.url,
        where=source.name,
        published_at=mention.published_at if mention.published_known else None,
        because=tuple(name for name, value in clues if value and value.casefold() in text),
        flags=flags,
    )
