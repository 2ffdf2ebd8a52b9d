"""Who is looking, and which pages are theirs.

Every page declares beside its router for whom it is: `router = room("pr", "executive")`. One that
declares nobody is refused when the console is made, so that no page can forget (tests/web/
test_roles.py lists them). What of a page's matter somebody may see is not decided here but in
the store, by their `Scope`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated, Protocol, cast

from fastapi import APIRouter, Depends, Request, params
from fastapi.dependencies.models import Dependant
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException

from config.people import ConsoleRole
from monitor.store.scope import Part, Scope

READERS: tuple[ConsoleRole, ...] = ("pr", "executive", "headteacher", "safeguarding")
"""Those who may read posts at all, each within their scope."""
DECIDERS: tuple[ConsoleRole, ...] = ("pr", "executive", "safeguarding")
"""Those who decide on a mention. A head does not: it may be about them (policy 1.1)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Viewer:
    """A person at the console. The name stands beside what they do and is theirs alone."""

    name: str
    subject: str
    """Who they are to the provider they signed in with, never their mail address."""
    roles: frozenset[ConsoleRole]
    schools: frozenset[str] | None = None
    """Ids of the schools they are for; None: the whole Trust, which no headteacher has."""

    @property
    def scope(self) -> Scope:
        """What of the mentions they may see."""
        own = self.schools or frozenset()
        parts: list[Part] = []
        if self.may(("pr", "executive")):
            parts.append(Part())
        if self.may(("headteacher",)):
            parts.append(Part(schools=own, about_heads=False))
        if self.may(("safeguarding",)):
            is_trusts = self.schools is None
            parts.append(Part(schools=self.schools, matters="welfare", about_heads=is_trusts))
        return Scope(
            parts=tuple(parts),
            service=self.may(("pr", "executive", "it")),
            apart=frozenset({self.subject}),
        )

    def may(self, roles: Iterable[ConsoleRole]) -> bool:
        return not self.roles.isdisjoint(roles)


class Door(Protocol):
    """How the console knows who is looking."""

    def viewer(self, request: Request) -> Viewer | None:
        """None: nobody that it knows. Raises StoreError."""


class NotSignedIn(HTTPException):
    def __init__(self) -> None:
        super().__init__(status_code=401)


class NotYours(HTTPException):
    """The page is for others; nothing is said of what would have been on it."""

    def __init__(self) -> None:
        super().__init__(status_code=403)


def viewer_of(request: Request) -> Viewer | None:
    """Asked of the door once a request."""
    if not hasattr(request.state, "viewer"):
        door: Door = request.app.state.door
        request.state.viewer = door.viewer(request)
    return cast("Viewer | None", request.state.viewer)


def looking(request: Request) -> Viewer:
    """Raises NotSignedIn."""
    viewer = viewer_of(request)
    if viewer is None:
        raise NotSignedIn
    return viewer


async def _asked(request: Request) -> Viewer:
    """As `looking`, but the door is asked in a thread of its own, and only where it was not yet:
    each change of threads costs more than most of what a page does."""
    if not hasattr(request.state, "viewer"):
        await run_in_threadpool(viewer_of, request)
    return looking(request)


Looking = Annotated[Viewer, Depends(_asked)]


class Admission:
    """A dependency that lets in who has one of the roles; without roles it lets in everybody."""

    def __init__(self, *roles: ConsoleRole) -> None:
        self.roles = frozenset(roles)

    async def __call__(self, request: Request) -> None:
        if self.roles and not (await _asked(request)).may(self.roles):
            raise NotYours


def room(*roles: ConsoleRole) -> APIRouter:
    """The router of a page for people with one of the roles."""
    if not roles:
        raise TypeError("A page is for somebody: name roles, or say open_room().")
    return APIRouter(dependencies=[only(*roles)])


def open_room() -> APIRouter:
    """The router of a page for everybody, signed in or not."""
    return APIRouter(dependencies=[Depends(Admission())])


def only(*roles: ConsoleRole) -> params.Depends:
    """For one route that is for fewer people than its router."""
    return params.Depends(Admission(*roles))


def admissions(dependant: Dependant) -> list[Admission]:
    """Whom a route lets in, as it declares it: all of these hold together."""
    own = [dependant.call] if isinstance(dependant.call, Admission) else []
    return [*own, *(one for part in dependant.dependencies for one in admissions(part))]
