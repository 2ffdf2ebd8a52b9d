"""A reviewer's own screen print, handed in on a mention's page.

What a closed group or a page behind a sign-in shows, only a person can see. The files are larger
than a form may be, so this page reads the body itself and then asks for the page's token.
"""

from __future__ import annotations

from http import HTTPStatus

from fastapi import HTTPException, Request
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.responses import RedirectResponse, Response

from connectors.errors import ConnectorError
from monitor.intake import screenshots
from monitor.store import mentions
from monitor.web.captures import is_sexual
from monitor.web.deps import Console, Current, MentionId
from monitor.web.pages.errors import Problem, answer
from monitor.web.security import is_of_our_page
from monitor.web.viewer import DECIDERS, Looking, Viewer, room

MAX_FIELDS = 3
UNCONFIRMED = (
    "Confirm that nothing suggests a picture of a child in a sexual way. Where something does: do "
    "not keep it, and call the safeguarding lead."
)
SEXUAL = (
    "This mention may be a sexual matter: of such a post only the link is kept. Do not look for a "
    "picture of it, copy it or forward it. Call the safeguarding lead."
)

router = room(*DECIDERS)


@router.post("/mentions/{mention_id}/screen-print")
async def hand_in(
    request: Request, console: Current, viewer: Looking, mention_id: MentionId
) -> Response:
    """Keep what is a picture and have it sealed; with a word on what is wrong where it is none."""
    async with request.form(max_files=screenshots.MOST, max_fields=MAX_FIELDS) as given:
        await is_of_our_page(request, given)
        files = [one for one in given.getlist("pictures") if isinstance(one, UploadFile)]
        bodies = [await one.read(screenshots.MAX_BYTES + 1) for one in files]
        is_confirmed = given.get("confirmed") == "true"
    chosen = [body for body in bodies if body]
    problem = "" if is_confirmed else UNCONFIRMED
    if not chosen:
        problem = "Choose a picture first."
    problem = problem or await run_in_threadpool(_take, console, viewer, mention_id, chosen)
    if problem:
        return await run_in_threadpool(_refused, request, problem)
    return RedirectResponse(f"/mentions/{mention_id}#evidence-title", status_code=303)


def _take(console: Console, viewer: Viewer, mention_id: int, bodies: list[bytes]) -> str:
    """Empty when it is kept; else what stands in the way."""
    with console.store.read() as tx:
        detail = mentions.detail(tx, viewer.scope, mention_id)
    if detail is None:
        raise HTTPException(404)
    if is_sexual(detail):
        return SEXUAL
    try:
        brought = screenshots.check(bodies)
    except ConnectorError as error:
        return f"{error} A screen print is a PNG, JPEG or WebP."
    screenshots.hand_in(console.store, mention_id, brought, by=viewer.name, now=console.clock())
    return ""


def _refused(request: Request, problem: str) -> Response:
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    return answer(request, Problem(status=status, title="Nothing was kept", text=problem))
