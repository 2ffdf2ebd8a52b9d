"""One's own check while it runs and while its page is open. Its key is known to one session's
person alone; the matter lives in memory and is gone when the page is closed.
"""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import Depends, Form, HTTPException, Request
from pydantic import BaseModel, Field
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from config.people import CONSOLE_ROLES
from config.policy import Policy
from config.trust import Trust
from monitor.notices import paper
from monitor.selfcheck import keeping, wording
from monitor.selfcheck.checking import GROUPS, Checked
from monitor.selfcheck.judging import NOTHING_LEARNT
from monitor.selfcheck.keeping import Months, WrongCode
from monitor.selfcheck.running import Check
from monitor.store import self_check
from monitor.web.deps import Current
from monitor.web.myself import Me
from monitor.web.rendering import badges, page
from monitor.web.viewer import room

router = room(*CONSOLE_ROLES)
Key = Annotated[str, Field(max_length=40)]


class AnswerForm(BaseModel):
    url: Annotated[str, Field(max_length=4000)]
    is_me: Literal["yes", "no"]
    at: Annotated[int, Field(ge=0, le=1000)] = 0


class KeepForm(BaseModel):
    months: Annotated[int, Field(ge=1, le=12)] = 6
    code: Annotated[str, Field(max_length=60)] = ""


def open_check(console: Current, me: Me, key: Key) -> Check:
    """Raises 404 for another's check and for one that is over."""
    check = console.checks.of(me.subject, key)
    if check is None:
        raise HTTPException(404)
    return check


Open = Annotated[Check, Depends(open_check)]


def ended(check: Open) -> Checked:
    """Raises 404 while it runs."""
    if check.checked is None:
        raise HTTPException(404)
    return check.checked


Ended = Annotated[Checked, Depends(ended)]


@router.get("/selfcheck/run/{key}")
def show(request: Request, check: Open, key: Key) -> HTMLResponse:
    if check.checked is None:
        return page(
            request, "selfcheck_progress.html", counts=None, check=check, key=key,
            states=wording.STATES,
        )  # fmt: skip
    return _results(request, check, check.checked, key)


@router.get("/selfcheck/run/{key}/progress")
def progress(check: Open) -> JSONResponse:
    rows = [
        {"state": one.state, "words": wording.STATES[one.state], "found": one.found}
        for one in check.progress
    ]
    return JSONResponse({"is_over": check.is_over, "providers": rows})


@router.post("/selfcheck/run/{key}/answer")
def answer(
    console: Current, check: Open, key: Key, form: Annotated[AnswerForm, Form()]
) -> Response:
    """ "This is me" or "not me": counts at once, and next time where the person keeps it."""
    console.checks.answer(check, form.url, is_me=form.is_me == "yes")
    return RedirectResponse(f"/selfcheck/run/{key}#result-{form.at}", status_code=303)


@router.post("/selfcheck/run/{key}/keep")
def keep(
    request: Request, console: Current, me: Me, check: Open, key: Key,
    form: Annotated[KeepForm, Form()],
) -> HTMLResponse:  # fmt: skip
    """Seal what was found under a new code, or under the one the person has."""
    checked = ended(check)
    months: Months = 3 if form.months == 3 else 12 if form.months == 12 else 6
    before = check.before.lessons if check.before else NOTHING_LEARNT
    kept = keeping.kept_of(checked, check.details, check.without, before)
    code = form.code.strip() or keeping.new_code()
    try:
        box = keeping.seal(kept, code, me.subject, months=months)
    except WrongCode:
        return _results(request, check, checked, key, wrong="That is no whole code.")
    with console.store.begin() as tx:
        self_check.put(tx, box.place, box.sealed, box.forget_on)
    return _results(request, check, checked, key, code=code, until=box.forget_on)


@router.get("/selfcheck/run/{key}/{name}.pdf")
def as_pdf(
    console: Current, me: Me, checked: Ended, key: Key, name: Literal["list", "receipt"]
) -> Response:
    """The list, or the receipt that says a day and nothing else."""
    made = listed(checked, console.trust, console.policy) if name == "list" else receipt(checked)
    headers = {"Content-Disposition": f'attachment; filename="{name}-{checked.day}.pdf"'}
    try:
        return Response(paper.pdf(made), media_type="application/pdf", headers=headers)
    except paper.NoBrowser as error:
        raise HTTPException(503) from error


@router.post("/selfcheck/run/{key}/forget")
def forget(console: Current, me: Me, key: Key) -> Response:
    console.checks.forget(me.subject, key)
    return RedirectResponse("/selfcheck?done=forgotten", status_code=303)


def listed(checked: Checked, trust: Trust, policy: Policy) -> str:
    """The list as a document that stands alone."""
    return paper.html(
        "selfcheck.html", title="What public search finds of me", checked=checked,
        groups=GROUPS, wording=wording, trust=trust, helplines=policy.helplines,
    )  # fmt: skip


def receipt(checked: Checked) -> str:
    return paper.html("selfcheck_receipt.html", title="Receipt", day=checked.day)


def _results(
    request: Request, check: Check, checked: Checked, key: str, **more: object
) -> HTMLResponse:
    usual = {"code": "", "until": None, "wrong": ""}
    return page(
        request,
        "selfcheck_results.html",
        counts=badges(request),
        status_code=422 if more.get("wrong") else 200,
        check=check,
        checked=checked,
        key=key,
        groups=GROUPS,
        text=wording,
        months=keeping.MONTHS,
        **{**usual, **more},
    )
