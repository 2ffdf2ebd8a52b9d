"""Choosing whom one plays; there is nobody to play outside the sample."""

from __future__ import annotations

from typing import Annotated

from fastapi import Form, HTTPException
from starlette.responses import RedirectResponse, Response

from monitor.web.deps import Current
from monitor.web.doors import PERSONA_COOKIE
from monitor.web.menu import home
from monitor.web.viewer import Looking, open_room

router = open_room()


@router.post("/sample/persona")
def play(
    console: Current, viewer: Looking, persona: Annotated[str, Form(max_length=40)]
) -> Response:
    """Be somebody else from now on, and begin where they would."""
    personas = console.sample.personas if console.sample else ()
    chosen = next((one for one in personas if one.id == persona), None)
    if chosen is None:
        raise HTTPException(404)
    response = RedirectResponse(home(chosen.viewer), status_code=303)
    response.set_cookie(PERSONA_COOKIE, chosen.id, httponly=True, samesite="strict")
    return response
