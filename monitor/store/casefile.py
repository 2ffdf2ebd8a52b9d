"""What a case is: what its timeline says, less what was taken back.

An entry that takes another back is an entry like any other and can itself be taken back, so
that nothing is ever rewritten. Facts are plain JSON values; times in them are ISO 8601 in UTC.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, cast, get_args

from classifiers.types import SEVERITIES, Severity

CaseState = Literal["open", "closed", "withdrawn"]
EntryKind = Literal[
    "opened", "renamed", "mention_added", "mention_removed",
    "doer_said", "person_added", "person_removed",
    "step_done", "step_skipped", "task_added", "task_done",
    "note_added", "decided", "letter_kept", "evidence_saved",
    "take_down_asked", "take_down_moved", "handed_over",
    "closed", "reopened", "clock_passed", "undone",
]  # fmt: skip
KINDS: tuple[EntryKind, ...] = get_args(EntryKind)
ACTS: frozenset[EntryKind] = frozenset({
    "step_done", "step_skipped", "task_done", "decided", "letter_kept",
    "take_down_asked", "take_down_moved", "handed_over", "closed",
})  # fmt: skip
"""What counts as something done about the matter, for the clock of the first action."""
Doer = Literal["unknown", "pupil", "colleague", "adult"]
"""Who did it, as people found out: never guessed by the product (policy 9.5, 9.6)."""
TAKE_DOWN_OVER = frozenset({"removed", "given_up"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    number: int
    at: datetime
    actor: str
    kind: EntryKind
    facts: Mapping[str, Any]
    undone_by: int | None = None
    """The entry that took it back, where one stands that does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeDown:
    """One request to a platform to take something down (policy 9.7)."""

    number: int
    platform: str
    where: str
    reference: str
    asked_at: datetime
    moves: tuple[Entry, ...] = ()
    """What became of it, oldest first: replies, helplines, the outcome."""

    @property
    def is_over(self) -> bool:
        return self.state in TAKE_DOWN_OVER

    @property
    def state(self) -> str:
        """ "asked", "refused", "posh", "rhc", "removed" or "given_up"."""
        return str(self.moves[-1].facts["state"]) if self.moves else "asked"

    def moved_at(self, state: str) -> datetime | None:
        """When it came to that state last."""
        found = [moment(one.facts["at"]) for one in self.moves if one.facts["state"] == state]
        return found[-1] if found else None


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFile:
    """`timeline` is whole and oldest first; everything else leaves out what was taken back."""

    case_id: int
    title: str
    state: CaseState
    opened_at: datetime
    opened_by: str
    timeline: tuple[Entry, ...]
    severity: Severity = "none"
    labels: frozenset[str] = frozenset()
    pupil: frozenset[str] = frozenset()
    """Grades of pupil identification among its mentions."""
    allegations: frozenset[str] = frozenset()
    schools: tuple[str, ...] = ()
    mentions: tuple[int, ...] = ()
    """Ids, in the order in which they were added."""
    doer: Doer = "unknown"
    people: tuple[Entry, ...] = ()
    steps: Mapping[str, Entry] = field(default_factory=dict)
    """Steps of the playbook by id: the entry that did or skipped each last."""
    tasks: tuple[Entry, ...] = ()
    tasks_done: Mapping[int, Entry] = field(default_factory=dict)
    """By the number of the entry that brought the task."""
    decided: Mapping[str, Entry] = field(default_factory=dict)
    """Recorded questions by name: the answer that stands."""
    letters: tuple[Entry, ...] = ()
    evidence: tuple[Entry, ...] = ()
    """Receipts of captures."""
    take_downs: tuple[TakeDown, ...] = ()
    handed_over: Entry | None = None
    closed: Entry | None = None
    acted_at: datetime | None = None

    @property
    def last_receipt(self) -> Entry | None:
        """Of the capture with which the evidence of every mention was saved whole; None where one
        is missing."""
        whole = {int(one.facts["mention"]): one for one in self.evidence if one.facts["is_whole"]}
        if not self.mentions or any(number not in whole for number in self.mentions):
            return None
        return max((whole[number] for number in self.mentions), key=lambda one: one.number)

    @property
    def open_tasks(self) -> tuple[Entry, ...]:
        return tuple(one for one in self.tasks if one.number not in self.tasks_done)

    @property
    def open_take_downs(self) -> tuple[TakeDown, ...]:
        return tuple(one for one in self.take_downs if not one.is_over)

    def entry(self, number: int) -> Entry | None:
        return self.timeline[number - 1] if 1 <= number <= len(self.timeline) else None


def moment(text: str) -> datetime:
    """A time as it stands in facts."""
    return datetime.fromisoformat(text)


def standing(entries: Sequence[Entry]) -> tuple[Entry, ...]:
    """All entries, each with what took it back: the newest word counts, so that taking back a
    taking back lets the first stand again."""
    taken: dict[int, int] = {}
    marked: list[Entry] = []
    for one in reversed(entries):
        by = taken.get(one.number)
        if by is None and one.kind == "undone":
            taken.setdefault(int(one.facts["entry"]), one.number)
        marked.append(_with(one, by))
    return tuple(reversed(marked))


def _with(entry: Entry, undone_by: int | None) -> Entry:
    return Entry(
        number=entry.number, at=entry.at, actor=entry.actor, kind=entry.kind,
        facts=entry.facts, undone_by=undone_by,
    )  # fmt: skip


def fold(case_id: int, entries: Sequence[Entry]) -> CaseFile:
    """The case that a timeline tells of. The first entry opens it."""
    timeline = standing(entries)
    first = timeline[0]
    live = [one for one in timeline if one.undone_by is None]
    mentions = _mentions(live)
    about = [one.facts for one in mentions.values()]
    shut = _last(live, "closed", "reopened")
    return CaseFile(
        case_id=case_id,
        title=str((_last(live, "renamed") or first).facts["title"]),
        state=_state(first, shut),
        opened_at=first.at,
        opened_by=first.actor,
        timeline=timeline,
        severity=_gravest(facts["severity"] for facts in about),
        labels=frozenset(label for facts in about for label in facts["labels"]),
        pupil=frozenset(facts["pupil"] for facts in about),
        allegations=frozenset(facts["allegation"] for facts in about),
        schools=tuple(dict.fromkeys(school for facts in about for school in facts["schools"])),
        mentions=tuple(mentions),
        doer=_doer(live),
        people=_kept(live, "person_added", "person_removed", "person"),
        steps={str(one.facts["step"]): one for one in _of(live, "step_done", "step_skipped")},
        tasks=_of(live, "task_added"),
        tasks_done={int(one.facts["task"]): one for one in _of(live, "task_done")},
        decided={str(one.facts["question"]): one for one in _of(live, "decided")},
        letters=_of(live, "letter_kept"),
        evidence=_of(live, "evidence_saved"),
        take_downs=_take_downs(live),
        handed_over=_last(live, "handed_over"),
        closed=shut if shut and shut.kind == "closed" else None,
        acted_at=next((one.at for one in live if one.kind in ACTS), None),
    )


def _state(first: Entry, shut: Entry | None) -> CaseState:
    if first.undone_by is not None:
        return "withdrawn"
    return "closed" if shut and shut.kind == "closed" else "open"


def _of(live: Iterable[Entry], *kinds: EntryKind) -> tuple[Entry, ...]:
    return tuple(one for one in live if one.kind in kinds)


def _last(live: Sequence[Entry], *kinds: EntryKind) -> Entry | None:
    found = _of(live, *kinds)
    return found[-1] if found else None


def _mentions(live: Iterable[Entry]) -> dict[int, Entry]:
    held: dict[int, Entry] = {}
    for one in _of(live, "mention_added", "mention_removed"):
        held.pop(int(one.facts["mention"]), None)
        if one.kind == "mention_added":
            held[int(one.facts["mention"])] = one
    return held


def _kept(
    live: Iterable[Entry], added: EntryKind, removed: EntryKind, name: str
) -> tuple[Entry, ...]:
    held: dict[int, Entry] = {}
    for one in _of(live, added, removed):
        if one.kind == added:
            held[one.number] = one
        else:
            held.pop(int(one.facts[name]), None)
    return tuple(held.values())


def _doer(live: Sequence[Entry]) -> Doer:
    said = _last(live, "doer_said")
    return cast(Doer, said.facts["doer"]) if said else "unknown"


def _take_downs(live: Sequence[Entry]) -> tuple[TakeDown, ...]:
    moves = _of(live, "take_down_moved")
    return tuple(
        TakeDown(
            number=one.number,
            platform=str(one.facts["platform"]),
            where=str(one.facts["where"]),
            reference=str(one.facts["reference"]),
            asked_at=moment(one.facts["at"]),
            moves=tuple(move for move in moves if int(move.facts["take_down"]) == one.number),
        )
        for one in _of(live, "take_down_asked")
    )


def _gravest(severities: Iterable[str]) -> Severity:
    known = [SEVERITIES.index(cast(Severity, one)) for one in severities]
    return SEVERITIES[max(known, default=0)]
