"""All cases: open ones gravest first, and those that are over."""

from __future__ import annotations

from typing import Literal

from fastapi import Request
from starlette.responses import HTMLResponse

from monitor import clocks
from monitor.cases import playbook
from monitor.store import cases
from monitor.store.cases import CaseHead
from monitor.store.database import Tx
from monitor.web import case_words
from monitor.web.case_view import asked
from monitor.web.deps import Console, Current
from monitor.web.rendering import badges, page
from monitor.web.viewer import READERS, Looking, room

router = room(*READERS)


@router.get("/cases")
def show(
    request: Request,
    console: Current,
    viewer: Looking,
    state: Literal["open", "closed"] = "open",
) -> HTMLResponse:
    with console.store.read() as tx:
        heads = cases.listing(tx, viewer.scope, state)
        open_ones = heads if state == "open" else ()
        next_steps = {one.case_id: _next(tx, console, one) for one in open_ones}
    due = {
        one.case_id: dict(clocks.of_case(one, console.policy, console.rota)) for one in open_ones
    }
    return page(
        request,
        "cases.html",
        counts=badges(request),
        state=state,
        heads=heads,
        next_steps=next_steps,
        due=due,
    )


def _next(tx: Tx, console: Console, head: CaseHead) -> playbook.Offered | None:
    case = cases.find(tx, head.case_id)
    return playbook.next_open(playbook.offered(case, console.policy)) if case else None


@router.get("/take-downs")
def ledger(request: Request, console: Current, viewer: Looking) -> HTMLResponse:
    """Whatever was reported to a platform and is not over, what is due first on top."""
    now = console.clock()
    with console.store.read() as tx:
        open_ones = [
            (case, one)
            for case in cases.with_take_downs(tx, viewer.scope)
            for one in asked(case, console.policy, now)
            if one.next is not None
        ]
    open_ones.sort(
        key=lambda pair: (pair[1].next is None or pair[1].next.at is None, _due(pair[1].next))
    )
    return page(
        request,
        "take_downs.html",
        counts=badges(request),
        open_ones=open_ones,
        take_down_words=case_words.TAKE_DOWN,
        helplines=console.policy.helplines,
    )


def _due(step: object) -> float:
    at = getattr(step, "at", None)
    return at.timestamp() if at else 0.0
