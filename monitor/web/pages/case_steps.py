"""The steps of a case's playbook: done, skipped with a reason, answered, or handed over."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated, Any, Literal

from fastapi import Form, HTTPException, Request
from pydantic import BaseModel, Field
from starlette.responses import Response

from config.playbook import PlaybookStep
from config.policy import Policy
from monitor.cases import casework
from monitor.store.casefile import EntryKind
from monitor.web import local_time
from monitor.web.case_view import back, case_room, found
from monitor.web.deps import Current, RowId
from monitor.web.pages.case import Long, Short, refused
from monitor.web.viewer import Looking

router = case_room()
CLOCKS_DIFFER = timedelta(minutes=5)


class StepForm(BaseModel):
    """`note` is what is written down with it: for a skipped step its reason."""

    act: Literal["done", "skip"]
    note: Long = ""
    answer: Literal["yes", "no", ""] = ""
    to: Short = ""
    at: Short = ""
    reference: Short = ""


@router.post("/cases/{case_id}/steps/{step_id}")
def settle(
    request: Request,
    console: Current,
    viewer: Looking,
    case_id: RowId,
    step_id: str,
    form: Annotated[StepForm, Form()],
) -> Response:
    """Record what became of a step, unless something that it needs is missing."""
    step = _step(console.policy, step_id)
    found(console, case_id)
    now = console.clock()
    problem = _problem(step, form, now)
    if problem:
        return refused(request, console, case_id, problem, f"step-{step_id}")
    kind, facts = _entry(step, form)
    number = casework.act(console.store, case_id, kind, facts, by=viewer.name, now=now)
    return back(case_id, f"step-{step_id}", number)


def _step(policy: Policy, step_id: str) -> PlaybookStep:
    step = next((one for one in policy.playbook if one.id == step_id), None)
    if step is None:
        raise HTTPException(404)
    return step


def _problem(step: PlaybookStep, form: StepForm, now: datetime) -> str:
    if form.act == "skip":
        return "" if form.note.strip() else "Say why it is skipped."
    if step.kind == "question":
        return _unanswered(form)
    return _no_receipt(form, now) if step.kind == "hand_over" else ""


def _unanswered(form: StepForm) -> str:
    if not form.answer:
        return "Choose yes or no."
    return "" if form.note.strip() else "Say why: the policy asks for the reason as well."


def _no_receipt(form: StepForm, now: datetime) -> str:
    at = local_time.moment_of(form.at)
    if not form.to.strip() or not form.reference.strip():
        return "A receipt needs who took it over and its reference in their system."
    if at is None or at > now + CLOCKS_DIFFER:
        return "Say when it was taken over: a time that has been."
    return ""


def _entry(step: PlaybookStep, form: StepForm) -> tuple[EntryKind, dict[str, Any]]:
    note = form.note.strip()
    if form.act == "skip":
        return "step_skipped", {"step": step.id, "reason": note}
    if step.kind == "question":
        return "decided", {"question": step.question, "answer": form.answer, "why": note}
    at = local_time.moment_of(form.at)
    if step.kind == "hand_over" and at:
        return "handed_over", {
            "to": form.to.strip(),
            "at": at.isoformat(),
            "reference": form.reference.strip(),
            "note": note,
        }
    return "step_done", {"step": step.id, "note": note}


class AskForm(BaseModel):
    platform: Short = ""
    where: Annotated[str, Field(max_length=2000)] = ""
    reference: Short = ""
    at: Short = ""


class MoveForm(BaseModel):
    take_down: Annotated[int, Field(ge=1, le=1_000_000)]
    state: Literal["replied", "refused", "posh", "rhc", "removed", "given_up"]
    reference: Short = ""
    at: Short = ""
    text: Long = ""


@router.post("/cases/{case_id}/take-downs")
def ask(
    request: Request,
    console: Current,
    viewer: Looking,
    case_id: RowId,
    form: Annotated[AskForm, Form()],
) -> Response:
    """Keep that something was reported to a platform (policy 9.7)."""
    now = console.clock()
    at = local_time.moment_of(form.at)
    if not form.platform.strip() or not form.where.strip():
        why = "Say which platform it was reported to, and what: its address."
        return refused(request, console, case_id, why, "take-downs")
    if at is None or at > now + CLOCKS_DIFFER:
        why = "Say when it was reported: a time that has been."
        return refused(request, console, case_id, why, "take-downs")
    facts = {
        "platform": form.platform.strip(),
        "where": form.where.strip(),
        "reference": form.reference.strip(),
        "at": at.isoformat(),
    }
    number = casework.act(console.store, case_id, "take_down_asked", facts, by=viewer.name, now=now)
    return back(case_id, "take-downs", number)


@router.post("/cases/{case_id}/take-downs/move")
def move(
    request: Request,
    console: Current,
    viewer: Looking,
    case_id: RowId,
    form: Annotated[MoveForm, Form()],
) -> Response:
    """Keep the platform's reply, that a helpline was told, or how it ended."""
    now = console.clock()
    case = found(console, case_id)
    asked = next((one for one in case.take_downs if one.number == form.take_down), None)
    at = local_time.moment_of(form.at) if form.at else now
    if asked is None or at is None or at > now + CLOCKS_DIFFER:
        why = "Say when it was: a time that has been."
        return refused(request, console, case_id, why, "take-downs")
    facts = {
        "take_down": asked.number,
        "platform": asked.platform,
        "state": form.state,
        "reference": form.reference.strip(),
        "at": at.isoformat(),
        "text": form.text.strip(),
    }
    number = casework.act(console.store, case_id, "take_down_moved", facts, by=viewer.name, now=now)
    return back(case_id, "take-downs", number)
