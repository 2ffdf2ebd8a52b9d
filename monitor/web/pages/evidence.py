"""The evidence of a mention: its picture veiled until asked for, its files, and a new capture."""

from __future__ import annotations

from typing import Annotated

from fastapi import Form, HTTPException, Request
from starlette.responses import RedirectResponse, Response

from monitor.evidence.capture import SCREENSHOT, VEIL
from monitor.store import audit, evidence, evidence_orders, mentions
from monitor.store.evidence import Part
from monitor.web.deps import Console, Current, MentionId, RowId
from monitor.web.pages.mention import answer
from monitor.web.viewer import DECIDERS, READERS, Looking, Viewer, only, room

router = room(*READERS)


@router.get("/mentions/{mention_id}/evidence/{number}/veil")
def veil(console: Current, viewer: Looking, mention_id: MentionId, number: RowId) -> Response:
    """A few grey spots in the picture's place."""
    return Response(_part(console, viewer, mention_id, number, VEIL).body, media_type="image/png")


@router.post("/mentions/{mention_id}/evidence/{number}/picture")
def show(
    request: Request, console: Current, viewer: Looking, mention_id: MentionId, number: RowId
) -> Response:
    """The mention's page with the picture of its page; an answer to a POST, so that no link
    shows it."""
    with console.store.read() as tx:
        detail = mentions.detail(tx, viewer.scope, mention_id)
    return answer(request, console, detail, opened=number)


@router.get("/mentions/{mention_id}/evidence/{number}/picture")
def picture(console: Current, viewer: Looking, mention_id: MentionId, number: RowId) -> Response:
    """The picture itself; the look is recorded."""
    part = _part(console, viewer, mention_id, number, SCREENSHOT, note="evidence.viewed")
    return Response(part.body, media_type="image/png")


@router.get("/mentions/{mention_id}/evidence/{number}/files/{name}", dependencies=[only(*DECIDERS)])
def download(
    console: Current, viewer: Looking, mention_id: MentionId, number: RowId, name: str
) -> Response:
    """One file of a capture, to be saved and never shown in place; it is recorded."""
    part = _part(console, viewer, mention_id, number, name, note="evidence.downloaded")
    kept = f'attachment; filename="mention-{mention_id}-seal-{number}-{name}"'
    return Response(
        part.body,
        media_type="application/octet-stream",
        headers={"Content-Disposition": kept},
    )


def _part(
    console: Console, viewer: Viewer, mention_id: int, number: int, name: str, *, note: str = ""
) -> Part:
    """Raises 404 for a capture of another mention or a part that it has not."""
    with console.store.begin() as tx:
        view = evidence.find(tx, number)
        if view is None or view.mention_id != mention_id or name not in view.sizes:
            raise HTTPException(404)
        part = evidence.part(tx, number, name)
        if part is None:
            raise HTTPException(404)
        if note:
            subject = f"mention {mention_id}"
            audit.append(tx, actor=viewer.name, action=note, subject=subject, now=console.clock())
    return part


@router.post("/mentions/{mention_id}/evidence", dependencies=[only(*DECIDERS)])
def ask(
    console: Current,
    viewer: Looking,
    mention_id: MentionId,
    pictures: Annotated[bool, Form()] = False,
    confirmed: Annotated[bool, Form()] = False,
    scripts: Annotated[bool, Form()] = False,
) -> Response:
    """Order a capture. Pictures come in only when that was chosen and confirmed."""
    if pictures and not confirmed:
        raise HTTPException(422, "Confirm that pictures are to be loaded, or leave them out.")
    now = console.clock()
    with console.store.begin() as tx:
        ordered = evidence_orders.ask(
            tx, mention_id, by=viewer.name, pictures=pictures, scripts=scripts, now=now
        )
        if ordered is not None:
            action = "evidence.ordered_with_pictures" if pictures else "evidence.ordered"
            subject = f"mention {mention_id}"
            audit.append(tx, actor=viewer.name, action=action, subject=subject, now=now)
    return RedirectResponse(f"/mentions/{mention_id}#evidence-title", status_code=303)
