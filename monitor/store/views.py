"""What leaves the store: frozen records. Table rows stay inside."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from alerts.types import Notice
from classifiers.expressions import Expression
from classifiers.types import Assessment, Label, PupilLevel, Severity
from connectors.types import Cursor, Mention

Outcome = Literal["not_about_us", "no_action", "watch", "escalate", "open_case"]
QueueState = Literal["open", "watch", "decided", "set_aside", "quiet"]
"""`quiet` is assessed and not flagged; `set_aside` could not be assessed."""
SourceState = Literal["never", "ok", "partial", "not_measured"]
AlarmState = Literal["open", "acknowledged", "silenced"]
DeliveryState = Literal["due", "sent", "unknown", "dead", "stopped"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimedSource:
    source_id: str
    token: str
    cursor: Cursor
    failures: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceHealth:
    source_id: str
    kind: str
    name: str
    enabled: bool
    state: SourceState
    error_kind: str | None
    reason: str | None
    failures: int
    next_due_at: datetime | None
    last_poll_at: datetime | None
    last_ok_at: datetime | None
    last_item_at: datetime | None
    """When the source last brought anything at all (matched or not)."""
    last_gap_at: datetime | None
    items_seen: int
    mentions_kept: int
    failing_since: datetime | None
    canary_at: datetime | None
    """When its planted post last came, or was first looked for."""
    usual_pause: float
    """Seconds: the longest pause lately between two polls that brought something."""
    arrivals: int
    """Polls that brought something."""
    allowance: str
    """What the platform said is left, in words; empty when it does not say."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ingested:
    """`stored` are new rows; `known` were there already (every platform delivers again)."""

    stored: int
    known: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PendingMention:
    mention_id: int
    mention: Mention
    attempts: int
    source_id: str = ""
    written: str = ""
    """What of its text somebody wrote, where the words of pictures follow."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimedDelivery:
    delivery_id: int
    token: str
    item: OutboxItem
    attempts: int
    message_id: str
    reply_token: str | None
    thread: str | None
    """The Message-ID of the first message of the same story to the same person."""
    more: tuple[GroupedNotice, ...] = ()
    """What shares the message, after `item`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupedNotice:
    notice: Notice
    reply_token: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestOrder:
    """A digest that is due; composed from the store when it is sent."""

    recipient: str
    kind: str
    """A key of `monitor.digests.KINDS`."""
    school_ids: tuple[str, ...]
    """Empty for the whole Trust."""
    local_date: date
    """The last day that it reports, in Europe/London."""
    days: int = 1
    """How many days it reports."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceNote:
    """What the service says of itself to IT or the data protection officer; composed when it is
    sent."""

    kind: Literal[
        "self_test", "mail_stuck", "mail_lost", "record_head", "sources", "look_alike",
        "break_glass", "overdue",
    ]  # fmt: skip
    about: tuple[str, ...] = ()
    """Sentences on what IT should see to; of "sources", "break_glass" and "overdue" alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MailHealth:
    """How the outbox stands: mails that should have left, the first of them and since when, and
    when one last left."""

    due: int
    oldest_id: int | None
    oldest_due_at: datetime | None
    last_sent_at: datetime | None

    def is_stuck(self, now: datetime, after: timedelta) -> bool:
        """Something is due for so long, and nothing at all has left meanwhile."""
        if self.oldest_due_at is None or now - self.oldest_due_at < after:
            return False
        return self.last_sent_at is None or now - self.last_sent_at >= after


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboxItem:
    """One message to one recipient, exactly one of `notice`, `digest` and `service`."""

    key: str
    channel: str
    recipient: str
    story_id: int | None = None
    """Of what a notice tells."""
    not_before: datetime | None = None
    """When it may leave at the earliest; None: at once."""
    severity: Severity = "none"
    """What is graver goes first."""
    notice: Notice | None = None
    digest: DigestOrder | None = None
    service: ServiceNote | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryView:
    delivery_id: int
    mention_id: int | None
    kind: Literal["alert", "digest", "service"]
    role: str
    recipient: str
    """Mail address; on another channel the channel's own id."""
    channel: str
    state: DeliveryState
    attempts: int
    created_at: datetime
    next_attempt_at: datetime | None
    sent_at: datetime | None
    last_error: str | None
    why: str
    may_resend: bool
    """It is over, and has not surely arrived."""
    may_take_back: bool
    """A person has had it sent again, and it is not under way yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueFilter:
    """Each part narrows. With `wanted`, or everything chosen, what was collected last is first."""

    state: QueueState | Literal["all"] = "open"
    wanted: Expression | None = None
    """Holds of the words that are shown."""
    school_id: str | None = None
    label: Label | None = None
    min_severity: Severity = "none"
    platform: str | None = None
    source_id: str | None = None
    since: datetime | None = None
    """Published at or after this ..."""
    until: datetime | None = None
    """... and before that."""
    min_copies: int = 1
    """Posts in its story."""
    rule_id: int | None = None
    """Of a rule that applied to it."""
    assigned: str | None = None
    """Who is asked to see to it."""

    @property
    def by_number(self) -> bool:
        return self.wanted is not None or self.state == "all"


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueKey:
    """Where the next page starts (keyset: gravest, then newest, then id)."""

    severity: int
    published_at: datetime
    mention_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueRow:
    mention_id: int
    title: str
    excerpt: str
    """The beginning of the assessed text, long enough to show the reasons in; unmasked: mask
    it before showing."""
    excerpt_assessment: Assessment
    platform: str
    source_name: str
    url: str
    published_at: datetime
    fetched_at: datetime
    severity: Severity
    flags: tuple[Label, ...]
    pupil_level: PupilLevel
    school_ids: tuple[str, ...]
    story_id: int | None
    copies: int
    """Posts in its story, itself included."""
    state: QueueState


@dataclass(frozen=True, slots=True, kw_only=True)
class QueuePage:
    """`next` is where to look on; with it a page may still be short, or empty, where few of many
    fit the filter: only so many are looked through at once."""

    rows: tuple[QueueRow, ...]
    next: QueueKey | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionView:
    decision_id: int
    mention_id: int
    outcome: Outcome
    note: str
    decided_by: str
    decided_at: datetime
    undone_by: str | None
    undone_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryMember:
    mention_id: int
    platform: str
    source_name: str
    url: str
    title: str
    published_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """`step` counts the steps of the chain already taken; `told_size` is how many posts the
    story had when it was last told of."""

    story_id: int
    mention_id: int
    severity: Severity
    state: AlarmState
    raised_at: datetime
    told_at: datetime
    told_size: int
    step: int
    next_step_at: datetime | None
    acknowledged_by: str | None
    acknowledged_at: datetime | None
    silence_id: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MentionDetail:
    mention_id: int
    mention: Mention
    """Without its author, unless asked for (`mentions.named`)."""
    has_author: bool
    source_id: str
    source_name: str
    assessment: Assessment | None
    state: QueueState | Literal["new"]
    set_aside_reason: str | None
    story: tuple[StoryMember, ...]
    """The other posts of its story, newest first, at most 50."""
    story_id: int | None
    alarm: Alarm | None
    """Of its story, when somebody was to be told at once."""
    deliveries: tuple[DeliveryView, ...]
    decisions: tuple[DecisionView, ...]
    """Newest first, undone ones included."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """For badges; each stops counting at 1,000."""

    open: int
    watch: int
    high_or_critical_open: int
    set_aside: int
    deliveries_due: int
    deliveries_dead: int
    sources_not_measured: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEntry:
    entry_id: int
    at: datetime
    actor: str
    action: str
    subject: str
    digest: str
