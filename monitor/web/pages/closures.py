"""Closure days: when schools are shut, so that what says no more than that tells nobody at once."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial
from typing import Annotated

from fastapi import Form, HTTPException, Request
from pydantic import BaseModel, Field
from starlette.responses import HTMLResponse, RedirectResponse, Response

from alerts.words import LONDON
from config.forms import one_line
from config.trust import School
from monitor import silencing
from monitor.closures import Brought
from monitor.store import silences
from monitor.store.silences import Silence
from monitor.web.deps import Console, Current, RowId
from monitor.web.rendering import badges, page
from monitor.web.viewer import Looking, Viewer, room

AHEAD = timedelta(days=400)
LONGEST = timedelta(days=60)

router = room("pr", "executive", "headteacher")


class ClosureForm(BaseModel):
    school: Annotated[str, Field(max_length=64)] = ""
    first: Annotated[str, Field(max_length=10)] = ""
    last: Annotated[str, Field(max_length=10)] = ""
    why: Annotated[str, Field(max_length=120)] = ""


@router.get("/closures")
def show(request: Request, console: Current, viewer: Looking) -> HTMLResponse:
    return closure_page(request, console, viewer)


@router.post("/closures")
def enter(
    request: Request, console: Current, viewer: Looking, form: Annotated[ClosureForm, Form()]
) -> Response:
    """Enter one stretch of days; with a word on what is wrong where it is none."""
    first, last = _day(form.first), _day(form.last or form.first)
    problem = _problem(console, viewer, form, first, last)
    if problem or first is None or last is None:
        return closure_page(request, console, viewer, form, problem, status_code=422)
    why = one_line(" ".join(form.why.split()))
    silencing.close(
        console.store, form.school or None, first, last,
        by=viewer.name, why=why, now=console.clock(),
    )  # fmt: skip
    return RedirectResponse("/closures", status_code=303)


@router.post("/closures/{silence_id}/end")
def end(console: Current, viewer: Looking, silence_id: RowId) -> Response:
    with console.store.read() as tx:
        found = silences.find(tx, silence_id)
    if found is None or not found.scope.closure or not may_close(viewer, found.scope.school_id):
        raise HTTPException(404)
    silencing.end(console.store, silence_id, by=viewer.name, now=console.clock())
    return RedirectResponse("/closures", status_code=303)


def may_close(viewer: Viewer, school_id: str | None) -> bool:
    """A head speaks for their own schools alone."""
    return viewer.schools is None or school_id in viewer.schools


def schools_of(console: Console, viewer: Viewer) -> list[School]:
    """Those that somebody may enter a closure for."""
    return [one for one in console.trust.enabled_schools if may_close(viewer, one.id)]


def _day(given: str) -> date | None:
    try:
        return date.fromisoformat(given)
    except ValueError:
        return None


def _problem(
    console: Console, viewer: Viewer, form: ClosureForm, first: date | None, last: date | None
) -> str:
    today = console.clock().astimezone(LONDON).date()
    if not may_close(viewer, form.school or None) or (
        form.school and console.trust.school(form.school) is None
    ):
        return "Choose a school of the list."
    if first is None or last is None:
        return "Give the first day, and the last where there are several."
    if last < first:
        return "The last day is before the first."
    if last < today:
        return "These days are over: what was said on them has been told."
    if last - first > LONGEST or first > today + AHEAD:
        return "That is too long or too far away for a closure."
    if not form.why.strip():
        return "Say why in a few words, such as “snow” or “INSET day”."
    return ""


def closure_page(
    request: Request,
    console: Console,
    viewer: Viewer,
    form: ClosureForm | None = None,
    problem: str = "",
    *,
    brought: Brought | None = None,
    status_code: int = 200,
) -> HTMLResponse:
    now = console.clock()
    with console.store.read() as tx:
        entered = [*silences.active(tx, now), *silences.coming(tx, now)]
    all_of_them = [
        *(one for one in entered if one.scope.closure),
        *silencing.in_rota(console.rota, now, ahead=AHEAD),
    ]
    return page(
        request,
        "closures.html",
        counts=badges(request),
        status_code=status_code,
        listed=sorted(
            (one for one in all_of_them if _concerns(viewer, one)),
            key=lambda one: (one.since, one.until),
        ),
        schools=schools_of(console, viewer),
        may_end=partial(_may_end, viewer),
        days=days,
        form=form or ClosureForm(),
        problem=problem,
        brought=brought,
        phrases=console.policy.closures.words,
    )


def _concerns(viewer: Viewer, one: Silence) -> bool:
    return one.scope.school_id is None or may_close(viewer, one.scope.school_id)


def _may_end(viewer: Viewer, one: Silence) -> bool:
    return one.silence_id != silencing.IN_ROTA and may_close(viewer, one.scope.school_id)


def days(one: Silence) -> tuple[date, date]:
    """First and last day of a closure: it holds from the day before."""
    since, until = one.since.astimezone(LONDON).date(), one.until.astimezone(LONDON).date()
    return since + silencing.A_DAY, until - silencing.A_DAY
