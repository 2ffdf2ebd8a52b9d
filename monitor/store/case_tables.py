"""The tables of cases: a head to list and search by, and a timeline that is only added to.

What a case is follows from its timeline alone (`monitor.store.casefile`); `case_file` and
`case_mention` say the same again, so that a list need not read every timeline.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, Column
from sqlmodel import Field, SQLModel

from classifiers.types import SEVERITIES
from monitor.store.columns import Ranked, UtcTime
from monitor.store.tables import BigId


class CaseRow(SQLModel, table=True):
    """The head of a case, written anew with each entry of its timeline."""

    __tablename__ = "case_file"

    id: int | None = Field(default=None, sa_column=Column(BigId, primary_key=True))
    title: str
    state: str = Field(index=True)
    """ "open", "closed", "withdrawn" (opened by mistake) or "forgotten"."""
    severity: str = Field(sa_type=Ranked(SEVERITIES))
    about_head: bool = False
    """It may be about a headteacher: never shown to a school's own head."""
    opened_at: datetime = Field(sa_type=UtcTime)
    acted_at: datetime | None = Field(default=None, sa_type=UtcTime)
    """When somebody first did something about it."""
    closed_at: datetime | None = Field(default=None, sa_type=UtcTime, index=True)
    handed_over_at: datetime | None = Field(default=None, sa_type=UtcTime)
    open_take_downs: int = 0


class CaseEntryRow(SQLModel, table=True):
    """One entry of a timeline; its digest covers the one before it in the same case."""

    __tablename__ = "case_entry"

    case_id: int = Field(sa_column=Column(BigId, primary_key=True, autoincrement=False))
    number: int = Field(primary_key=True)
    at: datetime = Field(sa_type=UtcTime)
    actor: str
    kind: str
    facts: dict[str, Any] = Field(sa_type=JSON)
    digest: str


class CaseMentionRow(SQLModel, table=True):
    """Which mentions a case holds at the moment."""

    __tablename__ = "case_mention"

    case_id: int = Field(sa_column=Column(BigId, primary_key=True, autoincrement=False))
    mention_id: int = Field(
        sa_column=Column(BigInteger, primary_key=True, autoincrement=False, index=True)
    )


class CaseSchoolRow(SQLModel, table=True):
    """Which schools a case concerns, for those who may see their own school's only."""

    __tablename__ = "case_school"

    case_id: int = Field(sa_column=Column(BigId, primary_key=True, autoincrement=False))
    school_id: str = Field(primary_key=True)


class CaseNameRow(SQLModel, table=True):
    """A person's name where a step needs it: outside the timeline, so that it can be taken out
    for good; shown on request only, and the request is on record."""

    __tablename__ = "case_name"

    case_id: int = Field(sa_column=Column(BigId, primary_key=True, autoincrement=False))
    entry: int = Field(primary_key=True)
    """The entry of the timeline that brought the person in."""
    name: str
