"""Try a post: how it would be judged, and who would be told of it. Nothing is stored."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import Form, Request
from pydantic import BaseModel, Field
from starlette.responses import HTMLResponse

from alerts import explain, outlook, words
from alerts.outlook import NO_STORY, Outlook
from classifiers.types import Assessment
from connectors.types import Mention
from monitor import silencing
from monitor.access import conflict
from monitor.store.silences import Silence
from monitor.web import whynot
from monitor.web.deps import Console, Current
from monitor.web.marking import Passage, passage
from monitor.web.rendering import badges, page
from monitor.web.schools import SchoolView, school_views
from monitor.web.viewer import Looking, room

LONGEST = 10_000

router = room("pr", "executive", "safeguarding", "it")


class TrialForm(BaseModel):
    text: Annotated[str, Field(max_length=LONGEST)] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What would become of a post that came in now."""

    assessment: Assessment
    passage: Passage
    kind: str
    because: str
    schools: tuple[SchoolView, ...]
    outlook: Outlook
    now: datetime
    silence: Silence | None
    """What keeps it from being told at once."""


@router.get("/try")
def show(request: Request, console: Current) -> HTMLResponse:
    return page(request, "trial.html", counts=badges(request), text="", trial=None, why=())


@router.post("/try")
def judge(
    request: Request, console: Current, viewer: Looking, form: Annotated[TrialForm, Form()]
) -> HTMLResponse:
    text = form.text.strip()
    if whynot.is_address(text):
        number, why = whynot.answer(console, viewer, text)
        return page(
            request, "trial.html", counts=badges(request), text=text, trial=None, why=why,
            number=number,
        )  # fmt: skip
    trial = _trial(console, text) if text else None
    return page(
        request, "trial.html", counts=badges(request), text=text, trial=trial, why=(),
        outlook=outlook,
    )  # fmt: skip


def _trial(console: Console, text: str) -> Trial:
    now = console.clock()
    mention = Mention(
        platform="web", external_id="trial", url="", text=text, published_at=now, fetched_at=now
    )
    (assessment,) = console.classifier().assess([mention])
    duty = conflict.barring(console.duty(), console.trust, conflict.named(console.people(), text))
    with console.store.read() as tx:
        silence = silencing.over(tx, NO_STORY, mention, assessment, console.policy, duty)
    return Trial(
        assessment=assessment,
        passage=passage(text, "", assessment, revealed=True),
        kind=words.capital(words.kind(assessment)),
        because=explain.because(assessment, console.policy),
        schools=school_views(assessment, console.trust),
        outlook=outlook.outlook(assessment, console.trust, console.policy, duty),
        now=now,
        silence=silence,
    )
