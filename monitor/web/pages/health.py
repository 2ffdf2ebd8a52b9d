"""For whoever watches the watcher: is the process alive, can it do its work."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import PlainTextResponse

from monitor.store import queue
from monitor.store.errors import StoreError
from monitor.web.deps import Current

router = APIRouter()


@router.api_route("/healthz", methods=["GET", "HEAD"])
def alive() -> PlainTextResponse:
    return PlainTextResponse("ok\n")


@router.api_route("/readyz", methods=["GET", "HEAD"])
def ready(console: Current) -> PlainTextResponse:
    """503 while the database cannot be read."""
    try:
        with console.store.read() as tx:
            queue.newer_than(tx, 0)
    except StoreError:
        return PlainTextResponse("the database cannot be read\n", 503)
    return PlainTextResponse("ok\n")
