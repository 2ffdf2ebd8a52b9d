"""How the service runs, for IT: what waits, who works, what is overdue."""

from __future__ import annotations

from fastapi import Request
from starlette.responses import HTMLResponse

from monitor.health import standing
from monitor.health.standing import MEANING
from monitor.web.deps import Current
from monitor.web.rendering import badges, page
from monitor.web.viewer import room

router = room("it")


@router.get("/running")
def show(request: Request, console: Current) -> HTMLResponse:
    """Numbers and ages alone; nothing of any post."""
    service = standing.look(console.store, console.whole, console.clock())
    return page(request, "running.html", counts=badges(request), service=service, meaning=MEANING)
