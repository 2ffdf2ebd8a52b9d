"""When a page cannot be given: what happened in plain words, and nothing of the inside."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import urlencode

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, RedirectResponse, Response

from monitor.cases.casework import CaseClosed
from monitor.store.cases import UnknownCase
from monitor.store.decisions import UnknownMention
from monitor.store.errors import StoreBusy, StoreError, StoreFull
from monitor.web.menu import home
from monitor.web.pages.decide import wants_json
from monitor.web.rendering import page, public_page
from monitor.web.security import PageTooOld, harden, is_public
from monitor.web.viewer import NotSignedIn, NotYours, Viewer, looking, viewer_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    status: HTTPStatus
    title: str
    text: str


NOT_FOUND = Problem(
    status=HTTPStatus.NOT_FOUND,
    title="There is nothing here",
    text="The address is wrong, or what was here has been deleted because its time was up.",
)
TOO_OLD = Problem(
    status=HTTPStatus.FORBIDDEN,
    title="That page was too old",
    text="Nothing was changed. The console was started again since the page was opened: "
    "open it anew and decide again.",
)
REFUSED = Problem(
    status=HTTPStatus.BAD_REQUEST,
    title="That could not be read",
    text="Nothing was changed. Something in the form was missing or too long.",
)
NOT_SIGNED_IN = Problem(
    status=HTTPStatus.UNAUTHORIZED,
    title="You are not signed in",
    text="Nothing was changed. Sign in and try again.",
)
NOT_YOURS = Problem(
    status=HTTPStatus.FORBIDDEN,
    title="This page is for others",
    text="Nothing was changed. Your part at the console does not include it; IT can tell you who "
    "has which part.",
)
CASE_CLOSED = Problem(
    status=HTTPStatus.CONFLICT,
    title="This case is closed",
    text="Nothing was changed. Open the case again first, or add a note to it.",
)
BUSY = Problem(
    status=HTTPStatus.SERVICE_UNAVAILABLE,
    title="The database is busy",
    text="Nothing was changed and nothing is lost. Try again in a moment.",
)
FULL = Problem(
    status=HTTPStatus.INSUFFICIENT_STORAGE,
    title="The disk is full",
    text="What was stored is safe, but nothing new can be recorded before IT frees some space.",
)
BROKEN = Problem(
    status=HTTPStatus.INTERNAL_SERVER_ERROR,
    title="Something went wrong",
    text="It has been written to the log. If it comes again, tell IT when it happened and which "
    "page you were on.",
)
_BY_STATUS = {problem.status: problem for problem in (NOT_FOUND, REFUSED, NOT_SIGNED_IN, BUSY)}


def answer(request: Request, problem: Problem) -> Response:
    """The page for a problem, or JSON where a script asked. Needs no database."""
    _viewer(request)
    status = int(problem.status)
    if wants_json(request):
        return JSONResponse({"problem": f"{problem.title}. {problem.text}"}, status_code=status)
    if is_public(request.url.path):
        return public_page(request, "report_problem.html", status_code=status, problem=problem)
    return page(request, "problem.html", counts=None, status_code=status, problem=problem)


def _viewer(request: Request) -> Viewer | None:
    """Who is looking; nobody where the database cannot tell, and the page says why."""
    try:
        return viewer_of(request)
    except StoreError:
        request.state.viewer = None
        return None


def _sign_in(request: Request) -> str:
    """The page to sign in, which leads on to where somebody wanted to go."""
    place = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    return "/sign-in" if place == "/" else f"/sign-in?{urlencode({'to': place})}"


def http_problem(request: Request, error: Exception) -> Response:
    match error:
        case PageTooOld():
            return answer(request, TOO_OLD if _viewer(request) else NOT_SIGNED_IN)
        case NotSignedIn() if request.method == "GET" and not wants_json(request):
            return RedirectResponse(_sign_in(request), status_code=303)
        case NotYours() if request.url.path == "/":
            return RedirectResponse(home(looking(request)), status_code=303)
        case NotYours() if _is_asked_of_it(request):
            return RedirectResponse("/blocks", status_code=303)
        case NotYours():
            return answer(request, NOT_YOURS)
    status = HTTPStatus(error.status_code if isinstance(error, HTTPException) else 500)
    usual = Problem(status=status, title=status.phrase, text="Nothing was changed.")
    return answer(request, _BY_STATUS.get(status, usual))


def _is_asked_of_it(request: Request) -> bool:
    """IT follows the link of a mail to a mention: what is asked of them stands elsewhere."""
    is_mention = request.method == "GET" and request.url.path.startswith("/mentions/")
    return is_mention and looking(request).may(("it",))


def invalid(request: Request, error: Exception) -> Response:
    """What was sent is never repeated in the answer."""
    places = (
        {found["loc"][0] for found in error.errors()}
        if isinstance(error, RequestValidationError)
        else set()
    )
    return answer(request, NOT_FOUND if "path" in places else REFUSED)


def case_closed(request: Request, error: Exception) -> Response:
    return answer(request, CASE_CLOSED)


def store_problem(request: Request, error: Exception) -> Response:
    match error:
        case UnknownMention() | UnknownCase():
            return answer(request, NOT_FOUND)
        case StoreBusy():
            response = answer(request, BUSY)
            response.headers["Retry-After"] = "2"
            return response
        case StoreFull():
            return answer(request, FULL)
        case _:
            return answer(request, BROKEN)


def crash(request: Request, error: Exception) -> Response:
    """Made outside the guard, so it hardens its own headers."""
    response = answer(request, BROKEN)
    harden(MutableHeaders(raw=response.raw_headers))
    return response


HANDLERS: dict[type[Exception], Callable[[Request, Exception], Response]] = {
    HTTPException: http_problem,
    RequestValidationError: invalid,
    StoreError: store_problem,
    CaseClosed: case_closed,
    Exception: crash,
}
