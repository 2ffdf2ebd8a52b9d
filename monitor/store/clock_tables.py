"""The table of response clocks: by when a story is to be seen and decided on."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Column, Index
from sqlmodel import Field, SQLModel

from monitor.store.columns import UtcTime
from monitor.store.tables import BigId


class ClockRow(SQLModel, table=True):
    """A clock of a story; whether it still waits, the mention that stands for it tells."""

    __tablename__ = "response_clock"
    __table_args__ = (Index("ix_response_clock_due", "state", "due_at"),)

    story_id: int = Field(sa_column=Column(BigId, primary_key=True, autoincrement=False))
    mark: str = Field(primary_key=True)
    """ "seen" or "action"."""
    started_at: datetime = Field(sa_type=UtcTime)
    due_at: datetime = Field(sa_type=UtcTime)
    met_at: datetime | None = Field(default=None, sa_type=UtcTime)
    """When somebody first looked; a decision shows in the mention's state."""
    state: str = "runs"
    """ "runs", "late" once it has passed and that was told, or "over"."""
