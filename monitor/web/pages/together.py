"""Notes to colleagues, and how a reviewer wants grave matter shown."""

from __future__ import annotations

import re
from typing import Annotated

from fastapi import Form, HTTPException, Request
from pydantic import BaseModel, Field
from starlette.responses import HTMLResponse, RedirectResponse

from monitor.schedule import LONDON
from monitor.store import audit, remarks, welfare
from monitor.store.welfare import PAUSE_AFTER, Welfare
from monitor.web.address import QueueAddress
from monitor.web.deps import Current, MentionId, RowId
from monitor.web.rendering import badges, page
from monitor.web.viewer import DECIDERS, READERS, Looking, only, room

LONGEST = 2000
_AT = re.compile(r"^@(?:\"([^\"]{1,80})\"|(\S{1,80}))\s+")

router = room(*READERS)


class RemarkForm(BaseModel):
    text: Annotated[str, Field(min_length=1, max_length=LONGEST)]
    colleague: Annotated[str, Field(max_length=80)] = ""
    assigns: bool = False
    at: Annotated[str, Field(max_length=4000)] = ""


class WelfareForm(BaseModel):
    is_veiled: bool = False
    pause_after: Annotated[int, Field(ge=0, le=100)] = PAUSE_AFTER


@router.post("/mentions/{mention_id}/remarks", dependencies=[only(*DECIDERS)])
def write(
    console: Current, viewer: Looking, mention_id: MentionId, form: Annotated[RemarkForm, Form()]
) -> RedirectResponse:
    """A note; "@Name" at its beginning names the colleague whom it is for."""
    named = _AT.match(form.text)
    colleague = form.colleague.strip() or (named and (named[1] or named[2])) or None
    now = console.clock()
    with console.store.begin() as tx:
        known = {name.casefold(): name for name in remarks.people(tx)}
        if colleague:
            colleague = known.get(colleague.casefold(), colleague)
        remarks.write(
            tx, mention_id, form.text.strip(), by=viewer.name, colleague=colleague,
            assigns=form.assigns, now=now,
        )  # fmt: skip
        subject = f"mention {mention_id}"
        audit.append(tx, actor=viewer.name, action="remark.written", subject=subject, now=now)
    path = QueueAddress.parse(form.at).mention_path(mention_id)
    return RedirectResponse(f"{path}#notes-title", status_code=303)


@router.post("/mentions/{mention_id}/remarks/{remark_id}/remove", dependencies=[only(*DECIDERS)])
def remove(
    console: Current, viewer: Looking, mention_id: MentionId, remark_id: RowId
) -> RedirectResponse:
    with console.store.begin() as tx:
        if not remarks.remove(tx, remark_id, by=viewer.name, now=console.clock()):
            raise HTTPException(404)
    return RedirectResponse(f"/mentions/{mention_id}#notes-title", status_code=303)


@router.get("/welfare")
def show(request: Request, console: Current, viewer: Looking) -> HTMLResponse:
    today = console.clock().astimezone(LONDON).date()
    with console.store.read() as tx:
        own = welfare.of(tx, viewer.name, today)
    return page(request, "welfare.html", counts=badges(request), own=own)


@router.post("/welfare")
def keep(
    console: Current, viewer: Looking, form: Annotated[WelfareForm, Form()]
) -> RedirectResponse:
    today = console.clock().astimezone(LONDON).date()
    with console.store.begin() as tx:
        seen = welfare.of(tx, viewer.name, today).seen
        chosen = Welfare(is_veiled=form.is_veiled, pause_after=form.pause_after, seen=seen)
        welfare.keep(tx, viewer.name, chosen, today)
    return RedirectResponse("/welfare", status_code=303)
