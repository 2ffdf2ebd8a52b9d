"""Taking a decision and taking it back; both are recorded with who and when."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import Form, HTTPException, Request
from pydantic import BaseModel, Field
from starlette.responses import JSONResponse, RedirectResponse, Response

from monitor import review
from monitor.store import mentions
from monitor.store.views import MentionDetail, Outcome, QueueState
from monitor.web.address import QueueAddress
from monitor.web.deps import LARGEST_ID, Console, Current, RowId
from monitor.web.rendering import badges, page
from monitor.web.viewer import DECIDERS, Looking, room
from monitor.web.wording import CHOICE

LONGEST_NOTE = 2000
CHANGED = 409

router = room(*DECIDERS)


class DecisionForm(BaseModel):
    """`state` is what the reviewer saw when deciding; `at` is the queue they came from."""

    outcome: Outcome
    state: QueueState
    note: Annotated[str, Field(max_length=LONGEST_NOTE)] = ""
    at: Annotated[str, Field(max_length=4000)] = ""


class UndoForm(BaseModel):
    mention: Annotated[int, Field(ge=1, le=LARGEST_ID)]
    at: Annotated[str, Field(max_length=4000)] = ""
    to: Literal["queue", "mention"] = "queue"


@router.post("/mentions/{mention_id}/decision")
def decide(
    request: Request,
    console: Current,
    viewer: Looking,
    mention_id: RowId,
    form: Annotated[DecisionForm, Form()],
) -> Response:
    """Decide, unless somebody else was quicker: then show what they did, and change nothing."""
    _detail(console, mention_id)
    decision_id = review.decide(
        console.store,
        mention_id,
        form.outcome,
        form.note.strip(),
        seen=form.state,
        by=viewer.name,
        now=console.clock(),
    )
    if decision_id is None:
        return _changed(request, console, _detail(console, mention_id), "decided")
    if wants_json(request):
        return JSONResponse({"decision": decision_id, "words": CHOICE[form.outcome].done})
    back = QueueAddress.parse(form.at).path(done=f"{mention_id}.{decision_id}")
    return RedirectResponse(f"{back}#queue", status_code=303)


@router.post("/decisions/{decision_id}/undo")
def undo(
    request: Request,
    console: Current,
    viewer: Looking,
    decision_id: RowId,
    form: Annotated[UndoForm, Form()],
) -> Response:
    detail = _detail(console, form.mention)
    undone = review.undo(console.store, decision_id, by=viewer.name, now=console.clock())
    if not undone:
        return _changed(request, console, detail, "undone")
    if wants_json(request):
        return JSONResponse({"undone": decision_id})
    address = QueueAddress.parse(form.at)
    if form.to == "mention":
        return RedirectResponse(f"/mentions/{form.mention}#decision", status_code=303)
    return RedirectResponse(f"{address.path(undone='1')}#m-{form.mention}", status_code=303)


def wants_json(request: Request) -> bool:
    return "application/json" in request.headers.get("accept", "")


def _detail(console: Console, mention_id: int) -> MentionDetail:
    with console.store.read() as tx:
        detail = mentions.detail(tx, mention_id)
    if detail is None:
        raise HTTPException(404)
    return detail


def _changed(
    request: Request, console: Console, detail: MentionDetail, what: Literal["decided", "undone"]
) -> Response:
    standing = next((one for one in detail.decisions if not one.undone_at), None)
    if wants_json(request):
        return JSONResponse({"problem": _PROBLEMS[what]}, status_code=CHANGED)
    return page(
        request,
        "changed.html",
        counts=badges(console),
        status_code=CHANGED,
        detail=detail,
        standing=standing,
        problem=_PROBLEMS[what],
    )


_PROBLEMS = {
    "decided": "Nothing was recorded: this mention has changed since you saw it.",
    "undone": "Nothing was changed: this decision was taken back already, or a later one stands.",
}
