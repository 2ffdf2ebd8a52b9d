"""The tables of conflicts of interest: which of the console's people a mention names."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column
from sqlmodel import Field, SQLModel

from monitor.store.tables import BigId


class ConflictRow(SQLModel, table=True):
    """A mention that names one of the people: hidden from them with its whole story."""

    __tablename__ = "conflict"

    subject: str = Field(primary_key=True)
    mention_id: int = Field(
        sa_column=Column(BigId, primary_key=True, autoincrement=False, index=True)
    )


class ConflictNameRow(SQLModel, table=True):
    """By which names somebody was looked for in what is stored: a digest of them, and how far."""

    __tablename__ = "conflict_name"

    subject: str = Field(primary_key=True)
    names: str
    below: int | None = Field(default=None, sa_column=Column(BigInteger))
    """Mentions below this number are still to be looked through; None: none are."""
