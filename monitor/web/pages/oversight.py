"""How reviewing goes: for the lead reviewer and those who answer for it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from fastapi import Request
from starlette.responses import HTMLResponse

from monitor.figures import oversight
from monitor.store import bases
from monitor.store.scope import EVERYTHING
from monitor.web.deps import Current
from monitor.web.rendering import badges, page
from monitor.web.viewer import Looking, room

LOOKED_BACK = timedelta(days=28)

router = room("pr", "executive", "dpo")


@router.get("/oversight")
def show(request: Request, console: Current, viewer: Looking) -> HTMLResponse:
    """Counts and times of everybody's decisions, but for those on stories that name who looks."""
    reader = replace(EVERYTHING, apart=viewer.scope.apart)
    with console.store.read() as tx:
        taken = bases.since(tx, reader, console.clock() - LOOKED_BACK)
    return page(
        request,
        "oversight.html",
        counts=badges(request),
        ways=oversight.ways(taken),
        total=len(taken),
        days=LOOKED_BACK.days,
        fewest=oversight.FEWEST,
        quick=oversight.QUICK_S,
    )
