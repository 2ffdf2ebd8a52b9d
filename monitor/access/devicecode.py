"""Signing in at a terminal: the person confirms a code in a browser of theirs (RFC 8628).

No session begins and nothing is put on record: who has signed in is known to this process alone,
for as long as the command runs.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from monitor.access.signin import Arrival, NotAccepted, Provider

GRANT = "urn:ietf:params:oauth:grant-type:device_code"
USUAL_PAUSE = timedelta(seconds=5)
LONGEST_PAUSE = timedelta(seconds=60)
LONGEST = timedelta(minutes=15)
PENDING, SLOWER = "authorization_pending", "slow_down"


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceCode:
    """What the person is shown, and what is asked with until they have confirmed it."""

    shown: str
    address: str
    secret: str
    pause: timedelta
    lasts: timedelta


def begin(provider: Provider) -> DeviceCode:
    """Raises NotAccepted, also where the provider knows no such sign-in."""
    said = provider.asks_for_device()
    return DeviceCode(
        shown=_text(said, "user_code"),
        address=_text(said, "verification_uri"),
        secret=_text(said, "device_code"),
        pause=min(_seconds(said, "interval", USUAL_PAUSE), LONGEST_PAUSE),
        lasts=min(_seconds(said, "expires_in", LONGEST), LONGEST),
    )


def wait(provider: Provider, code: DeviceCode, sleep: Callable[[timedelta], None]) -> Arrival:
    """Who has confirmed the code. Raises NotAccepted when nobody did in time, or refused it."""
    pause, waited = code.pause, timedelta()
    while waited < code.lasts:
        sleep(pause)
        waited += pause
        answer = provider.device_answer(GRANT, code.secret)
        if isinstance(answer, Arrival):
            return answer
        if answer == SLOWER:
            pause += USUAL_PAUSE
        elif answer != PENDING:
            raise NotAccepted(f"the provider says {answer[:60]}")
    raise NotAccepted("nobody confirmed the code in time")


def _text(said: dict[str, Any], name: str) -> str:
    value = said.get(name)
    if not isinstance(value, str) or not value.isprintable() or not 0 < len(value) <= 2000:
        raise NotAccepted(f"there is no {name}")
    return value


def _seconds(said: dict[str, Any], name: str, usual: timedelta) -> timedelta:
    value = said.get(name)
    if isinstance(value, int) and not isinstance(value, bool) and 0 < value <= 3600:
        return timedelta(seconds=value)
    return usual
