"""Check yourself: what is told first, what is asked for, and the person's word that it is theirs
(policy 6.15). Nothing of it is put on record.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import Form, Request
from pydantic import BaseModel, Field
from starlette.responses import HTMLResponse, RedirectResponse, Response

from alerts.words import LONDON
from config.people import CONSOLE_ROLES
from config.selfcheck import SearchProvider
from monitor.selfcheck import keeping, providers, reminders, wording
from monitor.selfcheck.draft import Details, Draft
from monitor.selfcheck.keeping import Kept, WrongCode
from monitor.selfcheck.limits import TooMuch
from monitor.store import self_check
from monitor.web.deps import Console, Current
from monitor.web.myself import Me, Myself, found
from monitor.web.rendering import badges, page
from monitor.web.viewer import Looking, room

router = room(*CONSOLE_ROLES)
LONGEST = 600
NO_RECORD = (
    "No record opens with this code. Look whether it is whole and yours; when its time was over it "
    "is gone. You can check without it."
)


class AskForm(BaseModel):
    """What somebody says of themselves; lists are a line to an entry."""

    role: Annotated[str, Field(max_length=60)] = ""
    subject: Annotated[str, Field(max_length=60)] = ""
    also: Annotated[str, Field(max_length=LONGEST)] = ""
    handles: Annotated[str, Field(max_length=LONGEST)] = ""
    words: Annotated[str, Field(max_length=LONGEST)] = ""
    ask: Annotated[list[str], Field(max_length=50)] = []
    code: Annotated[str, Field(max_length=60)] = ""
    mine: Annotated[list[str], Field(max_length=50)] = []
    """What they said on the second page is theirs."""

    @property
    def details(self) -> Details:
        return Details(
            role=self.role.strip(),
            subject=self.subject.strip(),
            also=_lines(self.also),
            handles=_lines(self.handles),
            words=_lines(self.words),
        )


@router.get("/selfcheck")
def begin(request: Request, console: Current, viewer: Looking, done: str = "") -> HTMLResponse:
    me = found(request, viewer)
    return _begin(request, console, me, AskForm(), done=done)


@router.post("/selfcheck/record")
def from_record(
    request: Request, console: Current, me: Me, form: Annotated[AskForm, Form()]
) -> HTMLResponse:
    """The first page again, filled in from what the person kept."""
    kept = kept_by(console, me, form.code)
    if kept is None:
        return _begin(request, console, me, form, wrong=NO_RECORD)
    filled = AskForm(
        role=kept.details.role,
        subject=kept.details.subject,
        also="\n".join(kept.details.also),
        handles="\n".join(kept.details.handles),
        words="\n".join(kept.details.words),
        ask=[one.id for one in console.whole.self_check.providers if one.id not in kept.without],
        code=form.code,
    )
    return _begin(request, console, me, filled, kept=kept)


@router.post("/selfcheck/record/delete")
def delete_record(
    request: Request, console: Current, me: Me, form: Annotated[AskForm, Form()]
) -> Response:
    try:
        place = keeping.place(form.code, me.subject)
        with console.store.begin() as tx:
            is_gone = self_check.drop(tx, place)
    except WrongCode:
        is_gone = False
    if not is_gone:
        return _begin(request, console, me, AskForm(), wrong=NO_RECORD)
    console.store.settle()
    return RedirectResponse("/selfcheck?done=deleted", status_code=303)


@router.post("/selfcheck/confirm")
def confirm(
    request: Request, console: Current, me: Me, form: Annotated[AskForm, Form()]
) -> HTMLResponse:
    """Each name once more, to be confirmed as one's own; what is refused is said."""
    chosen = _chosen(console, form)
    if not chosen:
        return _begin(request, console, me, form, wrong="Leave at least one place to ask.")
    return _confirm(request, me.drafted(form.details), form, chosen)


@router.post("/selfcheck/run")
def run(request: Request, console: Current, me: Me, form: Annotated[AskForm, Form()]) -> Response:
    details, chosen = _confirmed(form), _chosen(console, form)
    draft = me.drafted(details)
    if draft.refused or not chosen:
        return _confirm(request, draft, form, chosen)
    try:
        key = console.checks.start(
            me.subject,
            draft.person,
            chosen,
            details=details,
            before=kept_by(console, me, form.code) if form.code else None,
        )
    except TooMuch as error:
        return _confirm(request, draft, form, chosen, wrong=str(error), status_code=429)
    return RedirectResponse(f"/selfcheck/run/{key}", status_code=303)


def kept_by(console: Console, me: Myself, code: str) -> Kept | None:
    """What the person kept under a code; None where no record opens with it."""
    today = console.clock().astimezone(LONDON).date()
    try:
        place = keeping.place(code, me.subject)
        with console.store.read() as tx:
            sealed = self_check.find(tx, place, today)
        return keeping.opened(sealed, code, me.subject) if sealed else None
    except WrongCode:
        return None


def _begin(
    request: Request,
    console: Console,
    me: Myself | None,
    form: AskForm,
    *,
    kept: Kept | None = None,
    wrong: str = "",
    done: str = "",
) -> HTMLResponse:
    settings = console.whole.self_check
    asked = providers.by_privacy(settings)
    key = reminders.key_of(console.whole) if reminders.has_key(console.whole) else None
    return page(
        request,
        "selfcheck.html",
        counts=badges(request),
        status_code=422 if wrong else 200,
        me=me,
        given=form,
        chosen=form.ask or [one.id for one in asked],
        providers=[(one, providers.learns(one)) for one in asked],
        looks=wording.LOOKS,
        settings=settings,
        kept=kept,
        wrong=wrong,
        done=done,
        can_remind=key is not None,
        reminder=reminders.chosen_by(console.store, key, me.subject) if key and me else None,
    )


def _confirm(
    request: Request,
    draft: Draft,
    form: AskForm,
    chosen: list[SearchProvider],
    *,
    wrong: str = "",
    status_code: int = 200,
) -> HTMLResponse:
    return page(
        request,
        "selfcheck_confirm.html",
        counts=badges(request),
        status_code=status_code,
        draft=draft,
        given=form,
        providers=[(one, providers.learns(one)) for one in chosen],
        wrong=wrong,
    )


def _confirmed(form: AskForm) -> Details:
    """Of the variants and accounts those alone that the person has said are theirs."""
    details, mine = form.details, frozenset(form.mine)
    return Details(
        role=details.role,
        subject=details.subject,
        also=tuple(one for one in details.also if one in mine),
        handles=tuple(one for one in details.handles if one in mine),
        words=details.words,
    )


def _chosen(console: Console, form: AskForm) -> list[SearchProvider]:
    return [one for one in providers.by_privacy(console.whole.self_check) if one.id in form.ask]


def _lines(written: str) -> tuple[str, ...]:
    lines = (" ".join(line.split()) for line in written.replace(",", "\n").splitlines())
    return tuple(dict.fromkeys(filter(None, lines)))
