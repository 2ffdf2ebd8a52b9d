"""The tables of reviewing: what is looked for, and what reviewers make of mentions."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, Column
from sqlmodel import Field, SQLModel

from monitor.store.columns import UtcTime
from monitor.store.tables import BigId


class UnindexedRow(SQLModel, table=True):
    """A mention that was assessed before there was a search: it is still to be indexed."""

    __tablename__ = "unindexed"

    mention_id: int = Field(sa_column=Column(BigId, primary_key=True, autoincrement=False))


class VerdictRow(SQLModel, table=True):
    """Whether a label holds of a mention, as a person says: what the classifiers learn from."""

    __tablename__ = "verdict"

    mention_id: int = Field(sa_column=Column(BigId, primary_key=True, autoincrement=False))
    label: str = Field(primary_key=True)
    holds: bool
    by: str
    at: datetime = Field(sa_type=UtcTime, index=True)


class RuleRow(SQLModel, table=True):
    """What reviewers have said shall become of mentions, until somebody or time ends it."""

    __tablename__ = "rule"

    id: int | None = Field(default=None, sa_column=Column(BigId, primary_key=True))
    action: str
    name: str
    words: str | None = None
    """An expression, as written. Of `words`, `site` and `story_id` one is set."""
    site: str | None = None
    story_id: int | None = Field(default=None, sa_column=Column(BigInteger))
    author: str
    reason: str
    since: datetime = Field(sa_type=UtcTime)
    until: datetime | None = Field(default=None, sa_type=UtcTime)
    ended_by: str | None = None
    ended_at: datetime | None = Field(default=None, sa_type=UtcTime)


class HitRow(SQLModel, table=True):
    """A mention that a rule applied to."""

    __tablename__ = "rule_hit"

    rule_id: int = Field(sa_column=Column(BigId, primary_key=True, autoincrement=False))
    mention_id: int = Field(
        sa_column=Column(BigId, primary_key=True, autoincrement=False, index=True)
    )
    moved: bool
    """It moved the mention into the queue or out of it."""


class StoryMoveRow(SQLModel, table=True):
    """A post that a person put into another story, and whence: so that it can be taken back."""

    __tablename__ = "story_move"

    id: int | None = Field(default=None, sa_column=Column(BigId, primary_key=True))
    mention_id: int = Field(sa_column=Column(BigInteger, nullable=False, index=True))
    action_id: int = Field(sa_column=Column(BigInteger, nullable=False, index=True))
    """The first move of one action: a merge moves every post of a story."""
    is_merge: bool
    from_story: int = Field(sa_column=Column(BigInteger, nullable=False, index=True))
    to_story: int = Field(sa_column=Column(BigInteger, nullable=False))
    from_state: str
    old_lead: int = Field(sa_column=Column(BigInteger, nullable=False))
    """Of the story that grew by a merge."""
    by: str
    at: datetime = Field(sa_type=UtcTime)
    undone_at: datetime | None = Field(default=None, sa_type=UtcTime)


class ClaimRow(SQLModel, table=True):
    """Who is looking at a mention, until when it is theirs."""

    __tablename__ = "claim"

    mention_id: int = Field(sa_column=Column(BigId, primary_key=True, autoincrement=False))
    holder: str
    since: datetime = Field(sa_type=UtcTime)
    until: datetime = Field(sa_type=UtcTime)


class SkipRow(SQLModel, table=True):
    """Somebody has left a mention to others: it does not come straight back to them."""

    __tablename__ = "skip"

    mention_id: int = Field(sa_column=Column(BigId, primary_key=True, autoincrement=False))
    person: str = Field(primary_key=True)
    at: datetime = Field(sa_type=UtcTime)


class WatchRow(SQLModel, table=True):
    """When a watched mention comes back into the queue."""

    __tablename__ = "watch_until"

    mention_id: int = Field(sa_column=Column(BigId, primary_key=True, autoincrement=False))
    decision_id: int = Field(sa_column=Column(BigInteger, nullable=False))
    until: datetime = Field(sa_type=UtcTime, index=True)


class RemarkRow(SQLModel, table=True):
    """A note on a mention, for everybody or for one colleague, who may be asked to see to it."""

    __tablename__ = "remark"

    id: int | None = Field(default=None, sa_column=Column(BigId, primary_key=True))
    mention_id: int = Field(sa_column=Column(BigInteger, nullable=False, index=True))
    by: str
    at: datetime = Field(sa_type=UtcTime)
    text: str
    colleague: str | None = Field(default=None, index=True)
    assigns: bool = False
    seen_at: datetime | None = Field(default=None, sa_type=UtcTime)
    removed_at: datetime | None = Field(default=None, sa_type=UtcTime)


class WelfareRow(SQLModel, table=True):
    """How one reviewer wants grave matter shown, and how much of it they saw on one day."""

    __tablename__ = "welfare"

    person: str = Field(primary_key=True)
    is_veiled: bool = True
    pause_after: int = 10
    """Grave mentions in a day; 0 for never."""
    day: str = ""
    """In Europe/London, ISO 8601."""
    seen: int = 0
