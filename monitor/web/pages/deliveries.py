"""The outbox: who was told, who is about to be, and what could not be delivered."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse

from monitor.store import deliveries, queue
from monitor.web.deps import Current
from monitor.web.rendering import page

LISTED = 200

router = APIRouter()


@router.get("/deliveries")
def show(request: Request, console: Current) -> HTMLResponse:
    """The dead stand first: somebody was not told."""
    with console.store.read() as tx:
        listed = deliveries.listing(tx, LISTED)
        counted = queue.counts(tx)
    return page(
        request,
        "deliveries.html",
        counts=counted,
        dead=[one for one in listed if one.state in ("dead", "unknown")],
        others=[one for one in listed if one.state not in ("dead", "unknown")],
        is_cut=len(listed) == LISTED,
    )
