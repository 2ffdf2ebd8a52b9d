"""The tables of the law: what may not be forgotten yet, and what people ask about themselves."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import BigInteger, Column, LargeBinary
from sqlmodel import Field, SQLModel

from monitor.store.columns import UtcTime
from monitor.store.tables import BigId


class HoldRow(SQLModel, table=True):
    """A mention that is kept past its time, why, and when somebody asks whether it still must."""

    __tablename__ = "hold"

    id: int | None = Field(default=None, sa_column=Column(BigId, primary_key=True))
    mention_id: int = Field(sa_column=Column(BigInteger, nullable=False, index=True))
    reason: str
    review_on: date
    placed_by: str
    placed_at: datetime = Field(sa_type=UtcTime)
    lifted_by: str | None = None
    lifted_at: datetime | None = Field(default=None, sa_type=UtcTime)


class RequestRow(SQLModel, table=True):
    """What a person asks of us about themselves, until it is answered."""

    __tablename__ = "subject_request"

    id: int | None = Field(default=None, sa_column=Column(BigId, primary_key=True))
    kind: str
    reference: str
    """The Trust's own, under which the letter is filed."""
    asked: bytes | None = Field(default=None, sa_type=LargeBinary)
    """Sealed: by what names they are looked for, and what is to be disclosed. None once it is
    closed, and the key is gone."""
    received_on: date
    taken_by: str
    acknowledged_on: date | None = None
    extended_on: date | None = None
    """When who asks was told that it takes two further months, and why."""
    extended_why: str = Field(default="", sa_column_kwargs={"server_default": ""})
    outcome: str = ""
    closed_by: str | None = None
    closed_at: datetime | None = Field(default=None, sa_type=UtcTime)


class AuditCutRow(SQLModel, table=True):
    """Up to where old entries of the record were forgotten, and the digest that the next one
    covers: without it the rest could not be verified."""

    __tablename__ = "audit_cut"

    entry_id: int = Field(sa_column=Column(BigId, primary_key=True, autoincrement=False))
    digest: str
    at: datetime = Field(sa_type=UtcTime)
