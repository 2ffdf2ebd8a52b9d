"""One after the other: the next mention, claimed; left to others; taken over; regrouped."""

from __future__ import annotations

from typing import Annotated, Literal
from urllib.parse import urlencode

from fastapi import Form, HTTPException, Request
from pydantic import BaseModel, Field
from starlette.responses import JSONResponse, RedirectResponse, Response

from monitor import triage
from monitor.store import claims, mentions, regroup
from monitor.store.views import MentionDetail
from monitor.web.address import QueueAddress
from monitor.web.deps import LARGEST_ID, Console, Current, MentionId, RowId
from monitor.web.viewer import DECIDERS, Looking, Viewer, room

router = room(*DECIDERS)


class ClaimForm(BaseModel):
    over: Literal["", "yes"] = ""
    at: Annotated[str, Field(max_length=4000)] = ""


class MergeForm(BaseModel):
    other: Annotated[int, Field(ge=1, le=LARGEST_ID)]
    at: Annotated[str, Field(max_length=4000)] = ""


@router.get("/next")
def next_one(console: Current, viewer: Looking, done: str = "") -> RedirectResponse:
    """The gravest that waits and that nobody else looks at; `done` is what was decided before."""
    return RedirectResponse(next_path(console, viewer, done), status_code=303)


def next_path(console: Console, viewer: Viewer, done: str) -> str:
    with console.store.read() as tx:
        found = claims.next_for(tx, viewer.scope, viewer.name, console.clock())
    told = urlencode({"done": done} if done else {"none": 1})
    return f"/?{told}" if found is None else f"/mentions/{found}?next=1&{told}"


@router.post("/mentions/{mention_id}/claim")
def hold(
    request: Request,
    console: Current,
    viewer: Looking,
    mention_id: MentionId,
    form: Annotated[ClaimForm, Form()],
) -> Response:
    """Hold a claim longer, or take it over from somebody."""
    now = console.clock()
    if form.over:
        triage.take_over(console.store, mention_id, by=viewer.name, now=now)
        return RedirectResponse(_path(mention_id, form.at), status_code=303)
    claim = triage.look(console.store, mention_id, by=viewer.name, now=now)
    left = int((claim.until - now).total_seconds())
    return JSONResponse({"mine": claim.holder == viewer.name, "seconds": left})


@router.post("/mentions/{mention_id}/skip")
def skip(console: Current, viewer: Looking, mention_id: MentionId) -> RedirectResponse:
    triage.skip(console.store, mention_id, by=viewer.name, now=console.clock())
    return RedirectResponse("/next", status_code=303)


@router.post("/mentions/{mention_id}/split")
def split(
    console: Current, viewer: Looking, mention_id: MentionId, form: Annotated[ClaimForm, Form()]
) -> RedirectResponse:
    triage.split(console.store, mention_id, by=viewer.name, now=console.clock())
    return RedirectResponse(_path(mention_id, form.at), status_code=303)


@router.post("/mentions/{mention_id}/merge")
def merge(
    console: Current, viewer: Looking, mention_id: MentionId, form: Annotated[MergeForm, Form()]
) -> RedirectResponse:
    """Put the story of another mention into the story of this one."""
    here, other = _there(console, viewer, mention_id), _there(console, viewer, form.other)
    if here.story_id and other.story_id:
        by, now = viewer.name, console.clock()
        triage.merge(console.store, here.story_id, other.story_id, by=by, now=now)
    return RedirectResponse(f"{_path(mention_id, form.at)}#copies-title", status_code=303)


@router.post("/mentions/{mention_id}/regroupings/{action_id}/undo")
def undo(
    console: Current,
    viewer: Looking,
    mention_id: MentionId,
    action_id: RowId,
    form: Annotated[ClaimForm, Form()],
) -> RedirectResponse:
    detail = _there(console, viewer, mention_id)
    with console.store.read() as tx:
        last = regroup.last(tx, detail.story_id) if detail.story_id else None
    if last is None or last.action_id != action_id:
        raise HTTPException(404)
    triage.undo_regrouping(console.store, action_id, by=viewer.name, now=console.clock())
    return RedirectResponse(_path(mention_id, form.at), status_code=303)


def _there(console: Console, viewer: Viewer, mention_id: int) -> MentionDetail:
    with console.store.read() as tx:
        detail = mentions.detail(tx, viewer.scope, mention_id)
    if detail is None:
        raise HTTPException(404)
    return detail


def _path(mention_id: int, at: str) -> str:
    return QueueAddress.parse(at).mention_path(mention_id)
