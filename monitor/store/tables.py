"""The tables. Rows never leave the store; what leaves are the records of `views`."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, Column, Index, Integer, LargeBinary, text
from sqlmodel import Field, SQLModel

from classifiers.types import PUPIL_LEVELS, SEVERITIES
from monitor.store.columns import Ranked, UtcTime

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
SQLModel.metadata.naming_convention = NAMING

BigId = BigInteger().with_variant(Integer(), "sqlite")


class SourceRow(SQLModel, table=True):
    """A configured source: when it is due, who holds it, what became of the last poll."""

    __tablename__ = "source"

    id: str = Field(primary_key=True)
    kind: str
    name: str
    enabled: bool = True
    next_due_at: datetime = Field(sa_type=UtcTime, index=True)
    lease_token: str | None = None
    leased_until: datetime | None = Field(default=None, sa_type=UtcTime)
    cursor: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    state: str = "never"
    error_kind: str | None = None
    reason: str | None = None
    failures: int = 0
    last_poll_at: datetime | None = Field(default=None, sa_type=UtcTime)
    last_ok_at: datetime | None = Field(default=None, sa_type=UtcTime)
    last_item_at: datetime | None = Field(default=None, sa_type=UtcTime)
    last_gap_at: datetime | None = Field(default=None, sa_type=UtcTime)
    items_seen: int = 0
    mentions_kept: int = 0
    failing_since: datetime | None = Field(default=None, sa_type=UtcTime)
    """Of the first of the polls in a row that could not be read."""
    canary_at: datetime | None = Field(default=None, sa_type=UtcTime)
    """When its planted post last came; when it was first looked for, until then."""
    usual_pause: float = Field(default=0, sa_column_kwargs={"server_default": "0"})
    """Seconds: the longest pause lately between two polls that brought something."""
    arrivals: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    """Polls that brought something."""
    allowance: str = Field(default="", sa_column_kwargs={"server_default": ""})
    """What the platform said is left, in words."""


class MentionRow(SQLModel, table=True):
    """What a source said, once: `identity` is a digest of platform and external id."""

    __tablename__ = "mention"
    __table_args__ = (
        # One queue index for all states; ingest does not touch it, as new rows are not in it.
        Index(
            "ix_mention_queue", "state", "severity", "published_at", "id",
            sqlite_where=text("state <> 'new'"), postgresql_where=text("state <> 'new'"),
        ),
        Index(
            "ix_mention_new", "id",
            sqlite_where=text("state = 'new'"), postgresql_where=text("state = 'new'"),
        ),
        Index(
            "ix_mention_parent_id", "parent_id",
            sqlite_where=text("parent_id IS NOT NULL"),
            postgresql_where=text("parent_id IS NOT NULL"),
        ),
    )  # fmt: skip

    id: int | None = Field(default=None, sa_column=Column(BigId, primary_key=True))
    identity: bytes = Field(sa_column=Column(LargeBinary(16), nullable=False, unique=True))
    platform: str
    external_id: str
    source_id: str
    url: str
    title: str
    text: str
    kind: str
    author: bytes | None = Field(default=None, sa_type=LargeBinary)
    """Sealed (`monitor.store.authors`); None where the source names nobody."""
    published_at: datetime = Field(sa_type=UtcTime)
    published_known: bool = True
    fetched_at: datetime = Field(sa_type=UtcTime, index=True)
    edited_at: datetime | None = Field(default=None, sa_type=UtcTime)
    expires_at: datetime | None = Field(default=None, sa_type=UtcTime)
    parent_id: str | None = None
    language: str | None = None
    more: dict[str, Any] | None = Field(default=None, sa_type=JSON)
    """Media, place hints, the source's school: read only with the whole mention."""
    state: str = "new"
    attempts: int = 0
    severity: str = Field(default="none", sa_type=Ranked(SEVERITIES))
    flags: str = ""
    """Flagged labels, each between spaces."""
    pupil_level: str = Field(default="none", sa_type=Ranked(PUPIL_LEVELS))
    about_head: bool = False
    """It says that a headteacher harmed a child: never shown to a school's own head."""
    story_id: int | None = Field(default=None, sa_column=Column(BigInteger, index=True))
    set_aside_reason: str | None = None


class AssessmentRow(SQLModel, table=True):
    """What the classifiers made of a mention, whole; the mention carries what is sorted by."""

    __tablename__ = "assessment"

    mention_id: int = Field(sa_column=Column(BigId, primary_key=True, autoincrement=False))
    payload: dict[str, Any] = Field(sa_type=JSON)
    model_version: str
    assessed_at: datetime = Field(sa_type=UtcTime)


class MentionSchoolRow(SQLModel, table=True):
    """Which schools a mention is about."""

    __tablename__ = "mention_school"

    school_id: str = Field(primary_key=True)
    mention_id: int = Field(
        sa_column=Column(BigId, primary_key=True, autoincrement=False, index=True)
    )
    certainty: str


class StoryRow(SQLModel, table=True):
    """Near-duplicates as one: `lead_id` is the mention that stands for it in the queue."""

    __tablename__ = "story"

    id: int | None = Field(default=None, sa_column=Column(BigId, primary_key=True))
    exact: bytes = Field(sa_column=Column(LargeBinary(16), nullable=False, index=True))
    signature: bytes
    """128 unsigned 32-bit numbers, little-endian."""
    size: int = 1
    lead_id: int = Field(sa_column=Column(BigInteger, nullable=False))
    started_at: datetime = Field(sa_type=UtcTime)


class StoryBandRow(SQLModel, table=True):
    """The MinHash bands of a story's first text; one in common makes a candidate."""

    __tablename__ = "story_band"

    band: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    story_id: int = Field(sa_column=Column(BigId, primary_key=True, autoincrement=False))


class DecisionRow(SQLModel, table=True):
    """What a person decided, and whether they took it back."""

    __tablename__ = "decision"

    id: int | None = Field(default=None, sa_column=Column(BigId, primary_key=True))
    mention_id: int = Field(sa_column=Column(BigInteger, nullable=False, index=True))
    outcome: str
    note: str
    decided_by: str
    decided_at: datetime = Field(sa_type=UtcTime, index=True)
    previous_state: str
    undone_by: str | None = None
    undone_at: datetime | None = Field(default=None, sa_type=UtcTime)


class DeliveryRow(SQLModel, table=True):
    """The outbox: one message to one recipient, until it is sent, unknown or dead."""

    __tablename__ = "delivery"
    __table_args__ = (
        Index(
            "ix_delivery_due", "priority", "next_attempt_at",
            sqlite_where=text("state = 'due'"), postgresql_where=text("state = 'due'"),
        ),
        Index(
            "ix_delivery_dead", "id",
            sqlite_where=text("state = 'dead'"), postgresql_where=text("state = 'dead'"),
        ),
    )  # fmt: skip

    id: int | None = Field(default=None, sa_column=Column(BigId, primary_key=True))
    dedupe_key: str = Field(unique=True)
    kind: str
    mention_id: int | None = Field(default=None, sa_column=Column(BigInteger, index=True))
    role: str
    recipient: str
    channel: str
    why: str
    payload: dict[str, Any] = Field(sa_type=JSON)
    grouped: bool = False
    """May share its mail with others to the same person."""
    story_id: int | None = Field(default=None, sa_column=Column(BigInteger, index=True))
    group_id: int | None = Field(default=None, sa_column=Column(BigInteger))
    """The first of those that share its mail, once they are chosen: a retry is the same mail."""
    priority: int = 0
    state: str = "due"
    attempts: int = 0
    next_attempt_at: datetime = Field(sa_type=UtcTime)
    lease_token: str | None = None
    leased_until: datetime | None = Field(default=None, sa_type=UtcTime)
    due_at: datetime = Field(sa_type=UtcTime)
    """When it was to leave; unlike `next_attempt_at` it does not move with the tries."""
    tried_at: datetime | None = Field(default=None, sa_type=UtcTime, index=True)
    resent_after: str | None = None
    """The state from which a person has had it sent again."""
    message_id: str = Field(index=True)
    reply_token: str | None = Field(default=None, index=True)
    """Lets who got the message say that they have seen it, without signing in."""
    created_at: datetime = Field(sa_type=UtcTime)
    sent_at: datetime | None = Field(default=None, sa_type=UtcTime)
    arrived_at: datetime | None = Field(default=None, sa_type=UtcTime)
    """When a self-test was seen in the mailbox of ours."""
    last_error: str | None = None


class AlarmRow(SQLModel, table=True):
    """A story that people are told of at once: who answered, and who is told next if nobody."""

    __tablename__ = "alarm"
    __table_args__ = (
        Index(
            "ix_alarm_next", "next_step_at",
            sqlite_where=text("state = 'open'"), postgresql_where=text("state = 'open'"),
        ),
    )  # fmt: skip

    story_id: int = Field(sa_column=Column(BigId, primary_key=True, autoincrement=False))
    mention_id: int = Field(sa_column=Column(BigInteger, nullable=False))
    severity: str = Field(sa_type=Ranked(SEVERITIES))
    state: str = "open"
    raised_at: datetime = Field(sa_type=UtcTime, index=True)
    told_at: datetime = Field(sa_type=UtcTime, index=True)
    told_size: int = 1
    """Posts of the story when it was last told of."""
    step: int = 0
    """Steps of the chain already taken."""
    next_step_at: datetime | None = Field(default=None, sa_type=UtcTime)
    acknowledged_by: str | None = None
    acknowledged_at: datetime | None = Field(default=None, sa_type=UtcTime)
    silence_id: int | None = Field(default=None, sa_column=Column(BigInteger))


class TallyRow(SQLModel, table=True):
    """How many new matters about a school were flagged in a day: its habit, and no post."""

    __tablename__ = "tally"

    school_id: str = Field(primary_key=True)
    day: date = Field(primary_key=True)
    """In Europe/London."""
    matters: int


class SilenceRow(SQLModel, table=True):
    """For a time nobody is told at once of what it names; empty parts name everything."""

    __tablename__ = "silence"

    id: int | None = Field(default=None, sa_column=Column(BigId, primary_key=True))
    author: str
    reason: str
    school_id: str | None = None
    label: str | None = None
    phrase: str | None = None
    story_id: int | None = Field(default=None, sa_column=Column(BigInteger))
    closure: bool = False
    """It covers only what says that a school is shut."""
    since: datetime = Field(sa_type=UtcTime)
    until: datetime = Field(sa_type=UtcTime, index=True)
    ended_by: str | None = None
    ended_at: datetime | None = Field(default=None, sa_type=UtcTime)


class AuditRow(SQLModel, table=True):
    """Who did what, chained: each digest covers the one before."""

    __tablename__ = "audit"

    id: int | None = Field(default=None, sa_column=Column(BigId, primary_key=True))
    at: datetime = Field(sa_type=UtcTime)
    actor: str
    action: str
    subject: str
    digest: str
