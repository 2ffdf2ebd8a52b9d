"""Taking a decision and taking it back; both are recorded with who and when."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import Form, HTTPException, Request
from pydantic import BaseModel, Field
from starlette.responses import JSONResponse, RedirectResponse, Response

from alerts import words
from monitor import review
from monitor.schedule import LONDON
from monitor.store import cases, claims, mentions, recalls
from monitor.store.views import MentionDetail
from monitor.web import wording
from monitor.web.address import QueueAddress
from monitor.web.deciding import DecisionForm
from monitor.web.deps import LARGEST_ID, Console, Current, MentionId, RowId
from monitor.web.others import others_like
from monitor.web.pages.triage import next_path
from monitor.web.rendering import badges, page
from monitor.web.viewer import DECIDERS, Looking, Viewer, room

CHANGED = 409
DECIDED = "Nothing was recorded: this mention has changed since you saw it."
UNDONE = "Nothing was changed: this decision was taken back already, or a later one stands."

router = room(*DECIDERS)


class UndoForm(BaseModel):
    mention: Annotated[int, Field(ge=1, le=LARGEST_ID)]
    at: Annotated[str, Field(max_length=4000)] = ""
    to: Literal["queue", "mention"] = "queue"


@router.post("/mentions/{mention_id}/decision")
def decide(
    request: Request,
    console: Current,
    viewer: Looking,
    mention_id: MentionId,
    form: Annotated[DecisionForm, Form()],
) -> Response:
    """Decide, unless somebody else was quicker: then show what they did, and change nothing."""
    detail = _detail(console, viewer, mention_id)
    if form.case:
        _check_case(console, viewer, form.case)
    problem = form.problem or _claimed(console, viewer, mention_id)
    if problem:
        return _changed(request, console, detail, problem)
    decision_id = review.decide(
        console.store,
        mention_id,
        form.outcome,
        form.whole_note,
        seen=form.state,
        by=viewer.name,
        now=console.clock(),
        until=form.ends(console.clock()),
        escalation=form.escalation(console),
        case_id=form.case or None,
    )
    if decision_id is None:
        return _changed(request, console, _detail(console, viewer, mention_id), DECIDED)
    if wants_json(request):
        others = _others(console, viewer, detail) if form.outcome == "not_about_us" else None
        said = {"decision": decision_id, "words": form.done(console.clock()), "others": others}
        return JSONResponse(said)
    if form.then == "next":
        onward = next_path(console, viewer, f"{mention_id}.{decision_id}")
        return RedirectResponse(onward, status_code=303)
    if form.outcome == "open_case" and form.then == "case":
        return RedirectResponse(_case_of(console, viewer, mention_id), status_code=303)
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
    detail = _detail(console, viewer, form.mention)
    if decision_id not in {one.decision_id for one in detail.decisions}:
        raise HTTPException(404)
    undone = review.undo(console.store, decision_id, by=viewer.name, now=console.clock())
    if not undone:
        return _changed(request, console, detail, UNDONE)
    if wants_json(request):
        said = _taken_back(console, decision_id)
        return JSONResponse({"undone": decision_id, "words": said})
    address = QueueAddress.parse(form.at)
    if form.to == "mention":
        return RedirectResponse(f"/mentions/{form.mention}#decision", status_code=303)
    return RedirectResponse(f"{address.path(undone='1')}#m-{form.mention}", status_code=303)


def _others(console: Console, viewer: Viewer, detail: MentionDetail) -> dict[str, str] | None:
    with console.store.read() as tx:
        found = others_like(tx, viewer.scope, detail, console.trust)
    return {"path": found.path, "words": found.words} if found else None


def _taken_back(console: Console, decision_id: int) -> str:
    """That it is in the queue again, and who has been told meanwhile."""
    with console.store.read() as tx:
        told = recalls.gone(tx, [decision_id]).get(decision_id, ())
    if not told:
        return "Taken back: it is in the queue again."
    who = words.listed([wording.told(one) for one in told])
    return f"Taken back, but the mail to {who} has left and cannot be called back: tell them."


def _check_case(console: Console, viewer: Viewer, case_id: int) -> None:
    with console.store.read() as tx:
        if not cases.sees(tx, viewer.scope, case_id):
            raise HTTPException(404)


def _case_of(console: Console, viewer: Viewer, mention_id: int) -> str:
    """The address of the newest case that holds a mention."""
    with console.store.read() as tx:
        return f"/cases/{cases.of_mention(tx, viewer.scope, mention_id)[0].case_id}"


def wants_json(request: Request) -> bool:
    return "application/json" in request.headers.get("accept", "")


def _detail(console: Console, viewer: Viewer, mention_id: int) -> MentionDetail:
    with console.store.read() as tx:
        detail = mentions.detail(tx, viewer.scope, mention_id)
    if detail is None:
        raise HTTPException(404)
    return detail


def _changed(request: Request, console: Console, detail: MentionDetail, problem: str) -> Response:
    standing = next((one for one in detail.decisions if not one.undone_at), None)
    if wants_json(request):
        return JSONResponse({"problem": problem}, status_code=CHANGED)
    return page(
        request,
        "changed.html",
        counts=badges(request),
        status_code=CHANGED,
        detail=detail,
        standing=standing,
        problem=problem,
    )


def _claimed(console: Console, viewer: Viewer, mention_id: int) -> str:
    """Why it is somebody else's at the moment; empty when it is not."""
    with console.store.read() as tx:
        held = claims.of_mention(tx, mention_id, console.clock())
    if held is None or held.holder == viewer.name:
        return ""
    until = f"{held.until.astimezone(LONDON):%H:%M}"
    return (
        f"Nothing was recorded: {held.holder} is looking at this until {until}. "
        "Take it over on its page if you must."
    )
