"""The table of choices of the queue that somebody keeps."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Column
from sqlmodel import Field, SQLModel

from monitor.store.columns import UtcTime
from monitor.store.tables import BigId


class SavedViewRow(SQLModel, table=True):
    """An address of the queue under a name, for whoever kept it or for all colleagues."""

    __tablename__ = "saved_view"

    id: int | None = Field(default=None, sa_column=Column(BigId, primary_key=True))
    person: str = Field(index=True)
    name: str
    address: str
    """The query of an address, as the queue writes it."""
    shared: bool = False
    at: datetime = Field(sa_type=UtcTime)
