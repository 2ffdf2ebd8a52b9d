"""The way in from the sealed envelope, for when the provider of the sign-in is down."""

from __future__ import annotations

from typing import Annotated

from fastapi import Form, HTTPException, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from monitor.access import break_glass
from monitor.store import break_glass as rows
from monitor.web.deps import Current
from monitor.web.doors import SESSION_COOKIE, session_door, set_cookie, whose_browser
from monitor.web.rendering import page
from monitor.web.viewer import open_room

router = open_room()
WRONG = "That is not the password. It has six groups of four letters and digits."
WAIT = "Too many wrong passwords. Wait ten minutes, then try again; IT has been told."


@router.get("/sign-in/break-glass")
def ask(request: Request, console: Current) -> HTMLResponse:
    session_door(request)
    with console.store.read() as tx:
        if rows.find(tx) is None:
            raise HTTPException(404)
    return _page(request)


@router.post("/sign-in/break-glass")
def enter(
    request: Request,
    console: Current,
    password: Annotated[str, Form(max_length=200)] = "",
) -> Response:
    """A new session that is short and on record, and IT is told; or the form again."""
    session_door(request)
    contacts, browser = console.trust.contacts, whose_browser(request)
    try:
        key = break_glass.enter(
            console.store, password, contacts, browser=browser, now=console.clock()
        )
    except break_glass.WrongPassword:
        return _page(request, WRONG, status_code=403)
    except break_glass.TooManyTries:
        return _page(request, WAIT, status_code=429)
    response = RedirectResponse("/", status_code=303)
    set_cookie(response, request, SESSION_COOKIE, key)
    return response


def _page(request: Request, problem: str = "", *, status_code: int = 200) -> HTMLResponse:
    return page(request, "break_glass.html", counts=None, status_code=status_code, problem=problem)
