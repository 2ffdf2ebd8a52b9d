"""Response clocks: what is past its time, and what is due next."""

from __future__ import annotations

from fastapi import Request
from starlette.responses import HTMLResponse

from alerts import words
from config.policy import Policy
from monitor import clocks
from monitor.web.deps import Current
from monitor.web.rendering import badges, page
from monitor.web.viewer import READERS, Looking, room

router = room(*READERS)


@router.get("/clocks")
def show(request: Request, console: Current, viewer: Looking) -> HTMLResponse:
    now = console.clock()
    with console.store.read() as tx:
        running = clocks.running(tx, viewer.scope, console.policy, console.rota, now)
    return page(
        request,
        "clocks.html",
        counts=badges(request),
        late=[one for one in running if one.is_late(now)],
        coming=[one for one in running if not one.is_late(now)],
        told=_told(console.policy),
    )


def _told(policy: Policy) -> str:
    """Who hears of it, in words."""
    roles = dict.fromkeys(role for clock in policy.clocks for role in clock.tell)
    return words.listed([words.ROLES[role] for role in roles])
