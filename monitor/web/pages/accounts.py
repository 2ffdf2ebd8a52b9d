"""The register of official accounts, and accounts that pose as one (policy 6.1, 6.2, 6.11)."""

from __future__ import annotations

from typing import Annotated

from fastapi import Form, HTTPException, Request
from pydantic import BaseModel, Field
from starlette.responses import HTMLResponse, RedirectResponse, Response

from alerts.words import LONDON
from config.people import ConsoleRole
from monitor import accounts as register
from monitor.accounts import Refused
from monitor.cases import take_downs
from monitor.store import accounts
from monitor.store.accounts import ItAdmin, Said
from monitor.store.scope import Scope
from monitor.web.deps import Console, Current, MentionId, RowId
from monitor.web.rendering import badges, page
from monitor.web.viewer import Looking, only, room

KEEPERS: tuple[ConsoleRole, ...] = ("pr", "it")
SHOWN = 50
MAX_TABLE = 60_000

router = room("pr", "it", "executive", "dpo")


class AccountForm(BaseModel):
    platform: Annotated[str, Field(max_length=200)] = ""
    handle: Annotated[str, Field(max_length=200)] = ""
    link: Annotated[str, Field(max_length=200)] = ""
    school: Annotated[str, Field(max_length=200)] = ""
    owner: Annotated[str, Field(max_length=200)] = ""
    it_admin: Annotated[str, Field(max_length=10)] = ""
    last_check: Annotated[str, Field(max_length=10)] = ""
    note: Annotated[str, Field(max_length=200)] = ""


@router.get("/accounts")
def show(request: Request, console: Current, viewer: Looking) -> HTMLResponse:
    return _page(request, console, viewer.scope)


@router.post("/accounts/new", dependencies=[only(*KEEPERS)])
def keep(
    request: Request, console: Current, viewer: Looking, form: Annotated[AccountForm, Form()]
) -> Response:
    now = console.clock()
    try:
        one = register.facts(form.model_dump(), console.trust, now.astimezone(LONDON).date())
    except Refused as error:
        return _page(request, console, viewer.scope, form=form, problem=str(error))
    register.keep(console.store, one, by=viewer.name, now=now)
    return RedirectResponse("/accounts", status_code=303)


@router.post("/accounts/table", dependencies=[only(*KEEPERS)])
def take_table(
    request: Request,
    console: Current,
    viewer: Looking,
    table: Annotated[str, Form(max_length=MAX_TABLE)] = "",
) -> Response:
    """A table pasted from a spreadsheet; rows that cannot be taken are told one by one."""
    try:
        done = register.take_table(
            console.store, table.encode(), console.trust, by=viewer.name, now=console.clock()
        )
    except Refused as error:
        return _page(request, console, viewer.scope, table=table, problem=str(error))
    return _page(request, console, viewer.scope, done=done)


@router.post("/accounts/{account_id}/check", dependencies=[only(*KEEPERS)])
def check(
    console: Current, viewer: Looking, account_id: RowId, it_admin: Annotated[ItAdmin, Form()]
) -> Response:
    now = console.clock()
    today = now.astimezone(LONDON).date()
    if not register.check(console.store, account_id, it_admin, on=today, by=viewer.name, now=now):
        raise HTTPException(404)
    return RedirectResponse("/accounts", status_code=303)


@router.post("/accounts/{account_id}/close", dependencies=[only(*KEEPERS)])
def close(console: Current, viewer: Looking, account_id: RowId) -> Response:
    if not register.close(console.store, account_id, by=viewer.name, now=console.clock()):
        raise HTTPException(404)
    return RedirectResponse("/accounts", status_code=303)


@router.post("/mentions/{mention_id}/look-alike", dependencies=[only("pr")])
def say(
    console: Current, viewer: Looking, mention_id: MentionId, said: Annotated[Said, Form()]
) -> Response:
    """What somebody found out about a look-alike."""
    if not register.say(console.store, mention_id, said, by=viewer.name, now=console.clock()):
        raise HTTPException(404)
    return RedirectResponse("/accounts#look-alikes", status_code=303)


def _page(
    request: Request,
    console: Console,
    scope: Scope,
    *,
    form: AccountForm | None = None,
    table: str = "",
    problem: str = "",
    done: register.Imported | None = None,
) -> HTMLResponse:
    with console.store.read() as tx:
        there = accounts.listing(tx)
        alike = accounts.look_alikes(tx, scope, limit=SHOWN)
    today = console.clock().astimezone(LONDON).date()
    return page(
        request,
        "accounts.html",
        counts=badges(request),
        status_code=422 if problem else 200,
        there=[(one, register.wants(one, today)) for one in there],
        alike=[(one, take_downs.platform(console.policy, one.platform)) for one in alike],
        columns=register.COLUMNS,
        keepers=KEEPERS,
        form=form or AccountForm(),
        table=table,
        problem=problem,
        done=done,
        today=today,
    )
