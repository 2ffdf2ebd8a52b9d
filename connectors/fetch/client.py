"""The one door to the network: `Fetcher.get`, `Fetcher.ask` with a key, `Fetcher.post` to sign in.

Each hop is resolved, checked and connected by its literal address; the answer is bounded in
size, headers and total time; requests to one host are paced. What cannot be read ends in
`connectors.errors` and nowhere else.
"""

from __future__ import annotations

import asyncio
import json
import logging
import ssl
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from copy import copy
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from importlib.metadata import version
from urllib.parse import urlencode

import httpcore
import httpx

from config.settings import FetchSettings
from connectors.errors import Blocked, ConnectorError, Forbidden, Malformed, TooLarge, Unreachable
from connectors.fetch import decode, robots, statuses, stream
from connectors.fetch.addresses import Resolver, system_resolver, target
from connectors.fetch.backend import CheckedBackend
from connectors.fetch.exchange import Exchange, Tape
from connectors.fetch.freshness import fresh_seconds
from connectors.fetch.politeness import Pacing, Turns
from connectors.parse.child import Limits, parse

REDIRECTS = {301, 302, 303, 307, 308}
MAX_HEADER_BYTES = 64 * 1024
MAX_VALIDATOR = 512
MAX_REASON_BYTES = 64 * 1024
"""Read of a refusal."""

for _library in ("httpx", "httpcore"):  # below, they tell addresses, some of them with a key
    logging.getLogger(_library).setLevel(logging.WARNING)


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """A complete answer. `url` is where the redirects ended; `body` is decoded bytes;
    `continues` when a Link header names a next page (RFC 8288)."""

    status: int
    url: str
    body: bytes = field(repr=False)
    content_type: str = ""
    etag: str | None = None
    last_modified: str | None = None
    not_modified: bool = False
    continues: bool = False
    fresh_seconds: float = 0.0
    """For so long it will not have changed, by the server's own words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """What is sent with each hop, what only the host may see that was asked first, and the
    pause after it. With `content` it is a POST. What is `keyed` holds a secret: it goes over
    https, or to a place that the operator allowed, and no further than the first hop."""

    headers: Mapping[str, str]
    private: Mapping[str, str] = field(default_factory=dict, repr=False)
    pause_seconds: float = 0.0
    content: bytes | None = field(default=None, repr=False)
    keyed: bool = False
    tape: Tape | None = None
    """Where each hop is recorded, whatever its status."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Answer:
    """One hop's answer; the body is read only when the status is a success, or of what was
    asked with a key."""

    url: httpx.URL
    status: int
    headers: httpx.Headers
    body: bytes
    continues: bool
    wait: float | None
    """Seconds that the server wants to be left alone for."""


class _Budget:
    """The time one answer may take, redirects included; waiting for one's turn costs none."""

    def __init__(self, seconds: float) -> None:
        self._left = seconds

    @asynccontextmanager
    async def spending(self) -> AsyncIterator[None]:
        clock = asyncio.get_running_loop().time
        began = clock()
        async with asyncio.timeout(self._left):
            yield
        self._left -= clock() - began


@cache
def _trusted() -> ssl.SSLContext:
    return httpx.create_ssl_context(trust_env=False)


class Fetcher:
    """One for the process; each call may run in a thread and an event loop of its own.

    `allow` names exact "host:port" places that may be reached though they are private; `tls`
    replaces the certificates that are trusted; `turns` are shared with other processes.
    """

    def __init__(
        self,
        settings: FetchSettings,
        *,
        allow: frozenset[str] = frozenset(),
        resolve: Resolver = system_resolver,
        tls: ssl.SSLContext | None = None,
        turns: Turns | None = None,
    ) -> None:
        self.settings = settings
        self._tls = tls or _trusted()
        self._allow = allow
        self._resolve = resolve
        self._pacing = Pacing(settings.host_spacing, shared=turns)
        self._robots = robots.Rules()
        self._left: dict[str, str] = {}
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
        pause: timedelta = timedelta(0),
    ) -> Response:
        """Fetch one address, following at most the configured number of redirects.

        `headers` are for this host alone: a redirect never takes them to another or to plain
        http. Validators are sent verbatim and come back verbatim. `pause` is what the host's
        interface wants between two requests, when it is longer than usual. Raises
        ConnectorError.
        """
        asked = {"Accept": accept, "If-None-Match": etag, "If-Modified-Since": last_modified}
        wanted = _Asked(
            headers={name: value for name, value in asked.items() if value},
            private=headers or {},
            pause_seconds=pause.total_seconds(),
        )
        return await self._answered(url, wanted, obey_robots=obey_robots)

    async def ask(self, url: str, key: Mapping[str, str]) -> Response:
        """Ask an interface for JSON with the operator's key in headers, or in the address where
        the platform knows no other way: this address alone, a redirect is refused.

        Raises ConnectorError, which has as `said` what the interface gave as its reason.
        """
        wanted = _Asked(headers={"Accept": "application/json"}, private=key, keyed=True)
        answer = await self._answered(url, wanted)
        return replace(answer, url=url.partition("?")[0])

    async def post(self, url: str, document: Mapping[str, str]) -> Response:
        """Send a JSON record, such as a name and a password, to this address and to no other:
        a redirect is refused. Raises ConnectorError."""
        content = json.dumps(dict(document)).encode()
        return await self._posted(url, content, {"Content-Type": "application/json"})

    async def post_form(
        self, url: str, form: Mapping[str, str], key: Mapping[str, str]
    ) -> Response:
        """Send a form with a key in headers, as OAuth 2.0 asks for a token, to this address and
        to no other. Raises ConnectorError."""
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        return await self._posted(url, urlencode(form).encode(), {**kind, **key})

    async def deliver(self, url: str, content: bytes, headers: Mapping[str, str]) -> Response:
        """Hand these bytes over at an https address and no other. Raises ConnectorError."""
        if not url.lower().startswith("https://"):
            raise Forbidden("Only https addresses are delivered to.")
        return await self._posted(url, content, headers)

    async def query(self, url: str, content: bytes, *, accept: str, kind: str) -> Response:
        """Ask by POST what is no secret, such as for a timestamp. Raises ConnectorError."""
        headers = {"Accept": accept, "Content-Type": kind}
        return await self._answered(url, _Asked(headers=headers, content=content))

    async def recorded(
        self, url: str, *, accept: str, kinds: tuple[str, ...], obey_robots: bool = False
    ) -> tuple[Exchange, ...]:
        """An address with every step to it as it went over the line, redirects first, whatever
        its status. Bodies are read of media types that begin with one of `kinds`. Raises
        ConnectorError."""
        tape = Tape(kinds)
        wanted = _Asked(headers={"Accept": accept}, tape=tape)
        await self._at_the_end(url, wanted, obey_robots=obey_robots)
        return tuple(tape.exchanges)

    @asynccontextmanager
    async def listening(
        self, url: str, *, private: Mapping[str, str] | None = None, dialect: str = ""
    ) -> AsyncIterator[stream.Line]:
        """A line that stays open, to an http or https address that is asked as ws or wss; with
        `private` headers over TLS, or to a place that the operator allowed, alone. Raises
        ConnectorError."""
        try:
            address = httpx.URL(url)
            hop = target(address, self._allow)
        except httpx.InvalidURL:
            raise Forbidden("The address is not a valid one.") from None
        if private and hop.scheme != "https" and hop.place not in self._allow:
            raise Forbidden("A key is sent over https only.")
        way = stream.Way(
            target=hop, url=address, allow=self._allow, resolve=self._resolve, tls=self._tls,
            agent=self._agent, private=private or {}, dialect=dialect,
        )  # fmt: skip
        patience = self.settings.deadline.total_seconds()
        async with AsyncExitStack() as held:
            async with self._pacing.turn(hop.place, patience_seconds=patience):
                line = await held.enter_async_context(stream.opened(way))
            yield line

    async def _posted(self, url: str, content: bytes, headers: Mapping[str, str]) -> Response:
        accept = {"Accept": "application/json"}
        wanted = _Asked(headers=accept, private=headers, content=content, keyed=True)
        return await self._answered(url, wanted)

    async def _answered(self, url: str, wanted: _Asked, *, obey_robots: bool = False) -> Response:
        return _response(await self._at_the_end(url, wanted, obey_robots=obey_robots))

    async def _at_the_end(self, url: str, wanted: _Asked, *, obey_robots: bool) -> _Answer:
        """The answer where the redirects end. Raises ConnectorError."""
        try:
            async with self._client() as client:
                if obey_robots:
                    await self._obey(client, url)
                return await self._follow(client, url, wanted)
        except TimeoutError:
            seconds = self.settings.deadline.total_seconds()
            raise Unreachable(f"No complete answer within {seconds:g} seconds.") from None
        except (httpx.HTTPError, httpx.InvalidURL, httpcore.ConnectionNotAvailable) as error:
            raise _translated(error) from None

    def left(self, url: str) -> str:
        """What the host of an address last said of its allowance, in words; empty when nothing."""
        try:
            return self._left.get(target(httpx.URL(url), self._allow).place, "")
        except (httpx.InvalidURL, Forbidden):
            return ""

    def reaching(self, places: Iterable[str]) -> Fetcher:
        """The same door, which may also reach these exact "host:port" places."""
        wider = copy(self)
        wider._allow = self._allow | frozenset(places)
        return wider

    @asynccontextmanager
    async def _client(self) -> AsyncIterator[httpx.AsyncClient]:
        transport = httpx.AsyncHTTPTransport(verify=self._tls, trust_env=False)
        # httpx offers no public way to hand in the way to the network; a test guards this.
        transport._pool = httpcore.AsyncConnectionPool(
            ssl_context=self._tls,
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
        """Raises Blocked when the site does not want this page read, Unreachable while it cannot
        say."""
        site = str(httpx.URL(url).copy_with(raw_path=b"/robots.txt", fragment=None))
        rules = self._robots.known(site)
        if rules is None:
            answer = await self._follow(client, site, _Asked(headers={}))
            rules = robots.read(answer.status, answer.body)
            if rules is None:
                raise Unreachable("The site's robots.txt cannot be read just now.")
            self._robots.keep(site, rules)
        limits = Limits.of(self.settings)
        if not await asyncio.to_thread(parse, robots.allows, rules, url, limits=limits):
            raise Blocked("The site's robots.txt does not want this page read.")

    async def _follow(self, client: httpx.AsyncClient, url: str, asked: _Asked) -> _Answer:
        """The answer at the end of the redirects, whatever its status."""
        budget = _Budget(self.settings.deadline.total_seconds())
        here = httpx.URL(url)
        for _ in range(self.settings.max_redirects + 1):
            answer = await self._ask(client, here, asked, budget)
            if answer.status not in REDIRECTS:
                return answer
            if asked.keyed:
                raise Malformed("The address redirects, and what was sent goes no further.")
            there = here.join(answer.headers.get("location", ""))
            asked = self._for_next_hop(asked, here, there)
            here = there
        raise Malformed("The address redirects too many times.")

    def _for_next_hop(self, asked: _Asked, here: httpx.URL, there: httpx.URL) -> _Asked:
        before, after = target(here, self._allow), target(there, self._allow)
        if after.place in self._allow and before.place not in self._allow:
            raise Forbidden("The site redirects into the operator's own network.")
        if asked.private and before.scheme == "https" and after.scheme == "http":
            raise Blocked("The site redirects credentials to an unprotected address.")
        if before.place == after.place or (before.host == after.host and after.port == 443):
            return asked
        return replace(asked, private={}, content=None)

    async def _ask(
        self, client: httpx.AsyncClient, url: httpx.URL, asked: _Asked, budget: _Budget
    ) -> _Answer:
        """One hop, whole: checked, paced, bounded."""
        hop = target(url, self._allow)
        if asked.keyed and hop.scheme != "https" and hop.place not in self._allow:
            raise Forbidden("A key is sent over https only.")
        request = client.build_request(
            "GET" if asked.content is None else "POST",
            url,
            headers={**asked.headers, **asked.private},
            content=asked.content,
        )
        patience = self.settings.deadline.total_seconds()
        turn = self._pacing.turn(
            hop.place, patience_seconds=patience, pause_seconds=asked.pause_seconds
        )
        async with turn, budget.spending():
            asked_at = datetime.now(UTC)
            answer = await client.send(request, stream=True)
            try:
                self._refuse_too_large(answer)
                if asked.tape is not None:
                    body = await self._taped(answer, asked.tape, asked_at)
                elif answer.is_success:
                    body = await self._body(answer, self.settings.max_body_bytes)
                else:
                    body = await self._reason(answer) if asked.keyed else b""
            finally:
                await answer.aclose()
        return _Answer(
            url=url,
            status=answer.status_code,
            headers=answer.headers,
            body=body,
            continues="next" in answer.links,
            wait=self._rest(hop.place, answer),
        )

    def _rest(self, place: str, answer: httpx.Response) -> float | None:
        """Leave the place alone for as long as it asks, or until it gives a new allowance; the
        seconds that a refusal asks for."""
        now = datetime.now(UTC)
        wait = statuses.asked_to_wait(answer.status_code, answer.headers, now)
        self._left[place] = statuses.left(answer.headers)
        rest = statuses.used_up(answer.headers, now) if wait is None else wait
        if rest is not None:
            self._pacing.rest(place, rest)
        return wait

    def _refuse_too_large(self, answer: httpx.Response) -> None:
        raw = answer.headers.raw
        size = sum(len(name) + len(value) for name, value in raw)
        if len(raw) > self.settings.max_headers or size > MAX_HEADER_BYTES:
            raise TooLarge("The answer has too many headers.")
        declared = answer.headers.get("content-length", "")
        if declared.isdecimal() and int(declared[:20]) > self.settings.max_body_bytes:
            raise TooLarge

    async def _taped(self, answer: httpx.Response, tape: Tape, asked_at: datetime) -> bytes:
        body = b""
        if tape.wants(answer):
            encoding = answer.headers.get("content-encoding", "")
            chunks = tape.teed(answer.aiter_raw())
            body = await decode.body(chunks, encoding, max_bytes=self.settings.max_body_bytes)
        tape.add(answer, body, asked_at=asked_at)
        return body

    async def _body(self, answer: httpx.Response, limit: int) -> bytes:
        encoding = answer.headers.get("content-encoding", "")
        return await decode.body(answer.aiter_raw(), encoding, max_bytes=limit)

    async def _reason(self, answer: httpx.Response) -> bytes:
        """What a refusal says; the status tells enough where that cannot be read."""
        try:
            return await self._body(answer, MAX_REASON_BYTES)
        except (Malformed, TooLarge):
            return b""


def _response(answer: _Answer) -> Response:
    if answer.status != 304 and not 200 <= answer.status < 300:
        refusal = statuses.refusal(answer.status, answer.wait, answer.headers)
        refusal.said = answer.body
        raise refusal
    return Response(
        status=answer.status,
        url=str(answer.url),
        body=answer.body,
        content_type=answer.headers.get("content-type", ""),
        etag=_validator(answer.headers.get("etag")),
        last_modified=_validator(answer.headers.get("last-modified")),
        not_modified=answer.status == 304,
        continues=answer.continues,
        fresh_seconds=fresh_seconds(answer.headers, datetime.now(UTC)),
    )


def _validator(value: str | None) -> str | None:
    """A validator that can be sent back as it came; a server may send anything."""
    fit = value and len(value) <= MAX_VALIDATOR and value.isascii() and value.isprintable()
    return value if fit else None


def _translated(error: Exception) -> ConnectorError:
    """The one place where the library's errors become ours; addresses stay out of it."""
    if isinstance(error, httpx.TimeoutException):
        return Unreachable()
    if isinstance(error, httpx.InvalidURL):
        return Forbidden("The address is not a valid one.")
    if isinstance(error, httpx.RemoteProtocolError | httpx.DecodingError):
        return Malformed("The source does not speak proper HTTP.")
    if _is_about_certificate(error):
        return Unreachable("The certificate of the source cannot be verified.")
    return Unreachable("No connection to the source.")


def _is_about_certificate(error: BaseException | None) -> bool:
    while error is not None and not isinstance(error, ssl.SSLCertVerificationError):
        error = error.__cause__ or error.__context__
    return error is not None
