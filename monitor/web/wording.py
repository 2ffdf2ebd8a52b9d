"""What the screens call things; one word each, the same as in mails where those have one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from alerts import words
from alerts.channels import MAIL
from alerts.reports import Doer, Reporter
from classifiers.types import Allegation, Label, PupilLevel, Reason
from connectors.types import MentionKind
from monitor.store.pictures import WordsState
from monitor.store.rules import Action
from monitor.store.views import DeliveryState, DeliveryView, Outcome, QueueState, SourceState


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A decision one can take: what it is called, its key, and what it means."""

    outcome: Outcome
    key: str
    words: str
    done: str
    meaning: str


CHOICES: tuple[Choice, ...] = (
    Choice(
        outcome="not_about_us",
        key="1",
        words="Not about us",
        done="Marked as not about us",
        meaning="Another school, place or person of that name.",
    ),
    Choice(
        outcome="no_action",
        key="2",
        words="No action",
        done="Closed without action",
        meaning="About us; nothing needs doing. Lawful criticism belongs here.",
    ),
    Choice(
        outcome="watch",
        key="3",
        words="Watch",
        done="Put on watch",
        meaning="Not yet decided: it comes back into the queue by itself.",
    ),
    Choice(
        outcome="open_case",
        key="4",
        words="Open case",
        done="Case opened",
        meaning="Needs action along the policy’s steps.",
    ),
    Choice(
        outcome="escalate",
        key="5",
        words="Escalate",
        done="Escalated",
        meaning="Somebody else must see it now: say who. They are told at once.",
    ),
)
CHOICE: Mapping[str, Choice] = {choice.outcome: choice for choice in CHOICES}

STATES: Mapping[QueueState | Literal["all"], str] = {
    "open": "To review",
    "watch": "Watching",
    "set_aside": "Not assessed",
    "decided": "Decided",
    "quiet": "Not flagged",
    "all": "Everything",
}
LABELS: Mapping[Label, str] = {
    "reputation": "Reputation",
    "bullying": "Bullying",
    "threat": "Threat",
    "hate": "Hate",
    "sexual": "Sexual",
    "self_harm": "Self-harm concern",
}
RULES: Mapping[Action, str] = {
    "tag": "Tag",
    "raise": "Raise into the queue",
    "mute": "Mute",
}
MARKS: Mapping[Label, str] = {
    "reputation": "rep",
    "bullying": "bully",
    "threat": "threat",
    "hate": "hate",
    "sexual": "sexual",
    "self_harm": "self-harm",
}
"""Printed small beside a highlighted reason, so that no colour has to tell."""
PUPIL: Mapping[PupilLevel, str] = {
    "none": "No pupil identified",
    "class": "Class or team",
    "indirect": "Pupil may be singled out",
    "direct": "Pupil may be named",
}
ALLEGATIONS: Mapping[Allegation, str] = {
    "staff": "This may say that a member of staff harmed a child. The headteacher is told first: "
    "leave every finding to them, and speak of it to nobody else.",
    "head": "This may say that a headteacher harmed a child. The chair or the executive is told "
    "first, never the head: leave every finding to them, and speak of it to nobody else.",
}
SOURCE_STATES: Mapping[SourceState, str] = {
    "never": "Not read yet",
    "ok": "Read",
    "partial": "Partly read",
    "not_measured": "Not measured",
}
DELIVERY_STATES: Mapping[DeliveryState, str] = {
    "due": "Waiting to be sent",
    "sent": "Sent",
    "unknown": "Perhaps arrived",
    "dead": "Could not be sent",
    "stopped": "Stopped before it left",
}
KINDS: Mapping[MentionKind, str] = {
    "post": "Post",
    "comment": "Comment",
    "article": "Article",
    "review": "Review",
    "mail": "Forwarded mail",
    "report": "Report",
    "page": "Page",
}
WORDS_STATES: Mapping[WordsState, str] = {
    "unread": "Its words are being read.",
    "read": "",
    "failed": "Its words could not be read: write down what it says.",
    "no_reader": "Its words were not read: this machine has no tesseract (IT: make system). Write "
    "down what it says.",
}
REPORTERS: Mapping[Reporter, str] = {
    "pupil": "A pupil",
    "parent": "A parent or carer",
    "staff": "A member of staff",
    "other": "Somebody else",
}
DOERS: Mapping[Doer, str] = {
    "unknown": "Not known",
    "pupil": "A pupil",
    "staff": "An adult who works at the school",
    "head": "The headteacher",
    "outside": "Somebody from outside",
}
MENDS: Mapping[str, str] = {
    "AuthLost": "The access key is no longer accepted: renew it with the platform and set the new "
    "one as a secret.",
    "Blocked": "The site does not want to be read by us. It is not evaded: ask its owner, or "
    "switch the source off.",
    "Throttled": "Nothing to do: it is asked again, later and less often. If it stays so, make "
    "“every” longer in sources.toml.",
    "Forbidden": "The address leads into a private network. If it is your own, name its host and "
    "port under “allow” in sources.toml.",
    "Malformed": "It is not the feed that was promised, often a page that asks to sign in. Open "
    "the address in a browser and correct it in sources.toml.",
    "Gone": "The address no longer exists: find the new one and correct it in sources.toml.",
    "TooLarge": "The answer is larger than is allowed. Look for a smaller feed of the same site.",
    "Unreachable": "Usually passes by itself. If it lasts, open the address in a browser and see "
    "whether the site is up.",
}
"""By the class of error; what a person can do about a source that is not measured."""
_PARTIAL = "Something was cut short or unreadable. What was read is in the queue."
_ACTIONS = {
    "mention.viewed": "Opened",
    "audit.forgot": "Forgot of the record itself, kept for its time,",
    "account.kept": "Wrote down",
    "account.checked": "Checked",
    "account.closed": "Took off the register",
    "look_alike.reported": "Reported to the platform who poses as us in",
    "look_alike.ours": "Said that an account of ours wrote",
    "look_alike.harmless": "Said that nobody poses as us in",
    "mention.names_revealed": "Asked for the names in",
    "mention.opened_again": "Opened another post of one author,",
    "mention.conversation_viewed": "Looked at the conversation around",
    "archive.asked": "Asked the Internet Archive about",
    "archive.save_asked": "Asked the Internet Archive to save the page of",
    "report.affected_shown": "Asked who is affected by",
    "mention.shared": "Shared",
    "file.cleared": "Cleared",
    "picture.viewed": "Looked at a picture of",
    "picture.brought": "Handed in a screen print of",
    "block_request.done": "Did what was asked of IT on",
    "block_request.refused": "Could not do what was asked of IT on",
    "evidence.ordered": "Asked for a capture of",
    "evidence.ordered_with_pictures": "Asked for a capture with pictures of",
    "evidence.sealed": "Sealed a capture of",
    "evidence.viewed": "Looked at the captured page of",
    "evidence.downloaded": "Downloaded a file of the evidence of",
    "evidence.exported": "Handed out the sealed bundle of",
    "evidence.exported_to_read": "Handed out a copy to read of the evidence of",
    "picture.words_corrected": "Corrected the words of a picture of",
    "decision.undone": "Took back",
    "alarm.acknowledged": "Saw, and sees to,",
    "delivery.resent": "Sent again",
    "delivery.taken_back": "Took back the sending of",
    "verdict.given": "Said whether a label holds of",
    "verdict.taken_back": "Took back whether a label holds of",
    "claim.taken_over": "Took over",
    "remark.written": "Wrote a note on",
    "story.split": "Split off",
    "story.merged": "Merged",
    "story.regrouping_undone": "Took back",
    "session.begun": "Signed in to the",
    "session.ended": "Signed out of the",
    "session.revoked": "Ended",
    "break_glass.set": "Made a break-glass administrator of",
    "break_glass.removed": "Removed the break-glass administrator of",
    "break_glass.used": "Came in past the sign-in to",
    "break_glass.refused": "Tried a wrong password of the",
    "queue.exported": "Exported",
    "rule.begun": "Began",
    "rule.ended": "Ended",
    "silence.begun": "Began",
    "silence.ended": "Ended",
    "recheck.found": "Looked again at posts on their platforms,",
    "retention.forgot": "Forgot what was kept for its time,",
    "setup.written": "Wrote the",
    "subject.request_taken": "Took",
    "subject.searched": "Searched for who asks in",
    "subject.disclosed": "Chose to disclose of",
    "subject.withheld": "Chose to withhold of",
    "subject.erased": "Erased for",
    "subject.acknowledged": "Acknowledged",
    "subject.extended": "Extended",
    "subject.request_closed": "Closed",
    "subject.exported": "Exported what is held for",
    "hold.placed": "Placed",
    "hold.reviewed": "Reviewed and prolonged",
    "hold.lifted": "Lifted",
    "backup.made": "Made a",
    "backup.restored": "Put back a",
    "setup.register": "Brought a",
}


CASE_ACTIONS: Mapping[str, str] = {
    "opened": "Opened a case:",
    "mention_added": "Added a post to",
    "mention_removed": "Took a post out of",
    "person_added": "Brought somebody into",
    "person_removed": "Took somebody out of",
    "step_done": "Did a step of",
    "step_skipped": "Skipped a step of",
    "decided": "Answered a question of",
    "letter_kept": "Kept a letter in",
    "take_down_asked": "Reported to a platform for",
    "take_down_moved": "Noted what a platform did for",
    "handed_over": "Handed over",
    "closed": "Closed",
    "reopened": "Opened again",
    "undone": "Took back an entry of",
    "viewed": "Looked at",
    "names_shown": "Asked for the names in",
}


def mend(error_kind: str | None, state: SourceState) -> str:
    """What to do about a source; empty when it is well or unknown."""
    if state == "partial":
        return _PARTIAL
    return MENDS.get(error_kind or "", "") if state == "not_measured" else ""


_DELIVERY_MENDS: tuple[tuple[str, str], ...] = (
    ("no longer stored", "The post is forgotten, so there is nothing left to send."),
    (
        "refused the recipient",
        "Tell them yourself. The right address in trust.toml counts from the next alert.",
    ),
    (
        "refused the sender",
        "The server does not let us send from this address. Once IT has mended it, send again.",
    ),
    (
        "It came back",
        "Tell them yourself. The right address in trust.toml counts from the next alert.",
    ),
    ("settings.toml no more", "Put the channel back, or tell them yourself."),
)
"""By what is in the reason; the first that fits."""


def delivery_mend(delivery: DeliveryView) -> str:
    """What to do about a message that did not surely arrive."""
    if delivery.state == "unknown":
        return "Ask whether it came before you send it again: it may come twice."
    reason = delivery.last_error or ""
    if mend := next((mend for part, mend in _DELIVERY_MENDS if part in reason), ""):
        return mend
    where = "the mail" if delivery.channel == MAIL else "the channel"
    return f"Tell them yourself, let IT mend {where}, then send it again."


_ROLES: Mapping[str, str] = {str(role): name for role, name in words.ROLES.items()}


def told(delivery: DeliveryView) -> str:
    """Who was told, by their role: "the Executive Team"."""
    return f"the {_ROLES.get(delivery.role, delivery.role)}"


def address(delivery: DeliveryView) -> str:
    """Where somebody was told: a mail address, or the name of another channel."""
    return delivery.recipient if delivery.channel == MAIL else f"by {delivery.channel}"


def action(name: str) -> str:
    """An entry of the record in words: "Opened", "Decided “no action” on"."""
    kind, _, outcome = name.partition(".")
    if name not in _ACTIONS and kind == "decision" and outcome in CHOICE:
        return f"Decided “{CHOICE[outcome].words.lower()}” on"
    if kind == "case" and outcome in CASE_ACTIONS:
        return CASE_ACTIONS[outcome]
    return _ACTIONS.get(name, name.replace("_", " ").replace(".", ": "))


def speaks(reason: Reason) -> str:
    """How strongly a reason counts, and which way. Weights are log-odds."""
    size = abs(reason.weight)
    strength = "strongly" if size >= 2.5 else "clearly" if size >= 1 else "slightly"
    return f"speaks {strength} {'for' if reason.weight > 0 else 'against'} it"
