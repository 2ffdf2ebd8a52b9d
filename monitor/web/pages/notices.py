"""The documents that follow from the configuration: to read, print and publish."""

from __future__ import annotations

from typing import Literal

from fastapi import HTTPException, Request
from starlette.responses import HTMLResponse, Response

from monitor.notices import legal, paper
from monitor.notices.legal import Kind
from monitor.web.deps import Current
from monitor.web.rendering import badges, page
from monitor.web.viewer import room

router = room("dpo", "it", "executive")


@router.get("/notices")
def show(request: Request, console: Current) -> HTMLResponse:
    return page(
        request,
        "notices.html",
        counts=badges(request),
        documents=[(kind, legal.TITLES[kind], legal.MEANT_FOR[kind]) for kind in legal.KINDS],
        public=legal.PUBLIC,
    )


@router.get("/notices/{kind}.{form}")
def document(console: Current, kind: Kind, form: Literal["html", "pdf"]) -> Response:
    """As a file to keep: its own styles are none of the console's."""
    made = legal.document(kind, console.whole, console.clock())
    headers = {"Content-Disposition": f'attachment; filename="{kind}.{form}"'}
    if form == "html":
        return HTMLResponse(made, headers=headers)
    try:
        return Response(paper.pdf(made), media_type="application/pdf", headers=headers)
    except paper.NoBrowser as error:
        raise HTTPException(503) from error
