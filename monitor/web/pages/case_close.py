"""Closing a case, with what its outcome needs; what remains open is said first. And opening it
again."""

from __future__ import annotations

from typing import Annotated

from fastapi import Form, Request
from pydantic import BaseModel
from starlette.responses import HTMLResponse, RedirectResponse, Response

from monitor.cases import casework, closing
from monitor.cases.closing import CaseOutcome
from monitor.store.casefile import CaseFile
from monitor.web.case_view import back, case_room, found
from monitor.web.deps import Console, Current, RowId
from monitor.web.pages.case import Long, refused
from monitor.web.rendering import badges, page
from monitor.web.viewer import Looking

router = case_room()


class CloseForm(BaseModel):
    outcome: CaseOutcome | None = None
    reason: Long = ""
    without_evidence: Long = ""


@router.get("/cases/{case_id}/close")
def ask(request: Request, console: Current, case_id: RowId) -> Response:
    case = found(console, case_id)
    if case.state != "open":
        return RedirectResponse(f"/cases/{case_id}", status_code=303)
    return _page(request, console, case, CloseForm(), {})


@router.post("/cases/{case_id}/close")
def close(
    request: Request,
    console: Current,
    viewer: Looking,
    case_id: RowId,
    form: Annotated[CloseForm, Form()],
) -> Response:
    """Close it, unless the outcome needs something that is not there: then say what."""
    case = found(console, case_id)
    if form.outcome is None:
        return _page(request, console, case, form, {"outcome": ["Choose how it ends."]})
    problems: dict[str, list[str]] = {}
    for field, problem in closing.problems(
        case,
        console.policy,
        form.outcome,
        reason=form.reason,
        without_evidence=form.without_evidence,
    ):
        problems.setdefault(field, []).append(problem)
    if problems:
        return _page(request, console, case, form, problems)
    facts = {
        "outcome": form.outcome,
        "reason": form.reason.strip(),
        "without_evidence": form.without_evidence.strip(),
        "remaining": list(closing.remaining(case, console.policy)),
    }
    number = casework.act(
        console.store, case_id, "closed", facts, by=viewer.name, now=console.clock()
    )
    return back(case_id, "main", number)


@router.post("/cases/{case_id}/reopen")
def reopen(
    request: Request,
    console: Current,
    viewer: Looking,
    case_id: RowId,
    reason: Annotated[Long, Form()] = "",
) -> Response:
    if not reason.strip():
        return refused(request, console, case_id, "Say why it is opened again.", "reopen")
    facts = {"reason": reason.strip()}
    number = casework.act(
        console.store, case_id, "reopened", facts, by=viewer.name, now=console.clock()
    )
    return back(case_id, "main", number)


def _page(
    request: Request,
    console: Console,
    case: CaseFile,
    form: CloseForm,
    problems: dict[str, list[str]],
) -> HTMLResponse:
    return page(
        request,
        "case_close.html",
        counts=badges(request),
        status_code=422 if problems else 200,
        case=case,
        form=form,
        outcomes=closing.OUTCOMES,
        remaining=closing.remaining(case, console.policy),
        has_evidence=closing.has_evidence(case, console.policy),
        problems=problems,
    )
