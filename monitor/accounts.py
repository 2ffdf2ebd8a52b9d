"""The register of official accounts, kept on record (policy 6.1, 6.2, 6.11): who owns each, and
whether IT has full access. It never holds a password, and refuses what looks like one."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from alerts.words import PLATFORMS
from config.trust import Trust
from connectors.errors import Malformed
from monitor.intake import csvfile
from monitor.store import accounts, audit
from monitor.store.accounts import Account, AccountFacts, ItAdmin, Said
from monitor.store.database import Store

COLUMNS = ("platform", "handle", "link", "school", "owner", "it_admin", "last_check", "note")
CHECK_EVERY = timedelta(days=182)
LONGEST = 200
MOST_ROWS = 2000
_SECRET = re.compile(r"(?i)\b(pass ?-?(word|phrase|code)|passwd|pwd|pin)\b")
_HANDLE = re.compile(r"[^\s@/][^\s@]{0,99}(@[\w.-]+)?")
_IT: Mapping[str, ItAdmin] = {
    "yes": "yes", "y": "yes", "true": "yes", "no": "no", "n": "no", "false": "no",
    "": "unknown", "unknown": "unknown",
}  # fmt: skip
CONFIDENTIAL = (
    "A password never stands here: it is confidential and shared with nobody (policy 6.1). "
    "Take it out, and change it if others may have seen it."
)


class Refused(ValueError):
    """What was written down cannot stand in the register; says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    kept: int
    refused: tuple[str, ...]
    """A line for each row that was not taken."""


def facts(values: Mapping[str, str], trust: Trust, today: date) -> AccountFacts:
    """What one row or form says, checked. Raises Refused."""
    given = {name: " ".join(values.get(name, "").split()) for name in COLUMNS}
    if any(_SECRET.search(value) for value in given.values()):
        raise Refused(CONFIDENTIAL)
    if any(len(value) > LONGEST for value in given.values()):
        raise Refused(f"Nothing here is longer than {LONGEST} characters.")
    handle = given["handle"].lstrip("@")
    if not _HANDLE.fullmatch(handle):
        raise Refused("Give the handle as it stands in the account's address.")
    return AccountFacts(
        platform=_platform(given["platform"]), handle=handle, url=_link(given["link"]),
        school_id=_school(given["school"], trust), owner=given["owner"],
        it_admin=_it_admin(given["it_admin"]), checked_on=_day(given["last_check"], today),
        note=given["note"],
    )  # fmt: skip


def _platform(name: str) -> str:
    by_words = {title.casefold(): key for key, title in PLATFORMS.items()}
    low = name.casefold()
    if not low:
        raise Refused("Name the platform.")
    return by_words.get(low, re.sub(r"[^a-z0-9]+", "_", low)[:40] or "web")


def _link(address: str) -> str:
    if address and not address.startswith(("https://", "http://")):
        raise Refused("The link begins with https://")
    return address


def _school(name: str, trust: Trust) -> str:
    """By id or name; empty for the Trust."""
    low = name.casefold()
    if low in ("", trust.id.casefold(), trust.name.casefold()):
        return ""
    for school in trust.schools:
        if low in (school.id.casefold(), school.name.casefold()):
            return school.id
    raise Refused(f"“{name}” is no school of the Trust: give its name as in trust.toml.")


def _it_admin(said: str) -> ItAdmin:
    if said.casefold() not in _IT:
        raise Refused("Whether IT has full access is yes, no or unknown.")
    return _IT[said.casefold()]


def _day(said: str, today: date) -> date | None:
    if not said:
        return None
    try:
        day = date.fromisoformat(said)
    except ValueError:
        raise Refused("Write the day of the last check as 2026-11-29.") from None
    if day > today:
        raise Refused("The day of the last check is still to come.")
    return day


def keep(store: Store, one: AccountFacts, *, by: str, now: datetime) -> int:
    """Write one down, on record; its id."""
    with store.begin() as tx:
        account_id = accounts.keep(tx, one, by=by, now=now)
        subject = f"official account {account_id}"
        audit.append(tx, actor=by, action="account.kept", subject=subject, now=now)
        return account_id


def take_table(store: Store, body: bytes, trust: Trust, *, by: str, now: datetime) -> Imported:
    """Take a table in; each row by itself. Raises Refused where it is no such table, or has a
    column for passwords."""
    try:
        rows = list(csvfile.rows(body))
    except Malformed as error:
        raise Refused(str(error)) from None
    columns = set(rows[0][1]) if rows else set()
    if any(_SECRET.search(name.replace("_", " ")) for name in columns):
        raise Refused(CONFIDENTIAL)
    if not {"platform", "handle"} <= columns:
        raise Refused(f"The first line names the columns: {', '.join(COLUMNS)}.")
    if len(rows) > MOST_ROWS:
        raise Refused(f"No more than {MOST_ROWS} rows at once.")
    kept, refused = 0, []
    for where, row in rows:
        try:
            keep(store, facts(row, trust, now.date()), by=by, now=now)
            kept += 1
        except Refused as error:
            refused.append(f"{where}: {error}")
    return Imported(kept=kept, refused=tuple(refused))


def check(
    store: Store, account_id: int, it_admin: ItAdmin, *, on: date, by: str, now: datetime
) -> bool:
    with store.begin() as tx:
        done = accounts.check(tx, account_id, it_admin, on=on, by=by)
        if done:
            subject = f"official account {account_id}, IT has access: {it_admin}"
            audit.append(tx, actor=by, action="account.checked", subject=subject, now=now)
        return done


def close(store: Store, account_id: int, *, by: str, now: datetime) -> bool:
    """It is used no more."""
    with store.begin() as tx:
        done = accounts.close(tx, account_id, now)
        if done:
            subject = f"official account {account_id}"
            audit.append(tx, actor=by, action="account.closed", subject=subject, now=now)
        return done


def say(store: Store, mention_id: int, said: Said, *, by: str, now: datetime) -> bool:
    """What somebody found out about a look-alike, on record."""
    with store.begin() as tx:
        done = accounts.say(tx, mention_id, said, by=by, now=now)
        if done:
            subject = f"mention {mention_id}"
            audit.append(tx, actor=by, action=f"look_alike.{said}", subject=subject, now=now)
        return done


def wants(one: Account, today: date) -> Sequence[str]:
    """What is still to be done about an account."""
    facts = one.facts
    found = []
    if facts.it_admin != "yes":
        said = "has no full access" if facts.it_admin == "no" else "may have no full access"
        found.append(f"IT {said} (policy 6.11).")
    if not facts.owner:
        found.append("Nobody is named who keeps it (policy 6.2).")
    if facts.checked_on is None:
        found.append("It was never checked.")
    elif today - facts.checked_on > CHECK_EVERY:
        found.append("It was not checked for half a year.")
    return found
