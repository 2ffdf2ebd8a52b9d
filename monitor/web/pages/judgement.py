"""How good the judgement was of late, and what other thresholds would have done."""

from __future__ import annotations

from datetime import timedelta

from fastapi import Request
from starlette.responses import HTMLResponse

from classifiers.types import LABELS, Label
from monitor import judgement
from monitor.judgement import Effect
from monitor.store import judged, queue
from monitor.web.deps import Current
from monitor.web.rendering import page
from monitor.web.viewer import Looking, room

LOOKED_BACK = timedelta(days=30)

router = room("pr", "executive")


@router.get("/judgement")
def show(
    request: Request, console: Current, viewer: Looking, label: Label = "reputation"
) -> HTMLResponse:
    with console.store.read() as tx:
        mentions = judged.since(tx, viewer.scope, console.clock() - LOOKED_BACK)
        counted = queue.counts(tx, viewer.scope)
    effects = judgement.effects(mentions, label, console.policy)
    return page(
        request,
        "judgement.html",
        counts=counted,
        days=LOOKED_BACK.days,
        total=len(mentions),
        used={name: judgement.in_use(mentions, name, console.policy) for name in LABELS},
        chosen=label,
        effects=effects,
        curve=_curve(effects),
        most=max((one.flagged for one in effects), default=0),
    )


def _curve(effects: tuple[Effect, ...]) -> str:
    """Points of an SVG line in a box of 100 by 100: thresholds across, flagged upwards."""
    most = max((one.flagged for one in effects), default=0) or 1
    return " ".join(
        f"{100 * one.threshold:.1f},{100 - 100 * one.flagged / most:.1f}" for one in effects
    )
