"""How long each kind is kept, what is due, what was forgotten, and what is on hold."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Annotated

from fastapi import Form, HTTPException, Request
from pydantic import BaseModel, Field
from starlette.responses import HTMLResponse, RedirectResponse, Response

from alerts.words import LONDON
from config.people import ConsoleRole
from monitor.rights import holds as holding
from monitor.rights import retention
from monitor.store import audit, holds
from monitor.web.deps import Console, Current, MentionId, RowId
from monitor.web.rendering import badges, page
from monitor.web.viewer import DECIDERS, Looking, only, room

LISTED = 20
LONGEST_HOLD = timedelta(days=366)
HOLD_FOR = timedelta(days=90)
"""What a hold proposes until it is looked at again."""
KEEPERS: tuple[ConsoleRole, ...] = ("dpo", "executive", "safeguarding", "pr")

router = room(*KEEPERS)


class HoldForm(BaseModel):
    """A hold has a reason, and a day on which somebody asks whether it must go on."""

    reason: Annotated[str, Field(max_length=500)] = ""
    review_on: date


@router.get("/retention")
def show(request: Request, console: Current) -> HTMLResponse:
    return _page(request, console, "")


@router.post("/mentions/{mention_id}/hold", dependencies=[only(*DECIDERS)])
def place(
    console: Current, viewer: Looking, mention_id: MentionId, form: Annotated[HoldForm, Form()]
) -> Response:
    """Without a reason, or for longer than a year at once, nothing is held."""
    if not form.reason.strip() or not _is_soon(console, form.review_on):
        raise HTTPException(422)
    placed = holding.place(
        console.store,
        mention_id,
        reason=form.reason.strip(),
        review_on=form.review_on,
        by=viewer.name,
        now=console.clock(),
    )
    if not placed:
        raise HTTPException(404)
    return RedirectResponse(f"/mentions/{mention_id}#held", status_code=303)


@router.post("/holds/{hold_id}/prolong")
def prolong(
    request: Request,
    console: Current,
    viewer: Looking,
    hold_id: RowId,
    review_on: Annotated[date, Form()],
) -> Response:
    if not _is_soon(console, review_on):
        return _page(request, console, "Choose a day within a year from now.", 422)
    now = console.clock()
    if not holding.prolong(console.store, hold_id, review_on=review_on, by=viewer.name, now=now):
        raise HTTPException(404)
    return RedirectResponse("/retention", status_code=303)


@router.post("/holds/{hold_id}/lift")
def lift(console: Current, viewer: Looking, hold_id: RowId) -> Response:
    if not holding.lift(console.store, hold_id, by=viewer.name, now=console.clock()):
        raise HTTPException(404)
    return RedirectResponse("/retention", status_code=303)


def _is_soon(console: Console, day: date) -> bool:
    today = console.clock().astimezone(LONDON).date()
    return today < day <= today + LONGEST_HOLD


def _page(request: Request, console: Console, problem: str, status: int = 200) -> HTMLResponse:
    with console.store.read() as tx:
        kept = console.policy.retention
        due = retention.due_in(tx, kept, console.clock())
        standing = holds.standing(tx)
        runs = audit.listing(tx, LISTED, action="retention.forgot")
    today = console.clock().astimezone(LONDON).date()
    return page(
        request,
        "retention.html",
        counts=badges(request),
        status_code=status,
        rows=[(kind, period, due[kind]) for kind, period in retention.periods(kept).items()],
        meaning=retention.MEANING,
        confirmed="retention" not in console.policy.decision.missing,
        standing=standing,
        runs=runs,
        today=today,
        later=today + HOLD_FOR,
        problem=problem,
    )
