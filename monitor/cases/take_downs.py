"""What comes next after a platform was asked to take something down (policy 9.7).

First the platform's own answer; then the helplines, each from the time at which it takes such a
matter up: sooner where a child may be at risk or the platform has refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from config.playbook import Helpline, Platform
from config.policy import Policy
from monitor.cases import letters
from monitor.store.casefile import TakeDown


@dataclass(frozen=True, slots=True, kw_only=True)
class NextStep:
    """`at` is when it can be done; None: nothing is timed any more."""

    words: str
    at: datetime | None = None
    helpline: Helpline | None = None

    def is_ready(self, now: datetime) -> bool:
        return self.at is not None and self.at <= now


def next_step(
    one: TakeDown, policy: Policy, *, is_safeguarding: bool, now: datetime
) -> NextStep | None:
    """What to do now or to wait for; None when it is over."""
    if one.is_over:
        return None
    left = [
        (ready_at(line, one, is_safeguarding=is_safeguarding), line)
        for line in policy.helplines
        if one.moved_at(line.id) is None
    ]
    if not left:
        return NextStep(words="Wait for the helpline's answer, then record what became of it.")
    at, line = min(left, key=lambda pair: pair[0])
    if at <= now:
        return NextStep(words=f"Tell {line.name} now.", at=at, helpline=line)
    words = f"Wait for the platform's answer; without one, tell {line.name}."
    return NextStep(words=words, at=at, helpline=line)


def ready_at(line: Helpline, one: TakeDown, *, is_safeguarding: bool) -> datetime:
    """From when a helpline takes the matter up."""
    times = [one.asked_at + line.after]
    if "safeguarding" in line.at_once and is_safeguarding:
        times.append(one.asked_at)
    refused = one.moved_at("refused")
    if "refused" in line.at_once and refused is not None:
        times.append(refused)
    return min(times)


def platform(policy: Policy, name: str) -> Platform | None:
    """How a platform takes reports; that of any other site where it is not listed."""
    known = {one.id: one for one in policy.platforms}
    return known.get(name) or known.get("web")


def reply(one: TakeDown) -> str:
    """What the platform answered last."""
    said = [str(move.facts.get("text", "")) for move in one.moves]
    return next((text for text in reversed(said) if text), "none so far")


def ready_text(line: Helpline, one: TakeDown, values: Mapping[str, str]) -> str:
    """What to tell a helpline, filled in as far as the case knows it."""
    more = {
        "platform": one.platform,
        "asked": letters.day(one.asked_at),
        "reference": one.reference or "none given",
        "reply": reply(one),
        "posts": one.where,
    }
    return letters.fill(line.text, {**values, **more})
