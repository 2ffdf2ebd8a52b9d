"""The tables of reviewing: what is looked for, and what reviewers make of mentions."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Column
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
