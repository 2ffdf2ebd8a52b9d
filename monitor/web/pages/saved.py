"""Keeping choices of the queue under a name, and giving them up again."""

from __future__ import annotations

from typing import Annotated

from fastapi import Form, HTTPException
from pydantic import BaseModel, Field
from starlette.responses import RedirectResponse

from monitor.store import saved_views
from monitor.web.address import QueueAddress
from monitor.web.deps import Current, RowId
from monitor.web.viewer import READERS, Looking, room

router = room(*READERS)


class ViewForm(BaseModel):
    name: Annotated[str, Field(min_length=1, max_length=60)]
    at: Annotated[str, Field(max_length=4000)] = ""
    shared: bool = False


class RemoveForm(BaseModel):
    at: Annotated[str, Field(max_length=4000)] = ""


@router.post("/views")
def keep(console: Current, viewer: Looking, form: Annotated[ViewForm, Form()]) -> RedirectResponse:
    """Keep what is chosen now; the same name again means the new choice."""
    address = QueueAddress.parse(form.at).first()
    name = " ".join(form.name.split())
    if not name:
        raise HTTPException(400)
    with console.store.begin() as tx:
        kept = saved_views.keep(
            tx, viewer.name, name, address.query(), shared=form.shared, now=console.clock()
        )
    return RedirectResponse(address.path(**({} if kept else {"full": "1"})), status_code=303)


@router.post("/views/{view_id}/remove")
def remove(
    console: Current, viewer: Looking, view_id: RowId, form: Annotated[RemoveForm, Form()]
) -> RedirectResponse:
    with console.store.begin() as tx:
        if not saved_views.remove(tx, view_id, person=viewer.name):
            raise HTTPException(404)
    return RedirectResponse(QueueAddress.parse(form.at).path(), status_code=303)
