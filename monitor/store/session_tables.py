"""The table of who is signed in."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Column, LargeBinary
from sqlmodel import Field, SQLModel

from monitor.store.columns import UtcTime


class SessionRow(SQLModel, table=True):
    """A sign-in that has not ended; of its key only the digest, so that nobody who reads the
    database can use it."""

    __tablename__ = "session"

    digest: bytes = Field(sa_column=Column(LargeBinary(32), primary_key=True))
    subject: str
    begun_at: datetime = Field(sa_type=UtcTime)
    used_at: datetime = Field(sa_type=UtcTime)
