"""Rules and mutes: what reviewers want tagged, raised or out of sight, tried before it counts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Annotated, Literal

from fastapi import Form, HTTPException, Query, Request
from pydantic import BaseModel, Field
from starlette.responses import HTMLResponse, RedirectResponse, Response

from classifiers.expressions import Expression, ExpressionError
from monitor import rules, searching
from monitor.schedule import LONDON, local_day
from monitor.store import queue, search
from monitor.store import rules as rows
from monitor.store.rules import MOST_ACTIVE, Action, Aim
from monitor.store.scope import Scope
from monitor.store.views import QueueFilter, QueueRow
from monitor.web import guided
from monitor.web.deps import LARGEST_ID, Console, Current, RowId
from monitor.web.marking import Piece, excerpt, passage
from monitor.web.rendering import badges, page
from monitor.web.reviewing import veils
from monitor.web.viewer import Looking, looking, room

Lasting = Literal["day", "week", "month", "always"]
DAYS: Mapping[Lasting, int] = {"day": 1, "week": 7, "month": 30}
COUNTED = 1000
SHOWN = 20
Words = Annotated[str, Query(max_length=150)]

router = room("pr", "executive")


class RuleForm(BaseModel):
    """One of `words`, `site` and `story` says what it is about."""

    action: Action = "tag"
    name: Annotated[str, Field(max_length=60)] = ""
    words: Annotated[str, Field(max_length=500)] = ""
    tried: Annotated[str, Field(max_length=500)] = ""
    """The words whose finds were shown."""
    site: Annotated[str, Field(max_length=300)] = ""
    story: Annotated[int, Field(ge=1, le=LARGEST_ID)] | Literal[""] = ""
    mention: Annotated[int, Field(ge=1, le=LARGEST_ID)] | Literal[""] = ""
    lasting: Lasting = "always"
    reason: Annotated[str, Field(max_length=500)] = ""
    step: Literal["try", "save"] = "try"


class Trial:
    """What an expression would have found among everything judged so far."""

    def __init__(self, console: Console, scope: Scope, expression: Expression) -> None:
        chosen = QueueFilter(state="all", wanted=expression)
        with console.store.read() as tx:
            self.found = search.count(tx, expression, most=COUNTED, apart=scope)
            self.rows = queue.page(tx, scope, chosen, after=None, limit=SHOWN).rows

    def said(self, row: QueueRow) -> tuple[Piece, ...]:
        return excerpt(passage(row.excerpt, row.title, row.excerpt_assessment).body, 200)


@router.get("/rules")
def show(
    request: Request, console: Current, needed: Words = "", some: Words = "", never: Words = ""
) -> HTMLResponse:
    """With words that are put together from the three lists, where they are given."""
    words = guided.compose(needed, some, never)
    return _page(request, console, RuleForm.model_construct(words=words))


@router.post("/rules")
def begin(
    request: Request, console: Current, viewer: Looking, form: Annotated[RuleForm, Form()]
) -> Response:
    """Try the words, or begin the rule: words that were not tried are tried first."""
    expression = None
    if form.words.strip():
        try:
            expression = searching.parse(form.words.strip(), console.trust)
        except ExpressionError as faulty:
            return _page(request, console, form, faulty=faulty)
    trial = Trial(console, viewer.scope, expression) if expression else None
    is_trial = form.step == "try" or (trial is not None and form.tried != form.words)
    if is_trial and trial:
        return _page(request, console, form, trial=trial)
    aim = Aim(
        words=form.words.strip() or None,
        site=rules.site(form.site) if form.site.strip() else None,
        story_id=form.story or None,
    )
    problem = _problem(console, form, aim)
    if problem:
        return _page(request, console, form, problem=problem, trial=trial)
    now = console.clock()
    rules.begin(
        console.store,
        form.action,
        aim,
        name=form.name.strip() or _name(aim),
        by=viewer.name,
        reason=form.reason.strip(),
        until=_end(form.lasting, now),
        now=now,
    )
    back = f"/mentions/{form.mention}" if form.mention else "/rules"
    return RedirectResponse(back, status_code=303)


@router.post("/rules/{rule_id}/end")
def end(console: Current, viewer: Looking, rule_id: RowId) -> RedirectResponse:
    with console.store.read() as tx:
        if rows.find(tx, rule_id) is None:
            raise HTTPException(404)
    rules.end(console.store, rule_id, by=viewer.name, now=console.clock())
    return RedirectResponse("/rules", status_code=303)


def _problem(console: Console, form: RuleForm, aim: Aim) -> str:
    with console.store.read() as tx:
        active = len(rows.active(tx, console.clock()))
    given = [one for one in (aim.words, aim.site, aim.story_id) if one is not None]
    if form.site.strip() and aim.site is None:
        return "Write a site as its address begins, such as gazette.example."
    if len(given) != 1:
        return "Say what the rule is about: either words or a site."
    if aim.words is None and form.action != "mute":
        return "A site or a story can be muted only; for tagging and raising write words."
    if form.action == "mute" and form.lasting == "always":
        return "Say for how long: a mute ends by itself, so that nothing stays out of sight unseen."
    if form.action == "mute" and not form.reason.strip():
        return "Say why: whoever wonders about the mute reads it."
    if active >= MOST_ACTIVE:
        return f"There are {MOST_ACTIVE} rules already: end one first."
    return ""


def _name(aim: Aim) -> str:
    return (aim.words or aim.site or f"Story {aim.story_id}")[:60]


def _end(lasting: Lasting, now: datetime) -> datetime | None:
    """The end of a day in Europe/London; None: until somebody ends it."""
    if lasting == "always":
        return None
    day = now.astimezone(LONDON).date() + timedelta(days=DAYS[lasting])
    return local_day(day)[1].astimezone(now.tzinfo)


def _page(
    request: Request,
    console: Console,
    form: RuleForm,
    *,
    problem: str = "",
    faulty: ExpressionError | None = None,
    trial: Trial | None = None,
) -> HTMLResponse:
    with console.store.read() as tx:
        active, past = rows.active(tx, console.clock()), rows.past(tx, console.clock())
        is_veiled = veils(tx, looking(request), console.clock())
    return page(
        request,
        "rules.html",
        counts=badges(request),
        status_code=422 if problem or faulty else 200,
        active=active,
        past=past,
        form=form,
        problem=problem,
        faulty=faulty,
        trial=trial,
        is_veiled=is_veiled,
    )
