"""`monitor digest`: show one digest as its reader would get it, or send it."""

from __future__ import annotations

import sys
from datetime import date, datetime
from email.message import EmailMessage
from pathlib import Path

import click

from config.settings import Settings
from monitor import messages
from monitor.commands.options import settings_of, with_settings
from monitor.digests import DAILY, outbox_item
from monitor.schedule import LONDON
from monitor.store import deliveries
from monitor.store.views import DigestOrder
from monitor.wiring import open_context, utc_now


@click.command()
@click.option("--school", metavar="ID", help="The headteacher's digest of one school.")
@click.option("--recipient", metavar="ADDRESS", help="The digest that this address gets.")
@click.option("--kind", type=click.Choice([DAILY]), default=DAILY, show_default=True)
@click.option("--date", "day", type=click.DateTime(["%Y-%m-%d"]), help="[default: today]")
@click.option("--html", "as_html", is_flag=True, help="Show the HTML part instead of the text.")
@click.option("--send", is_flag=True, help="Put it into the outbox; the service sends it.")
@with_settings
def digest(
    school: str | None,
    recipient: str | None,
    kind: str,
    day: datetime | None,
    as_html: bool,
    send: bool,
    directory: Path | None,
    sample: bool,
    database: str | None,
) -> None:
    """Show one digest: of a school, of a recipient, or of the whole Trust.

    A digest that was ordered for the same recipient and day before is not sent again.
    """
    settings = settings_of(directory, is_sample=sample, database=database)
    wanted = _wanted(settings, school, recipient, _day(day))
    with open_context(settings) as ctx:
        if send:
            with ctx.store.begin() as tx:
                ordered = deliveries.enqueue(tx, outbox_item(wanted), now=ctx.clock())
            click.echo("In the outbox." if ordered else "It was ordered before: not sent twice.")
            return
        message = messages.daily(ctx, wanted, "<preview@trust-monitor.localdomain>")
    click.echo(_part(message.mail, "html" if as_html else "plain"))


def _day(given: datetime | None) -> date:
    return given.date() if given else utc_now().astimezone(LONDON).date()


def _wanted(
    settings: Settings, school: str | None, recipient: str | None, day: date
) -> DigestOrder:
    trust = settings.trust
    if school is not None:
        found = trust.school(school)
        if found is None:
            known = ", ".join(one.id for one in trust.schools)
            raise click.UsageError(f"no school {school!r}; there are: {known}")
        return DigestOrder(
            recipient=recipient or found.contacts.headteacher,
            kind=DAILY,
            school_id=found.id,
            local_date=day,
        )
    for one in trust.enabled_schools:
        if recipient and one.contacts.headteacher == recipient:
            return DigestOrder(recipient=recipient, kind=DAILY, school_id=one.id, local_date=day)
    if recipient and recipient != trust.contacts.head_of_pr:
        click.echo(f"Nobody with a digest has the address {recipient}.", err=True)
        sys.exit(2)
    return DigestOrder(
        recipient=trust.contacts.head_of_pr, kind=DAILY, school_id=None, local_date=day
    )


def _part(mail: EmailMessage, kind: str) -> str:
    subject = f"Subject: {mail['Subject']}\n\n" if kind == "plain" else ""
    body = mail.get_body(preferencelist=(kind,))
    return subject + (str(body.get_content()) if body is not None else "")
