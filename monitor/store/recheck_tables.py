"""The table of what is looked at again on its platform."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Column
from sqlmodel import Field, SQLModel

from monitor.store.columns import UtcTime
from monitor.store.tables import BigId


class RecheckRow(SQLModel, table=True):
    """When a post is looked at again, to see whether its author took it back."""

    __tablename__ = "recheck"

    mention_id: int = Field(sa_column=Column(BigId, primary_key=True, autoincrement=False))
    due_at: datetime = Field(sa_type=UtcTime, index=True)
