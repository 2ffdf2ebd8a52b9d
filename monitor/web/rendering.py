"""Templates to pages: everything escaped, nothing undefined, static files by their version."""

from __future__ import annotations

from functools import cache
from hashlib import blake2b
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlsplit

from fastapi import Request
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup
from starlette.responses import HTMLResponse

from alerts import reports, words
from monitor.store import queue
from monitor.store.views import Counts
from monitor.web import menu, moments, wording
from monitor.web.deps import current
from monitor.web.security import form_token
from monitor.web.viewer import looking, viewer_of

STATIC = Path(__file__).parent / "static"
LINKABLE = frozenset({"http", "https"})


def environment() -> Environment:
    """Made once for the console; templates are compiled on first use."""
    made = Environment(
        loader=PackageLoader("monitor.web"),
        autoescape=True,
        undefined=StrictUndefined,
        auto_reload=False,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals.update(
        icon=icon,
        static=static_address,
        moments=moments,
        words=words,
        wording=wording,
        report_kinds=reports.KINDS,
        report_clauses=reports.CLAUSES,
        linkable=linkable,
        host_of=host_of,
    )
    return made


@cache
def icon(name: str) -> Markup:
    """One of the sprite's drawings (icons.html). A page has some eighty of them."""
    return Markup(
        '<svg class="icon" aria-hidden="true" focusable="false"><use href="#i-{}"/></svg>'
    ).format(name)


@cache
def static_version() -> str:
    """A digest of all static files: an address with it means this content for ever. It stands
    before the name, so that the scripts a script imports have it too."""
    digest = blake2b(digest_size=6)
    for path in sorted(STATIC.iterdir()):
        digest.update(path.read_bytes())
    return digest.hexdigest()


@cache
def static_address(name: str) -> str:
    """Raises FileNotFoundError where there is no such file: a template is wrong."""
    if not (STATIC / name).is_file():
        raise FileNotFoundError(name)
    return f"/static/{static_version()}/{name}"


def linkable(url: str) -> str:
    """The address where it may stand behind a link (http and https only); else empty."""
    try:
        parts = urlsplit(url)
        return url if parts.scheme in LINKABLE and parts.hostname else ""
    except ValueError:
        return ""


def host_of(url: str) -> str:
    """The host of an address that `linkable` lets pass; empty for others."""
    return (urlsplit(url).hostname or "") if linkable(url) else ""


def badges(request: Request) -> Counts:
    """What the navigation counts for who is looking. Raises StoreError."""
    with current(request).store.read() as tx:
        return queue.counts(tx, looking(request).scope)


def public_page(
    request: Request, template: str, *, status_code: int = 200, **values: Any
) -> HTMLResponse:
    """A page for everybody: it knows nothing of the console, its token or its reviewer."""
    console = current(request)
    templates = cast(Environment, request.app.state.templates)
    html = templates.get_template(template).render(
        trust=console.trust, is_sample=console.sample is not None, now=console.clock(), **values
    )
    return HTMLResponse(html, status_code=status_code)


def page(
    request: Request,
    template: str,
    *,
    counts: Counts | None,
    status_code: int = 200,
    **values: Any,
) -> HTMLResponse:
    """A whole page with the menu of who is looking; without counts it shows no badges."""
    console = current(request)
    viewer = viewer_of(request)
    groups = menu.shown(viewer) if viewer else ()
    templates = cast(Environment, request.app.state.templates)
    html = templates.get_template(template).render(
        console=console,
        viewer=viewer,
        menu=groups,
        alarms=menu.alarms(groups, counts),
        counts=counts,
        now=console.clock(),
        token=form_token(request),
        path=request.url.path,
        **values,
    )
    return HTMLResponse(html, status_code=status_code)
