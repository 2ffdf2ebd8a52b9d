"""One decision on many: shown before it is taken, told for each, and taken back at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import Form, HTTPException, Request
from pydantic import BaseModel, Field
from starlette.responses import HTMLResponse

from alerts import words
from alerts.mask import mask
from classifiers.text import assessed_text
from classifiers.types import Assessment
from monitor import review
from monitor.store import claims, decisions, mentions
from monitor.store.scope import sees
from monitor.store.views import MentionDetail, Outcome
from monitor.web.address import QueueAddress
from monitor.web.deciding import Outcomes
from monitor.web.deps import LARGEST_ID, Console, Current
from monitor.web.rendering import badges, page
from monitor.web.reviewing import veils
from monitor.web.viewer import DECIDERS, Looking, Viewer, looking, room

MOST = 50
EXCERPT = 160
GRAVE = ("high", "critical")
SINGLE: tuple[Outcome, ...] = ("open_case", "escalate")
"""Decisions that need to be made for each alone."""

router = room(*DECIDERS)
Number = Annotated[int, Field(ge=1, le=LARGEST_ID)]


class BulkForm(Outcomes):
    chosen: Annotated[list[Number], Field(max_length=MOST, default_factory=list)]
    states: Annotated[str, Field(max_length=2000)] = ""
    """Of each, as it was seen in the preview."""
    at: Annotated[str, Field(max_length=4000)] = ""


class UndoForm(BaseModel):
    decisions: Annotated[list[Number], Field(max_length=MOST, default_factory=list)]
    at: Annotated[str, Field(max_length=4000)] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One of many: what it is and, once tried, what became of it."""

    detail: MentionDetail
    said: str
    kind: str
    problem: str = ""
    """Why nothing is decided on it; empty where something is."""
    decision_id: int | None = None

    @property
    def is_grave(self) -> bool:
        return bool(self.detail.assessment and self.detail.assessment.severity in GRAVE)


@router.post("/bulk")
def preview(
    request: Request, console: Current, viewer: Looking, form: Annotated[BulkForm, Form()]
) -> HTMLResponse:
    """What would be decided on what, and what would be left out and why; nothing is done."""
    items = [_item(console, viewer, number) for number in form.chosen]
    return _page(request, console, form, [item for item in items if item], is_done=False)


@router.post("/bulk/decide")
def decide(
    request: Request, console: Current, viewer: Looking, form: Annotated[BulkForm, Form()]
) -> HTMLResponse:
    """Decide on each by itself; one that fails keeps no other from being decided."""
    if form.outcome in SINGLE:
        raise HTTPException(422)
    seen = form.states.split(",")
    items = [
        _decided(console, viewer, number, form, state)
        for number, state in zip(form.chosen, seen, strict=False)
    ]
    return _page(request, console, form, [item for item in items if item], is_done=True)


@router.post("/bulk/undo")
def undo(
    request: Request, console: Current, viewer: Looking, form: Annotated[UndoForm, Form()]
) -> HTMLResponse:
    """Take back what was decided together, each by itself."""
    results = [
        (number, review.undo(console.store, number, by=viewer.name, now=console.clock()))
        for number in _visible(console, viewer, form.decisions)
    ]
    return page(
        request,
        "bulk_undone.html",
        counts=badges(request),
        undone=sum(done for _, done in results),
        kept=[number for number, done in results if not done],
        address=QueueAddress.parse(form.at),
    )


def _visible(console: Console, viewer: Viewer, given: Iterable[int]) -> list[int]:
    """Those of the decisions that are on mentions within the scope."""
    with console.store.read() as tx:
        on = {number: decisions.mention_of(tx, number) for number in given}
        return [number for number, one in on.items() if one and sees(tx, viewer.scope, one)]


def _item(console: Console, viewer: Viewer, number: int) -> Item | None:
    with console.store.read() as tx:
        detail = mentions.detail(tx, viewer.scope, number)
        held = claims.of_mention(tx, number, console.clock())
    if detail is None:
        return None
    problem = ""
    if detail.state == "new":
        problem = "It has not been assessed yet."
    elif detail.state == "decided":
        problem = "It is decided already."
    elif held is not None and held.holder != viewer.name:
        problem = f"{held.holder} is looking at it."
    return _shown(detail, problem=problem)


def _shown(detail: MentionDetail, problem: str = "", decision_id: int | None = None) -> Item:
    assessment = detail.assessment or Assessment()
    said = mask(assessed_text(detail.mention), assessment)
    return Item(
        detail=detail,
        said=said if len(said) <= EXCERPT else f"{said[:EXCERPT].rsplit(' ', 1)[0]} …",
        kind=words.capital(words.kind(assessment)),
        problem=problem,
        decision_id=decision_id,
    )


def _decided(
    console: Console, viewer: Viewer, number: int, form: BulkForm, state: str
) -> Item | None:
    item = _item(console, viewer, number)
    if item is None or item.problem:
        return item
    standing = item.detail.state
    if standing != state or standing == "new":
        return _shown(item.detail, problem="It changed since you saw it.")
    decision_id = review.decide(
        console.store,
        number,
        form.outcome,
        form.whole_note,
        seen=standing,
        by=viewer.name,
        now=console.clock(),
        until=form.ends(console.clock()),
        escalation=form.escalation(console),
        together=True,
    )
    problem = "" if decision_id else "It changed since you saw it."
    return _shown(item.detail, problem=problem, decision_id=decision_id)


def _page(
    request: Request, console: Console, form: BulkForm, items: Sequence[Item], *, is_done: bool
) -> HTMLResponse:
    fit = [item for item in items if not item.problem]
    with console.store.read() as tx:
        is_veiled = veils(tx, looking(request), console.clock())
    return page(
        request,
        "bulk.html",
        counts=badges(request),
        form=form,
        items=items,
        fit=fit,
        is_veiled=is_veiled,
        grave=sum(item.is_grave for item in fit),
        is_single=form.outcome in SINGLE,
        is_done=is_done,
        done=form.done(console.clock()),
        address=QueueAddress.parse(form.at),
    )
