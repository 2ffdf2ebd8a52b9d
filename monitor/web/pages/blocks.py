"""Block requests: what IT is asked to block or to unblock in school, and what became of it.

IT sees an address and never a post; who approved an access stands beside it (policy 8.3, 8.4).
"""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import Form, HTTPException, Request
from pydantic import BaseModel, Field
from starlette.responses import HTMLResponse, RedirectResponse, Response

from monitor.store import audit, blocks
from monitor.web.deps import Console, Current, RowId
from monitor.web.rendering import badges, page
from monitor.web.viewer import Looking, Viewer, only, room

LONGEST_ANSWER = 500
UNSAID = "Say why it cannot be done: who asked reads it."
SETTLED = "Nothing was recorded: it is settled already, or was taken back."

router = room("it", "pr", "executive")


class AnswerForm(BaseModel):
    act: Literal["done", "refused"]
    answer: Annotated[str, Field(max_length=LONGEST_ANSWER)] = ""


@router.get("/blocks")
def show(request: Request, console: Current, viewer: Looking) -> HTMLResponse:
    return _page(request, console, viewer)


@router.post("/blocks/{request_id}", dependencies=[only("it")])
def settle(
    request: Request,
    console: Current,
    viewer: Looking,
    request_id: RowId,
    form: Annotated[AnswerForm, Form()],
) -> Response:
    """Done, or not with a reason; either is on record and shown to who asked."""
    answer, now = form.answer.strip(), console.clock()
    if form.act == "refused" and not answer:
        return _page(request, console, viewer, problem=UNSAID)
    with console.store.begin() as tx:
        asked = blocks.find(tx, request_id, viewer.scope)
        if asked is None:
            raise HTTPException(404)
        is_settled = blocks.settle(tx, request_id, form.act, answer, by=viewer.name, now=now)
        if is_settled:
            subject = f"mention {asked.mention_id}"
            action = f"block_request.{form.act}"
            audit.append(tx, actor=viewer.name, action=action, subject=subject, now=now)
    if not is_settled:
        return _page(request, console, viewer, problem=SETTLED)
    return RedirectResponse("/blocks?settled=1", status_code=303)


def _page(request: Request, console: Console, viewer: Viewer, problem: str = "") -> HTMLResponse:
    with console.store.read() as tx:
        listed = blocks.listing(tx, viewer.scope)
    return page(
        request,
        "blocks.html",
        counts=badges(request),
        status_code=422 if problem else 200,
        waiting=[one for one in listed if one.state == "waiting"],
        over=[one for one in listed if one.state != "waiting"],
        problem=problem,
        is_settled="settled" in request.query_params,
    )
