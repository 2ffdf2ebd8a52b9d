"""The tables of what people bring: reports, and later what hangs on them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, Column
from sqlmodel import Field, SQLModel

from monitor.store.columns import UtcTime
from monitor.store.tables import BigId


class ReportRow(SQLModel, table=True):
    """What somebody reported through the form, beside the mention that it became."""

    __tablename__ = "report"

    id: int | None = Field(default=None, sa_column=Column(BigId, primary_key=True))
    reference: str = Field(unique=True)
    mention_id: int = Field(sa_column=Column(BigInteger, nullable=False, unique=True))
    reporter: str
    kind: str
    doer: str
    on_premises: bool
    school_computer: bool
    seen_at: datetime | None = Field(default=None, sa_type=UtcTime)
    sexual_picture: bool
    """A picture shows something sexual: it was never taken, only the link was."""
    affected: str
    """Shown on request only, and the request is on record; so is `reply_to`."""
    reply_to: str
