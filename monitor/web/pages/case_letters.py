"""Letters of a case: begun from a template, edited, kept; names come in when one is printed."""

from __future__ import annotations

from typing import Annotated

from fastapi import Form, HTTPException, Request
from pydantic import BaseModel, Field
from starlette.responses import HTMLResponse, PlainTextResponse, Response

from config.playbook import LetterTemplate
from config.policy import Policy
from monitor.cases import casework, letters, take_downs
from monitor.store import mentions
from monitor.store.casefile import CaseFile, Entry
from monitor.store.database import Tx
from monitor.store.scope import EVERYTHING
from monitor.web.case_view import asked, back, case_room, found
from monitor.web.deps import Console, Current, RowId
from monitor.web.rendering import badges, linkable, page
from monitor.web.viewer import Looking, Viewer

router = case_room()
LONGEST = 8000


class LetterForm(BaseModel):
    template: Annotated[str, Field(max_length=100)] = ""
    title: Annotated[str, Field(max_length=200)] = ""
    text: Annotated[str, Field(max_length=LONGEST)] = ""


@router.get("/cases/{case_id}/letters/new")
def begin(
    request: Request, console: Current, viewer: Looking, case_id: RowId, template: str = ""
) -> HTMLResponse:
    """A letter to edit, filled in with what the case knows, names left out."""
    case, letter = found(console, case_id), _template(console.policy, template)
    text = letters.fill(letter.text, _values(console, case, viewer))
    form = LetterForm(template=letter.id, title=letter.title, text=text)
    return _edit(request, console, case, form, "")


@router.post("/cases/{case_id}/letters")
def keep(
    request: Request,
    console: Current,
    viewer: Looking,
    case_id: RowId,
    form: Annotated[LetterForm, Form()],
) -> Response:
    case = found(console, case_id)
    if not form.title.strip() or not form.text.strip():
        return _edit(request, console, case, form, "A letter needs a name and some text.")
    facts = {
        "template": form.template,
        "title": form.title.strip(),
        "text": form.text.replace("\r\n", "\n").strip(),
    }
    number = casework.act(
        console.store, case_id, "letter_kept", facts, by=viewer.name, now=console.clock()
    )
    return back(case_id, "letters", number)


@router.get("/cases/{case_id}/letters/{entry}")
def show(request: Request, console: Current, case_id: RowId, entry: RowId) -> HTMLResponse:
    """As it was kept, to read or to begin another from."""
    case = found(console, case_id)
    return _shown(request, console, case, _letter(case, entry), {})


@router.post("/cases/{case_id}/letters/{entry}/named")
def named(
    request: Request, console: Current, viewer: Looking, case_id: RowId, entry: RowId
) -> HTMLResponse:
    """The same with people's names, to be printed; asking for them is on record."""
    case = found(console, case_id)
    kept = casework.show_names(console.store, case_id, by=viewer.name, now=console.clock())
    return _shown(request, console, case, _letter(case, entry), _by_part(case, kept))


@router.get("/cases/{case_id}/letters/{entry}/text")
def download(console: Current, case_id: RowId, entry: RowId) -> PlainTextResponse:
    """As a text file, names left in braces."""
    letter = _letter(found(console, case_id), entry)
    name = f"{letters.reference(case_id)}-letter-{entry}.txt"
    return PlainTextResponse(
        str(letter.facts["text"]) + "\n",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@router.get("/cases/{case_id}/take-downs/{entry}/{helpline}")
def ready(
    request: Request,
    console: Current,
    viewer: Looking,
    case_id: RowId,
    entry: RowId,
    helpline: str,
) -> HTMLResponse:
    """What to tell a helpline, ready to copy (policy 9.7)."""
    case = found(console, case_id)
    line = next((one for one in console.policy.helplines if one.id == helpline), None)
    one = next(
        (
            each
            for each in asked(case, console.policy, console.clock())
            if each.take_down.number == entry
        ),
        None,
    )
    if line is None or one is None:
        raise HTTPException(404)
    values = _values(console, case, viewer)
    return page(
        request,
        "helpline.html",
        counts=badges(request),
        case=case,
        line=line,
        one=one,
        text=take_downs.ready_text(line, one.take_down, values),
    )


def _template(policy: Policy, name: str) -> LetterTemplate:
    found_one = next((one for one in policy.letters if one.id == name), None)
    if found_one is None:
        raise HTTPException(404)
    return found_one


def _letter(case: CaseFile, entry: int) -> Entry:
    letter = case.entry(entry)
    if letter is None or letter.kind != "letter_kept":
        raise HTTPException(404)
    return letter


def _values(console: Console, case: CaseFile, viewer: Viewer) -> dict[str, str]:
    with console.store.read() as tx:
        posts = _posts(tx, case)
    return letters.values(case, console.trust, posts=posts, signed=viewer.name, now=console.clock())


def _posts(tx: Tx, case: CaseFile) -> list[str]:
    details = (mentions.detail(tx, EVERYTHING, number) for number in case.mentions)
    return [one.mention.url for one in details if one and linkable(one.mention.url)]


def _by_part(case: CaseFile, names: dict[int, str]) -> dict[str, str]:
    """The first name kept of each part that a letter can name."""
    parts: dict[str, str] = {}
    for person in case.people:
        part = str(person.facts["part"])
        if part in letters.NAMES and person.number in names:
            parts.setdefault(part, names[person.number])
    return parts


def _edit(
    request: Request, console: Console, case: CaseFile, form: LetterForm, problem: str
) -> HTMLResponse:
    return page(
        request,
        "letter_edit.html",
        counts=badges(request),
        status_code=422 if problem else 200,
        case=case,
        form=form,
        problem=problem,
        longest=LONGEST,
    )


def _shown(
    request: Request, console: Console, case: CaseFile, letter: Entry, names: dict[str, str]
) -> HTMLResponse:
    text = letters.fill(str(letter.facts["text"]), names)
    return page(
        request,
        "letter.html",
        counts=badges(request),
        case=case,
        letter=letter,
        text=text,
        unfilled=letters.unfilled(text),
        is_named=bool(names),
    )
