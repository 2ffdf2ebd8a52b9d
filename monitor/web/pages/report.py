"""The report form (policy 10.1 "Tell"): the only page for everybody, without an account."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from fastapi import HTTPException, Request
from pydantic import ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile
from starlette.responses import HTMLResponse, RedirectResponse, Response

from connectors.errors import ConnectorError
from monitor.intake import reports, screenshots
from monitor.web.deps import Console, Current
from monitor.web.rendering import public_page
from monitor.web.report_form import PLATFORMS, TRAP, ReportForm, problems
from monitor.web.spam import Allowance, Stamps
from monitor.web.viewer import open_room

MAX_FIELDS = 30
_REFERENCE = re.compile(r"[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}")

Held = Literal["trap", "stamp", "many"]

router = open_room()


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
    note: Held | None = None


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
    async with request.form(max_files=screenshots.MOST, max_fields=MAX_FIELDS) as given:
        values = {name: value for name, value in given.multi_items() if isinstance(value, str)}
        bodies = await _bodies(given) if values.get("picture") == "fine" else []
    try:
        form = ReportForm.model_validate({**values, "now": console.clock()})
    except ValidationError as error:
        return _form(request, place, Shown(values=values, problems=problems(error)), 422)
    if refusal := _held_back(request, values):
        status_code = 429 if refusal == "many" else 422
        return _form(request, place, Shown(values=values, note=refusal), status_code)
    try:
        brought = await run_in_threadpool(screenshots.check, bodies)
    except ConnectorError as error:
        wrong = {"picture": f"{error} Choose the pictures again."}
        return _form(request, place, Shown(values=values, problems=wrong), 422)
    content = repr((sorted(values.items()), bodies))
    reference = request.app.state.stamps.reference(values["stamp"], content)
    told = form.told(reference, place.school_id, brought)
    await run_in_threadpool(reports.take, console.store, told, now=console.clock())
    return RedirectResponse(f"/report/{place.key}/received/{reference}", status_code=303)


def _held_back(request: Request, values: Mapping[str, str]) -> Held | None:
    """Why the form is shown once more though nothing is wrong with its answers."""
    stamps: Stamps = request.app.state.stamps
    allowance: Allowance = request.app.state.allowance
    if values.get(TRAP):
        return "trap"
    if not stamps.is_fresh(values.get("stamp", "")):
        return "stamp"
    return None if allowance.take(request.client.host if request.client else "") else "many"


async def _bodies(given: FormData) -> list[bytes]:
    """The files that were chosen; of each no more than shows that it is too large."""
    files = [file for file in given.getlist("pictures") if isinstance(file, UploadFile)]
    bodies = [await file.read(screenshots.MAX_BYTES + 1) for file in files]
    return [body for body in bodies if body]


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
        most_pictures=screenshots.MOST,
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
