"""Silences: what nobody is told of at once for a time, who said so, why, and until when."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated, Literal

from fastapi import Form, HTTPException, Request
from pydantic import BaseModel, Field
from starlette.responses import HTMLResponse, RedirectResponse, Response

from alerts.silencing import Scope
from alerts.words import LONDON
from classifiers.types import Label
from monitor import searching, silencing
from monitor.schedule import local_day
from monitor.store import silences
from monitor.web.deps import LARGEST_ID, Console, Current, RowId
from monitor.web.rendering import badges, page
from monitor.web.viewer import Looking, room

Until = Literal["today", "tomorrow", "week", "month"]
DAYS: dict[Until, int] = {"today": 0, "tomorrow": 1, "week": 7, "month": 30}

router = room("pr", "executive")


class SilenceForm(BaseModel):
    """What stays empty names everything; at least one part is given, and a reason always."""

    school: Annotated[str, Field(max_length=64)] = ""
    label: Label | Literal[""] = ""
    phrase: Annotated[str, Field(max_length=200)] = ""
    story: Annotated[int, Field(ge=1, le=LARGEST_ID)] | Literal[""] = ""
    mention: Annotated[int, Field(ge=1, le=LARGEST_ID)] | Literal[""] = ""
    until: Until = "today"
    reason: Annotated[str, Field(max_length=500)] = ""

    @property
    def scope(self) -> Scope:
        return Scope(
            school_id=self.school or None,
            label=self.label or None,
            phrase=self.phrase.strip() or None,
            story_id=self.story or None,
        )


@router.get("/silences")
def show(request: Request, console: Current) -> HTMLResponse:
    return _page(request, console, SilenceForm(), "")


@router.post("/silences")
def begin(
    request: Request, console: Current, viewer: Looking, form: Annotated[SilenceForm, Form()]
) -> Response:
    """Begin a silence; without a reason or a scope nothing begins and the form comes back."""
    problem = _problem(console, form)
    if problem:
        return _page(request, console, form, problem, status_code=422)
    now = console.clock()
    silencing.begin(
        console.store,
        form.scope,
        by=viewer.name,
        reason=form.reason.strip(),
        until=_end(form.until, now),
        now=now,
    )
    back = f"/mentions/{form.mention}" if form.mention else "/silences"
    return RedirectResponse(back, status_code=303)


@router.post("/silences/{silence_id}/end")
def end(console: Current, viewer: Looking, silence_id: RowId) -> Response:
    with console.store.read() as tx:
        if silences.find(tx, silence_id) is None:
            raise HTTPException(404)
    silencing.end(console.store, silence_id, by=viewer.name, now=console.clock())
    return RedirectResponse("/silences", status_code=303)


def _problem(console: Console, form: SilenceForm) -> str:
    if form.school and console.trust.school(form.school) is None:
        return "Choose a school of the list."
    if form.scope.is_empty:
        return "Say what is to be silent: a school, a label or some words."
    if refusal := searching.person_in(form.phrase, console.trust):
        return refusal
    if not form.reason.strip():
        return "Say why: whoever wonders about the silence reads it."
    return ""


def _end(until: Until, now: datetime) -> datetime:
    """The end of a day in Europe/London."""
    day = now.astimezone(LONDON).date() + timedelta(days=DAYS[until])
    return local_day(day)[1].astimezone(now.tzinfo)


def _page(
    request: Request,
    console: Console,
    form: SilenceForm,
    problem: str,
    status_code: int = 200,
) -> HTMLResponse:
    with console.store.read() as tx:
        active, past = silences.active(tx, console.clock()), silences.past(tx, console.clock())
    return page(
        request,
        "silences.html",
        counts=badges(request),
        status_code=status_code,
        active=active,
        past=past,
        form=form,
        problem=problem,
    )
