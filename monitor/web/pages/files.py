"""Files of a mail: in quarantine until the reviewer clears one, which is on record."""

from __future__ import annotations

from fastapi import HTTPException, Request
from starlette.responses import RedirectResponse, Response

from connectors.errors import ConnectorError
from monitor.intake import mailbox
from monitor.store import mentions
from monitor.web.deps import Current, MentionId, RowId
from monitor.web.rendering import badges, page
from monitor.web.viewer import Looking, room

router = room("pr", "safeguarding")


@router.post("/mentions/{mention_id}/files/{number}")
def clear(
    request: Request, console: Current, viewer: Looking, mention_id: MentionId, number: RowId
) -> Response:
    """Let a picture out; what turns out to be none stays where it is, and the page says so."""
    with console.store.read() as tx:
        detail = mentions.detail(tx, viewer.scope, mention_id)
    if detail is None:
        raise HTTPException(404)
    try:
        found = mailbox.clear(
            console.store, mention_id, number, by=viewer.name, now=console.clock()
        )
    except ConnectorError as error:
        return page(
            request,
            "changed.html",
            counts=badges(request),
            status_code=422,
            detail=detail,
            standing=None,
            problem=f"The file stays in quarantine: {error}",
        )
    if not found:
        raise HTTPException(404)
    return RedirectResponse(f"/mentions/{mention_id}#pictures-title", status_code=303)
