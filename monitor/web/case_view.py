"""A case as shown: its steps, what comes next, and its timeline in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from fastapi import APIRouter, Depends, HTTPException, Request
from starlette.responses import HTMLResponse, RedirectResponse

from alerts import words
from classifiers.types import Assessment
from config.policy import Policy
from monitor import clocks
from monitor.cases import casework, letters, playbook, take_downs
from monitor.cases.playbook import Offered
from monitor.cases.take_downs import NextStep
from monitor.store import cases as rows
from monitor.store import mentions
from monitor.store.casefile import CaseFile, Entry, TakeDown, moment
from monitor.store.database import Tx
from monitor.store.scope import EVERYTHING
from monitor.web import captures, case_words, local_time
from monitor.web.captures import OfMention
from monitor.web.deps import Console, Current, RowId
from monitor.web.rendering import badges, page
from monitor.web.viewer import DECIDERS, READERS, Looking, only


def within_reach(console: Current, viewer: Looking, case_id: RowId) -> None:
    """A case outside the scope of who is looking is not there. Raises 404."""
    with console.store.read() as tx:
        if not rows.sees(tx, viewer.scope, case_id):
            raise HTTPException(404)


def case_room() -> APIRouter:
    """The router of pages about one case: none of them can forget who may see it."""
    return APIRouter(dependencies=[only(*READERS), Depends(within_reach)])


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldMention:
    """A mention of the case in a line that holds nothing of its text."""

    mention_id: int
    kind: str
    where: str
    url: str
    platform: str
    posted_at: datetime | None
    copies: int
    is_gone: bool
    """It was forgotten, as its platform wanted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One entry of the timeline."""

    entry: Entry
    says: str
    detail: str
    may_undo: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    entry: Entry
    says: str
    name: str
    """Empty unless it was asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    entry: Entry
    due_at: datetime | None
    done: Entry | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A report to a platform with what comes next."""

    take_down: TakeDown
    next: NextStep | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseView:
    case: CaseFile
    reference: str
    steps: tuple[Offered, ...]
    next: Offered | None
    held: tuple[HeldMention, ...]
    people: tuple[Person, ...]
    tasks: tuple[Task, ...]
    asked: tuple[Asked, ...]
    captured: tuple[OfMention, ...]
    lines: tuple[Line, ...]
    """Newest first."""
    names_shown: bool

    @property
    def has_capture(self) -> bool:
        return any(one.capture for one in self.captured)

    @property
    def has_names(self) -> bool:
        return any(one.entry.facts["named"] for one in self.people)


def view(tx: Tx, case: CaseFile, policy: Policy, now: datetime, names: dict[int, str]) -> CaseView:
    steps = playbook.offered(case, policy)
    return CaseView(
        case=case,
        reference=letters.reference(case.case_id),
        steps=steps,
        next=playbook.next_open(steps) if case.state == "open" else None,
        held=tuple(_held(tx, number) for number in case.mentions),
        people=tuple(_person(one, names) for one in case.people),
        tasks=tuple(_task(one, case) for one in case.tasks),
        asked=asked(case, policy, now),
        captured=captures.of_case(tx, case.mentions),
        lines=tuple(_line(one, case, policy) for one in reversed(case.timeline)),
        names_shown=bool(names),
    )


def asked(case: CaseFile, policy: Policy, now: datetime) -> tuple[Asked, ...]:
    """The case's reports to platforms, each with its next step."""
    grave = playbook.is_safeguarding(case)
    return tuple(
        Asked(
            take_down=one,
            next=take_downs.next_step(one, policy, is_safeguarding=grave, now=now),
        )
        for one in case.take_downs
    )


def _held(tx: Tx, mention_id: int) -> HeldMention:
    detail = mentions.detail(tx, EVERYTHING, mention_id)
    if detail is None:
        return HeldMention(
            mention_id=mention_id, kind="Forgotten", where="", url="", platform="web",
            posted_at=None, copies=0, is_gone=True,
        )  # fmt: skip
    return HeldMention(
        mention_id=mention_id,
        kind=words.capital(words.kind(detail.assessment or Assessment())),
        where=detail.source_name,
        url=detail.mention.url,
        platform=detail.mention.platform,
        posted_at=detail.mention.published_at,
        copies=len(detail.story),
        is_gone=False,
    )


def _person(entry: Entry, names: dict[int, str]) -> Person:
    part = case_words.PARTS.get(entry.facts["part"], entry.facts["part"])
    who = case_words.WHO.get(entry.facts["who"], entry.facts["who"])
    return Person(entry=entry, says=f"{part}: {who}", name=names.get(entry.number, ""))


def _task(entry: Entry, case: CaseFile) -> Task:
    due = entry.facts.get("due_at")
    return Task(
        entry=entry,
        due_at=moment(due) if due else None,
        done=case.tasks_done.get(entry.number),
    )


def _line(entry: Entry, case: CaseFile, policy: Policy) -> Line:
    return Line(
        entry=entry,
        says=case_words.say(entry, policy, case.timeline),
        detail=case_words.detail(entry),
        may_undo=casework.may_undo(entry),
    )


def shown(
    request: Request,
    console: Console,
    case: CaseFile | None,
    *,
    names: dict[int, str] | None = None,
    problem: str = "",
    at: str = "",
    status_code: int = 200,
) -> HTMLResponse:
    """The page of a case; `problem` is what was missing in the form `at`."""
    if case is None:
        raise HTTPException(404)
    now = console.clock()
    with console.store.read() as tx:
        seen = view(tx, case, console.policy, now, names or {})
    return page(
        request,
        "case.html",
        counts=badges(request),
        status_code=status_code,
        view=seen,
        case_words=case_words,
        captures=captures,
        deciders=DECIDERS,
        platform_of=take_downs.platform,
        written_now=local_time.written(now),
        due=dict(clocks.of_case(case, console.policy, console.rota)),
        problem=problem,
        problem_at=at,
        done=_number(request.query_params.get("done", "")),
    )


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 8 else 0


def back(case_id: int, at: str, done: int = 0) -> RedirectResponse:
    """To the place on the case's page, with what was just recorded."""
    query = f"?done={done}" if done else ""
    return RedirectResponse(f"/cases/{case_id}{query}#{at}", status_code=303)


def found(console: Console, case_id: int) -> CaseFile:
    """A case for a form that is about it. Raises 404."""
    with console.store.read() as tx:
        case = rows.find(tx, case_id)
    if case is None:
        raise HTTPException(404)
    return case
