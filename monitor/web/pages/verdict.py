"""Saying whether a label holds of a mention: what the classifiers learn from."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import Form, HTTPException
from pydantic import BaseModel, Field
from starlette.responses import RedirectResponse

from classifiers.types import Label
from monitor import review
from monitor.store import mentions
from monitor.web.address import QueueAddress
from monitor.web.deps import Current, MentionId
from monitor.web.viewer import DECIDERS, Looking, room

SAID: dict[str, bool | None] = {"yes": True, "no": False, "back": None}

router = room(*DECIDERS)


class VerdictForm(BaseModel):
    label: Label
    holds: Literal["yes", "no", "back"]
    at: Annotated[str, Field(max_length=4000)] = ""


@router.post("/mentions/{mention_id}/verdict")
def give(
    console: Current, viewer: Looking, mention_id: MentionId, form: Annotated[VerdictForm, Form()]
) -> RedirectResponse:
    with console.store.read() as tx:
        detail = mentions.detail(tx, viewer.scope, mention_id)
    if detail is None or detail.assessment is None:
        raise HTTPException(404)
    review.judge_labels(
        console.store,
        mention_id,
        {form.label: SAID[form.holds]},
        by=viewer.name,
        now=console.clock(),
    )
    return RedirectResponse(mention_address(mention_id, form.at, "why-title"), status_code=303)


def mention_address(mention_id: int, at: str, part: str = "") -> str:
    """A mention's page, on the way back to the queue one came from."""
    return QueueAddress.parse(at).mention_path(mention_id) + (f"#{part}" if part else "")
