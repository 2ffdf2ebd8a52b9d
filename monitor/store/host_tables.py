"""The table of the turns that workers take at the hosts of others."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Field, SQLModel

from monitor.store.columns import UtcTime


class HostTurnRow(SQLModel, table=True):
    """When a "host:port" may be asked again, by whomever: of all trusts, as the host is one."""

    __tablename__ = "host_turn"

    place: str = Field(primary_key=True)
    free_at: datetime = Field(sa_type=UtcTime)
