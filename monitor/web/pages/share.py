"""A reviewer shares what they saw where no source can look: a link and the words there."""

from __future__ import annotations

from typing import Annotated

from fastapi import Form, Query, Request
from pydantic import BaseModel, Field
from starlette.responses import HTMLResponse

from connectors.parse.items import MAX_TEXT
from monitor.intake.csvfile import MissingField
from monitor.intake.shared import share
from monitor.web.deps import Console, Current
from monitor.web.rendering import badges, page
from monitor.web.viewer import READERS, Looking, room

BOOKMARKLET = (
    "javascript:void(open('%s/share?'+new URLSearchParams({link:location.href.slice(0,2000),"
    "title:document.title.slice(0,300),text:String(getSelection()).slice(0,4000)})))"
)
"""Kept among the browser's bookmarks; it runs on the page that is looked at, never on ours."""

router = room(*READERS)


class ShareForm(BaseModel):
    link: Annotated[str, Field(max_length=2000)] = ""
    title: Annotated[str, Field(max_length=500)] = ""
    text: Annotated[str, Field(max_length=MAX_TEXT)] = ""
    platform: Annotated[str, Field(max_length=40)] = ""


@router.get("/share")
def show(request: Request, console: Current, given: Annotated[ShareForm, Query()]) -> HTMLResponse:
    """The form, filled in where the bookmarklet brought something; nothing is stored yet."""
    return _form(request, console, given)


@router.post("/share")
def send(
    request: Request, console: Current, viewer: Looking, form: Annotated[ShareForm, Form()]
) -> HTMLResponse:
    values = {name: value.strip() for name, value in form.model_dump().items()}
    try:
        is_new = share(console.store, **values, by=viewer.name, now=console.clock())
    except MissingField as error:
        return _form(request, console, form, wrong=str(error))
    said = (
        "It is judged in a moment, and stands in the queue." if is_new else "It is there already."
    )
    return _form(request, console, ShareForm(), said=said)


def _form(
    request: Request,
    console: Console,
    given: ShareForm,
    *,
    said: str = "",
    wrong: str = "",
) -> HTMLResponse:
    return page(
        request,
        "share.html",
        counts=badges(request),
        status_code=422 if wrong else 200,
        given=given,
        said=said,
        wrong=wrong,
        bookmarklet=BOOKMARKLET % str(request.base_url).rstrip("/"),
    )
