"""The outbox: who was told, who is about to be, and what could not be delivered."""

from __future__ import annotations

from typing import Annotated

from fastapi import HTTPException, Query, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from monitor import outbox
from monitor.health.watch import COMES_BACK_WITHIN
from monitor.store import delivered, queue, returns
from monitor.web.deps import Console, Current, RowId
from monitor.web.rendering import page
from monitor.web.viewer import Looking, Viewer, room

LISTED = 60
"""On one page, which stays small."""
FURTHEST = 100_000

router = room("pr", "executive", "it")


@router.post("/deliveries/{delivery_id}/resend")
def resend(console: Current, viewer: Looking, delivery_id: RowId) -> Response:
    """Send one message again; it waits its turn, and until then can be taken back."""
    _known(console, viewer, delivery_id)
    outbox.resend(console.store, delivery_id, by=viewer.name, now=console.clock())
    return RedirectResponse("/deliveries", status_code=303)


@router.post("/deliveries/{delivery_id}/take-back")
def take_back(console: Current, viewer: Looking, delivery_id: RowId) -> Response:
    _known(console, viewer, delivery_id)
    outbox.take_back(console.store, delivery_id, by=viewer.name, now=console.clock())
    return RedirectResponse("/deliveries", status_code=303)


def _known(console: Console, viewer: Viewer, delivery_id: int) -> None:
    with console.store.read() as tx:
        if delivered.find(tx, delivery_id, viewer.scope) is None:
            raise HTTPException(404)


@router.get("/deliveries")
def show(
    request: Request,
    console: Current,
    viewer: Looking,
    skip: Annotated[int, Query(ge=0, le=FURTHEST)] = 0,
) -> HTMLResponse:
    """The dead stand first: somebody was not told. `skip` are those of the pages before."""
    with console.store.read() as tx:
        listed = delivered.listing(tx, LISTED + 1, viewer.scope, skip=skip)
        counted = queue.counts(tx, viewer.scope)
        health = delivered.mail_health(tx, console.clock(), viewer.scope)
        lost = returns.lost(tx, console.clock(), after=COMES_BACK_WITHIN)
    return page(
        request,
        "deliveries.html",
        counts=counted,
        dead=[one for one in listed[:LISTED] if one.state in delivered.FAILED],
        others=[one for one in listed[:LISTED] if one.state not in delivered.FAILED],
        health=health,
        lost=lost,
        is_stuck=health.is_stuck(console.clock(), console.mail_alarm_after),
        skip=skip,
        older=skip + LISTED if len(listed) > LISTED else None,
    )
