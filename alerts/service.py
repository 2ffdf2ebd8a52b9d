"""What the service says of itself to IT: the daily self-test, and that no mail can leave."""

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


@dataclass(frozen=True, slots=True, kw_only=True)
class SelfTest:
    """What both templates show."""

    subject: str
    preview: str
    title: str
    day: str
    meaning: str
    facts: tuple[str, ...]
    link: str


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
    page = SelfTest(
        subject=f"Self-test of {day}: alerts can leave",
        preview=MEANING,
        title="Alerts can leave",
        day=f"{words.one_line(trust.name)}, {day}",
        meaning=MEANING,
        facts=facts,
        link=deliveries_page(console_url),
    )
    return envelope.seal(
        subject=page.subject,
        text=template("self_test.txt").render(page=page),
        html=template("self_test.html").render(page=page),
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
