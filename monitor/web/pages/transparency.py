"""What we monitor, and the privacy notice: for everybody, without signing in (UK GDPR, Articles 12
and 14). Made from the settings as they are, and of nobody's name."""

from __future__ import annotations

from hashlib import blake2b
from threading import Lock

from fastapi import HTTPException, Request
from starlette.responses import HTMLResponse, Response

from monitor.notices import legal, paper
from monitor.notices.legal import PublicKind
from monitor.web.deps import Console, Current
from monitor.web.rendering import public_page
from monitor.web.viewer import open_room

router = open_room()
_printing = Lock()
_printed: dict[PublicKind, tuple[bytes, bytes]] = {}
"""Of each the digest of its HTML and the PDF: anybody may ask, so each is printed once."""


@router.get("/what-we-monitor")
def what_we_monitor(request: Request, console: Current) -> HTMLResponse:
    return _shown(request, console, "what-we-monitor")


@router.get("/what-we-monitor/document.pdf")
def what_we_monitor_pdf(console: Current) -> Response:
    return _file(console, "what-we-monitor")


@router.get("/privacy-notice")
def privacy_notice(request: Request, console: Current) -> HTMLResponse:
    return _shown(request, console, "privacy-notice")


@router.get("/privacy-notice/document.pdf")
def privacy_notice_pdf(console: Current) -> Response:
    return _file(console, "privacy-notice")


def _shown(request: Request, console: Console, kind: PublicKind) -> HTMLResponse:
    _refuse_before_the_decision(console)
    return public_page(
        request,
        "transparency.html",
        kind=kind,
        title=legal.TITLES[kind],
        body=legal.body(kind, console.whole, console.clock()),
        other=next(one for one in legal.PUBLIC if one != kind),
        titles=legal.TITLES,
    )


def _file(console: Console, kind: PublicKind) -> Response:
    _refuse_before_the_decision(console)
    made = legal.document(kind, console.whole, console.clock())
    headers = {"Content-Disposition": f'attachment; filename="{kind}.pdf"'}
    try:
        return Response(_pdf(kind, made), media_type="application/pdf", headers=headers)
    except paper.NoBrowser as error:
        raise HTTPException(503) from error


def _pdf(kind: PublicKind, made: str) -> bytes:
    """Raises NoBrowser."""
    digest = blake2b(made.encode(), digest_size=16).digest()
    with _printing:
        known = _printed.get(kind)
        if known is None or known[0] != digest:
            _printed[kind] = known = (digest, paper.pdf(made))
    return known[1]


def _refuse_before_the_decision(console: Console) -> None:
    """Nothing is monitored before, so there is nothing to say of it."""
    if console.policy.decision.missing:
        raise HTTPException(404)
