"""`monitor doctor`: is everything there that the service needs, and what to mend."""

from __future__ import annotations

import shutil
import smtplib
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import make_msgid
from importlib.util import find_spec
from pathlib import Path

import click

from alerts.channels import MAIL, BriefChannel
from alerts.types import Brief, Message, Sent
from classifiers.labels.model import LabelModel
from config.readiness import advice, missing_for_live
from config.secrets import PREFIX
from config.settings import Settings
from connectors.registry import SERVICES, cost, key_name, terms
from monitor.access import break_glass, signin_check
from monitor.commands.options import settings_of, with_settings
from monitor.evidence import cage
from monitor.store import tenancy
from monitor.store.database import database_file
from monitor.store.errors import StoreError
from monitor.wiring import (
    channels_of,
    open_store,
    other_channels_of,
    provider_door,
    utc_now,
)

ENOUGH_DISK_BYTES = 1024**3
EXTRAS = {
    "apprise": ("chat", "Teams, Slack, ntfy, SMS and others beside mail"),
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the doctor: `mend` is empty where all is well."""

    subject: str
    state: str
    mend: str = ""
    optional: bool = False


@click.command()
@with_settings
@click.option(
    "--send-test",
    metavar="ADDRESS",
    help="Also send a test mail to ADDRESS, and a test by every other channel.",
)
def doctor(
    directory: Path | None, sample: bool, database: str | None, send_test: str | None
) -> None:
    """Check configuration, decision, database, weights, keys, mail, disk and extras.

    Exits 1 when something needs mending, 2 when the configuration cannot be read.
    """
    settings = settings_of(directory, is_sample=sample, database=database)
    checks: list[Callable[[], Iterator[Finding]]] = [
        lambda: _decision(settings),
        lambda: _database(settings),
        lambda: _disk(settings),
        _weights,
        lambda: _keys(settings),
        lambda: _terms(settings),
        lambda: _sign_in(settings),
        lambda: _mail(settings, send_test),
        lambda: _channels(settings, sends_test=bool(send_test)),
        lambda: _evidence(settings),
        _extras,
    ]
    ill = False
    for check in checks:
        for finding in check():
            ill = ill or bool(finding.mend and not finding.optional)
            click.echo(_line(finding))
    sys.exit(1 if ill else 0)


def _line(finding: Finding) -> str:
    mark = "ok  " if not finding.mend else "opt " if finding.optional else "MEND"
    mend = f"\n     -> {finding.mend}" if finding.mend else ""
    return f"{mark} {finding.subject}: {finding.state}{mend}"


def _decision(settings: Settings) -> Iterator[Finding]:
    yield Finding("configuration", f"read from {settings.directory}")
    missing = missing_for_live(settings)
    if not missing:
        yield Finding("ready to collect", "decision, contacts and sender are recorded")
    for problem in missing:
        yield Finding("not ready to collect", f"{problem.key} {problem.message}", problem.mend)
    blanks: dict[str, list[str]] = {}
    for problem in advice(settings):
        blanks.setdefault(problem.message, []).append(problem.key)
    for message, keys in blanks.items():
        more = f" and {len(keys) - 1} more" if len(keys) > 1 else ""
        yield Finding(
            "nobody to tell", f"{keys[0]}{more} {message}", "Give addresses", optional=True
        )


def _database(settings: Settings) -> Iterator[Finding]:
    try:
        store = open_store(settings)
        with store.read() as tx:
            is_unguarded = tenancy.bypassed(tx)
        store.close()
    except (StoreError, OSError) as error:
        yield Finding(
            "database", type(error).__name__, str(error) or "see [database] in settings.toml"
        )
        return
    yield Finding("database", "opens, and its tables are up to date")
    if is_unguarded:
        mend = "row-level security holds no superuser: give the database to an account of its own"
        yield Finding("database account", "is a superuser of the server", mend)


def _disk(settings: Settings) -> Iterator[Finding]:
    database = database_file(settings.database.url)
    folder = database.parent if database and database.parent.exists() else Path()
    free = shutil.disk_usage(folder).free
    state = f"{free / 1024**3:.1f} GiB free"
    mend = "" if free > ENOUGH_DISK_BYTES else "free at least 1 GiB where the database is"
    yield Finding("disk", state, mend)


def _weights() -> Iterator[Finding]:
    yield Finding("labels", f"model {LabelModel.load().version}")


def _keys(settings: Settings) -> Iterator[Finding]:
    """What the switched-on sources need to ask with, each key once."""
    wanted = {key_name(source.kind): source.name for source in settings.sources if source.enabled}
    for key, name in wanted.items():
        if key and key in settings.secrets:
            yield Finding("key", f"{key} is there")
        elif key:
            yield Finding("key", f"{key} is missing, for {name}", f"set {PREFIX}{key.upper()}")


def _terms(settings: Settings) -> Iterator[Finding]:
    """Who answers for the kinds that need it, and the most that a month of a source may cost."""
    signed = {one.kind: one for one in settings.accepted}
    services = (kind for kind in SERVICES if kind in signed)
    for kind in dict.fromkeys((*(source.kind for source in settings.sources), *services)):
        wanted = terms(kind)
        if wanted and (one := signed.get(kind)):
            yield Finding(f"terms of {kind}", f"accepted by {one.by} on {one.on}: {one.reason}")
        elif wanted:
            state = f"off until somebody answers for it. {wanted.say} {wanted.risk}"
            mend = f'to switch it on, write [[accepted]] kind = "{kind}" into accepted.toml'
            yield Finding(f"terms of {kind}", state, mend, optional=True)
    for source in settings.sources:
        if price := cost(source.kind, source.options):
            yield Finding(f"cost of {source.name}", price if source.enabled else f"off; {price}")


def _sign_in(settings: Settings) -> Iterator[Finding]:
    """Whether the provider tells of itself what it must, and whether there is an envelope."""
    said = list(signin_check.check(settings, provider_door(settings)))
    if not said:
        yield Finding("sign-in", "nobody signs in: the console answers on this machine alone")
        return
    for one in said:
        yield Finding(one.subject, one.state, one.mend)
    try:
        store = open_store(settings)
    except (StoreError, OSError):
        return  # told above
    with closing(store):
        found = break_glass.standing(store)
    mend = "" if found else "monitor break-glass set, for when the provider is down"
    state = "there is one" if found else "there is none"
    yield Finding("break-glass administrator", state, mend, optional=True)


def _mail(settings: Settings, send_test: str | None) -> Iterator[Finding]:
    mail = settings.mail
    where = f"{mail.host}:{mail.port}"
    if not mail.host:
        yield Finding("mail", "no server", "set [mail] host in settings.toml")
        return
    if send_test:
        yield _test_mail(settings, send_test)
        return
    try:
        with smtplib.SMTP(mail.host, mail.port, timeout=5):
            yield Finding("mail", f"{where} answers")
    except OSError as error:
        mend = "start the mail server or set [mail] host and port (in the sample: run it first)"
        yield Finding("mail", f"{where} does not answer ({type(error).__name__})", mend)


def _test_mail(settings: Settings, address: str) -> Finding:
    mail = EmailMessage()
    mail["From"], mail["To"] = settings.mail.sender, address
    mail["Subject"] = "Trust Monitor: test mail"
    mail["Message-ID"] = make_msgid(domain="trust-monitor.localdomain")
    mail["Date"] = utc_now()
    mail.set_content("If you can read this, alerts can reach you.")
    message = Message(recipient=address, message_id=str(mail["Message-ID"]), mail=mail)
    outcome = channels_of(settings)[MAIL].send(message)
    if isinstance(outcome, Sent):
        return Finding("mail", "the test mail was accepted")
    return Finding("mail", outcome.reason, "check [mail] and the password secret")


def _channels(settings: Settings, *, sends_test: bool) -> Iterator[Finding]:
    """The ways beside mail: their secrets, and a test by each."""
    ways = other_channels_of(settings) if sends_test else {}
    for channel in settings.channels:
        subject = f"channel {channel.id}"
        wanted = [channel.target_secret]
        if channel.kind == "webhook":
            wanted.append(channel.key_secret)
        missing = [name for name in wanted if name not in settings.secrets]
        if missing:
            mend = "; ".join(f"set {PREFIX}{name.upper()}" for name in missing)
            yield Finding(subject, "lacks where it leads or its key", mend)
        elif sends_test:
            yield _test_brief(settings, subject, ways[channel.id])
        else:
            yield Finding(subject, "its secrets are there; --send-test tries it")


def _test_brief(settings: Settings, subject: str, way: BriefChannel) -> Finding:
    brief = Brief(
        brief_id=make_msgid(domain="trust-monitor.localdomain").strip("<>"),
        event="test",
        severity="none",
        kind="test: if you can read this, alerts can reach you",
        place=settings.trust.name,
        link=settings.console.url,
        at=utc_now(),
    )
    outcome = way.send(brief)
    if isinstance(outcome, Sent):
        return Finding(subject, "the test was accepted")
    return Finding(subject, outcome.reason, "check its secrets and [[channels]]")


def _evidence(settings: Settings) -> Iterator[Finding]:
    """What evidence needs: a browser in a cage for pictures of pages, a service for timestamps."""
    if missing := cage.lacking(settings.evidence.browser):
        state = f"no pictures of pages: {missing.what}"
        yield Finding("evidence", state, missing.mend, optional=True)
    else:
        yield Finding("evidence", "pictures of pages can be made")
    stamps = settings.evidence.timestamp_url
    yield Finding("timestamps", f"by {stamps}" if stamps else "none: seals have our clock alone")


def _extras() -> Iterator[Finding]:
    for module, (extra, what) in EXTRAS.items():
        there = find_spec(module) is not None
        mend = "" if there else f'pip install "trust-monitor[{extra}]"'
        yield Finding(
            f"extra {extra}", "installed" if there else f"lacking: no {what}", mend, optional=True
        )
