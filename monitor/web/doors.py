"""How the console knows who is looking, where nobody signs in: on this machine, and in the sample.

Both are for loopback only; `monitor run` refuses to serve them on any other address.
"""

from __future__ import annotations

import getpass

from fastapi import Request

from config.people import ConsoleRole
from config.settings import ConsoleSettings
from monitor.web.deps import Persona
from monitor.web.viewer import Viewer

LOCAL_ROLES: frozenset[ConsoleRole] = frozenset({"pr", "it", "dpo"})
PERSONA_COOKIE = "persona"


class LocalDoor:
    """One reviewer on this machine, who is PR, IT and DPO in one."""

    def __init__(self, settings: ConsoleSettings) -> None:
        self._viewer = Viewer(
            name=settings.reviewer or _account(), subject="local", roles=LOCAL_ROLES
        )

    def viewer(self, request: Request) -> Viewer:
        return self._viewer


class SampleDoor:
    """Whom one plays in the sample: the first of the people unless another was chosen."""

    def __init__(self, personas: tuple[Persona, ...]) -> None:
        self._viewers = {persona.id: persona.viewer for persona in personas}
        self._first = personas[0].viewer

    def viewer(self, request: Request) -> Viewer:
        return self._viewers.get(request.cookies.get(PERSONA_COOKIE, ""), self._first)


def _account() -> str:
    """The name of the account that the service runs under."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # an account without a name, as some containers have
        return "reviewer"
