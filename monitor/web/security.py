"""What holds for every answer of the console, whatever page makes it.

- Only the console's own host names are answered, so that a foreign name that is made to point
  at this machine (DNS rebinding) reaches nothing.
- Another site may lead a person here by a link, but cannot load anything of ours into itself:
  even a look is put on record, and must be a person's.
- A change is made only by a form of our own pages: the browser must say that it comes from
  here (Fetch Metadata, or Origin where that is missing), and the form carries a token that
  another site cannot read.
- The report form is for everybody: it has a guard of its own (`monitor.web.spam`). Where nobody
  signs in, what comes through a proxy reaches nothing else.
- No page runs, loads, sends to or is framed by anything else (Content-Security-Policy), and
  none is kept by the browser.
"""

from __future__ import annotations

import hmac
import re
import secrets
from hmac import compare_digest
from urllib.parse import urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from config.settings import ConsoleSettings
from monitor.web.viewer import viewer_of

MAX_BODY_BYTES = 64 * 1024
"""Forms here are a note and a few words."""
MAX_FIELDS = 600
"""The set-up names every school of a trust; a whole page of the queue can be ticked."""
MAX_REPORT_BYTES = 32 * 1024 * 1024
"""A report may bring a few screenshots."""
MAX_UPLOAD_BYTES = {"/setup/register": 128 * 1024 * 1024, "/closures/calendar": 2 * 1024 * 1024}
"""By path: what brings a file of its own size, taken from those who may only."""
SCREEN_PRINT = re.compile(r"/mentions/\d{1,19}/screen-print")
PUBLIC = ("/report", "/what-we-monitor", "/privacy-notice", "/bounces", "/static")
"""What may be reached by everybody, through a proxy."""
FORWARDED = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip", "via")
SAFE_METHODS = frozenset({"GET", "HEAD"})
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
TOKEN_FIELD = "token"  # noqa: S105  the name of the field, not a secret
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "
        "require-trusted-types-for 'script'; trusted-types 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "X-Robots-Tag": "noindex, nofollow",
    "Cache-Control": "no-store",
}


class PageTooOld(HTTPException):
    """The form comes from a page made before the console was last started."""

    def __init__(self) -> None:
        super().__init__(status_code=403)


def new_token() -> str:
    return secrets.token_urlsafe(32)


def allowed_hosts(settings: ConsoleSettings) -> frozenset[str]:
    """The names the console answers to, without ports."""
    configured = {settings.host.strip("[]"), urlsplit(settings.url).hostname or ""}
    return LOOPBACK | {name.lower() for name in configured if name}


def is_public(path: str) -> bool:
    return any(path == place or path.startswith(f"{place}/") for place in PUBLIC)


def harden(headers: MutableHeaders) -> None:
    """Add what is missing; a page may set its own Cache-Control."""
    for name, value in HEADERS.items():
        headers.setdefault(name, value)


def form_token(request: Request) -> str:
    """The token of this session's forms, or of everybody's where nobody signs in. Raises
    StoreError."""
    token: str = request.app.state.token
    session = getattr(request.state, "session", "") if viewer_of(request) else ""
    return hmac.new(token.encode(), session.encode(), "sha256").hexdigest() if session else token


async def check_token(request: Request) -> None:
    """Every change carries the page's token, as a form field. Raises PageTooOld."""
    if request.method in SAFE_METHODS:
        return
    await is_of_our_page(request, await request.form(max_files=0, max_fields=MAX_FIELDS))


async def is_of_our_page(request: Request, form: FormData) -> None:
    """Nothing where the form carries its page's token. Raises PageTooOld."""
    given = form.get(TOKEN_FIELD)
    expected = await run_in_threadpool(form_token, request)
    if not isinstance(given, str) or not compare_digest(given.encode(), expected.encode()):
        raise PageTooOld


class Guard:
    """ASGI middleware: refuses what does not come from our own pages, hardens every answer."""

    def __init__(self, app: ASGIApp, *, hosts: frozenset[str], proxied: bool) -> None:
        self._app = app
        self._hosts = hosts
        self._proxied = proxied

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def hardened(message: Message) -> None:
            if message["type"] == "http.response.start":
                harden(MutableHeaders(scope=message))
            await send(message)

        most = _most(scope["path"])
        refusal = self._refusal(scope["method"], scope["path"], Headers(scope=scope), most)
        if refusal:
            await refusal(scope, receive, hardened)
        else:
            await self._app(scope, _bounded(receive, most), hardened)

    def _refusal(
        self, method: str, path: str, headers: Headers, most: int
    ) -> PlainTextResponse | None:
        if asked_for(headers) not in self._hosts:
            return PlainTextResponse("This console does not answer to that name.", 400)
        is_hidden = not self._proxied and not is_public(path)
        if is_hidden and any(name in headers for name in FORWARDED):
            return PlainTextResponse("Only the report form may be reached through a proxy.", 403)
        if not (_is_look(headers) if method in SAFE_METHODS else _from_our_pages(headers)):
            return PlainTextResponse("Only a page of this console may do that.", 403)
        if int(_digits(headers.get("content-length"), most)) > most:
            return PlainTextResponse("That is too much text.", 413)
        return None


def _most(path: str) -> int:
    """Bytes that may be sent to an address."""
    if is_public(path) or SCREEN_PRINT.fullmatch(path):
        return MAX_REPORT_BYTES
    return MAX_UPLOAD_BYTES.get(path, MAX_BODY_BYTES)


def asked_for(headers: Headers) -> str | None:
    """The host's name of a request, without its port; None unless there is exactly one."""
    hosts = headers.getlist("host")
    try:
        return urlsplit(f"//{hosts[0]}").hostname if len(hosts) == 1 else None
    except ValueError:
        return None


def _is_look(headers: Headers) -> bool:
    """Asked by our own pages, by a typed address, or by a person who follows a link."""
    followed = (headers.get("sec-fetch-mode"), headers.get("sec-fetch-dest"))
    is_ours = headers.get("sec-fetch-site", "none") in ("same-origin", "none")
    return is_ours or followed == ("navigate", "document")


def _from_our_pages(headers: Headers) -> bool:
    """Fetch Metadata decides where the browser sends it; else Origin must be this very host.

    What sends neither is no browser of today, and still needs the token.
    """
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site == "same-origin"
    origin = headers.get("origin")
    return origin in (None, *(f"{scheme}://{headers.get('host')}" for scheme in ("http", "https")))


def _digits(value: str | None, most: int) -> str:
    """A length as digits; what is no number counts as too long."""
    if value is None:
        return "0"
    return value if value.isascii() and value.isdigit() else str(most + 1)


def _bounded(receive: Receive, most: int) -> Receive:
    """The body, as long as it is short: also where no length was announced."""
    taken = 0

    async def bounded() -> Message:
        nonlocal taken
        message = await receive()
        taken += len(message.get("body", b""))
        if taken > most:
            raise HTTPException(413)
        return message

    return bounded
