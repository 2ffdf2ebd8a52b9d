"""The report form (policy 10.1 "Tell"): the only page for everybody, without an account."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from fastapi import APIRouter, HTTPException, Request
from pydantic import ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.responses import HTMLResponse, RedirectResponse, Response

from monitor import reports
from monitor.web.deps import Console, Current
from monitor.web.rendering import public_page
from monitor.web.report_form import PLATFORMS, TRAP, ReportForm, problems
from monitor.web.spam import Allowance, Stamps

MAX_FIELDS = 30
_REFERENCE = re.compile(r"[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}")

router = APIRouter()


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """What is reported about: a school, or with `school_id` None the Trust as a whole."""

    key: str
    school_id: str | None
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """The form as it is shown again: what was written, and what is wrong with it."""

    values: Mapping[str, str] = field(default_factory=dict)
    problems: Mapping[str, str] = field(default_factory=dict)
    note: str = ""


@router.get("/report")
def choose(request: Request, console: Current) -> HTMLResponse:
    _refuse_before_the_decision(console)
    return public_page(request, "report_choose.html", schools=console.trust.enabled_schools)


@router.get("/report/{key}")
def show(request: Request, console: Current, key: str) -> HTMLResponse:
    _refuse_before_the_decision(console)
    return _form(request, _place(console, key), Shown())


@router.post("/report/{key}")
async def send(request: Request, console: Current, key: str) -> Response:
    """Take a report, or show the form again with what was written and what is missing."""
    _refuse_before_the_decision(console)
    place = _place(console, key)
    given = await request.form(max_files=0, max_fields=MAX_FIELDS)
    values = {name: value for name, value in given.multi_items() if isinstance(value, str)}
    stamps: Stamps = request.app.state.stamps
    allowance: Allowance = request.app.state.allowance
    try:
        form = ReportForm.model_validate({**values, "now": console.clock()})
    except ValidationError as error:
        return _form(request, place, Shown(values=values, problems=problems(error)), 422)
    if values.get(TRAP):
        return _form(request, place, Shown(values={**values, TRAP: ""}, note="trap"), 422)
    if not stamps.is_fresh(values.get("stamp", "")):
        return _form(request, place, Shown(values=values, note="stamp"), 422)
    if not allowance.take(request.client.host if request.client else ""):
        return _form(request, place, Shown(values=values, note="many"), 429)
    reference = stamps.reference(values["stamp"], repr(sorted(values.items())))
    told = form.told(reference, place.school_id)
    await run_in_threadpool(reports.take, console.store, told, now=console.clock())
    return RedirectResponse(f"/report/{place.key}/received/{reference}", status_code=303)


@router.get("/report/{key}/received/{reference}")
def received(request: Request, console: Current, key: str, reference: str) -> HTMLResponse:
    if not _REFERENCE.fullmatch(reference):
        raise HTTPException(404)
    return public_page(
        request, "report_received.html", place=_place(console, key), reference=reference
    )


def _form(request: Request, place: Place, shown: Shown, status_code: int = 200) -> HTMLResponse:
    return public_page(
        request,
        "report_form.html",
        status_code=status_code,
        place=place,
        shown=shown,
        platforms=PLATFORMS,
        stamp=request.app.state.stamps.new(),
    )


def _place(console: Console, key: str) -> Place:
    trust = console.trust
    if key == trust.id:
        return Place(key=key, school_id=None, name=trust.name)
    school = trust.school(key)
    if school is None or not school.enabled:
        raise HTTPException(404)
    return Place(key=key, school_id=key, name=school.name)


def _refuse_before_the_decision(console: Console) -> None:
    """Reports are personal data: none is taken before the decision is recorded."""
    if console.sample is None and console.policy.decision.missing:
        raise HTTPException(503)
