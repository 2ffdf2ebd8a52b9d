"""The console: pages over the store, rendered here, each for the people it is for."""

from __future__ import annotations

from types import ModuleType

from fastapi import APIRouter, Depends, FastAPI
from fastapi.routing import APIRoute
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from monitor.web.deps import Console
from monitor.web.doors import LocalDoor, SampleDoor, SessionDoor
from monitor.web.pages import (
    accounts,
    affected,
    around,
    audit,
    blocks,
    board,
    bounces,
    bulk,
    captures,
    case,
    case_bundle,
    case_close,
    case_letters,
    case_steps,
    cases,
    clocks,
    closures,
    closures_calendar,
    coverage,
    decide,
    deliveries,
    digests,
    envelope,
    errors,
    evidence,
    export,
    files,
    health,
    help,
    judgement,
    mention,
    notices,
    oversight,
    personas,
    pictures,
    queue,
    report,
    requests,
    retention,
    rules,
    running,
    saved,
    screen_print,
    seen,
    selfcheck,
    selfcheck_remind,
    selfcheck_run,
    sessions,
    setup,
    setup_register,
    share,
    signin,
    silences,
    sources,
    together,
    transparency,
    triage,
    trial,
    verdict,
    why,
)
from monitor.web.rendering import STATIC, environment, static_version
from monitor.web.security import Guard, allowed_hosts, check_token, new_token
from monitor.web.spam import Allowance, Stamps
from monitor.web.viewer import Door, admissions

PUBLIC_PAGES = (report, transparency, bounces)
"""For everybody, without the console's token: each has a guard of its own."""
UPLOADS = (setup_register, screen_print, closures_calendar)
"""They ask for the token themselves, as a large body is read only once it is known whose it is."""
PAGES = (
    queue,
    saved,
    export,
    mention,
    decide,
    cases,
    case,
    case_steps,
    case_letters,
    case_close,
    case_bundle,
    captures,
    clocks,
    affected,
    seen,
    sources,
    coverage,
    deliveries,
    digests,
    running,
    closures,
    blocks,
    silences,
    rules,
    judgement,
    trial,
    audit,
    retention,
    requests,
    notices,
    setup,
    help,
    health,
    pictures,
    evidence,
    around,
    files,
    share,
    personas,
    selfcheck,
    selfcheck_run,
    selfcheck_remind,
    signin,
    envelope,
    sessions,
    verdict,
    triage,
    bulk,
    together,
    why,
    oversight,
    board,
    accounts,
)


class FingerprintedFiles(StaticFiles):
    """Files whose address changes with their content may be kept by the browser for good."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        version, _, name = path.partition("/")
        is_versioned = version == static_version()
        response = await super().get_response(name if is_versioned else path, scope)
        kept = "public, max-age=31536000, immutable" if is_versioned else "no-cache"
        response.headers["Cache-Control"] = kept
        return response


def create_app(console: Console) -> FastAPI:
    """The console as an ASGI application. Opens nothing; the store is the caller's."""
    app = FastAPI(
        title="Trust Monitor",
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
    )
    for kind, handler in errors.HANDLERS.items():
        app.add_exception_handler(kind, handler)
    app.state.console = console
    app.state.templates = environment()
    app.state.token = new_token()
    app.state.door = _door(console)
    app.state.stamps = Stamps(console.clock)
    app.state.allowance = Allowance(console.clock)
    hosts = allowed_hosts(console.settings)
    app.add_middleware(Guard, hosts=hosts, proxied=console.provider is not None)
    for one in PAGES:
        app.include_router(_guarded(one), dependencies=[Depends(check_token)])
    for one in (*PUBLIC_PAGES, *UPLOADS):
        app.include_router(_guarded(one))
    app.mount("/static", FingerprintedFiles(directory=STATIC), name="static")
    return app


def _door(console: Console) -> Door:
    if console.sample and console.sample.personas:
        return SampleDoor(console.sample.personas)
    if console.provider:
        return SessionDoor(console, console.provider)
    return LocalDoor(console.settings)


def _guarded(page: ModuleType) -> APIRouter:
    """The page's router. Raises TypeError where a route does not say for whom it is: it would be
    for everybody."""
    router: APIRouter = page.router
    for route in router.routes:
        if not isinstance(route, APIRoute) or not admissions(route.dependant):
            raise TypeError(f"{route} does not say for whom it is: see monitor.web.viewer.")
    return router
