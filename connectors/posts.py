"""What every platform with an interface of its own shares: ask, read in a child, take what is new.

A poll asks its questions in turn: so many as fit its time, the others at the next poll. What
one place refuses keeps the others from being asked no longer than the poll.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from itertools import islice
from urllib.parse import urlsplit

from connectors.errors import ConnectorError, Forbidden, Gone, Malformed, TooLarge, Unreachable
from connectors.feeds import mention, remembered, unwrapped
from connectors.parse.items import Item
from connectors.types import Author, Batch, Cursor, Media, Mention, MentionKind, Ok, Partial

ACCEPT = "application/json"
POLL = timedelta(seconds=24)
"""No question begins, and none goes on, after this."""
PATIENCE = timedelta(seconds=12)
"""What one question may take of it."""
SHOWN_TROUBLES = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What one question brought. `mark` is where to go on when it is asked again, `trouble`
    what could not be read of it."""

    mentions: tuple[Mention, ...] = ()
    mark: str | None = None
    trouble: str = ""
    possible_gap: bool = False
    rests_seconds: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One thing asked of one host. `key` is the same in every poll; `ask` is given the mark
    of the last time and raises ConnectorError."""

    key: str
    host: str
    ask: Callable[[str | None], Awaitable[Found]]


def each(
    asked: Iterable[str], *, of: str, ask: Callable[[str, str | None], Awaitable[Found]]
) -> list[Question]:
    """A question for each thing asked of the host of an address."""
    host = urlsplit(of).netloc
    return [Question(key=one, host=host, ask=partial(ask, one)) for one in asked]


def posted(item: Item, *, platform: str, now: datetime, kind: MentionKind = "post") -> Mention:
    """An item, whose id is the only one of the platform, as a mention with what feeds do not
    tell; an answer to something is a comment."""
    plain = mention(
        item, site=platform, now=now, kind="comment" if item.parent else kind, platform=platform
    )
    alts = item.descriptions or ("",) * len(item.media)
    return replace(
        plain,
        author=Author(name=plain.author.name, handle=item.handle or None),
        parent_id=item.parent or None,
        language=item.language or None,
        media=tuple(
            Media(url=unwrapped(url), type=form, alt=alt)
            for (url, form), alt in zip(item.media, alts, strict=True)
        ),
    )


async def ask_in_turn(
    questions: Sequence[Question],
    cursor: Cursor,
    *,
    most: int | None = None,
    poll: timedelta = POLL,
    patience: timedelta = PATIENCE,
) -> Batch:
    """As many questions as fit, at `most` so many, beginning after the last one of the poll
    before.

    A host that fails is left alone for the rest of the poll, unless only this answer or address
    was at fault. Raises ConnectorError when nothing at all was read.
    """
    if not questions:
        raise Forbidden("None of the terms can be asked here.")
    marks, first = _remembered_marks(cursor, questions)
    turn = _Turn(marks=marks, until=_clock() + poll.total_seconds(), patience=patience)
    following = first
    for at, question in islice(_from(questions, first), most):
        if _clock() >= turn.until:
            break
        following = (at + 1) % len(questions)
        await turn.ask(question)
    if not turn.found:
        raise next(iter(turn.troubles.values()))
    state = json.dumps({"next": questions[following].key, "marks": marks})
    return _batch(turn.found, turn.troubles, replace(cursor, high_water=state))


@dataclass(slots=True, kw_only=True)
class _Turn:
    """One poll while it lasts: what was found and which hosts failed."""

    marks: dict[str, str]
    until: float
    patience: timedelta
    found: list[Found] = field(default_factory=list)
    troubles: dict[str, ConnectorError] = field(default_factory=dict)
    silent: set[str] = field(default_factory=set)

    async def ask(self, question: Question) -> None:
        if question.host in self.silent:
            return
        try:
            answer = await self._within(question.ask(self.marks.get(question.key)))
        except ConnectorError as error:
            self.troubles.setdefault(question.host, error)
            if not isinstance(error, Gone | Malformed | TooLarge):
                self.silent.add(question.host)
            return
        self.found.append(answer)
        if answer.mark is not None:
            self.marks[question.key] = answer.mark

    async def _within(self, asked: Awaitable[Found]) -> Found:
        last = min(self.until, _clock() + self.patience.total_seconds())
        try:
            async with asyncio.timeout_at(last):
                return await asked
        except TimeoutError:
            raise Unreachable from None


def _clock() -> float:
    return asyncio.get_running_loop().time()


def _batch(found: list[Found], troubles: dict[str, ConnectorError], cursor: Cursor) -> Batch:
    """Everything that was found, each post once, though two places show it. It is asked again as
    soon as the first of what was asked wants to be."""
    window = {one.external_id: one for answer in found for one in answer.mentions}
    seen = set(cursor.seen)
    reasons = [f"{host}: {error}" for host, error in troubles.items()]
    reasons += dict.fromkeys(answer.trouble for answer in found if answer.trouble)
    return Batch(
        mentions=tuple(one for name, one in window.items() if name not in seen),
        cursor=replace(cursor, seen=remembered(cursor.seen, list(window))),
        health=Partial(" ".join(reasons[:SHOWN_TROUBLES])) if reasons else Ok(),
        possible_gap=any(answer.possible_gap for answer in found),
        rests_seconds=min(answer.rests_seconds for answer in found),
    )


def _from(questions: Sequence[Question], first: int) -> Iterator[tuple[int, Question]]:
    for step in range(len(questions)):
        at = (first + step) % len(questions)
        yield at, questions[at]


def _remembered_marks(cursor: Cursor, questions: Sequence[Question]) -> tuple[dict[str, str], int]:
    """The marks of the questions there still are, and the place of the one to begin with.
    A cursor of another kind of source is none."""
    keys = [question.key for question in questions]
    try:
        state = json.loads(cursor.high_water or "{}")
        marks = {key: str(mark) for key, mark in state["marks"].items() if key in keys}
        return marks, keys.index(state["next"]) if state["next"] in keys else 0
    except (ValueError, LookupError, TypeError, AttributeError):
        return {}, 0
