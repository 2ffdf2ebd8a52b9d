"""A reminder that the person chose, and that nobody else sees.

All who chose one stand in one box of one size, sealed with a key that is a secret of the service
and no row: not in the database, nor in its copies. There is no delivery row and no log line of a
reminder; the mail server that sends it knows to whom it goes, as with every mail. Who does not
want even that takes the calendar entry, of which nothing is stored here.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime, formataddr, make_msgid

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from pydantic import SecretStr

from alerts.channels import MAIL
from alerts.types import Message, Retry
from alerts.words import LONDON
from config.base import MailAddress
from config.readiness import may_collect
from config.selfcheck import SelfCheckSettings
from config.settings import Settings
from config.trust import Trust
from monitor.context import Context
from monitor.selfcheck import keeping
from monitor.store import self_check
from monitor.store.database import Store

SECRET = "self_check_key"  # noqa: S105  the name of the secret, not a secret
SHORTEST_KEY = 32
BOX_BYTES = 64 * 1024
MOST_AT_ONCE = 20
LATE = timedelta(days=14)
"""After so many days a day of reminding is over, whoever asked in between."""
DECOY_ONE_IN = 12
"""Of the hours: two rows of chance a day."""


class NoKey(Exception):
    """The service has no key to seal reminders with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reminder:
    """`told` is the day of the last one, or that of asking."""

    subject: str
    address: MailAddress
    told: date


def key_of(settings: Settings) -> bytes:
    """Raises NoKey."""
    secret: SecretStr | None = settings.secrets.get(SECRET)
    if secret is None or len(secret.get_secret_value()) < SHORTEST_KEY:
        raise NoKey
    made = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"self-check.reminders")
    return made.derive(secret.get_secret_value().encode())


def has_key(settings: Settings) -> bool:
    try:
        key_of(settings)
    except NoKey:
        return False
    return True


def is_ours(address: str, trust: Trust) -> bool:
    """Whether mail to it reaches somebody of the Trust: nobody else is ever reminded."""
    domain = address.rpartition("@")[2].casefold()
    sites = (school.website.rpartition("//")[2].split("/")[0] for school in trust.schools)
    own = {one.removeprefix("www.").casefold() for one in (*trust.domains, *sites) if one}
    return any(domain == one or domain.endswith(f".{one}") for one in own)


def choose(store: Store, key: bytes, subject: str, address: str, today: date) -> None:
    with store.begin() as tx:
        others = [one for one in _opened(self_check.reminders(tx), key) if one.subject != subject]
        chosen = Reminder(subject=subject, address=address, told=today)
        self_check.put_reminders(tx, _sealed([*others, chosen], key))


def stop(store: Store, key: bytes, subject: str) -> None:
    with store.begin() as tx:
        others = [one for one in _opened(self_check.reminders(tx), key) if one.subject != subject]
        self_check.put_reminders(tx, _sealed(others, key))


def chosen_by(store: Store, key: bytes, subject: str) -> Reminder | None:
    with store.read() as tx:
        everybody = _opened(self_check.reminders(tx), key)
    return next((one for one in everybody if one.subject == subject), None)


def term_day(settings: SelfCheckSettings, today: date) -> date | None:
    """The day of reminding that is not over yet; None between them."""
    days = (date(today.year, *map(int, day.split("-"))) for day in settings.terms_begin)
    return next((day for day in days if day <= today < day + LATE), None)


def next_day(settings: SelfCheckSettings, today: date) -> date:
    """The next day of reminding, for the calendar."""
    days = [
        date(year, *map(int, day.split("-")))
        for year in (today.year, today.year + 1)
        for day in settings.terms_begin
    ]
    return min(day for day in days if day > today)


def tidy(ctx: Context) -> None:
    """Forget what is past its day, add a row of chance now and then, and seal the reminders anew,
    so that a change of theirs is no news to who compares two copies of the database."""
    today = ctx.clock().astimezone(LONDON).date()
    with ctx.store.begin() as tx:
        self_check.forget(tx, today)
        if secrets.randbelow(DECOY_ONE_IN) == 0:
            box = keeping.decoy(today)
            self_check.put(tx, box.place, box.sealed, box.forget_on)
    if has_key(ctx.settings):
        key = key_of(ctx.settings)
        with ctx.store.begin() as tx:
            self_check.put_reminders(tx, _sealed(_opened(self_check.reminders(tx), key), key))


def remind(ctx: Context) -> int:
    """Send what is due on a day of reminding; how many were sent. A mail that could not be sent
    is tried again at the next call, until the day is over."""
    now = ctx.clock()
    day = term_day(ctx.settings.self_check, now.astimezone(LONDON).date())
    if day is None or not has_key(ctx.settings) or not may_collect(ctx.settings):
        return 0
    key = key_of(ctx.settings)
    with ctx.store.read() as tx:
        due = [one for one in _opened(self_check.reminders(tx), key) if one.told < day]
    sent = [one for one in due[:MOST_AT_ONCE] if _is_done(ctx, one, now)]
    if sent:
        with ctx.store.begin() as tx:
            told = {one.subject for one in sent}
            everybody = (
                replace(one, told=day) if one.subject in told else one
                for one in _opened(self_check.reminders(tx), key)
            )
            self_check.put_reminders(tx, _sealed(list(everybody), key))
    return len(sent)


def _is_done(ctx: Context, reminder: Reminder, now: datetime) -> bool:
    mail = written(ctx.settings, reminder.address, now)
    message = Message(recipient=reminder.address, message_id=str(mail["Message-ID"]), mail=mail)
    return not isinstance(ctx.channels[MAIL].send(message), Retry)


def written(settings: Settings, address: str, now: datetime) -> EmailMessage:
    """The mail: nothing of any result, and no word that tells others what it is about."""
    mail = EmailMessage()
    mail["From"] = formataddr((settings.mail.sender_name, settings.mail.sender))
    mail["To"] = address
    mail["Subject"] = "The reminder that you asked for"
    mail["Date"] = format_datetime(now)
    mail["Message-ID"] = make_msgid(domain=settings.mail.sender.rpartition("@")[2] or None)
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(
        "Hello,\n\nyou asked to be reminded once a term. It takes about five minutes:\n\n"
        f"{settings.console.url}/selfcheck\n\n"
        "Nobody else is told that you asked for this. To stop it, open the same page.\n"
    )
    return mail


def calendar(settings: Settings, today: date, now: datetime) -> str:
    """An entry for the person's own calendar (RFC 5545), of which nothing is stored here."""
    day = next_day(settings.self_check, today)
    lines = (
        "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Trust Monitor//EN", "BEGIN:VEVENT",
        f"UID:{secrets.token_hex(12)}", f"DTSTAMP:{now:%Y%m%dT%H%M%SZ}",
        f"DTSTART;VALUE=DATE:{day:%Y%m%d}", "RRULE:FREQ=MONTHLY;INTERVAL=4",
        "SUMMARY:Five minutes for myself", f"URL:{settings.console.url}/selfcheck",
        "TRANSP:TRANSPARENT", "CLASS:PRIVATE", "END:VEVENT", "END:VCALENDAR", "",
    )  # fmt: skip
    return "\r\n".join(lines)


def _opened(sealed: bytes | None, key: bytes) -> tuple[Reminder, ...]:
    """None of them where the box was sealed with another key: they have to be chosen anew."""
    if sealed is None:
        return ()
    try:
        plain = AESGCM(key).decrypt(sealed[:12], sealed[12:], None)
    except InvalidTag:
        return ()
    return tuple(_read(plain))


def _read(plain: bytes) -> Iterator[Reminder]:
    for subject, address, told in json.loads(plain.rstrip(b"\0")):
        yield Reminder(subject=subject, address=address, told=date.fromisoformat(told))


def _sealed(everybody: list[Reminder] | tuple[Reminder, ...], key: bytes) -> bytes:
    rows = [[one.subject, one.address, one.told.isoformat()] for one in everybody]
    body = json.dumps(rows).encode()
    size = max(1, -(-len(body) // BOX_BYTES)) * BOX_BYTES
    nonce = secrets.token_bytes(12)
    return nonce + AESGCM(key).encrypt(nonce, body.ljust(size, b"\0"), None)
