"""The tables of the law: what may not be forgotten yet."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import BigInteger, Column
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
