"""One administrator for when the provider is down: a password from a sealed envelope.

Every use and every wrong password is on record, and IT and the data protection officer are told
of each use, and of tries that were too many, by mail.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from cryptography.exceptions import InvalidKey
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from alerts import words
from alerts.channels import MAIL
from config.people import ConsoleRole
from config.trust import TrustContacts
from monitor.store import audit, break_glass, deliveries, sessions
from monitor.store.database import Store, Tx
from monitor.store.sessions import Whose
from monitor.store.views import OutboxItem, ServiceNote

NAME: Final = "Break-glass administrator"
"""Stands beside what is done in this way."""
SUBJECT: Final = "break-glass"
ROLES: Final[tuple[ConsoleRole, ...]] = ("executive", "it")
"""What it may do unless set otherwise: see and intervene everywhere (policy 1.1), mend."""
LONGEST: Final = timedelta(hours=1)
"""A session ends after so long in any case: it is for what cannot wait."""
MOST_TRIES: Final = 5
WITHIN: Final = timedelta(minutes=10)
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
"""None that looks like another when it is read from paper."""
_GROUPS, _OF = 6, 4
_SALT_BYTES, _DIGEST_BYTES = 16, 32


class WrongPassword(Exception):
    """Not the password, or nobody has set one up."""


class TooManyTries(Exception):
    """Wait, and try again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Whether there is one, for the doctor and its command."""

    set_at: datetime
    used_at: datetime | None
    roles: tuple[str, ...]


def set_up(store: Store, roles: tuple[str, ...], *, by: str, now: datetime) -> str:
    """A new password, which is shown this once; what was set before no longer counts. On record."""
    groups = ("".join(secrets.choice(_LETTERS) for _ in range(_OF)) for _ in range(_GROUPS))
    password = "-".join(groups)
    digest = _kdf(secrets.token_bytes(_SALT_BYTES)).derive_phc_encoded(password.encode())
    with store.begin() as tx:
        break_glass.put(tx, digest, roles, now)
        sessions.revoke_all(tx, _whose())
        audit.append(tx, actor=by, action="break_glass.set", subject="the console", now=now)
    return password


def remove(store: Store, *, by: str, now: datetime) -> bool:
    """False when there was none. On record."""
    with store.begin() as tx:
        removed = break_glass.remove(tx)
        if removed:
            sessions.revoke_all(tx, _whose())
            audit.append(tx, actor=by, action="break_glass.removed", subject="the console", now=now)
        return removed


def standing(store: Store) -> Standing | None:
    with store.read() as tx:
        found = break_glass.find(tx)
    if found is None:
        return None
    return Standing(set_at=found.set_at, used_at=found.used_at, roles=found.roles)


def enter(
    store: Store, password: str, contacts: TrustContacts, *, browser: str, now: datetime
) -> str:
    """The key of a new session. Raises WrongPassword and TooManyTries."""
    with store.begin() as tx:
        left = break_glass.count_try(tx, now, most=MOST_TRIES, within=WITHIN)
        found = break_glass.find(tx)
    if found is None:
        raise WrongPassword
    if left is None:
        raise TooManyTries
    if not _is_right(password, found.password):
        _refused(store, contacts, was_last=left == 1, now=now)
        raise WrongPassword
    with store.begin() as tx:
        break_glass.note_use(tx, now)
        _tell(tx, contacts, "The break-glass administrator has signed in to the console.", now)
        audit.append(tx, actor=NAME, action="break_glass.used", subject="the console", now=now)
        return sessions.begin(tx, _whose(browser), now, longest=LONGEST)


def _refused(store: Store, contacts: TrustContacts, *, was_last: bool, now: datetime) -> None:
    with store.begin() as tx:
        audit.append(tx, actor="somebody", action="break_glass.refused", subject=NAME, now=now)
        if was_last:
            said = f"{MOST_TRIES} wrong passwords of the break-glass administrator were tried."
            _tell(tx, contacts, said, now)


def _tell(tx: Tx, contacts: TrustContacts, what: str, now: datetime) -> None:
    local = now.astimezone(words.LONDON)
    said = f"{what} That was on {words.day(local.date())} at {local:%H:%M}."
    for recipient in dict.fromkeys(one for one in (contacts.it, contacts.dpo) if one):
        item = OutboxItem(
            key=f"break_glass:{secrets.token_hex(8)}",
            channel=MAIL,
            recipient=recipient,
            service=ServiceNote(kind="break_glass", about=(said,)),
        )
        deliveries.enqueue(tx, item, now=now)


def _whose(browser: str = "") -> Whose:
    return Whose(subject=SUBJECT, name=NAME, way="break_glass", browser=browser)


def _kdf(salt: bytes) -> Argon2id:
    """RFC 9106, section 4, the second recommended option: 64 MiB."""
    return Argon2id(salt=salt, length=_DIGEST_BYTES, iterations=3, lanes=4, memory_cost=64 * 1024)


def _is_right(password: str, digest: str) -> bool:
    """Read from paper: case, spaces and the lines between groups do not count."""
    letters = "".join(one for one in password.casefold() if one.isalnum())
    grouped = "-".join(letters[at : at + _OF] for at in range(0, len(letters), _OF))
    try:
        Argon2id.verify_phc_encoded(grouped.encode("utf-8", "replace"), digest)
    except InvalidKey:
        return False
    return True
