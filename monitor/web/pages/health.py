"""For whoever watches the watcher: is the process alive, can it do its work."""

from __future__ import annotations

from datetime import datetime

from starlette.responses import PlainTextResponse

from alerts import words
from monitor.health import standing
from monitor.store import delivered, queue
from monitor.store.errors import StoreError
from monitor.store.scope import NOTHING
from monitor.store.views import MailHealth
from monitor.web.deps import Current
from monitor.web.viewer import open_room

router = open_room()


@router.api_route("/healthz", methods=["GET", "HEAD"])
def alive() -> PlainTextResponse:
    return PlainTextResponse("ok\n")


@router.api_route("/readyz", methods=["GET", "HEAD"])
def ready(console: Current) -> PlainTextResponse:
    """503 while the database cannot be read."""
    try:
        with console.store.read() as tx:
            queue.newer_than(tx, NOTHING, 0)
    except StoreError:
        return PlainTextResponse("the database cannot be read\n", 503)
    return PlainTextResponse("ok\n")


@router.api_route("/health", methods=["GET", "HEAD"])
def mail(console: Current) -> PlainTextResponse:
    """How the outbox stands; 503 when nothing has left for long though something was due."""
    now = console.clock()
    try:
        with console.store.read() as tx:
            health = delivered.mail_health(tx, now)
    except StoreError:
        return PlainTextResponse("the database cannot be read\n", 503)
    is_stuck = health.is_stuck(now, console.mail_alarm_after)
    return PlainTextResponse(_said(health, now), 503 if is_stuck else 200)


@router.api_route("/health/work", methods=["GET", "HEAD"])
def work(console: Current) -> PlainTextResponse:
    """What is overdue; 503 when anything is."""
    try:
        overdue = standing.look(console.store, console.whole, console.clock()).overdue
    except StoreError:
        return PlainTextResponse("the database cannot be read\n", 503)
    said = "".join(f"{one.words}\n" for one in overdue)
    return PlainTextResponse(said or "nothing is overdue\n", 503 if overdue else 200)


def _said(health: MailHealth, now: datetime) -> str:
    lines = ["mail due: 0"]
    if health.oldest_due_at is not None:
        age = words.span(now - health.oldest_due_at)
        lines = [f"mail due: {health.due}", f"the oldest for: {age}"]
    if health.last_sent_at is not None:
        lines.append(f"last sent: {words.span(now - health.last_sent_at)} ago")
    return "\n".join(lines) + "\n"
