"""A calendar file brought to the page of closure days. The page reads the body itself: it is larger
than other forms, and comes from those who may only."""

from __future__ import annotations

from fastapi import Request
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.responses import Response

from connectors.errors import ConnectorError
from connectors.parse.calendar import MAX_BYTES
from monitor import closures
from monitor.closures import Brought
from monitor.web.deps import Console, Current
from monitor.web.pages.closures import closure_page, may_close
from monitor.web.security import is_of_our_page
from monitor.web.viewer import Looking, Viewer, room

router = room("pr", "executive", "headteacher")


@router.post("/closures/calendar")
async def bring(request: Request, console: Current, viewer: Looking) -> Response:
    """Take the calendar; with a word on what is wrong where it is none."""
    async with request.form(max_files=1, max_fields=3) as given:
        await is_of_our_page(request, given)
        file, school = given.get("calendar"), given.get("school")
        body = await file.read(MAX_BYTES + 1) if isinstance(file, UploadFile) else b""
        school_id = school if isinstance(school, str) and school else None
    return await run_in_threadpool(_taken, request, console, viewer, body, school_id)


def _taken(
    request: Request, console: Console, viewer: Viewer, body: bytes, school_id: str | None
) -> Response:
    problem, brought = "", Brought()
    is_known = school_id is None or console.trust.school(school_id) is not None
    if not body:
        problem = "Choose the file first."
    elif not is_known or not may_close(viewer, school_id):
        problem = "Choose a school of the list."
    else:
        try:
            brought = closures.bring(
                console.store, body, school_id, by=viewer.name, now=console.clock()
            )
        except ConnectorError as error:
            problem = str(error)
    if problem:
        return closure_page(request, console, viewer, problem=problem, status_code=422)
    return closure_page(request, console, viewer, brought=brought)
