"""The tables of the self-check: boxes that nobody here can open, and no name beside them."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Column, LargeBinary
from sqlmodel import Field, SQLModel


class SelfCheckBoxRow(SQLModel, table=True):
    """A list that somebody keeps, or a row of pure chance: without the code of the person nobody
    can tell which. No time of making, no number, one size."""

    __tablename__ = "self_check_box"
    __table_args__ = {"sqlite_with_rowid": False}

    place: bytes = Field(sa_column=Column(LargeBinary(32), primary_key=True))
    sealed: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    forget_on: date


class SelfCheckReminderRow(SQLModel, table=True):
    """Everybody who asked to be reminded, in one box of one size; the key is no row."""

    __tablename__ = "self_check_reminders"

    id: int = Field(primary_key=True)
    sealed: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
