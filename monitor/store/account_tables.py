"""The tables of official accounts, and of those that pose as one."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import JSON, Column
from sqlmodel import Field, SQLModel

from monitor.store.columns import UtcTime
from monitor.store.tables import BigId


class AccountRow(SQLModel, table=True):
    """An account of the Trust's or a school's own. There is no column for a password."""

    __tablename__ = "official_account"

    id: int | None = Field(default=None, sa_column=Column(BigId, primary_key=True))
    platform: str
    handle: str
    url: str
    school_id: str
    """Empty: of the Trust."""
    owner: str
    it_admin: str
    checked_on: date | None = None
    checked_by: str = ""
    note: str = ""
    added_by: str
    added_at: datetime = Field(sa_type=UtcTime)
    closed_at: datetime | None = Field(default=None, sa_type=UtcTime)


class LookAlikeRow(SQLModel, table=True):
    """A mention whose author may pose as an official account. Who that is stands with the mention
    alone, and this goes with it."""

    __tablename__ = "look_alike"

    mention_id: int = Field(sa_column=Column(BigId, primary_key=True, autoincrement=False))
    poses_as: str
    """A school's id; empty: the Trust."""
    why: list[str] = Field(sa_type=JSON)
    found_at: datetime = Field(sa_type=UtcTime)
    state: str
    said_by: str = ""
    said_at: datetime | None = Field(default=None, sa_type=UtcTime)
