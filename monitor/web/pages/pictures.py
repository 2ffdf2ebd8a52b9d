"""The screenshots of a mention: veiled until asked for, every look at one on record."""

from __future__ import annotations

from typing import Annotated

from fastapi import Form, HTTPException, Request
from starlette.responses import RedirectResponse, Response

from monitor.intake import screenshots
from monitor.store import mentions
from monitor.store.pictures import Copy
from monitor.web.deps import Console, Current, MentionId, RowId
from monitor.web.pages.mention import answer
from monitor.web.rendering import badges, page
from monitor.web.viewer import READERS, Looking, Viewer, room

router = room(*READERS)


@router.get("/mentions/{mention_id}/pictures/{picture_id}")
def picture(
    console: Current, viewer: Looking, mention_id: MentionId, picture_id: RowId
) -> Response:
    """The picture itself; the look is recorded."""
    return _picture(console, viewer, mention_id, picture_id, "clean")


@router.get("/mentions/{mention_id}/pictures/{picture_id}/veiled")
def veiled(console: Current, viewer: Looking, mention_id: MentionId, picture_id: RowId) -> Response:
    """A few spots of colour in its place."""
    return _picture(console, viewer, mention_id, picture_id, "veil")


def _picture(
    console: Console, viewer: Viewer, mention_id: int, picture_id: int, copy: Copy
) -> Response:
    found = screenshots.look(
        console.store, mention_id, picture_id, copy, by=viewer.name, now=console.clock()
    )
    if found is None:
        raise HTTPException(404)
    media_type, body = found
    return Response(body, media_type=media_type)


@router.post("/mentions/{mention_id}/pictures")
def show(request: Request, console: Current, viewer: Looking, mention_id: MentionId) -> Response:
    """The mention's page with its pictures; an answer to a POST, so that no link shows them."""
    with console.store.read() as tx:
        detail = mentions.detail(tx, viewer.scope, mention_id)
    return answer(request, console, detail, unveiled=True)


@router.post("/mentions/{mention_id}/pictures/{picture_id}/words")
def correct(
    request: Request,
    console: Current,
    viewer: Looking,
    mention_id: MentionId,
    picture_id: RowId,
    words: Annotated[str, Form(max_length=screenshots.LONGEST_WORDS)] = "",
) -> Response:
    """Take a person's reading of a picture; the mention is judged again in a moment."""
    with console.store.read() as tx:
        detail = mentions.detail(tx, viewer.scope, mention_id)
    if detail is None:
        raise HTTPException(404)
    corrected = screenshots.correct(
        console.store, mention_id, picture_id, words, by=viewer.name, now=console.clock()
    )
    if corrected:
        return RedirectResponse(f"/mentions/{mention_id}", status_code=303)
    problem = "Nothing was changed: take the decision on this mention back first."
    standing = next((one for one in detail.decisions if not one.undone_at), None)
    return page(
        request,
        "changed.html",
        counts=badges(request),
        status_code=409,
        detail=detail,
        standing=standing,
        problem=problem,
    )
