"""How the console knows who is looking: signed in, or on this machine alone, or in the sample.

The last two are for loopback only; `monitor run` refuses to serve them on any other address.
"""

from __future__ import annotations

import getpass
from datetime import datetime, timedelta
from typing import cast

import structlog
from fastapi import HTTPException, Request
from starlette.responses import Response

from config.people import ConsoleRole, Member
from config.settings import ConsoleSettings
from monitor.access import break_glass
from monitor.access.roll import Roll
from monitor.access.signin import Provider
from monitor.store import break_glass as break_glass_rows
from monitor.store import sessions
from monitor.store.database import Tx
from monitor.store.errors import StoreError
from monitor.store.sessions import Session
from monitor.web.deps import Console, Persona, current
from monitor.web.viewer import Viewer

log = structlog.get_logger()
LOCAL_ROLES: frozenset[ConsoleRole] = frozenset({"pr", "it", "dpo"})
PERSONA_COOKIE, SESSION_COOKIE, ATTEMPT_COOKIE = "persona", "session", "attempt"
POLLED = "/queue/new"
"""What an open queue asks by itself: a desk that somebody has left is not in use."""
LONGEST_AGENT = 500
BROWSERS = (
    ("Edg", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("FxiOS/", "Firefox"),
    ("Chrome/", "Chrome"), ("CriOS/", "Chrome"), ("Safari/", "Safari"),
)  # fmt: skip
SYSTEMS = (
    ("Windows", "Windows"), ("CrOS", "ChromeOS"), ("Android", "Android"), ("iPhone", "iPhone"),
    ("iPad", "iPad"), ("Mac OS", "Mac"), ("Linux", "Linux"),
)  # fmt: skip
"""By what stands in the name that a browser gives itself; the first that fits."""
NOTED_EVERY = timedelta(minutes=1)
"""So often at most the use of a session is written down."""


class LocalDoor:
    """One reviewer on this machine, who is PR, IT and DPO in one."""

    def __init__(self, settings: ConsoleSettings) -> None:
        self._viewer = Viewer(
            name=settings.reviewer or _account(), subject="local", roles=LOCAL_ROLES
        )

    def viewer(self, request: Request) -> Viewer:
        return self._viewer


class SessionDoor:
    """Who has signed in and has not left since, as people.toml knows them now."""

    def __init__(self, console: Console, provider: Provider) -> None:
        self.provider = provider
        self.roll = Roll(console.whole.directory, console.trust)
        self._store, self._clock = console.store, console.clock

    def viewer(self, request: Request) -> Viewer | None:
        key = cookie(request, SESSION_COOKIE)
        is_use = request.url.path != POLLED
        viewer = self._viewer_of(key, is_use=is_use) if key else None
        if viewer is not None:
            request.state.session = key
        return viewer

    def listing(self, tx: Tx) -> list[Session]:
        """The sessions that have not ended, of people who may still come in."""
        settings = self.provider.settings
        now = self._clock()
        found = sessions.listing(tx, now, idle=settings.idle, longest=settings.longest)
        return [one for one in found if self._who(tx, one, now)]

    def _viewer_of(self, key: str, *, is_use: bool) -> Viewer | None:
        now, settings = self._clock(), self.provider.settings
        with self._store.read() as tx:
            found = sessions.find(tx, key, now, idle=settings.idle, longest=settings.longest)
            viewer = self._who(tx, found, now) if found else None
        is_noted = found and now - found.used_at < min(NOTED_EVERY, settings.idle / 2)
        if viewer and is_use and not is_noted:
            self._note_use(key, now)
        return viewer

    def _who(self, tx: Tx, session: Session, now: datetime) -> Viewer | None:
        """Whose session it is, as they may look now; None where they may no more."""
        if session.whose.way == "break_glass":
            return _broken_in(tx, session, now)
        member = self.roll.member(session.whose)
        return _viewer(member) if member else None

    def _note_use(self, key: str, now: datetime) -> None:
        """Looking goes on while another writes; the next look notes it."""
        try:
            with self._store.begin() as tx:
                sessions.note_use(tx, key, now)
        except StoreError as error:
            log.warning("session_use_not_noted", reason=type(error).__name__)


def _viewer(member: Member) -> Viewer:
    return Viewer(
        name=member.name,
        subject=member.subject,
        roles=frozenset(member.roles),
        schools=frozenset(member.schools) if member.schools else None,
    )


def _broken_in(tx: Tx, session: Session, now: datetime) -> Viewer | None:
    """The break-glass administrator, while there is one and for a short time only."""
    found = break_glass_rows.find(tx)
    if found is None or now - session.begun_at >= break_glass.LONGEST:
        return None
    roles = cast("tuple[ConsoleRole, ...]", found.roles)
    return Viewer(name=break_glass.NAME, subject=break_glass.SUBJECT, roles=frozenset(roles))


class SampleDoor:
    """Whom one plays in the sample: the first of the people unless another was chosen."""

    def __init__(self, personas: tuple[Persona, ...]) -> None:
        self._viewers = {persona.id: persona.viewer for persona in personas}
        self._first = personas[0].viewer

    def viewer(self, request: Request) -> Viewer:
        return self._viewers.get(request.cookies.get(PERSONA_COOKIE, ""), self._first)


def is_secure(request: Request) -> bool:
    """Whether people reach the console over TLS, as `[console] url` says."""
    return current(request).settings.url.startswith("https://")


def cookie_name(request: Request, name: str) -> str:
    """With the prefix that lets no neighbouring name or plain page set it (RFC 6265bis 4.1.3)."""
    return f"__Host-{name}" if is_secure(request) else name


def cookie(request: Request, name: str) -> str:
    return request.cookies.get(cookie_name(request, name), "")


def set_cookie(response: Response, request: Request, name: str, value: str) -> None:
    """Ends with the browser; `Lax`, as the way back from the provider begins on its page."""
    response.set_cookie(
        cookie_name(request, name),
        value,
        httponly=True,
        samesite="lax",
        secure=is_secure(request),
    )


def unset_cookie(response: Response, request: Request, name: str) -> None:
    secure = is_secure(request)
    response.delete_cookie(cookie_name(request, name), httponly=True, samesite="lax", secure=secure)


def session_door(request: Request) -> SessionDoor:
    """Raises 404 where nobody signs in."""
    door = request.app.state.door
    if not isinstance(door, SessionDoor):
        raise HTTPException(404)
    return door


def whose_browser(request: Request) -> str:
    """The browser in a few words, as it calls itself: "Firefox on Windows"."""
    agent = request.headers.get("user-agent", "")[:LONGEST_AGENT]
    program = next((name for mark, name in BROWSERS if mark in agent), "A browser")
    system = next((name for mark, name in SYSTEMS if mark in agent), "")
    return f"{program} on {system}" if system else program


def _account() -> str:
    """The name of the account that the service runs under."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # an account without a name, as some containers have
        return "reviewer"
