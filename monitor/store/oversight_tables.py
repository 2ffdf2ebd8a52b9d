"""The tables of oversight: who opened which mention, and what a decision was taken on."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, Column, Index
from sqlmodel import Field, SQLModel

from monitor.store.columns import UtcTime
from monitor.store.tables import BigId


class OpeningRow(SQLModel, table=True):
    """When somebody last opened a mention, and why where they were asked. It goes with the
    mention, and is forgotten before that when nothing is asked of it any more."""

    __tablename__ = "opening"
    __table_args__ = (Index("ix_opening_person_at", "person", "at"),)

    mention_id: int = Field(sa_column=Column(BigId, primary_key=True, autoincrement=False))
    person: str = Field(primary_key=True)
    at: datetime = Field(sa_type=UtcTime)
    reason: str = ""


class BasisRow(SQLModel, table=True):
    """What a decision was taken on: the machine's judgement as it was then, without a word of the
    post, and whether who decided had opened the mention."""

    __tablename__ = "decision_basis"

    decision_id: int = Field(sa_column=Column(BigId, primary_key=True, autoincrement=False))
    mention_id: int = Field(sa_column=Column(BigInteger, nullable=False, index=True))
    model_version: str
    judged: dict[str, Any] = Field(sa_type=JSON)
    opened_at: datetime | None = Field(default=None, sa_type=UtcTime)
    together: bool
    """One of many, decided with one click."""
