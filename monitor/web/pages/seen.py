"""Saying that an alert is seen: from the mail, without signing in, or on the mention's page.

The address in a mail asks for a click, because scanners of mail follow every link. It shows
nothing of the post.
"""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlencode

from fastapi import Form, HTTPException, Path, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from alerts import words
from alerts.types import Role
from monitor import alarms
from monitor.store import alarms as standing
from monitor.store.alarms import Asked
from monitor.store.views import Alarm
from monitor.web.address import QueueAddress
from monitor.web.deps import Console, Current, MentionId
from monitor.web.rendering import page
from monitor.web.viewer import READERS, Looking, only, open_room

Token = Annotated[str, Path(min_length=16, max_length=64, pattern=r"^[A-Za-z0-9_-]+$")]

router = open_room()


@router.get("/seen/{reply}")
def ask(request: Request, console: Current, reply: Token) -> HTMLResponse:
    return _page(request, console, reply)


@router.post("/seen/{reply}")
def confirm(request: Request, console: Current, reply: Token) -> HTMLResponse:
    asked, _ = _found(console, reply)
    role: Role = asked.role  # type: ignore[assignment]
    by = f"{words.ROLES.get(role, role)}, by mail"
    alarms.acknowledge(console.store, asked.mention_id, by=by, now=console.clock())
    return _page(request, console, reply)


@router.post("/mentions/{mention_id}/seen", dependencies=[only(*READERS)])
def see(
    console: Current,
    viewer: Looking,
    mention_id: MentionId,
    at: Annotated[str, Form(max_length=4000)] = "",
) -> Response:
    """The reviewer takes it on; the decision may follow later."""
    alarms.acknowledge(console.store, mention_id, by=viewer.name, now=console.clock())
    query = QueueAddress.parse(at).query()
    back = f"/mentions/{mention_id}" + (f"?{urlencode({'from': query})}" if query else "")
    return RedirectResponse(back, status_code=303)


def _page(request: Request, console: Console, reply: str) -> HTMLResponse:
    asked, alarm = _found(console, reply)
    return page(
        request,
        "seen.html",
        counts=None,
        alarm=alarm,
        severity=words.SEVERITY[alarm.severity],
        mention_id=asked.mention_id,
        reply=reply,
    )


def _found(console: Console, reply: str) -> tuple[Asked, Alarm]:
    with console.store.read() as tx:
        asked = standing.asked(tx, reply)
        alarm = standing.of_story(tx, asked.story_id) if asked else None
    if asked is None or alarm is None:
        raise HTTPException(404)
    return asked, alarm
