"""Who must be told what, and what became of telling them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from typing import Literal

from classifiers.types import Severity

Role = Literal[
    "head_of_pr",
    "deputy_head_of_pr",
    "executive",
    "headteacher",
    "safeguarding_lead",
    "deputy_safeguarding_lead",
    "chair",
    "it",
]
Occasion = Literal["first", "unanswered", "late", "grown", "report"]
"""Why somebody is told now: for the first time, as nobody answered, as a response clock has
passed, as there is more of it, or as a person reported it."""
Urgency = Literal["immediate", "grouped"]
"""A message of its own at once, or together with what comes soon after for the same person."""
Disclosure = Literal["masked_excerpt", "link_only"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """Somebody must be told of a mention. One delivery row is made of each.

    `dedupe_key` is stable for (mention or story, recipient role, school): a second notice
    with the same key is the same notice. `disclosure` says how much the message may show:
    pupil, self-harm and sexual matters go as kind, clause and link only.
    """

    dedupe_key: str
    role: Role
    school_id: str | None
    recipient: str
    """Mail address."""
    channel: str
    mention_id: int
    why: str
    clauses: tuple[str, ...]
    urgency: Urgency
    disclosure: Disclosure
    order: int = 0
    """Lower is told first (the safeguarding lead before PR)."""
    occasion: Occasion = "first"
    news: str = ""
    """What is new since the first telling, in a sentence."""
    about: str = ""
    """What a person reported, in a few words that hold nothing of its text."""
    case_id: int | None = None
    """Of the case whose clock has passed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A rendered message, ready for a channel. `message_id` stays the same over retries."""

    recipient: str
    message_id: str
    mail: EmailMessage


@dataclass(frozen=True, slots=True, kw_only=True)
class Brief:
    """What is told by another way than mail: nothing of the post, and nobody's name.

    `brief_id` stays the same over retries, so that a receiver can tell a second copy.
    """

    brief_id: str
    event: Literal["alert", "service", "test"]
    occasion: Occasion = "first"
    severity: Severity
    kind: str
    """ "possible threat"; for what the service says of itself, what is wrong."""
    place: str
    """The school, or the Trust."""
    clauses: tuple[str, ...] = ()
    link: str
    """Into the console."""
    at: datetime
    """When this try is made (UTC-aware)."""


@dataclass(frozen=True, slots=True)
class Sent:
    """The other side took it."""


@dataclass(frozen=True, slots=True)
class Retry:
    """Not taken; try again, after so many seconds at the earliest when the server said so."""

    reason: str
    after: float | None = None


@dataclass(frozen=True, slots=True)
class Unknown:
    """The line dropped after the data: it may or may not have arrived. Sent again with the
    same Message-ID, a bounded number of times."""

    reason: str


@dataclass(frozen=True, slots=True)
class Dead:
    """Refused for good; shown to people, never hidden."""

    reason: str


Delivery = Sent | Retry | Unknown | Dead
