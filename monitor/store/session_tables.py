"""The tables of who is signed in, who may when the provider is down, and who asked to come in."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, Column, Integer, LargeBinary
from sqlmodel import Field, SQLModel

from monitor.store.columns import UtcTime


class SessionRow(SQLModel, table=True):
    """A sign-in that has not ended; of its key only the digest, so that nobody who reads the
    database can use it."""

    __tablename__ = "session"

    digest: bytes = Field(sa_column=Column(LargeBinary(32), primary_key=True))
    subject: str
    name: str = Field(default="", sa_column_kwargs={"server_default": ""})
    way: str = Field(default="provider", sa_column_kwargs={"server_default": "provider"})
    groups: list[str] = Field(
        default_factory=list, sa_type=JSON, sa_column_kwargs={"server_default": "[]"}
    )
    """Those of the provider's groups that people.toml names; no others."""
    browser: str = Field(default="", sa_column_kwargs={"server_default": ""})
    begun_at: datetime = Field(sa_type=UtcTime)
    used_at: datetime = Field(sa_type=UtcTime)


class BreakGlassRow(SQLModel, table=True):
    """The one administrator for when the provider is down: at most one row."""

    __tablename__ = "break_glass"

    id: int = Field(sa_column=Column(Integer, primary_key=True, autoincrement=False))
    password: str
    """Argon2id, in the form of the password hashing competition (RFC 9106)."""
    roles: list[str] = Field(sa_type=JSON)
    set_at: datetime = Field(sa_type=UtcTime)
    used_at: datetime | None = Field(default=None, sa_type=UtcTime)
    tries: int = 0
    tries_since: datetime | None = Field(default=None, sa_type=UtcTime)


class KnockRow(SQLModel, table=True):
    """Somebody of the Trust's own tenant who signed in and is not among the people (yet)."""

    __tablename__ = "knock"

    subject: str = Field(primary_key=True)
    name: str
    """As the provider calls them; may be empty."""
    at: datetime = Field(sa_type=UtcTime)
