"""Rules that reviewers write: they tag mentions, raise them into the queue, or mute them.

A rule holds of the words that are shown, a site or a story; it is never about a person. Muting
concerns the queue alone: who is told at once is a matter of silences, and what is high or
critical or may single out a pupil is never muted.
"""

from __future__ import annotations

import re
from datetime import datetime
from functools import lru_cache
from urllib.parse import urlsplit

from classifiers import expressions
from classifiers.expressions import Expression, Text
from monitor.store import audit, rules, search
from monitor.store.database import Store, Tx
from monitor.store.rules import Action, Aim

MOST_MUTED_AT_ONCE = 5000
_SITE = re.compile(r"(?=.{4,253}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9-]{1,63})+")


def begin(
    store: Store,
    action: Action,
    aim: Aim,
    *,
    name: str,
    by: str,
    reason: str,
    until: datetime | None,
    now: datetime,
) -> int:
    """A rule from now on; a mute also clears what waits already. Its id."""
    with store.begin() as tx:
        rule_id = rules.begin(
            tx, action, aim, name=name, author=by, reason=reason, until=until, now=now
        )
        if action == "mute":
            rules.apply(tx, rule_id, action, _waiting(tx, aim))
        audit.append(tx, actor=by, action="rule.begun", subject=f"rule {rule_id}", now=now)
    return rule_id


def end(store: Store, rule_id: int, *, by: str, now: datetime) -> bool:
    """End a rule; what it muted comes back into the queue. False when it is over already."""
    with store.begin() as tx:
        ended = rules.end(tx, rule_id, by=by, now=now)
        if ended:
            audit.append(tx, actor=by, action="rule.ended", subject=f"rule {rule_id}", now=now)
    return ended


def apply(tx: Tx, mention_id: int, url: str, story_id: int, *, now: datetime) -> None:
    """Apply every rule that holds to a mention that was just judged and indexed."""
    active = rules.active(tx, now)
    text = Text(search.shown_words(tx, mention_id)) if active else None
    for rule in active:
        if text is not None and _holds(rule.aim, text, url, story_id):
            rules.apply(tx, rule.rule_id, rule.action, [mention_id])


def site(written: str) -> str | None:
    """The host of an address or a host as typed; None where it is neither."""
    written = written.strip().lower()
    try:
        host = urlsplit(written if "//" in written else f"//{written}").hostname or ""
    except ValueError:
        return None
    host = host.removeprefix("www.")
    return host if _SITE.fullmatch(host) else None


def is_of_site(url: str, host: str) -> bool:
    """Whether an address is of a site, or of a part of it."""
    own = site(url) or ""
    return own == host or own.endswith(f".{host}")


def _holds(aim: Aim, text: Text, url: str, story_id: int) -> bool:
    if aim.words is not None:
        return expressions.matches(_parsed(aim.words), text)
    if aim.site is not None:
        return is_of_site(url, aim.site)
    return aim.story_id == story_id


@lru_cache(maxsize=256)
def _parsed(written: str) -> Expression:
    return expressions.parse(written)


def _waiting(tx: Tx, aim: Aim) -> list[int]:
    """What waits already and the aim holds of."""
    if aim.story_id is not None:
        return rules.waiting_of_story(tx, aim.story_id)
    open_ones = rules.waiting(tx, MOST_MUTED_AT_ONCE)
    if aim.site is not None:
        return [number for number, url in open_ones if is_of_site(url, aim.site)]
    expression = _parsed(aim.words or "")
    return [
        number
        for number, _ in open_ones
        if expressions.matches(expression, Text(search.shown_words(tx, number)))
    ]
