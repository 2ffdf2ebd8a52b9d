"""A reminder that somebody chooses for themselves: by mail each term, or by their own calendar."""

from __future__ import annotations

from typing import Annotated

from fastapi import Form, HTTPException
from pydantic import BaseModel, Field
from starlette.responses import RedirectResponse, Response

from alerts.words import LONDON
from config.base import MailAddress
from config.people import CONSOLE_ROLES
from monitor.selfcheck import reminders
from monitor.web.deps import Current
from monitor.web.myself import Me
from monitor.web.viewer import room

router = room(*CONSOLE_ROLES)


class RemindForm(BaseModel):
    address: Annotated[MailAddress, Field(max_length=200)] = ""


@router.post("/selfcheck/reminder")
def choose(console: Current, me: Me, form: Annotated[RemindForm, Form()]) -> Response:
    """With an address chosen, without one stopped. Only addresses of the Trust are taken: nobody
    else can be sent a mail."""
    try:
        key = reminders.key_of(console.whole)
    except reminders.NoKey as error:
        raise HTTPException(404) from error
    today = console.clock().astimezone(LONDON).date()
    if not form.address:
        reminders.stop(console.store, key, me.subject)
        return RedirectResponse("/selfcheck?done=stopped#reminder", status_code=303)
    if not reminders.is_ours(form.address, console.trust):
        return RedirectResponse("/selfcheck?done=not-ours#reminder", status_code=303)
    reminders.choose(console.store, key, me.subject, form.address, today)
    return RedirectResponse("/selfcheck?done=chosen#reminder", status_code=303)


@router.get("/selfcheck/reminder.ics")
def calendar(console: Current, me: Me) -> Response:
    now = console.clock()
    entry = reminders.calendar(console.whole, now.astimezone(LONDON).date(), now)
    headers = {"Content-Disposition": 'attachment; filename="reminder.ics"'}
    return Response(entry, media_type="text/calendar", headers=headers)
