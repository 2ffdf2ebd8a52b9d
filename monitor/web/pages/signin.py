"""Signing in and out. Nothing on these pages tells what somebody signs in for."""

from __future__ import annotations

from dataclasses import replace

import structlog
from fastapi import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from monitor.access.signin import DONE, Arrival, NotAccepted
from monitor.store import audit, break_glass, knocks, sessions
from monitor.store.database import Tx
from monitor.store.sessions import Whose
from monitor.web.deps import Current, current
from monitor.web.doors import (
    ATTEMPT_COOKIE,
    SESSION_COOKIE,
    SessionDoor,
    cookie,
    session_door,
    set_cookie,
    unset_cookie,
    whose_browser,
)
from monitor.web.rendering import linkable, page
from monitor.web.viewer import Looking, open_room, viewer_of

log = structlog.get_logger()
router = open_room()
LONGEST_ADDRESS = 500
NO_ANSWER = "The sign-in service of your Trust does not answer. Try again in a moment."
NOT_ACCEPTED = "That did not work. Begin the sign-in again from here."
UNKNOWN = "You are not among the people of this console yet."


@router.get("/sign-in")
def ask(request: Request, to: str = "/", out: bool = False) -> Response:
    """`out`: one has just signed out, and may do so at the provider too."""
    door = session_door(request)
    onward = own_address(to)
    if viewer_of(request) is not None:
        return RedirectResponse(onward, status_code=303)
    return _asking(request, onward=onward, way_out=_way_out(request, door) if out else "")


def _way_out(request: Request, door: SessionDoor) -> str:
    """A link and no redirect: a form may lead nowhere else (form-action), and whoever sits at a
    desk of their own would be thrown out of their mail as well."""
    try:
        return linkable(door.provider.way_out(f"{current(request).settings.url}/sign-in"))
    except NotAccepted as error:
        log.warning("no_way_out", reason=str(error))
        return ""


@router.get("/sign-in/begin")
def begin(request: Request, to: str = "/") -> Response:
    """Off to the provider; the browser keeps a key by which it is known when it comes back."""
    try:
        address, key = session_door(request).provider.begin(own_address(to))
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
    door = session_door(request)
    key = cookie(request, ATTEMPT_COOKIE)
    try:
        arrival = door.provider.finish(key, state=state, code=code, issuer=iss)
    except NotAccepted as error:
        log.warning("sign_in_failed", reason=str(error))
        return _refused(request, NOT_ACCEPTED)
    now, longest = console.clock(), door.provider.settings.longest
    with console.store.begin() as tx:
        sessions.end(tx, cookie(request, SESSION_COOKIE))
        whose = _whose(tx, request, door, arrival)
        member = door.roll.member(whose)
        if member is None:
            knocks.note(tx, arrival.subject, arrival.name, now)
        else:
            knocks.forget(tx, arrival.subject)
            session = sessions.begin(tx, whose, now, longest=longest)
            audit.append(tx, actor=member.name, action="session.begun", subject="console", now=now)
    if member is None:
        return _refused(request, UNKNOWN, subject=arrival.subject)
    response = RedirectResponse(arrival.onward, status_code=303)
    set_cookie(response, request, SESSION_COOKIE, session)
    unset_cookie(response, request, ATTEMPT_COOKIE)
    return response


def _whose(tx: Tx, request: Request, door: SessionDoor, arrival: Arrival) -> Whose:
    """Who has come: by their own entry in people.toml, else by what the provider says of them."""
    if arrival.groups_left_out:
        log.warning("groups_left_out", mend="let the provider send app roles instead of groups")
    found = Whose(
        subject=arrival.subject,
        groups=door.roll.named_groups(arrival.groups),
        browser=whose_browser(request),
    )
    own = next((one for one in door.roll.people.people if one.subject == arrival.subject), None)
    if own:
        return replace(found, name=own.name)
    others = [one.whose.name for one in door.listing(tx) if one.whose.subject != arrival.subject]
    return replace(found, name=door.roll.name(arrival.name, arrival.subject, others))


@router.post("/sign-out")
def leave(request: Request, console: Current, viewer: Looking) -> Response:
    """End this session; the browser's cookie is worth nothing from then on."""
    session_door(request)
    now = console.clock()
    with console.store.begin() as tx:
        sessions.end(tx, cookie(request, SESSION_COOKIE))
        audit.append(tx, actor=viewer.name, action="session.ended", subject="console", now=now)
    response = RedirectResponse("/sign-in?out=1", status_code=303)
    unset_cookie(response, request, SESSION_COOKIE)
    return response


def own_address(to: str) -> str:
    """A place of this console; what could lead anywhere else becomes its beginning."""
    is_plain = to.isascii() and to.isprintable() and "\\" not in to and len(to) <= LONGEST_ADDRESS
    is_ours = to.startswith("/") and not to.startswith(("//", "/sign-"))
    return to if is_plain and is_ours else "/"


def _refused(
    request: Request, problem: str, *, subject: str = "", status_code: int = 403
) -> HTMLResponse:
    response = _asking(request, problem=problem, subject=subject, status_code=status_code)
    unset_cookie(response, request, ATTEMPT_COOKIE)
    return response


def _asking(
    request: Request,
    *,
    onward: str = "/",
    problem: str = "",
    subject: str = "",
    way_out: str = "",
    status_code: int = 200,
) -> HTMLResponse:
    with current(request).store.read() as tx:
        has_envelope = break_glass.find(tx) is not None
    return page(
        request,
        "sign_in.html",
        counts=None,
        status_code=status_code,
        problem=problem,
        subject=subject,
        onward=onward,
        has_envelope=has_envelope,
        way_out=way_out,
    )
