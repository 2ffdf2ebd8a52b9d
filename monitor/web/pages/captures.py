"""Captures of pages: what failed, what is under way, what was sealed; and trying again."""

from __future__ import annotations

from typing import Annotated

from fastapi import Form, HTTPException, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from monitor.store import audit, evidence, evidence_orders
from monitor.store.scope import sees
from monitor.web import captures
from monitor.web.deps import LARGEST_ID, Current, RowId
from monitor.web.rendering import badges, page
from monitor.web.viewer import DECIDERS, READERS, Looking, only, room

router = room(*READERS)
SHOWN = 100


@router.get("/captures")
def show(request: Request, console: Current, viewer: Looking) -> HTMLResponse:
    with console.store.read() as tx:
        failed = evidence_orders.listing(tx, viewer.scope, "failed", limit=SHOWN)
        waiting = evidence_orders.listing(tx, viewer.scope, "due", limit=SHOWN)
        captured = evidence.listing(tx, viewer.scope, limit=SHOWN)
    return page(
        request,
        "captures.html",
        counts=badges(request),
        failed=failed,
        waiting=waiting,
        captured=captured,
        captures=captures,
        deciders=DECIDERS,
        is_again="again" in request.query_params,
    )


@router.post("/captures/{order_id}/retry", dependencies=[only(*DECIDERS)])
def retry(
    console: Current,
    viewer: Looking,
    order_id: RowId,
    case: Annotated[int | None, Form(ge=1, le=LARGEST_ID)] = None,
) -> Response:
    """From the beginning and at once; on record. Nothing happens to one that is under way."""
    now = console.clock()
    with console.store.begin() as tx:
        order = evidence_orders.find(tx, order_id)
        if order is None or not sees(tx, viewer.scope, order.mention_id):
            raise HTTPException(404)
        if evidence_orders.retry(tx, order_id, now=now) is not None:
            subject = f"mention {order.mention_id}"
            audit.append(tx, actor=viewer.name, action="evidence.ordered", subject=subject, now=now)
    back = f"/cases/{case}#evidence" if case else "/captures?again=1"
    return RedirectResponse(back, status_code=303)
