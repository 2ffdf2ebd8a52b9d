"""Holds a library that does its own networking to the rules of this room, in its own process.

Every connection of the process is checked at the moment it is made, by the address that it goes
to, so no look-up can lead elsewhere. Only `requests` may connect, only by https, and redirects
are not followed. An audit hook cannot be taken out again.
"""

from __future__ import annotations

import resource
import ssl
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from connectors.fetch.addresses import is_public

HTTPS = 443
MEMORY_BYTES = 512 * 1024 * 1024
PROCESSOR_SECONDS = 10
FORBIDDEN = ("subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "socket.sendto")


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """One thing that happened; `asked` before a request leaves, `status` when it is answered."""

    asked: bool = False
    status: int | None = None
    retry_after: str | None = None
    trouble: str = ""
    """Continues "The service ..."."""
    may_have_arrived: bool = True
    done: bool = False


class Refused(OSError):
    """A connection that our rules do not allow."""


def hold(allow: frozenset[str], *, report: Callable[[Report], None]) -> None:
    """From now on, for the rest of the process. `allow` names exact "host:port" that may be
    reached though they are private."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (PROCESSOR_SECONDS, PROCESSOR_SECONDS))
    gate = _Gate(allow)
    _hold_requests(gate, report)
    sys.addaudithook(gate.check)


class _Gate:
    """`place` is the "host:port" that is being asked; empty while nothing is."""

    def __init__(self, allow: frozenset[str]) -> None:
        self._allow = allow
        self.place = ""

    def check(self, event: str, arguments: tuple[Any, ...]) -> None:
        if event == "socket.connect":
            self._check_address(arguments[1])
        elif event in FORBIDDEN:
            raise Refused(f"{event} is not allowed")

    def _check_address(self, address: Any) -> None:
        is_internet = isinstance(address, tuple) and len(address) >= 2
        if not is_internet or not self.place:
            raise Refused("only https requests may connect")
        host, port = str(address[0]), int(address[1])
        if self.place not in self._allow and not (is_public(host) and port == HTTPS):
            raise Refused("the address leads into a private network")


def _hold_requests(gate: _Gate, report: Callable[[Report], None]) -> None:
    import requests
    from requests.adapters import HTTPAdapter

    send = HTTPAdapter.send
    trusted = ssl.get_default_verify_paths().cafile or True

    def held(self: Any, request: Any, **options: Any) -> Any:
        parts = urlsplit(request.url)
        if parts.scheme != "https":
            report(Report(trouble="is not reached by https", may_have_arrived=False))
            raise requests.exceptions.InvalidSchema("https only")
        gate.place = f"{parts.hostname}:{parts.port or HTTPS}"
        report(Report(asked=True))
        try:
            answer = send(self, request, **{**options, "verify": trusted, "proxies": {}})
        except requests.exceptions.RequestException as error:
            report(_trouble(error))
            raise
        finally:
            gate.place = ""
        wait = answer.headers.get("Retry-After")
        report(Report(status=answer.status_code, retry_after=wait))
        if answer.is_redirect:
            raise requests.exceptions.TooManyRedirects("redirects are not followed")
        return answer

    HTTPAdapter.send = held  # type: ignore[method-assign, assignment]


def _trouble(error: Exception) -> Report:
    """What went wrong, and whether the request may have arrived all the same."""
    from requests.exceptions import ConnectTimeout, ReadTimeout, SSLError
    from urllib3.exceptions import ProtocolError

    reason = error.args[0] if error.args else None
    if isinstance(error, SSLError):
        words = "shows a certificate that cannot be verified, or none"
        return Report(trouble=words, may_have_arrived=False)
    if isinstance(error, ReadTimeout):
        return Report(trouble="did not answer in time")
    if isinstance(reason, ProtocolError) and not isinstance(error, ConnectTimeout):
        return Report(trouble="closed the line")
    if _refused(reason):
        words = "stands at an address that may not be reached"
        return Report(trouble=words, may_have_arrived=False)
    return Report(trouble="could not be reached", may_have_arrived=False)


def _refused(error: BaseException | None) -> bool:
    while error is not None and not isinstance(error, Refused):
        error = getattr(error, "reason", None) or error.__cause__ or error.__context__
    return error is not None
