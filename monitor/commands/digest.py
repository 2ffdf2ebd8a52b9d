"""`monitor digest`: show one digest as its reader would get it, or send it."""

from __future__ import annotations

import sys
from datetime import date, datetime
from email.message import EmailMessage
from pathlib import Path

import click

from config.settings import Settings
from monitor import digests, messages
from monitor.commands.options import settings_of, with_settings
from monitor.schedule import LONDON
from monitor.store import deliveries
from monitor.wiring import open_context, utc_now


@click.command()
@click.option("--school", metavar="ID", help="The headteacher's digest of one school.")
@click.option("--recipient", metavar="ADDRESS", help="The digest that this address gets.")
@click.option(
    "--kind",
    type=click.Choice(list(digests.KINDS)),
    help="; ".join(f"{kind}: {what}" for kind, what in digests.KINDS.items()) + ".",
)
@click.option("--date", "day", type=click.DateTime(["%Y-%m-%d"]), help="[default: today]")
@click.option("--html", "as_html", is_flag=True, help="Show the HTML part instead of the text.")
@click.option("--send", is_flag=True, help="Put it into the outbox; the service sends it.")
@with_settings
def digest(
    school: str | None,
    recipient: str | None,
    kind: str | None,
    day: datetime | None,
    as_html: bool,
    send: bool,
    directory: Path | None,
    sample: bool,
    database: str | None,
) -> None:
    """Show one digest: of a school, of a recipient, or an overview of the whole Trust.

    A digest that was ordered for the same recipient and day before is not sent again.
    """
    settings = settings_of(directory, is_sample=sample, database=database)
    order = digests.wanted(settings, kind=kind, school=school, recipient=recipient, day=_day(day))
    if order is None:
        _refuse(settings, school, recipient)
        return
    with open_context(settings) as ctx:
        if send:
            with ctx.store.begin() as tx:
                item = digests.outbox_item(order)
                ordered = deliveries.enqueue(tx, item, now=ctx.clock())
            click.echo("In the outbox." if ordered else "It was ordered before: not sent twice.")
            return
        message = messages.digest_of(
            ctx.store, settings, order, message_id=digests.PREVIEW, now=ctx.clock()
        )
    click.echo(_part(message.mail, "html" if as_html else "plain"))


def _day(given: datetime | None) -> date:
    return given.date() if given else utc_now().astimezone(LONDON).date()


def _refuse(settings: Settings, school: str | None, recipient: str | None) -> None:
    if school is not None and settings.trust.school(school) is None:
        known = ", ".join(one.id for one in settings.trust.schools)
        raise click.UsageError(f"no school {school!r}; there are: {known}")
    click.echo(f"Nobody with such a digest has the address {recipient}.", err=True)
    sys.exit(2)


def _part(mail: EmailMessage, kind: str) -> str:
    subject = f"Subject: {mail['Subject']}\n\n" if kind == "plain" else ""
    body = mail.get_body(preferencelist=(kind,))
    return subject + (str(body.get_content()) if body is not None else "")
