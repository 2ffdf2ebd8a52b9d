"""Why somebody opens one author's posts again: asked before the next is shown, and recorded.

Looking at one person's posts time and again may interfere with their private life although each is
public (Article 8 ECHR; Home Office code on covert surveillance 3.10): so it needs a reason."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlencode

from fastapi import Form, Request
from pydantic import BaseModel, Field
from starlette.responses import HTMLResponse, RedirectResponse, Response

from monitor import review
from monitor.review import AGAIN, Again
from monitor.store import openings
from monitor.web.address import QueueAddress
from monitor.web.deps import Current, MentionId
from monitor.web.rendering import badges, page
from monitor.web.viewer import READERS, Looking, room

FEWEST_LETTERS = 10

router = room(*READERS)


class WhyForm(BaseModel):
    why: Again | None = None
    said: Annotated[str, Field(max_length=300)] = ""
    at: Annotated[str, Field(max_length=4000)] = ""
    in_turn: Annotated[str, Field(max_length=1)] = ""

    @property
    def problem(self) -> str:
        if self.why is None:
            return "Choose a reason."
        if self.why == "other" and len(self.said.strip()) < FEWEST_LETTERS:
            return "Say the reason in a few words."
        return ""

    @property
    def query(self) -> str:
        """Of the mention's page, as it was asked for."""
        kept = {"from": QueueAddress.parse(self.at).query(), "next": self.in_turn}
        return urlencode({name: value for name, value in kept.items() if value})


@router.get("/mentions/{mention_id}/why")
def ask(request: Request, mention_id: MentionId) -> HTMLResponse:
    asked = request.query_params
    form = WhyForm(at=asked.get("from", "")[:4000], in_turn="1" if "next" in asked else "")
    return _page(request, mention_id, form)


@router.post("/mentions/{mention_id}/why")
def answer(
    request: Request,
    console: Current,
    viewer: Looking,
    mention_id: MentionId,
    form: Annotated[WhyForm, Form()],
) -> Response:
    if form.problem or form.why is None:
        return _page(request, mention_id, form, form.problem)
    review.open_again(
        console.store, mention_id, form.why, form.said.strip(), by=viewer.name, now=console.clock()
    )
    query = f"?{form.query}" if form.query else ""
    return RedirectResponse(f"/mentions/{mention_id}{query}", status_code=303)


def _page(request: Request, mention_id: int, form: WhyForm, problem: str = "") -> HTMLResponse:
    return page(
        request,
        "why.html",
        counts=badges(request),
        status_code=422 if problem else 200,
        mention_id=mention_id,
        form=form,
        problem=problem,
        reasons=AGAIN,
        often=openings.OFTEN,
        days=openings.LATELY.days,
        back=QueueAddress.parse(form.at).path(),
    )
