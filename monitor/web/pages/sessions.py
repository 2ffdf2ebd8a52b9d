"""Who is signed in: everybody's own sessions, and for IT all of them and who asked to come in."""

from __future__ import annotations

import json
from typing import Annotated

from fastapi import Form, HTTPException, Query, Request
from starlette.responses import HTMLResponse, RedirectResponse

from config.people import CONSOLE_ROLES, ConsoleRole
from monitor.store import audit, knocks, sessions
from monitor.store.sessions import Session
from monitor.web.deps import Current
from monitor.web.doors import session_door
from monitor.web.rendering import badges, page
from monitor.web.viewer import Looking, only, room

router = room(*CONSOLE_ROLES)
HANDLES: tuple[ConsoleRole, ...] = ("it",)
"""Those who see and end the sessions of others, and know who asked to come in."""


@router.get("/sessions")
def show(
    request: Request, console: Current, viewer: Looking, ended: Annotated[int, Query(ge=0)] = 0
) -> HTMLResponse:
    door, own = session_door(request), sessions.number_of(request.state.session)
    is_handler = viewer.may(HANDLES)
    with console.store.read() as tx:
        listed = door.listing(tx)
        asked = knocks.listing(tx, console.clock()) if is_handler else []
    mine = _of_same(listed, own)
    return page(
        request,
        "sessions.html",
        counts=badges(request),
        own=own,
        mine=mine,
        others=[one for one in listed if one not in mine] if is_handler else None,
        asked=[(one, _entry(one)) for one in asked],
        ended=ended,
    )


@router.post("/sessions/end")
def end(
    request: Request,
    console: Current,
    viewer: Looking,
    number: Annotated[str, Form(max_length=64)],
) -> RedirectResponse:
    """End one session, one's own or as IT another's. One that is not there is not found, and so
    is another's for who may not end it."""
    door, own = session_door(request), sessions.number_of(request.state.session)
    with console.store.begin() as tx:
        listed = door.listing(tx)
        theirs = listed if viewer.may(HANDLES) else _of_same(listed, own)
        found = next((one for one in theirs if one.number == number), None)
        if found is None:
            raise HTTPException(404)
        sessions.revoke(tx, number)
        subject = f"a session of {found.whose.name}"
        audit.append(
            tx, actor=viewer.name, action="session.revoked", subject=subject, now=console.clock()
        )
    return RedirectResponse("/sessions?ended=1", status_code=303)


@router.post("/sessions/end-others")
def end_others(request: Request, console: Current, viewer: Looking) -> RedirectResponse:
    """End all of one's own sessions but this."""
    door, own = session_door(request), sessions.number_of(request.state.session)
    with console.store.begin() as tx:
        this = next(one for one in door.listing(tx) if one.number == own)
        ended = sessions.revoke_all(tx, this.whose, but=own)
        if ended:
            subject = f"{ended} of their own sessions"
            audit.append(
                tx, actor=viewer.name, action="session.revoked", subject=subject,
                now=console.clock(),
            )  # fmt: skip
    return RedirectResponse(f"/sessions?ended={ended}", status_code=303)


@router.post("/sessions/asked/forget", dependencies=[only(*HANDLES)])
def forget(
    request: Request, console: Current, subject: Annotated[str, Form(max_length=300)]
) -> RedirectResponse:
    """Take somebody off the list of who asked to come in; they may ask again."""
    session_door(request)
    with console.store.begin() as tx:
        knocks.forget(tx, subject)
    return RedirectResponse("/sessions", status_code=303)


def _of_same(listed: list[Session], number: str) -> list[Session]:
    """The sessions of whose session this number is."""
    this = next(one.whose for one in listed if one.number == number)
    return [one for one in listed if (one.whose.subject, one.whose.way) == (this.subject, this.way)]


def _entry(knock: knocks.Knock) -> str:
    """What IT writes into people.toml. JSON's strings are strings of TOML as well."""
    name, subject = (json.dumps(one, ensure_ascii=False) for one in (knock.name, knock.subject))
    return f"[[people]]\nname = {name}\nsubject = {subject}\nroles = []\nschools = []\n"
