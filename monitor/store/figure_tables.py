"""The tables of what is counted of each day, kept when what was counted is forgotten."""

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


class DayCountRow(SQLModel, table=True):
    """One more number of a day, by its name ("outcome.watch"); "day.counted" says that the day
    was counted. Numbers only, of no post and no person."""

    __tablename__ = "day_count"

    place: str = Field(primary_key=True)
    """A school's id; "": the Trust."""
    day: date = Field(primary_key=True)
    """In Europe/London."""
    name: str = Field(primary_key=True)
    number: int
