"""Health of judgement: whether the flags were right, how much came and how soon it was decided,
and what other thresholds would have done. Counts, and never a word of a post."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, timedelta

from fastapi import Request
from starlette.responses import HTMLResponse

from alerts.material import Figures
from alerts.words import LONDON
from classifiers.types import LABELS, Label
from monitor.figures import agreement, judgement, workload
from monitor.figures.workload import Week
from monitor.schedule import local_day
from monitor.store import figures, judged, queue, verdicts
from monitor.web import charts
from monitor.web.deps import Current
from monitor.web.rendering import page
from monitor.web.viewer import Looking, room

LOOKED_BACK = timedelta(days=30)
MOST_JUDGED = 1_000
"""Mentions whose thresholds are tried, the newest: more would tell nothing new and take long."""
WAITS = ("soon", "early", "day", "days", "late")

router = room("pr", "executive")


@router.get("/judgement")
def show(
    request: Request, console: Current, viewer: Looking, label: Label = "reputation"
) -> HTMLResponse:
    now = console.clock()
    today = now.astimezone(LONDON).date()
    begin = local_day(workload.begin(today))[0].astimezone(UTC)
    with console.store.read() as tx:
        mentions = judged.since(tx, viewer.scope, now - LOOKED_BACK, most=MOST_JUDGED)
        decided = judged.decided_since(tx, viewer.scope, begin)
        said = verdicts.since(tx, begin, viewer.scope)
        counted = figures.read(tx, figures.TRUST, workload.begin(today), today)
        less = figures.apart(tx, viewer.scope, figures.TRUST)
        counted = {day: one.less(less.get(day, Figures())) for day, one in counted.items()}
        waiting = judged.waits_longest(tx, viewer.scope)
        counts = queue.counts(tx, viewer.scope)
    weeks = workload.weeks(decided, counted, today)
    effects = judgement.effects(mentions, label, console.policy)
    return page(
        request,
        "judgement.html",
        counts=counts,
        days=LOOKED_BACK.days,
        total=len(mentions),
        is_all=len(mentions) < MOST_JUDGED,
        used={name: judgement.agreement(mentions, name, console.policy) for name in LABELS},
        chosen=label,
        effects=effects,
        curve=charts.Curve.of(
            [(one.threshold, one.flagged) for one in effects],
            mark=console.policy.labels[label].threshold,
        ),
        rightness=agreement.rightness(said),
        weeks=weeks,
        columns=_columns(weeks),
        people=len({one.by for one in decided}),
        taken_back=sum(one.undone for one in decided),
        answered=[(one, charts.shares(one.counts, WAITS)) for one in workload.answered(decided)],
        within=[*(words for _, words in workload.WITHIN), workload.LATER],
        wait_kinds=WAITS,
        waiting=waiting,
        few=agreement.FEWEST,
    )


def _columns(weeks: Sequence[Week]) -> charts.Columns:
    return charts.Columns.of(
        [f"{one.first.day} {one.first:%b}" for one in weeks],
        [
            (("useful", one.useful), ("no-action", one.no_action), ("not-us", one.not_about_us))
            for one in weeks
        ],
        [one.came for one in weeks],
    )
