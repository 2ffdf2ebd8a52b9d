"""Requests of persons about themselves: for the data protection officer alone."""

from __future__ import annotations

import json
from datetime import date
from typing import Annotated, Literal

from fastapi import Form, HTTPException, Request
from pydantic import BaseModel, Field
from starlette.responses import HTMLResponse, RedirectResponse, Response

from alerts.words import LONDON
from monitor.notices import legal, paper
from monitor.rights import subject_access as access
from monitor.store import requests
from monitor.store.requests import Kind
from monitor.web.deps import Console, Current, RowId
from monitor.web.rendering import badges, page
from monitor.web.viewer import Looking, Viewer, room

MAX_TEXT = 50_000
MIN_WHY = 10

router = room("dpo")


class RequestForm(BaseModel):
    kind: Kind = "access"
    reference: Annotated[str, Field(max_length=100)] = ""
    names: Annotated[str, Field(max_length=1000)] = ""
    """Names, handles or addresses that the person says are theirs, one a line."""
    received_on: date

    @property
    def wanted(self) -> list[str]:
        return [line.strip() for line in self.names.splitlines() if line.strip()]


@router.get("/requests")
def show(request: Request, console: Current) -> HTMLResponse:
    return _list(request, console, "")


@router.post("/requests")
def take(
    request: Request, console: Current, viewer: Looking, form: Annotated[RequestForm, Form()]
) -> Response:
    problem = _problem(form, console.clock().astimezone(LONDON).date())
    if problem:
        return _list(request, console, problem, 422)
    number = access.take(
        console.store, form.kind, reference=form.reference.strip(), names=form.wanted,
        received_on=form.received_on, by=viewer.name, now=console.clock(),
    )  # fmt: skip
    return RedirectResponse(f"/requests/{number}", status_code=303)


@router.get("/requests/{number}")
def one(request: Request, console: Current, viewer: Looking, number: RowId) -> HTMLResponse:
    """What is held about who asks: each time it is shown, the search is on record."""
    asked = _found(console, number)
    held = []
    if asked.closed_at is None:
        held = access.records(
            console.store, asked, by=viewer.name, now=console.clock(),
            ours=access.names_of(console.trust),
        )  # fmt: skip
    return page(
        request,
        "request.html",
        counts=badges(request),
        asked=asked,
        held=held,
        unread=sum(not one.is_read for one in held),
        plain=sum(not one.is_read and not one.taken_out for one in held),
        due=access.due_on(asked),
        may_extend=access.may_extend(asked, console.clock().astimezone(LONDON).date()),
        acknowledge_by=access.acknowledge_by(asked),
    )


@router.post("/requests/{number}/record")
def decide(
    console: Current,
    viewer: Looking,
    number: RowId,
    record: Annotated[str, Form(max_length=200)],
    text: Annotated[str, Form(max_length=MAX_TEXT)] = "",
    included: Annotated[bool, Form()] = False,
) -> Response:
    asked = _open(console, number)
    access.decide(
        console.store, asked, record, included=included, text=text, by=viewer.name,
        now=console.clock(),
    )  # fmt: skip
    return RedirectResponse(f"/requests/{number}", status_code=303)


@router.post("/requests/{number}/plain")
def read_plain(console: Current, viewer: Looking, number: RowId) -> Response:
    """Those in which nothing about others was found, looked through and kept as they are."""
    access.read_plain(
        console.store, _open(console, number), by=viewer.name, now=console.clock(),
        ours=access.names_of(console.trust),
    )  # fmt: skip
    return RedirectResponse(f"/requests/{number}", status_code=303)


@router.post("/requests/{number}/erase/{mention_id}")
def erase(console: Current, viewer: Looking, number: RowId, mention_id: RowId) -> Response:
    asked = _open(console, number)
    if not access.erase(console.store, asked, mention_id, by=viewer.name, now=console.clock()):
        raise HTTPException(409)
    return RedirectResponse(f"/requests/{number}", status_code=303)


@router.post("/requests/{number}/acknowledge")
def acknowledge(console: Current, viewer: Looking, number: RowId) -> Response:
    asked, now = _open(console, number), console.clock()
    today = now.astimezone(LONDON).date()
    access.acknowledge(console.store, asked.request_id, today, by=viewer.name, now=now)
    return RedirectResponse(f"/requests/{number}", status_code=303)


@router.post("/requests/{number}/extend")
def extend(
    console: Current,
    viewer: Looking,
    number: RowId,
    why: Annotated[str, Form(min_length=MIN_WHY, max_length=500)],
) -> Response:
    """Who asks was told today that it takes longer, and why."""
    asked, now = _open(console, number), console.clock()
    today = now.astimezone(LONDON).date()
    if not access.extend(console.store, asked, why.strip(), today, by=viewer.name, now=now):
        raise HTTPException(409)
    return RedirectResponse(f"/requests/{number}", status_code=303)


@router.post("/requests/{number}/close")
def close(
    console: Current, viewer: Looking, number: RowId, outcome: Annotated[str, Form(max_length=500)]
) -> Response:
    if not access.close(console.store, number, outcome, by=viewer.name, now=console.clock()):
        raise HTTPException(409)
    return RedirectResponse("/requests", status_code=303)


@router.get("/requests/{number}/held.{form}")
def export(
    console: Current, viewer: Looking, number: RowId, form: Literal["json", "pdf"]
) -> Response:
    """What is to be given to the person."""
    return _export(console, viewer, number, form)


def _export(console: Console, viewer: Viewer, number: int, form: str) -> Response:
    asked, now = _open(console, number), console.clock()
    try:
        given = access.exported(
            console.store, asked, by=viewer.name, now=now, ours=access.names_of(console.trust)
        )
    except access.Unread as error:
        raise HTTPException(409) from error
    headers = {"Content-Disposition": f'attachment; filename="request-{number}.{form}"'}
    if form == "json":
        said = json.dumps(given, ensure_ascii=False, indent=1)
        return Response(said, media_type="application/json", headers=headers)
    sheet = legal.held(given, console.whole, now)
    try:
        return Response(paper.pdf(sheet), media_type="application/pdf", headers=headers)
    except paper.NoBrowser as error:
        raise HTTPException(503) from error


def _found(console: Console, number: int) -> requests.Request:
    with console.store.read() as tx:
        asked = requests.find(tx, number)
    if asked is None:
        raise HTTPException(404)
    return asked


def _open(console: Console, number: int) -> requests.Request:
    asked = _found(console, number)
    if asked.closed_at is not None:
        raise HTTPException(409)
    return asked


def _problem(form: RequestForm, today: date) -> str:
    if not form.reference.strip():
        return "Give the reference under which the letter is filed."
    if not form.wanted or any(len(name) < 3 for name in form.wanted):
        return "Give what the person says is theirs: at least three letters each, one a line."
    if form.received_on > today:
        return "The day on which it came is still to come."
    return ""


def _list(request: Request, console: Console, problem: str, status: int = 200) -> HTMLResponse:
    with console.store.read() as tx:
        there = requests.listing(tx)
    return page(
        request,
        "requests.html",
        counts=badges(request),
        status_code=status,
        there=[(one, access.due_on(one), access.acknowledge_by(one)) for one in there],
        kinds=requests.KINDS,
        today=console.clock().astimezone(LONDON).date(),
        problem=problem,
    )
