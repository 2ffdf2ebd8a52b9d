"""The consoles of several trusts behind one port, each under the name of its own address.

Each is a whole application with its own trust's rows, people, sessions and forms; nothing is shared
but the process. Which one answers follows from the name asked for, so a cookie or a form of one is
never shown to another.
"""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from config.settings import ConsoleSettings
from monitor.web.security import LOOPBACK, asked_for


def name_of(settings: ConsoleSettings) -> str:
    """The name by which a console is known among several."""
    return (urlsplit(settings.url).hostname or "").lower()


class ByName:
    """ASGI application: hands each request to the console it names, or refuses it. A probe that
    asks this machine by a name of its own gets the first console, whose health is the process's."""

    def __init__(self, consoles: Mapping[str, ASGIApp]) -> None:
        first = next(iter(consoles.values()))
        self._consoles = {**dict.fromkeys(LOOPBACK, first), **consoles}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        name = asked_for(Headers(scope=scope))
        console = self._consoles.get(name or "")
        if console is None:
            console = PlainTextResponse("No console here answers to that name.", 400)
        await console(scope, receive, send)
