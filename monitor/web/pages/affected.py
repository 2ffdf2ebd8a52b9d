"""Who is affected by what was reported, and where an answer may go: shown when asked for."""

from __future__ import annotations

from fastapi import HTTPException, Request
from starlette.responses import Response

from monitor.intake import reports
from monitor.store import mentions
from monitor.web.deps import Current, MentionId
from monitor.web.pages.mention import answer
from monitor.web.viewer import READERS, Looking, room

router = room(*READERS)


@router.post("/mentions/{mention_id}/affected")
def show(request: Request, console: Current, viewer: Looking, mention_id: MentionId) -> Response:
    """The mention's page with the protected part of its report; asking is on record."""
    protected = reports.show_protected(
        console.store, mention_id, by=viewer.name, now=console.clock()
    )
    if protected is None:
        raise HTTPException(404)
    with console.store.read() as tx:
        detail = mentions.detail(tx, viewer.scope, mention_id)
    return answer(request, console, detail, protected=protected)
