"""What is seen of each platform, and what exactly is asked of whom."""

from __future__ import annotations

from fastapi import Request
from starlette.responses import HTMLResponse

from monitor.health import coverage
from monitor.store import sources
from monitor.web.deps import Current
from monitor.web.rendering import badges, page
from monitor.web.viewer import room

router = room("pr", "executive", "it", "dpo", "safeguarding", "headteacher")


@router.get("/coverage")
def show(request: Request, console: Current) -> HTMLResponse:
    """Platforms by what is seen of them; a source that could not be read is named as such."""
    with console.store.read() as tx:
        health = sources.health(tx)
    return page(
        request,
        "coverage.html",
        counts=badges(request),
        platforms=coverage.platforms(console.whole),
        states={one.source_id: one.state for one in health},
    )


@router.get("/monitored")
def monitored(request: Request, console: Current) -> HTMLResponse:
    """Word for word: whom we ask, what, and how often."""
    asked = coverage.asked(console.whole)
    return page(request, "monitored.html", counts=badges(request), asked=asked)
