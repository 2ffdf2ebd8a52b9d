"""One mail for several matters that one person is told of together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from alerts import envelope, words
from alerts.render import DANGER, FOOTER, NEVER_REPLY, AlertPage, alert_page
from alerts.templating import template
from alerts.types import Message, Notice
from classifiers.types import SEVERITIES, Assessment
from config.policy import Policy
from config.trust import Trust
from connectors.types import Mention

RHYTHM = (
    "While so much is said, what is not critical comes together like this, less and less often."
    " What is critical comes at once, and the review queue has everything already."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """A notice with what it tells of."""

    notice: Notice
    mention: Mention
    assessment: Assessment
    reply_token: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupPage:
    """What both templates show."""

    subject: str
    preview: str
    trust: str
    title: str
    pages: tuple[AlertPage, ...]
    """The gravest first, then in the order in which they came."""
    rhythm: str = ""
    """How soon the next such mail comes; empty where this is the first."""
    never: str = NEVER_REPLY
    danger: str = DANGER
    footer: str = FOOTER


def group(
    matters: Sequence[Matter],
    *,
    trust: Trust,
    policy: Policy,
    console_url: str,
    sender: str,
    message_id: str,
    now: datetime,
    since: datetime | None = None,
) -> Message:
    """The mail for two matters or more of the same recipient; `since` is when the last such mail
    left, where they follow one another."""
    ordered = sorted(matters, key=lambda one: -SEVERITIES.index(one.assessment.severity))
    pages = tuple(
        alert_page(
            one.notice, one.mention, one.assessment,
            trust=trust, policy=policy, console_url=console_url, reply_token=one.reply_token,
        )
        for one in ordered
    )  # fmt: skip
    more = words.count(len(pages) - 1, "other")
    page = GroupPage(
        subject=f"{pages[0].subject}, and {more}",
        preview=f"{len(pages)} matters. Do not reply to the posts.",
        trust=words.one_line(trust.name),
        title=f"{len(pages)} more matters since {words.moment(since, year=False)}"
        if since
        else f"{len(pages)} matters for you",
        pages=pages,
        rhythm=RHYTHM if since else "",
    )
    return envelope.seal(
        subject=page.subject,
        text=template("group.txt").render(page=page),
        html=template("group.html").render(page=page),
        recipient=ordered[0].notice.recipient,
        sender=sender,
        message_id=message_id,
        list_name="alerts",
        now=now,
    )
