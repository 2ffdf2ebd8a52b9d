"""The table of what is counted of each day, kept when what was counted is forgotten."""

from __future__ import annotations

from datetime import date

from sqlmodel import Field, SQLModel


class DayFigureRow(SQLModel, table=True):
    """A day of a school ("": of the Trust), counted when it was over. Numbers only."""

    __tablename__ = "day_figure"

    place: str = Field(primary_key=True)
    day: date = Field(primary_key=True)
    """In Europe/London."""
    mentions: int
    flagged: int
    stories: int
    grave: int
    decided: int
    alarms: int
    answered_soon: int
