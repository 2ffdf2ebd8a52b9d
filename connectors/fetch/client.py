"""The one door to the network: `Fetcher.get`.

Each hop is resolved, checked and connected by its literal address; the answer is bounded in
size, headers and total time; requests to one host are paced. What cannot be read ends in
`connectors.errors` and nowhere else.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from copy import copy
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from importlib.metadata import version
from urllib.parse import urljoin, urlsplit

import httpcore
import httpx

from config.settings import FetchSettings
from connectors.errors import (
    AuthLost,
    Blocked,
    ConnectorError,
    Gone,
    Malformed,
    Throttled,
    TooLarge,
    Unreachable,
)
from connectors.fetch import decode, robots
from connectors.fetch.addresses import Resolver, Target, system_resolver, target
from connectors.fetch.backend import CheckedBackend
from connectors.fetch.politeness import Pacing, retry_after_seconds

REDIRECTS = {301, 302, 303, 307, 308}
MAX_HEADER_BYTES = 64 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """A complete answer. `url` is where the redirects ended; `body` is decoded bytes."""

    status: int
    url: str
    body: bytes
    content_type: str = ""
    etag: str | None = None
    last_modified: str | None = None
    not_modified: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class _Answer:
    """One hop's answer."""

    status: int
    headers: httpx.Headers
    body: bytes


@cache
def _trusted() -> ssl.SSLContext:
    return httpx.create_ssl_context(trust_env=False)


class Fetcher:
    """One for the process; each call may run in a thread and an event loop of its own.

    `allow` names exact "host:port" places that may be reached though they are private.
    """

    def __init__(
        self,
        settings: FetchSettings,
        *,
        allow: frozenset[str] = frozenset(),
        resolve: Resolver = system_resolver,
    ) -> None:
        self.settings = settings
        self._allow = allow
        self._resolve = resolve
        self._pacing = Pacing(settings.host_spacing)
        self._robots = robots.Rules()
        contact = f" (+{settings.contact})" if settings.contact else ""
        self._agent = f"{robots.PRODUCT}/{version('trust-monitor')}{contact}"

    async def get(
        self,
        url: str,
        *,
        accept: str = "*/*",
        headers: Mapping[str, str] | None = None,
        etag: str | None = None,
        last_modified: str | None = None,
        obey_robots: bool = False,
    ) -> Response:
        """Fetch one address, following at most the configured number of redirects.

        Validators are sent verbatim and come back verbatim. Raises ConnectorError.
        """
        asked = {"Accept": accept, **(headers or {})}
        if etag:
            asked["If-None-Match"] = etag
        if last_modified:
            asked["If-Modified-Since"] = last_modified
        deadline = self.settings.deadline.total_seconds()
        try:
            async with asyncio.timeout(deadline), self._client() as client:
                if obey_robots:
                    await self._obey(client, url)
                return await self._follow(client, url, asked)
        except TimeoutError:
            raise Unreachable(f"No complete answer within {deadline:.0f} seconds.") from None
        except (httpx.HTTPError, httpx.InvalidURL, httpcore.ConnectionNotAvailable) as error:
            raise _translated(error) from None

    def reaching(self, places: Iterable[str]) -> Fetcher:
        """The same door, which may also reach these exact "host:port" places."""
        wider = copy(self)
        wider._allow = self._allow | frozenset(places)
        return wider

    @asynccontextmanager
    async def _client(self) -> AsyncIterator[httpx.AsyncClient]:
        transport = httpx.AsyncHTTPTransport(verify=_trusted(), trust_env=False)
        # httpx offers no public way to hand in the way to the network; a test guards this.
        transport._pool = httpcore.AsyncConnectionPool(
            ssl_context=_trusted(),
            http1=True,
            max_connections=1,
            network_backend=CheckedBackend(allow=self._allow, resolve=self._resolve),
        )
        async with httpx.AsyncClient(
            transport=transport,
            trust_env=False,
            follow_redirects=False,
            headers={"User-Agent": self._agent, "Accept-Encoding": "gzip"},
            timeout=httpx.Timeout(self.settings.deadline.total_seconds(), connect=10.0),
        ) as client:
            yield client

    async def _obey(self, client: httpx.AsyncClient, url: str) -> None:
        parts = urlsplit(url)
        site = f"{parts.scheme}://{parts.netloc}"
        rules = self._robots.known(site)
        if rules is None:
            try:
                answer = await self._ask(client, urljoin(site, "/robots.txt"), {})
                rules = robots.read(answer.status, answer.body)
            except ConnectorError:
                rules = robots.NOTHING
            self._robots.keep(site, rules)
        robots.obey(rules, url)

    async def _follow(self, client: httpx.AsyncClient, url: str, asked: dict[str, str]) -> Response:
        for _ in range(self.settings.max_redirects + 1):
            answer = await self._ask(client, url, asked)
            if answer.status not in REDIRECTS:
                return _response(answer, url)
            following = urljoin(url, answer.headers.get("location", ""))
            asked = _for_next_hop(asked, target(url, self._allow), target(following, self._allow))
            url = following
        raise Malformed("The address redirects too many times.")

    async def _ask(self, client: httpx.AsyncClient, url: str, asked: Mapping[str, str]) -> _Answer:
        """One hop, whole: checked, paced, bounded."""
        hop = target(url, self._allow)
        request = client.build_request("GET", url, headers=dict(asked))
        async with self._pacing.turn(hop.place):
            answer = await client.send(request, stream=True)
            try:
                self._refuse_too_large(answer)
                unread = answer.status_code in REDIRECTS or answer.status_code == 304
                body = b"" if unread else await self._body(answer)
            finally:
                await answer.aclose()
        return _Answer(status=answer.status_code, headers=answer.headers, body=body)

    def _refuse_too_large(self, answer: httpx.Response) -> None:
        raw = answer.headers.raw
        size = sum(len(name) + len(value) for name, value in raw)
        if len(raw) > self.settings.max_headers or size > MAX_HEADER_BYTES:
            raise TooLarge("The answer has too many headers.")
        declared = answer.headers.get("content-length", "")
        if declared.isdigit() and int(declared[:20]) > self.settings.max_body_bytes:
            raise TooLarge

    async def _body(self, answer: httpx.Response) -> bytes:
        encoding = answer.headers.get("content-encoding", "")
        limit = self.settings.max_body_bytes
        return await decode.body(decode.hurried(answer.aiter_raw()), encoding, max_bytes=limit)


def _response(answer: _Answer, url: str) -> Response:
    if answer.status != 304 and not 200 <= answer.status < 300:
        raise _refusal(answer)
    return Response(
        status=answer.status,
        url=url,
        body=answer.body,
        content_type=answer.headers.get("content-type", ""),
        etag=answer.headers.get("etag"),
        last_modified=answer.headers.get("last-modified"),
        not_modified=answer.status == 304,
    )


def _for_next_hop(asked: dict[str, str], here: Target, there: Target) -> dict[str, str]:
    """Credentials stay with the host that they are for, and never go over plain http."""
    if "Authorization" not in asked:
        return asked
    if here.scheme == "https" and there.scheme == "http":
        raise Blocked("The site redirects credentials to an unprotected address.")
    if here.place == there.place:
        return asked
    return {name: value for name, value in asked.items() if name != "Authorization"}


def _refusal(answer: _Answer) -> ConnectorError:
    """What a status means for the source (RFC 9110)."""
    status = answer.status
    wait = retry_after_seconds(answer.headers.get("retry-after"), datetime.now(UTC))
    if status == 429 or (status == 503 and wait is not None):
        return Throttled(f"The source asked us to slow down ({status}).", retry_after=wait)
    if status == 401:
        return AuthLost("The source refused our credentials (401).")
    if status in (403, 451):
        return Blocked(f"The source refuses to be read by us ({status}).")
    if status in (404, 410):
        return Gone(f"The address no longer exists ({status}).")
    if status >= 500:
        return Unreachable(f"The source has a fault of its own ({status}).")
    return Malformed(f"The source answered with status {status}.")


def _translated(error: Exception) -> ConnectorError:
    """The one place where the library's errors become ours; addresses stay out of it."""
    if isinstance(error, httpx.TimeoutException):
        return Unreachable()
    if isinstance(error, httpx.RemoteProtocolError | httpx.DecodingError | httpx.InvalidURL):
        return Malformed("The source does not speak proper HTTP.")
    return Unreachable("No connection to the source.")
