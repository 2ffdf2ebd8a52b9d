"""One check: ask, put together what was found, judge it, and set first what needs the person.

The results live in what is returned and nowhere else: no row, no audit entry, no log line tells
that a check was made, of whom, or what it found.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Literal
from urllib.parse import urlsplit

from classifiers.pipeline import Classifier
from classifiers.types import Assessment
from config.selfcheck import Look
from connectors.types import Mention
from monitor.selfcheck.asking import Answer, Ask, Grant, Round
from monitor.selfcheck.clues import Clue, Result
from monitor.selfcheck.findings import KINDS, Finding, findings, is_own_post
from monitor.selfcheck.judging import NOTHING_LEARNT, Group, Judged, Lessons, judge
from monitor.selfcheck.person import Person

GROUPS: tuple[Group, ...] = ("you", "perhaps", "else")
MOST_SHOWN = 300
Assess = Callable[[Sequence[Mention]], Sequence[Assessment]]
Trouble = Literal["partly", "failed", "used up"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One result as it is shown. Equal addresses are one, whichever provider found them."""

    title: str
    snippet: str
    url: str
    where: tuple[str, ...]
    looks: tuple[Look, ...]
    published_at: datetime | None
    group: Group
    because: tuple[Clue, ...]
    against: tuple[Clue, ...]
    findings: tuple[Finding, ...]
    is_own: bool
    """The person seems to have written it."""
    probability: float
    is_answered: bool = False
    is_new: bool = False
    """Not among what was kept from the last time."""

    @property
    def is_negative(self) -> bool:
        return any(one.kind == "negative" for one in self.findings)


@dataclass(frozen=True, kw_only=True)
class Checked:
    """What one check saw. What is not measured is named, so that nothing found there is never
    taken for nothing there."""

    day: date
    person: Person
    items: tuple[Item, ...]
    read: tuple[str, ...]
    troubles: tuple[tuple[str, str, Trouble], ...] = ()
    """Name, reason, and whether part of it was read."""
    children: int = 0
    """Results that seem to be about a pupil of the same name: counted and not shown."""
    last: date | None = None
    """The day of the list that this was compared with."""
    answers: dict[str, bool] = field(default_factory=dict)
    """By address what the person said of it: true is "this is me"."""

    def of(self, group: Group) -> tuple[Item, ...]:
        return tuple(item for item in self.items if item.group == group)

    @property
    def new(self) -> int:
        return sum(item.is_new and item.group != "else" for item in self.items)


def check(
    asked: Round,
    *,
    ask: Ask,
    grant: Grant,
    assess: Assess,
    withheld: frozenset[str],
    today: date,
    lessons: Lessons = NOTHING_LEARNT,
) -> Checked:
    """Ask the providers for the person's own name, and judge what comes back."""
    answers = asked.answers(ask, grant)
    hidden = {same_page(url) for url in withheld}
    judged = [
        (judge(asked.person, _result(group[0].mention), lessons), group)
        for address, group in _together(answers).items()
        if address not in hidden
    ]
    shown = [pair for pair in judged if _is_shown(pair[0])]
    children = [pair for pair in shown if _is_child(pair[0])]
    rest = [pair for pair in shown if not _is_child(pair[0])][:MOST_SHOWN]
    assessed = assess([group[0].mention for _, group in rest])
    items = [
        _item(asked.person, one, group, assessment, today)
        for (one, group), assessment in zip(rest, assessed, strict=True)
    ]
    progress = asked.progress.values()
    return Checked(
        day=today,
        person=asked.person,
        items=in_order(items),
        read=tuple(one.name for one in progress if one.state in ("done", "partly")),
        troubles=tuple(
            (one.name, one.trouble, one.state)
            for one in progress
            if one.state in ("partly", "failed", "used up")
        ),
        children=len(children),
    )


def assessing(classifier: Classifier) -> Assess:
    return lambda mentions: classifier.assess(mentions, explain=False)


def in_order(items: Iterable[Item]) -> tuple[Item, ...]:
    """By whose they are, then what needs the person first, then the surest."""
    return tuple(sorted(items, key=_rank))


def answered(checked: Checked, url: str, *, is_me: bool) -> Checked:
    """The same with one result put where the person says that it belongs."""
    group: Group = "you" if is_me else "else"
    items = (
        replace(item, group=group, is_answered=True) if item.url == url else item
        for item in checked.items
    )
    known = any(item.url == url for item in checked.items)
    answers = {**checked.answers, url: is_me} if known else checked.answers
    return replace(checked, items=in_order(items), answers=answers)


def same_page(url: str) -> str:
    """An address without what does not change the page that it leads to."""
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").removeprefix("www.")
    except ValueError:
        return url
    query = f"?{parts.query}" if parts.query else ""
    return f"{host}{parts.path.rstrip('/')}{query}"


def _result(mention: Mention) -> Result:
    return Result(title=mention.title, snippet=mention.text, url=mention.url)


def _together(answers: Sequence[Answer]) -> dict[str, list[Answer]]:
    """Answers by the page they lead to, in the order in which they were found."""
    found: dict[str, list[Answer]] = {}
    for answer in answers:
        found.setdefault(same_page(answer.mention.url), []).append(answer)
    return found


def _is_shown(judged: Judged) -> bool:
    """Engines loosen their terms: what does not hold the name is nobody's business here, and a
    surname alone, or a former name, needs something of the person's life beside it."""
    if judged.is_answered:
        return True
    named, name = judged.clues.named, judged.clues.name
    if named == "none":
        return False
    is_thin = named == "surname" or (named == "variant" and name.rarity == "common")
    return not is_thin or bool(judged.because)


def _is_child(judged: Judged) -> bool:
    return "child" in judged.against and judged.group != "you"


def _item(
    person: Person, judged: Judged, group: Sequence[Answer], assessment: Assessment, today: date
) -> Item:
    mention, result = group[0].mention, judged.result
    return Item(
        title=mention.title or mention.text[:80] or mention.url,
        snippet=mention.text[:400],
        url=mention.url,
        where=tuple(dict.fromkeys(answer.provider for answer in group)),
        looks=tuple(dict.fromkeys(answer.look for answer in group)),
        published_at=mention.published_at if mention.published_known else None,
        group=judged.group,
        because=judged.because,
        against=judged.against,
        findings=findings(person, result, assessment, today),
        is_own=is_own_post(person, result),
        probability=judged.probability,
        is_answered=judged.is_answered,
    )


def _rank(item: Item) -> tuple[int, int, float]:
    first = min((KINDS.index(one.kind) for one in item.findings), default=len(KINDS))
    return GROUPS.index(item.group), first, -item.probability
