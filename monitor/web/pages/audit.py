"""The record: who looked at what, who asked for names, who decided."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Annotated

from fastapi import Query, Request
from starlette.responses import HTMLResponse

from monitor.store import audit, queue
from monitor.web.deps import Current
from monitor.web.rendering import page
from monitor.web.viewer import Looking, room

LISTED = 200
LOOKED_BACK = timedelta(days=30)
Short = Annotated[str, Query(max_length=200)]
_MENTION = re.compile(r"mention (\d{1,19})")

router = room("dpo")


@router.get("/audit")
def show(
    request: Request,
    console: Current,
    viewer: Looking,
    who: Short = "",
    subject: Short = "",
) -> HTMLResponse:
    """All of it, or what one member of staff did, or who did something with one thing."""
    with console.store.read() as tx:
        entries = audit.listing(tx, LISTED, actor=who, subject=subject)
        people = audit.by_person(tx, console.clock() - LOOKED_BACK)
        counted = queue.counts(tx, viewer.scope)
    return page(
        request,
        "audit.html",
        counts=counted,
        entries=[(entry, _mention_id(entry.subject)) for entry in entries],
        is_cut=len(entries) == LISTED,
        people=people,
        days=LOOKED_BACK.days,
        who=who,
        subject=subject,
    )


def _mention_id(subject: str) -> int | None:
    found = _MENTION.fullmatch(subject)
    return int(found[1]) if found else None
