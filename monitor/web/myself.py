"""Whose name is verified: who may check themselves, and who their colleagues are."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request
from starlette.exceptions import HTTPException

from config.trust import School
from monitor.access import break_glass
from monitor.selfcheck.draft import Details, Draft, drafted, schools_of
from monitor.selfcheck.names import Name
from monitor.web.deps import current
from monitor.web.doors import LocalDoor, SessionDoor
from monitor.web.viewer import Looking, Viewer

_MARK = re.compile(r" \([0-9a-f]{6}\)$")
"""What tells two people of one name apart in the record."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Myself:
    """The person signed in. `subject` is who they are to the provider."""

    name: str
    subject: str
    schools: tuple[School, ...]
    colleagues: tuple[str, ...]

    def drafted(self, details: Details) -> Draft:
        return drafted(self.name, self.schools, details, colleagues=self.colleagues)


class NotVerified(HTTPException):
    """Nobody has signed in by name, so the product cannot know whose name is whose."""

    def __init__(self) -> None:
        super().__init__(status_code=404)


def found(request: Request, viewer: Viewer) -> Myself | None:
    """None where nobody signs in, for the administrator of last resort, and for who has no name
    of two words."""
    door = request.app.state.door
    name = _MARK.sub("", viewer.name)
    if isinstance(door, LocalDoor) or viewer.subject == break_glass.SUBJECT or not Name(name).given:
        return None
    console = current(request)
    people = door.roll.people.people if isinstance(door, SessionDoor) else ()
    personas = console.sample.personas if console.sample else ()
    names = (*(one.name for one in people), *(one.viewer.name for one in personas))
    return Myself(
        name=name,
        subject=viewer.subject,
        schools=schools_of(console.trust, viewer.schools),
        colleagues=tuple(other for other in names if other != viewer.name),
    )


def myself(request: Request, viewer: Looking) -> Myself:
    """Raises NotVerified."""
    me = found(request, viewer)
    if me is None:
        raise NotVerified
    return me


Me = Annotated[Myself, Depends(myself)]
