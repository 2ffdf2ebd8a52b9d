"""The first-run set-up as a page: the same answers and files as `monitor init`.

It is open while the decision is not complete, and only to IT and the data protection officer.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

from fastapi import Form, HTTPException, Request
from pydantic import BaseModel, ValidationError
from starlette.responses import HTMLResponse, RedirectResponse, Response

from config.errors import ConfigError
from config.loading import SHIPPED, load
from config.readiness import missing_for_live
from config.settings import Settings
from monitor.setup import answers as kept
from monitor.setup import files, proposals
from monitor.setup.answers import QUESTIONS, Answers
from monitor.setup.files import AlreadyThere
from monitor.store import audit
from monitor.web.deps import Console, Current
from monitor.web.rendering import badges, page
from monitor.web.viewer import Looking, room

FRESH = Path("trust-config")
"""Where the files go when the service runs with the shipped ones, which are nobody's to edit."""
PURPOSES = 3
CALLED = {"schools": "Its schools", "purposes": "What the monitoring is for, and its lawful basis"}
Text = Annotated[str, Form(max_length=500)]

router = room("it", "dpo")


class SetupForm(BaseModel):
    """Everything on the page; what is empty is not answered yet."""

    trust: str = ""
    website: str = ""
    schools: list[str] = []
    feeds: list[str] = []
    purpose: list[str] = []
    basis: list[str] = []
    dpia_reference: str = ""
    retention: str = ""
    approver: str = ""
    approved_on: str = ""
    notice: str = ""
    head_of_pr: str = ""
    executive: str = ""
    chair: str = ""
    it: str = ""
    dpo: str = ""
    safeguarding_lead: str = ""
    mail_host: str = ""
    mail_sender: str = ""
    find: str = ""
    replace: bool = False
    finish: bool = False

    def given(self) -> dict[str, Any]:
        others = {"schools", "feeds", "purpose", "basis", "find", "replace", "finish"}
        lines = {key: value.strip() for key, value in self.model_dump(exclude=others).items()}
        pairs = zip(self.purpose, self.basis, strict=False)
        purposes = [{"purpose": a, "lawful_basis": b} for a, b in pairs if a.strip()]
        return {
            **lines,
            "approved_on": self.approved_on or None,
            "schools": tuple(dict.fromkeys(self.schools)),
            "feeds": tuple(self.feeds),
            "purposes": purposes,
        }


@router.get("/setup")
def show(request: Request, console: Current, find: str = "", done: bool = False) -> HTMLResponse:
    if _is_complete(console):
        return page(request, "setup_done.html", counts=badges(request))
    answers = kept.read(_folder(console))
    written = _written(console) if done else None
    if written is not None:
        return _next(request, _folder(console), written)
    return _page(request, console, answers, find=find[:100])


def _written(console: Console) -> Settings | None:
    """What stands in the folder now; None where that is nothing, or cannot be read."""
    try:
        return load(_folder(console), {})
    except ConfigError:
        return None


def _next(request: Request, folder: Path, written: Settings) -> HTMLResponse:
    """What stands there, what is still missing and what comes next."""
    return page(
        request,
        "setup_written.html",
        counts=badges(request),
        folder=folder,
        files=sorted(one.name for one in folder.glob("*.toml")),
        trust=written.trust,
        missing=missing_for_live(written),
    )


@router.post("/setup")
def take(
    request: Request, console: Current, viewer: Looking, form: Annotated[SetupForm, Form()]
) -> Response:
    """Keep the answers; with `finish` write the files, replacing none without being asked."""
    if _is_complete(console):
        raise HTTPException(404)
    folder = _folder(console)
    try:
        answers = kept.read(folder).with_(**form.given())
    except ValidationError as error:
        wrong = error.errors()[0]
        problem = f"{str(wrong['loc'][0]).replace('_', ' ')}: {wrong['msg']}"
        return _page(request, console, kept.read(folder), problem=problem, status=422)
    kept.keep(folder, answers)
    if not form.finish:
        return _page(request, console, answers, find=form.find[:100])
    problem = _finished(console, answers, viewer.name, replace=form.replace)
    if problem:
        return _page(request, console, answers, problem=problem, status=422)
    return RedirectResponse("/setup?done=1", status_code=303)


def _finished(console: Console, answers: Answers, by: str, *, replace: bool) -> str:
    """Empty when the files stand; else what is in the way."""
    if not answers.trust or not answers.schools:
        return "Give the trust's name and choose at least one school."
    try:
        settings = files.write(_folder(console), answers, replace=replace)
    except AlreadyThere as there:
        return f"{there} would be replaced. Tick “Replace” to do so: each stays as NAME.before."
    except ConfigError as error:
        return "; ".join(f"{one.key} {one.message}. {one.mend}." for one in error.problems[:3])
    with console.store.begin() as tx:
        still = len(missing_for_live(settings))
        subject = f"set-up with {len(settings.trust.schools)} schools, {still} parts missing"
        audit.append(tx, actor=by, action="setup.written", subject=subject, now=console.clock())
    return ""


def _unanswered(answers: Answers) -> list[str]:
    """What is not answered yet, in the order of the page."""
    questions = ("trust", "schools", "purposes", *QUESTIONS)
    open_ = dict.fromkeys(one for one in questions if not getattr(answers, one))
    return [CALLED.get(one, QUESTIONS.get(one, one)) for one in open_]


def _folder(console: Console) -> Path:
    directory = console.whole.directory
    return FRESH if directory == SHIPPED or console.sample else directory


def _is_complete(console: Console) -> bool:
    """From then on the files are the operator's; in the sample it may be tried."""
    return console.sample is None and not console.policy.decision.missing


def _page(
    request: Request,
    console: Console,
    answers: Answers,
    *,
    find: str = "",
    problem: str = "",
    status: int = 200,
) -> HTMLResponse:
    chosen = proposals.by_urn(answers.schools)
    found = [one for one in proposals.search(find) if one.urn not in answers.schools]
    return page(
        request,
        "setup.html",
        counts=badges(request),
        status_code=status,
        answers=answers,
        chosen=chosen,
        proposed=proposals.trust(answers) if chosen else None,
        found=found,
        find=find,
        feeds=proposals.feeds(answers) if chosen else [],
        purposes=PURPOSES,
        problem=problem,
        missing=_unanswered(answers),
        folder=_folder(console),
    )
