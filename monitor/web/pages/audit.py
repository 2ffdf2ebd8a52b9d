"""The record: who looked at what, who asked for names, who decided."""

from __future__ import annotations

import re

from fastapi import Request
from starlette.responses import HTMLResponse

from monitor.store import audit, queue
from monitor.web.deps import Current
from monitor.web.rendering import page
from monitor.web.viewer import Looking, room

LISTED = 200
_MENTION = re.compile(r"mention (\d{1,19})")

router = room("dpo")


@router.get("/audit")
def show(request: Request, console: Current, viewer: Looking) -> HTMLResponse:
    with console.store.read() as tx:
        entries = audit.listing(tx, LISTED)
        counted = queue.counts(tx, viewer.scope)
    return page(
        request,
        "audit.html",
        counts=counted,
        entries=[(entry, _mention_id(entry.subject)) for entry in entries],
        is_cut=len(entries) == LISTED,
    )


def _mention_id(subject: str) -> int | None:
    found = _MENTION.fullmatch(subject)
    return int(found[1]) if found else None
