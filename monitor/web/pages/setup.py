"""The first-run set-up as a page: the same answers and files as `monitor init`.

It is open while the decision is not complete, and only to IT and the data protection officer.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from fastapi import Form, HTTPException, Request
from pydantic import BaseModel, Field, ValidationError
from starlette.responses import HTMLResponse, RedirectResponse, Response

from config.errors import ConfigError
from config.loading import SHIPPED, load
from config.own_register import MAX_BYTES
from config.readiness import missing_for_live
from config.settings import Settings
from monitor.setup import answers as kept
from monitor.setup import files, national, proposals
from monitor.setup.answers import OPTIONAL, QUESTIONS, Answers
from monitor.setup.files import AlreadyThere
from monitor.setup.national import Unclear
from monitor.store import audit
from monitor.web.deps import Console, Current
from monitor.web.rendering import badges, page
from monitor.web.viewer import Looking, room

FRESH = Path("trust-config")
"""Where the files go when the service runs with the shipped ones, which are nobody's to edit."""
PURPOSES = 3
CALLED = {"schools": "Its schools", "purposes": "What the monitoring is for, and its lawful basis"}

router = room("it", "dpo")


class SetupForm(BaseModel):
    """Everything on the page; what is empty is not answered yet."""

    trust: str = ""
    other_names: str = ""
    website: str = ""
    schools: list[str] = []
    feeds: list[str] = []
    left_out: list[str] = []
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
    find: str = Field("", max_length=100)
    find_trust: str = Field("", max_length=100)
    all_of: str = ""
    take_all: str = Field("", max_length=100)
    listed: str = Field("", max_length=16_000)
    replace: bool = False
    finish: bool = False

    def given(self) -> dict[str, Any]:
        lines = {key: getattr(self, key).strip() for key in QUESTIONS}
        pairs = zip(self.purpose, self.basis, strict=False)
        purposes = [{"purpose": a, "lawful_basis": b} for a, b in pairs if a.strip()]
        return {
            **lines,
            "approved_on": self.approved_on or None,
            "schools": tuple(dict.fromkeys(self.schools)),
            "feeds": tuple(self.feeds),
            "left_out": tuple(dict.fromkeys(self.left_out)),
            "purposes": purposes,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """What was looked for, and what came of it."""

    find: str = ""
    find_trust: str = ""
    unclear: tuple[Unclear, ...] = ()
    problem: str = ""


@router.get("/setup")
def show(request: Request, console: Current, find: str = "", done: bool = False) -> HTMLResponse:
    if is_complete(console):
        return page(request, "setup_done.html", counts=badges(request))
    answers = kept.read(folder_of(console))
    written = _written(console) if done else None
    if written is not None:
        return _next(request, folder_of(console), written)
    return setup_page(request, console, answers, Looked(find=find[:100]))


def _written(console: Console) -> Settings | None:
    """What stands in the folder now; None where that is nothing, or cannot be read."""
    try:
        return load(folder_of(console), {})
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
    if is_complete(console):
        raise HTTPException(404)
    folder = folder_of(console)
    known = national.schools(folder)
    try:
        answers = kept.read(folder).with_(**form.given())
    except ValidationError as error:
        wrong = error.errors()[0]
        problem = f"{str(wrong['loc'][0]).replace('_', ' ')}: {wrong['msg']}"
        return setup_page(request, console, kept.read(folder), Looked(problem=problem), 422)
    answers, unclear = _chosen(form, answers, known)
    if names := proposals.refused(answers, known):
        problem = " ".join(names)
        return setup_page(request, console, answers, Looked(problem=problem), 422)
    kept.keep(folder, answers)
    looked = Looked(find=form.find, find_trust=form.find_trust, unclear=unclear)
    if not form.finish:
        return setup_page(request, console, answers, looked)
    problem = _finished(console, answers, viewer.name, replace=form.replace)
    if problem:
        return setup_page(request, console, answers, Looked(problem=problem), 422)
    return RedirectResponse("/setup?done=1", status_code=303)


def _chosen(
    form: SetupForm, answers: Answers, known: proposals.Known
) -> tuple[Answers, tuple[Unclear, ...]]:
    """With the schools of a whole trust, of a list, or of all that was found."""
    if form.all_of and (trust := national.trust_of(known, form.all_of)):
        return answers.with_(trust=answers.trust or trust.name, schools=trust.urns), ()
    listed, unclear = national.listed(known, form.listed)
    found = proposals.search(known, form.take_all)
    more = dict.fromkeys((*answers.schools, *(one.urn for one in (*listed, *found))))
    return answers.with_(schools=tuple(more)), unclear


def _finished(console: Console, answers: Answers, by: str, *, replace: bool) -> str:
    """Empty when the files stand; else what is in the way."""
    if not answers.trust or not answers.schools:
        return "Give the trust's name and choose at least one school."
    try:
        settings = files.write(folder_of(console), answers, replace=replace)
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
    wanted = (one for one in questions if one not in OPTIONAL)
    open_ = dict.fromkeys(one for one in wanted if not getattr(answers, one))
    return [CALLED.get(one, QUESTIONS.get(one, one)) for one in open_]


def folder_of(console: Console) -> Path:
    directory = console.whole.directory
    return FRESH if directory == SHIPPED or console.sample else directory


def is_complete(console: Console) -> bool:
    """From then on the files are the operator's; in the sample it may be tried."""
    return console.sample is None and not console.policy.decision.missing


def setup_page(
    request: Request, console: Console, answers: Answers, looked: Looked, status: int = 200
) -> HTMLResponse:
    folder = folder_of(console)
    known = national.schools(folder)
    chosen = proposals.by_urn(known, answers.schools)
    found = [one for one in proposals.search(known, looked.find) if one not in chosen]
    return page(
        request,
        "setup.html",
        counts=badges(request),
        status_code=status,
        answers=answers,
        chosen=chosen,
        proposed=proposals.trust(answers, known) if chosen else None,
        names=proposals.names_and_places(answers, known) if chosen else [],
        found=found,
        most_found=proposals.MOST_FOUND,
        looked=looked,
        register=_register(folder, known),
        trusts=national.trusts(known, looked.find_trust),
        feeds=proposals.feeds(answers, known) if chosen else [],
        purposes=PURPOSES,
        missing=_unanswered(answers),
        folder=folder,
    )


def _register(folder: Path, known: proposals.Known) -> dict[str, Any]:
    """Which register is asked, and where the department's own is had."""
    return {
        "is_own": national.is_own(folder),
        "count": len(known),
        "where": national.WHERE,
        "download": national.DOWNLOAD,
        "most_mb": MAX_BYTES // 2**20,
    }
