"""What stands around a mention, asked of others when somebody looks and kept by a case alone."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import Form, HTTPException, Request
from pydantic import BaseModel, Field
from starlette.responses import RedirectResponse, Response

from classifiers.types import Assessment
from connectors.errors import ConnectorError
from monitor.evidence import around as kept
from monitor.outside import Outside
from monitor.store import audit, mentions
from monitor.store.views import MentionDetail
from monitor.web import around
from monitor.web.around import Around
from monitor.web.deps import Console, Current, MentionId
from monitor.web.pages.mention import answer
from monitor.web.viewer import DECIDERS, Looking, Viewer, room

router = room(*DECIDERS)
HOLD_IT = "Only a case keeps what stands around a post: open one, or add the mention to one."


class JobForm(BaseModel):
    """`job` is the archive's own number for a copy."""

    job: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,100}$")]


@router.post("/mentions/{mention_id}/conversation")
def converse(
    request: Request, console: Current, viewer: Looking, mention_id: MentionId
) -> Response:
    """The mention's page with the posts around it; an answer to a POST, so that no link asks
    anybody. The look is recorded, what was found is not."""
    detail, outside = _asked(console, viewer, mention_id, "mention.conversation_viewed")
    with console.store.read() as tx:
        named = mentions.named(tx, detail)
    try:
        shown = around.conversation(console, named, outside.conversation(detail))
    except (ConnectorError, LookupError) as error:
        shown = Around(is_conversation=True, problem=_said(error))
    return answer(request, console, detail, around=shown)


@router.post("/mentions/{mention_id}/archive")
def look_up(request: Request, console: Current, viewer: Looking, mention_id: MentionId) -> Response:
    """The mention's page with what the Internet Archive has of the original's."""
    detail, outside = _asked(console, viewer, mention_id, "archive.asked")
    try:
        shown = Around(copies=outside.captures(detail.mention))
    except ConnectorError as error:
        shown = Around(copies=(), problem=_said(error))
    return answer(request, console, detail, around=shown)


@router.post("/mentions/{mention_id}/archive/save")
def save(
    request: Request,
    console: Current,
    viewer: Looking,
    mention_id: MentionId,
    confirmed: Annotated[bool, Form()] = False,
) -> Response:
    """Ask the archive for a copy that everybody can read; refused where that could hurt."""
    if not confirmed:
        raise HTTPException(422, "Confirm that a copy for everybody is to be made.")
    with console.store.read() as tx:
        detail = mentions.detail(tx, viewer.scope, mention_id)
    outside = console.outside
    if detail is None or outside is None:
        raise HTTPException(404)
    if hindrance := outside.hindrance(detail.assessment or Assessment()):
        return answer(request, console, detail, around=Around(problem=hindrance))
    _asked(console, viewer, mention_id, "archive.save_asked")
    try:
        shown = Around(job=outside.save(detail.mention))
    except ConnectorError as error:
        shown = Around(problem=_said(error))
    return answer(request, console, detail, around=shown)


@router.post("/mentions/{mention_id}/archive/saved")
def saved(
    request: Request,
    console: Current,
    viewer: Looking,
    mention_id: MentionId,
    form: Annotated[JobForm, Form()],
) -> Response:
    """What became of the copy that was asked for."""
    detail, outside = _asked(console, viewer, mention_id, "archive.asked")
    try:
        copy = outside.saved(form.job)
        shown = Around(saved=copy, job="" if copy else form.job)
    except ConnectorError as error:
        shown = Around(problem=_said(error))
    return answer(request, console, detail, around=shown)


@router.post("/mentions/{mention_id}/around/keep")
def keep(
    request: Request,
    console: Current,
    viewer: Looking,
    mention_id: MentionId,
    what: Annotated[Literal["conversation", "archive"], Form()],
) -> Response:
    """Ask once more, and seal the answer with the mention's evidence, where a case holds it."""
    detail, outside = _asked(console, viewer, mention_id, "mention.conversation_viewed")
    hand = kept.Hand(store=console.store, detail=detail, by=viewer.name, now=console.clock())
    try:
        if what == "archive":
            kept.keep_archived(hand, outside.captures(detail.mention))
        else:
            kept.keep_conversation(hand, outside.conversation(detail), outside.kind(detail))
    except kept.NotInACase:
        return answer(request, console, detail, around=Around(problem=HOLD_IT))
    except (ConnectorError, LookupError) as error:
        return answer(request, console, detail, around=Around(problem=_said(error)))
    return RedirectResponse(f"/mentions/{mention_id}#evidence-title", status_code=303)


def _asked(
    console: Console, viewer: Viewer, mention_id: int, action: str
) -> tuple[MentionDetail, Outside]:
    """The mention, and the way to others; that somebody asks is on record. Raises 404."""
    if console.outside is None:
        raise HTTPException(404)
    with console.store.begin() as tx:
        detail = mentions.detail(tx, viewer.scope, mention_id)
        if detail is None:
            raise HTTPException(404)
        subject = f"mention {mention_id}"
        audit.append(tx, actor=viewer.name, action=action, subject=subject, now=console.clock())
    return detail, console.outside


def _said(error: Exception) -> str:
    if isinstance(error, LookupError):
        return "Its source is no longer configured, so nobody can be asked."
    return str(error)
