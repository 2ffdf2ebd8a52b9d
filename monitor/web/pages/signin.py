"""Signing in and out. Nothing on these pages tells what somebody signs in for."""

from __future__ import annotations

import structlog
from fastapi import HTTPException, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from monitor.signin import DONE, NotAccepted
from monitor.store import audit, sessions
from monitor.web.deps import Current
from monitor.web.doors import (
    ATTEMPT_COOKIE,
    SESSION_COOKIE,
    SessionDoor,
    cookie,
    set_cookie,
    unset_cookie,
)
from monitor.web.rendering import page
from monitor.web.viewer import Looking, open_room, viewer_of

log = structlog.get_logger()
router = open_room()
LONGEST_ADDRESS = 500
NO_ANSWER = "The sign-in service of your Trust does not answer. Try again in a moment."
NOT_ACCEPTED = "That did not work. Begin the sign-in again from here."
UNKNOWN = "You are not among the people of this console."


@router.get("/sign-in")
def ask(request: Request, to: str = "/") -> Response:
    _door(request)
    onward = own_address(to)
    if viewer_of(request) is not None:
        return RedirectResponse(onward, status_code=303)
    return page(request, "sign_in.html", counts=None, problem="", subject="", onward=onward)


@router.get("/sign-in/begin")
def begin(request: Request, to: str = "/") -> Response:
    """Off to the provider; the browser keeps a key by which it is known when it comes back."""
    try:
        address, key = _door(request).provider.begin(own_address(to))
    except NotAccepted as error:
        log.warning("sign_in_failed", reason=str(error))
        return _refused(request, NO_ANSWER, status_code=503)
    response = RedirectResponse(address, status_code=303)
    set_cookie(response, request, ATTEMPT_COOKIE, key)
    return response


@router.get(DONE)
def finish(
    request: Request, console: Current, code: str = "", state: str = "", iss: str = ""
) -> Response:
    """Back from the provider: a new session, whatever cookie the browser had before."""
    door = _door(request)
    key = cookie(request, ATTEMPT_COOKIE)
    try:
        arrival = door.provider.finish(key, state=state, code=code, issuer=iss)
    except NotAccepted as error:
        log.warning("sign_in_failed", reason=str(error))
        return _refused(request, NOT_ACCEPTED)
    member = door.roll.member(arrival.subject)
    if member is None:
        return _refused(request, UNKNOWN, subject=arrival.subject)
    now, longest = console.clock(), door.provider.settings.longest
    with console.store.begin() as tx:
        sessions.end(tx, cookie(request, SESSION_COOKIE))
        session = sessions.begin(tx, member.subject, now, longest=longest)
        audit.append(tx, actor=member.name, action="session.begun", subject="console", now=now)
    response = RedirectResponse(arrival.onward, status_code=303)
    set_cookie(response, request, SESSION_COOKIE, session)
    unset_cookie(response, request, ATTEMPT_COOKIE)
    return response


@router.post("/sign-out")
def leave(request: Request, console: Current, viewer: Looking) -> Response:
    """End this session; the browser's cookie is worth nothing from then on."""
    _door(request)
    now = console.clock()
    with console.store.begin() as tx:
        sessions.end(tx, cookie(request, SESSION_COOKIE))
        audit.append(tx, actor=viewer.name, action="session.ended", subject="console", now=now)
    response = RedirectResponse("/sign-in", status_code=303)
    unset_cookie(response, request, SESSION_COOKIE)
    return response


def own_address(to: str) -> str:
    """A place of this console; what could lead anywhere else becomes its beginning."""
    is_plain = to.isascii() and to.isprintable() and "\\" not in to and len(to) <= LONGEST_ADDRESS
    is_ours = to.startswith("/") and not to.startswith(("//", "/sign-"))
    return to if is_plain and is_ours else "/"


def _door(request: Request) -> SessionDoor:
    door = request.app.state.door
    if not isinstance(door, SessionDoor):
        raise HTTPException(404)
    return door


def _refused(
    request: Request, problem: str, *, subject: str = "", status_code: int = 403
) -> HTMLResponse:
    response = page(
        request,
        "sign_in.html",
        counts=None,
        status_code=status_code,
        problem=problem,
        subject=subject,
        onward="/",
    )
    unset_cookie(response, request, ATTEMPT_COOKIE)
    return response
