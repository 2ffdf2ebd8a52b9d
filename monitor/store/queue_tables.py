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
