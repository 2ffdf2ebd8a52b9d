"""One case, from "open" to "closed, here is the record": the page, and small acts on it."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import Form, Request
from pydantic import BaseModel, Field
from starlette.responses import HTMLResponse, Response

from monitor.cases import casework
from monitor.store.casefile import Doer
from monitor.web import local_time
from monitor.web.case_view import back, case_room, found, shown
from monitor.web.deps import LARGEST_ID, Console, Current, RowId
from monitor.web.viewer import Looking

router = case_room()
Short = Annotated[str, Field(max_length=200)]
Long = Annotated[str, Field(max_length=4000)]
EntryNumber = Annotated[int, Field(ge=1, le=1_000_000)]
Part = Literal["affected", "doer", "witness", "support", "lead"]
Who = Literal["pupil", "parent", "staff", "head", "governor", "public"]


class PersonForm(BaseModel):
    part: Part
    who: Who
    name: Short = ""


class TaskForm(BaseModel):
    what: Short = ""
    owner: Short = ""
    due: Short = ""


@router.get("/cases/{case_id}")
def show(request: Request, console: Current, viewer: Looking, case_id: RowId) -> HTMLResponse:
    """Names hidden; the look is on record."""
    case = casework.look(console.store, case_id, by=viewer.name, now=console.clock())
    return shown(request, console, case)


@router.post("/cases/{case_id}/names")
def names(request: Request, console: Current, viewer: Looking, case_id: RowId) -> HTMLResponse:
    """The same with names; asking is on record. An answer to a POST, so that no reload shows
    them without asking again."""
    case = found(console, case_id)
    kept = casework.show_names(console.store, case_id, by=viewer.name, now=console.clock())
    return shown(request, console, case, names=kept)


@router.post("/cases/{case_id}/note")
def note(
    request: Request,
    console: Current,
    viewer: Looking,
    case_id: RowId,
    text: Annotated[Long, Form()] = "",
) -> Response:
    if not text.strip():
        return refused(request, console, case_id, "Write something first.", "note")
    return _done(console, viewer.name, case_id, "note_added", {"text": text.strip()}, "note")


@router.post("/cases/{case_id}/title")
def rename(
    request: Request,
    console: Current,
    viewer: Looking,
    case_id: RowId,
    title: Annotated[Short, Form()] = "",
) -> Response:
    if not title.strip():
        return refused(request, console, case_id, "Call it something.", "title")
    return _done(console, viewer.name, case_id, "renamed", {"title": title.strip()}, "main")


@router.post("/cases/{case_id}/doer")
def doer(
    console: Current, viewer: Looking, case_id: RowId, doer: Annotated[Doer, Form()]
) -> Response:
    """Who did it, as people found out; the playbook offers its steps accordingly."""
    return _done(console, viewer.name, case_id, "doer_said", {"doer": doer}, "steps")


@router.post("/cases/{case_id}/people")
def add_person(
    console: Current, viewer: Looking, case_id: RowId, form: Annotated[PersonForm, Form()]
) -> Response:
    number = casework.add_person(
        console.store, case_id, form.part, form.who, form.name.strip(),
        by=viewer.name, now=console.clock(),
    )  # fmt: skip
    return back(case_id, "people", number)


@router.post("/cases/{case_id}/people/remove")
def remove_person(
    console: Current, viewer: Looking, case_id: RowId, entry: Annotated[EntryNumber, Form()]
) -> Response:
    casework.remove_person(console.store, case_id, entry, by=viewer.name, now=console.clock())
    return back(case_id, "people")


@router.post("/cases/{case_id}/tasks")
def add_task(
    request: Request,
    console: Current,
    viewer: Looking,
    case_id: RowId,
    form: Annotated[TaskForm, Form()],
) -> Response:
    due = local_time.moment_of(form.due) if form.due else None
    if not form.what.strip():
        return refused(request, console, case_id, "Say what is to be done.", "tasks")
    if form.due and due is None:
        return refused(request, console, case_id, "Give the day as a date.", "tasks")
    facts = {
        "what": form.what.strip(),
        "owner": form.owner.strip(),
        "due_at": due.isoformat() if due else None,
    }
    return _done(console, viewer.name, case_id, "task_added", facts, "tasks")


@router.post("/cases/{case_id}/tasks/done")
def task_done(
    console: Current, viewer: Looking, case_id: RowId, entry: Annotated[EntryNumber, Form()]
) -> Response:
    return _done(console, viewer.name, case_id, "task_done", {"task": entry}, "tasks")


@router.post("/cases/{case_id}/mentions")
def add_mention(
    request: Request,
    console: Current,
    viewer: Looking,
    case_id: RowId,
    mention: Annotated[str, Form(max_length=200)] = "",
) -> Response:
    """By its number or its address in this console."""
    number = mention.strip().rstrip("/").rsplit("/", 1)[-1]
    is_added = _is_id(number) and casework.add_mention(
        console.store, viewer.scope, case_id, int(number), by=viewer.name, now=console.clock()
    )
    if not is_added:
        why = "There is no such mention, or it is in this case already. Give its number."
        return refused(request, console, case_id, why, "mentions")
    return back(case_id, "mentions")


@router.post("/cases/{case_id}/mentions/remove")
def remove_mention(
    console: Current,
    viewer: Looking,
    case_id: RowId,
    mention: Annotated[int, Form(ge=1, le=LARGEST_ID)],
) -> Response:
    return _done(console, viewer.name, case_id, "mention_removed", {"mention": mention}, "mentions")


@router.post("/cases/{case_id}/undo")
def undo(
    request: Request,
    console: Current,
    viewer: Looking,
    case_id: RowId,
    entry: Annotated[EntryNumber, Form()],
) -> Response:
    """Take an entry back; an entry of its own says so."""
    if not casework.undo(console.store, case_id, entry, by=viewer.name, now=console.clock()):
        why = "Nothing was changed: this entry was taken back already."
        return refused(request, console, case_id, why, "timeline", status_code=409)
    return back(case_id, "timeline")


def _is_id(text: str) -> bool:
    return text.isascii() and text.isdigit() and 0 < int(text[:20]) <= LARGEST_ID


def _done(
    console: Console, by: str, case_id: int, kind: Any, facts: dict[str, Any], at: str
) -> Response:
    number = casework.act(console.store, case_id, kind, facts, by=by, now=console.clock())
    return back(case_id, at, number)


def refused(
    request: Request,
    console: Console,
    case_id: int,
    why: str,
    at: str,
    *,
    status_code: int = 422,
) -> HTMLResponse:
    """The page again, with what was missing beside the form; nothing was recorded."""
    case = found(console, case_id)
    return shown(request, console, case, problem=why, at=at, status_code=status_code)
