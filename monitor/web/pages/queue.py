"""The review queue: gravest first, then newest. `/` is what one has open all day."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated, Literal

from fastapi import Query, Request
from starlette.responses import HTMLResponse, JSONResponse

from alerts import words
from classifiers.expressions import ExpressionError
from classifiers.types import LABELS, SEVERITIES
from config.trust import Trust
from monitor import searching
from monitor.store import (
    claims,
    decisions,
    queue,
    remarks,
    response_clocks,
    rules,
    saved_views,
    sources,
    spread,
    welfare,
)
from monitor.store.claims import Claim
from monitor.store.database import Tx
from monitor.store.response_clocks import StoryClock
from monitor.store.rules import Action
from monitor.store.scope import Scope
from monitor.store.views import DecisionView, QueueFilter, QueuePage, QueueRow, SourceHealth
from monitor.web.address import QueueAddress
from monitor.web.charts import Spread
from monitor.web.deps import LARGEST_ID, Console, Current
from monitor.web.marking import Piece, excerpt, passage
from monitor.web.rendering import page
from monitor.web.reviewing import is_grave
from monitor.web.schools import SchoolView, school_views
from monitor.web.viewer import READERS, Looking, Viewer, room

PAGE = 25
EXCERPT = 280
Empty = Literal["narrowed", "state", "not_allowed", "no_sources", "first_poll", "done"]

router = room(*READERS)


@dataclass(frozen=True, slots=True, kw_only=True)
class RowView:
    """A queue row as shown: masked, cut, in words."""

    row: QueueRow
    kind: str
    schools: tuple[SchoolView, ...]
    title: tuple[Piece, ...]
    excerpt: tuple[Piece, ...]
    spread: Spread | None = None
    """How its story spread, where it is more than one post."""
    claim: Claim | None = None
    """Of somebody else, who looks at it now."""
    assigned: str = ""
    """Who is to see to it."""
    clock: StoryClock | None = None
    """By when it is to be seen or decided on, while it waits."""
    until: datetime | None = None
    """When it comes back from being watched."""
    rules: tuple[tuple[Action, str], ...] = ()
    """What rules did to it, and their names."""
    standing: DecisionView | None
    """The decision that put it where it is."""

    @property
    def is_back(self) -> bool:
        """It was put off, and its time has come."""
        was_watched = self.standing is not None and self.standing.outcome == "watch"
        return was_watched and self.row.state == "open"


@router.get("/")
def show(request: Request, console: Current, viewer: Looking) -> HTMLResponse:
    address = QueueAddress.parse(request.url.query)
    chosen, problem = _wanted(address, console.trust)
    with console.store.read() as tx:
        found = _found(tx, viewer.scope, chosen, address, problem)
        counted = queue.counts(tx, viewer.scope)
        health = sources.health(tx)
        settled = queue.settled(tx, viewer.scope)
        ahead = queue.newer_than(tx, viewer.scope, settled)
        done = decisions.just_taken(tx, viewer.scope, request.query_params.get("done", ""))
        rows = _rows(tx, console, viewer, found.rows)
        for_you = remarks.waiting_for(tx, viewer.scope, viewer.name)
        views = saved_views.listing(tx, viewer.name)
        colleagues = sorted({viewer.name, *remarks.people(tx)})
        own = welfare.of(tx, viewer.name, console.clock().astimezone(words.LONDON).date())
    return page(
        request,
        "queue.html",
        counts=counted,
        address=address,
        rows=rows,
        older=address.older(found.next) if found.next else None,
        problem=problem,
        labels=LABELS,
        platforms=words.PLATFORMS,
        all_sources=health,
        severities=[level for level in reversed(SEVERITIES) if level != "none"],
        health=summary(health),
        empty=None if found.rows else _emptiness(address, console, health),
        news={"after": settled, "seen": ahead},
        done=done,
        for_you=for_you,
        own=own,
        views=views,
        colleagues=colleagues,
        is_grave=is_grave,
        is_none="none" in request.query_params,
        is_full="full" in request.query_params,
        is_undone="undone" in request.query_params,
    )


@router.get("/queue/new")
def news(
    console: Current,
    viewer: Looking,
    after: Annotated[int, Query(ge=0, le=LARGEST_ID)],
    seen: Annotated[int, Query(ge=0)] = 0,
) -> JSONResponse:
    """How many mentions to review came since a page was made, and who looks at what now.

    `after` is the last one that was assessed by then and `seen` how many beyond it were open.
    """
    with console.store.read() as tx:
        beyond = queue.newer_than(tx, viewer.scope, after)
        looking = claims.held(tx, viewer.scope, console.clock())
    others = {one.mention_id: one.holder for one in looking if one.holder != viewer.name}
    return JSONResponse({"new": max(0, beyond - seen), "beyond": beyond, "looking": others})


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """How far the silence of the sources can be believed."""

    enabled: int
    unread: tuple[SourceHealth, ...]
    """Not measured at their last poll."""

    @property
    def read(self) -> int:
        return self.enabled - len(self.unread)


def summary(health: list[SourceHealth]) -> Summary:
    enabled = [source for source in health if source.enabled]
    unread = tuple(source for source in enabled if source.state == "not_measured")
    return Summary(enabled=len(enabled), unread=unread)


def _emptiness(address: QueueAddress, console: Console, health: list[SourceHealth]) -> Empty:
    """Why there is nothing to see: never "no mentions" where nothing was measured."""
    if address.is_narrowed or address.trail:
        return "narrowed"
    if address.chosen.state != "open":
        return "state"
    if console.sample is None and console.policy.decision.missing:
        return "not_allowed"
    states = {source.state for source in health if source.enabled}
    if not states:
        return "no_sources"
    return "first_poll" if states == {"never"} else "done"


def _wanted(address: QueueAddress, trust: Trust) -> tuple[QueueFilter, ExpressionError | None]:
    """The filter with what the words mean, or what is wrong with them."""
    if not address.written:
        return address.chosen, None
    try:
        wanted = searching.parse(address.written, trust)
    except ExpressionError as problem:
        return address.chosen, problem
    return replace(address.chosen, wanted=wanted), None


def _found(
    tx: Tx,
    scope: Scope,
    chosen: QueueFilter,
    address: QueueAddress,
    problem: ExpressionError | None,
) -> QueuePage:
    if problem:
        return QueuePage(rows=(), next=None)
    return queue.page(tx, scope, chosen, after=address.after, limit=PAGE)


def _rows(tx: Tx, console: Console, viewer: Viewer, found: tuple[QueueRow, ...]) -> list[RowView]:
    """The rows with what people and rules made of them."""
    numbers = [row.mention_id for row in found]
    standing = decisions.standing(tx, numbers)
    stories = {row.story_id for row in found if row.story_id and row.copies > 1}
    posted = spread.of_stories(tx, viewer.scope, stories)
    held = claims.of_mentions(tx, numbers, console.clock())
    whose = remarks.assigned(tx, numbers)
    until = claims.watched_until(tx, numbers)
    hits = rules.names(tx, numbers)
    waits = {row.story_id for row in found if row.story_id and row.state == "open"}
    due = response_clocks.of_stories(tx, waits)
    return [
        replace(
            _row_view(row, standing.get(row.mention_id), console.trust),
            spread=_spread(posted.get(row.story_id or 0, ())),
            rules=hits.get(row.mention_id, ()),
            assigned=whose.get(row.mention_id, ""),
            claim=held.get(row.mention_id),
            until=until.get(row.mention_id),
            clock=due.get(row.story_id or 0),
        )
        for row in found
    ]


def _spread(posted: tuple[datetime, ...]) -> Spread | None:
    return Spread.of(posted) if len(posted) > 1 else None


def _row_view(row: QueueRow, standing: DecisionView | None, trust: Trust) -> RowView:
    shown = passage(row.excerpt, row.title, row.excerpt_assessment)
    return RowView(
        row=row,
        kind=words.capital(words.kind(row.excerpt_assessment)),
        schools=school_views(row.excerpt_assessment, trust),
        title=shown.title,
        excerpt=excerpt(shown.body, EXCERPT),
        standing=standing,
    )
