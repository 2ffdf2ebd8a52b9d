"""Silences and closure days: what nobody is told of at once, for a time, by whose word and why.

A closure day is a silence of its own kind: entered for days to come, and covering only what says
that a school is shut. Those of rota.toml, and school holidays, count as well.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta

from alerts.duty import Duty
from alerts.silencing import Scope, covers
from classifiers.text import assessed_text
from classifiers.types import Assessment
from config.policy import Policy
from config.rota import Rota
from connectors.types import Mention
from monitor.schedule import local_day
from monitor.store import audit, silences
from monitor.store.database import Store, Tx
from monitor.store.silences import Silence

A_DAY = timedelta(days=1)
ROTA = "rota.toml"
IN_ROTA = 0
"""The number of what stands in rota.toml, and not in a row."""


def over(
    tx: Tx, story_id: int, mention: Mention, assessment: Assessment, policy: Policy, duty: Duty
) -> Silence | None:
    """The oldest silence or closure that covers it; None when it is to be told."""
    entered = silences.active(tx, duty.now)
    return covering(entered, story_id, mention, assessment, policy, duty)


def covering(
    entered: Iterable[Silence],
    story_id: int,
    mention: Mention,
    assessment: Assessment,
    policy: Policy,
    duty: Duty,
) -> Silence | None:
    """As `over`, of what was entered and of rota.toml."""
    text, closed = assessed_text(mention), policy.closures.words
    held = (*entered, *in_rota(duty.rota, duty.now))
    found = (one for one in held if covers(one.scope, assessment, text, story_id, closed))
    return next(found, None)


def in_rota(rota: Rota, now: datetime, *, ahead: timedelta = timedelta()) -> Iterator[Silence]:
    """The closures and holidays of rota.toml that hold now, or begin so soon."""
    days = [(one, one.schools) for one in rota.closures] + [(one, ()) for one in rota.holidays]
    for one, schools in sorted(days, key=lambda found: found[0].since):
        since, until = span(one.since, one.until)
        for school in schools or (None,) if since <= now + ahead and now < until else ():
            yield Silence(
                silence_id=IN_ROTA,
                scope=Scope(school_id=school, closure=True),
                author=ROTA,
                reason=one.name,
                since=since,
                until=until,
                ended_by=None,
                ended_at=None,
                kept_quiet=0,
            )


def span(first: date, last: date) -> tuple[datetime, datetime]:
    """When a closure holds: from the day before, on which it is spoken of, to the end of its last
    day (UTC)."""
    return local_day(first - A_DAY)[0].astimezone(UTC), local_day(last)[1].astimezone(UTC)


def begin(
    store: Store, scope: Scope, *, by: str, reason: str, until: datetime, now: datetime
) -> int:
    """Let nobody be told at once of what the scope names; its number. On record."""
    with store.begin() as tx:
        return _begin(tx, scope, by=by, reason=reason, since=now, until=until, now=now)


def close(
    store: Store,
    school_id: str | None,
    first: date,
    last: date,
    *,
    by: str,
    why: str,
    now: datetime,
) -> bool:
    """Enter a school's closure, or that of all schools; False where it stands there. On record."""
    since, until = span(first, last)
    scope = Scope(school_id=school_id, closure=True)
    with store.begin() as tx:
        known = (*silences.active(tx, now), *silences.coming(tx, now))
        if any((one.scope, one.since, one.until) == (scope, since, until) for one in known):
            return False
        _begin(tx, scope, by=by, reason=why, since=since, until=until, now=now)
        return True


def _begin(
    tx: Tx, scope: Scope, *, by: str, reason: str, since: datetime, until: datetime, now: datetime
) -> int:
    number = silences.begin(tx, scope, author=by, reason=reason, since=since, until=until)
    audit.append(tx, actor=by, action="silence.begun", subject=f"silence {number}", now=now)
    return number


def end(store: Store, silence_id: int, *, by: str, now: datetime) -> bool:
    """End a silence before its time; False when it was over. On record."""
    with store.begin() as tx:
        ended = silences.end(tx, silence_id, by=by, now=now)
        if ended:
            subject = f"silence {silence_id}"
            audit.append(tx, actor=by, action="silence.ended", subject=subject, now=now)
        return ended
