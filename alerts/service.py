"""What the service says of itself: to IT the daily self-test and that mail fails, to the data
protection officer where the record ends, to PR who poses as us, to IT and data protection who came
in past the sign-in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from alerts import envelope, phrases, words
from alerts.templating import template
from alerts.types import Brief, Message
from config.trust import Trust


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """How the mails of one kind read."""

    called: str
    """What the list of deliveries says."""
    subject: str
    """With the day for {day}."""
    title: str
    meaning: str
    page: str
    """Of the console."""
    link_words: str
    begins_with_fact: bool = False
    """What mail programs show beside the subject is the first fact instead of the meaning."""


KINDS: Mapping[str, Kind] = {
    "self_test": Kind(
        called="daily self-test of the mail",
        subject="Self-test of {day}: alerts can leave",
        title="Alerts can leave",
        meaning=(
            "This mail left by the same way as the alerts do, so they can reach people today."
            " On a day on which it does not come, they may not come either: look at the"
            " deliveries in the console and run monitor doctor."
        ),
        page="/deliveries",
        link_words="Open the deliveries",
    ),
    "record_head": Kind(
        called="where the record ends",
        subject="The record of {day}",
        title="Where the record ends",
        meaning=(
            "The record of who did what ends as said below. Keep this mail: whoever could write"
            " the database could cut the record or make it anew, but not change what was sent to"
            " you."
        ),
        page="/audit",
        link_words="Open the record",
    ),
    "sources": Kind(
        called="sources that can no longer be trusted to be read",
        subject="A source needs you: what is said there is not known",
        title="A source needs you",
        meaning=(
            "Silence there says nothing now: what is said of the Trust may not be seen. The"
            " page of sources says what to do. This is told once for as long as it lasts."
        ),
        page="/sources",
        link_words="Open the sources",
        begins_with_fact=True,
    ),
    "look_alike": Kind(
        called="an account that looks like one of ours",
        subject="An account looks like one of ours",
        title="An account looks like one of ours",
        meaning=(
            "It was noticed under a post that was collected. Look at the mention, never write"
            " to the account (policy 6.8), and report it to the platform if it poses as ours"
            " (9.7): the page says how. It is told once for an account."
        ),
        page="/accounts",
        link_words="Open the official accounts",
        begins_with_fact=True,
    ),
    "break_glass": Kind(
        called="the break-glass administrator",
        subject="The break-glass administrator of Trust Monitor",
        title="Somebody used the sealed envelope",
        meaning=(
            "This way is for when your provider of the sign-in is down. If you know of no such"
            " need, ask at once who it was: end the session on the page of sessions, and make a"
            " new password with monitor break-glass set. What was done stands in the record."
        ),
        page="/sessions",
        link_words="Open the sessions",
        begins_with_fact=True,
    ),
    "overdue": Kind(
        called="work that is overdue",
        subject="Trust Monitor does not keep up",
        title="Work is overdue",
        meaning=(
            "Work waits longer than it should, so alerts may come late. The page Running shows"
            " what waits and who works. This is told once a day for each kind of work."
        ),
        page="/running",
        link_words="Open the page Running",
        begins_with_fact=True,
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """What is told over another channel than mail."""

    called: str
    said: str


ALARMS: Mapping[str, Alarm] = {
    "mail_stuck": Alarm(
        called="no mail can leave", said="no mail can leave, so nobody is told by mail"
    ),
    "mail_lost": Alarm(
        called="the self-test has not come back",
        said="the self-test's mail has not come back, so mails may not arrive",
    ),
}


def called(kind: str) -> str:
    """What the list of deliveries says of a kind in KINDS or ALARMS."""
    return (KINDS.get(kind) or ALARMS[kind]).called


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
    limits: str = phrases.LIMITS


def compose(
    kind: str,
    facts: tuple[str, ...],
    *,
    trust: Trust,
    console_url: str,
    sender: str,
    recipient: str,
    message_id: str,
    now: datetime,
) -> Message:
    """The mail of a kind in KINDS; `facts` are sentences about what it is for."""
    said = KINDS[kind]
    day = words.day(now.astimezone(words.LONDON).date())
    note = Note(
        subject=said.subject.format(day=day),
        preview=facts[0] if said.begins_with_fact else said.meaning,
        title=said.title,
        day=f"{words.one_line(trust.name)}, {day}",
        meaning=said.meaning,
        facts=facts,
        link=_page(console_url, said.page),
        link_words=said.link_words,
    )
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


def alarm(kind: str, *, trust: Trust, console_url: str, brief_id: str, now: datetime) -> Brief:
    """The alarm of a kind in ALARMS, over another channel than mail."""
    return Brief(
        brief_id=brief_id,
        event="service",
        severity="critical",
        kind=ALARMS[kind].said,
        place=words.one_line(trust.name),
        link=_page(console_url, "/deliveries"),
        at=now,
    )


def _page(console_url: str, path: str) -> str:
    return f"{console_url.rstrip('/')}{path}"
