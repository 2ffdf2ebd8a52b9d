"""The sources: whether each was read, and what to do where it was not."""

from __future__ import annotations

from collections.abc import Iterator

from fastapi import Request
from starlette.responses import HTMLResponse

from connectors.registry import cost
from monitor.health import silence
from monitor.store import queue, sources
from monitor.store.views import SourceHealth
from monitor.web.deps import Console, Current
from monitor.web.pages.queue import summary
from monitor.web.rendering import page
from monitor.web.viewer import Looking, room

_ORDER = {"not_measured": 0, "partial": 1, "never": 2, "ok": 3}

router = room("pr", "executive", "it")


@router.get("/sources")
def show(request: Request, console: Current, viewer: Looking) -> HTMLResponse:
    """What needs a person stands first; what is switched off stands last."""
    with console.store.read() as tx:
        health = sources.health(tx)
        counted = queue.counts(tx, viewer.scope)
    return page(
        request,
        "sources.html",
        counts=counted,
        sources=sorted(health, key=_place),
        health=summary(health),
        troubles={one.source_id: one.words for one in _troubles(console, health)},
        prices={one.id: cost(one.kind, one.options) for one in console.whole.sources},
    )


def _troubles(console: Console, health: list[SourceHealth]) -> Iterator[silence.Trouble]:
    known = {one.source_id: one for one in health}
    for source in console.whole.sources:
        if source.enabled and source.id in known:
            yield from silence.troubles(source, known[source.id], console.clock())


def _place(source: SourceHealth) -> tuple[bool, int, str]:
    return not source.enabled, _ORDER[source.state], source.name.casefold()
