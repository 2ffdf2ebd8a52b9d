"""What the service says of itself: to IT the daily self-test and that no mail can leave, to the
data protection officer where the record ends, to both who came in past the sign-in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from alerts import envelope, words
from alerts.templating import template
from alerts.types import Brief, Message
from config.settings import Trust

MEANING = (
    "This mail left by the same way as the alerts do, so they can reach people today. On a day"
    " on which it does not come, they may not come either: look at the deliveries in the console"
    " and run monitor doctor."
)
RECORD = (
    "The record of who did what ends as said below. Keep this mail: whoever could write the"
    " database could cut the record or make it anew, but not change what was sent to you."
)

UNSEEN = (
    "Silence there says nothing now: what is said of the Trust may not be seen. The page of sources"
    " says what to do. This is told once for as long as it lasts."
)


ENVELOPE = (
    "This way is for when your provider of the sign-in is down. If you know of no such need, ask at"
    " once who it was: end the session on the page of sessions, and make a new password with"
    " monitor break-glass set. What was done stands in the record."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """What both templates show."""

    subject: str
    preview: str
    title: str
    day: str
    meaning: str
    facts: tuple[str, ...]
    link: str
    link_words: str


def record_head(
    facts: tuple[str, ...],
    *,
    trust: Trust,
    console_url: str,
    sender: str,
    recipient: str,
    message_id: str,
    now: datetime,
) -> Message:
    """The weekly mail to the data protection officer; `facts` say how the record ends."""
    day = words.day(now.astimezone(words.LONDON).date())
    note = Note(
        subject=f"The record of {day}",
        preview=RECORD,
        title="Where the record ends",
        day=f"{words.one_line(trust.name)}, {day}",
        meaning=RECORD,
        facts=facts,
        link=f"{console_url.rstrip('/')}/audit",
        link_words="Open the record",
    )
    return _sealed(note, sender=sender, recipient=recipient, message_id=message_id, now=now)


def self_test(
    facts: tuple[str, ...],
    *,
    trust: Trust,
    console_url: str,
    sender: str,
    recipient: str,
    message_id: str,
    now: datetime,
) -> Message:
    """The daily mail to IT; `facts` are sentences about what needs them."""
    day = words.day(now.astimezone(words.LONDON).date())
    note = Note(
        subject=f"Self-test of {day}: alerts can leave",
        preview=MEANING,
        title="Alerts can leave",
        day=f"{words.one_line(trust.name)}, {day}",
        meaning=MEANING,
        facts=facts,
        link=deliveries_page(console_url),
        link_words="Open the deliveries",
    )
    return _sealed(note, sender=sender, recipient=recipient, message_id=message_id, now=now)


def sources(
    facts: tuple[str, ...],
    *,
    trust: Trust,
    console_url: str,
    sender: str,
    recipient: str,
    message_id: str,
    now: datetime,
) -> Message:
    """To IT: what of the outside can no longer be seen."""
    day = words.day(now.astimezone(words.LONDON).date())
    note = Note(
        subject="A source needs you: what is said there is not known",
        preview=facts[0],
        title="A source needs you",
        day=f"{words.one_line(trust.name)}, {day}",
        meaning=UNSEEN,
        facts=facts,
        link=f"{console_url.rstrip('/')}/sources",
        link_words="Open the sources",
    )
    return _sealed(note, sender=sender, recipient=recipient, message_id=message_id, now=now)


def break_glass(
    facts: tuple[str, ...],
    *,
    trust: Trust,
    console_url: str,
    sender: str,
    recipient: str,
    message_id: str,
    now: datetime,
) -> Message:
    """To IT and the data protection officer: somebody came in, or tried to, past the sign-in."""
    day = words.day(now.astimezone(words.LONDON).date())
    note = Note(
        subject="The break-glass administrator of Trust Monitor",
        preview=facts[0],
        title="Somebody used the sealed envelope",
        day=f"{words.one_line(trust.name)}, {day}",
        meaning=ENVELOPE,
        facts=facts,
        link=f"{console_url.rstrip('/')}/sessions",
        link_words="Open the sessions",
    )
    return _sealed(note, sender=sender, recipient=recipient, message_id=message_id, now=now)


def _sealed(note: Note, *, sender: str, recipient: str, message_id: str, now: datetime) -> Message:
    return envelope.seal(
        subject=note.subject,
        text=template("self_test.txt").render(page=note),
        html=template("self_test.html").render(page=note),
        recipient=recipient,
        sender=sender,
        message_id=message_id,
        list_name="service",
        now=now,
    )


def mail_stuck(*, trust: Trust, console_url: str, brief_id: str, now: datetime) -> Brief:
    """The alarm over another channel that the mail fails."""
    return Brief(
        brief_id=brief_id,
        event="service",
        severity="critical",
        kind="no mail can leave, so nobody is told by mail",
        place=words.one_line(trust.name),
        link=deliveries_page(console_url),
        at=now,
    )


def deliveries_page(console_url: str) -> str:
    return f"{console_url.rstrip('/')}/deliveries"
