"""What IT is asked to block or to unblock in school (policy 8.3, 8.4)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, Column
from sqlmodel import Field, SQLModel

from monitor.store.columns import UtcTime
from monitor.store.tables import BigId


class BlockRow(SQLModel, table=True):
    """One request, with who asked, who approved the access, and what became of it."""

    __tablename__ = "block_request"

    id: int | None = Field(default=None, sa_column=Column(BigId, primary_key=True))
    mention_id: int = Field(sa_column=Column(BigInteger, nullable=False, index=True))
    decision_id: int = Field(sa_column=Column(BigInteger, nullable=False, index=True))
    kind: str
    approver: str = ""
    by: str
    at: datetime = Field(sa_type=UtcTime)
    state: str
    settled_by: str | None = None
    settled_at: datetime | None = Field(default=None, sa_type=UtcTime)
    answer: str = ""
