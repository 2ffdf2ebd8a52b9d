"""The tables of keys: what opens the personal part of a record, apart from the record."""

from __future__ import annotations

from sqlalchemy import Column, LargeBinary
from sqlmodel import Field, SQLModel

from monitor.store.tables import BigId


class AuthorKeyRow(SQLModel, table=True):
    """The key of a mention's author, and a mark by which two mentions of one author are known for
    such without opening either."""

    __tablename__ = "author_key"

    mention_id: int = Field(sa_column=Column(BigId, primary_key=True, autoincrement=False))
    key: bytes = Field(sa_column=Column(LargeBinary(32), nullable=False))
    mark: bytes = Field(sa_column=Column(LargeBinary(16), nullable=False))


class MarkKeyRow(SQLModel, table=True):
    """The one key under which marks are made."""

    __tablename__ = "mark_key"

    id: int = Field(sa_column=Column(BigId, primary_key=True, autoincrement=False))
    key: bytes = Field(sa_column=Column(LargeBinary(32), nullable=False))


class ReportKeyRow(SQLModel, table=True):
    """The key of the protected part of a report."""

    __tablename__ = "report_key"

    mention_id: int = Field(sa_column=Column(BigId, primary_key=True, autoincrement=False))
    key: bytes = Field(sa_column=Column(LargeBinary(32), nullable=False))


class BroughtKeyRow(SQLModel, table=True):
    """The key of what came with a mention: a mail as it came, and screenshots."""

    __tablename__ = "brought_key"

    mention_id: int = Field(sa_column=Column(BigId, primary_key=True, autoincrement=False))
    key: bytes = Field(sa_column=Column(LargeBinary(32), nullable=False))


class RequestKeyRow(SQLModel, table=True):
    """The key of whom a request asks about, and of what is to be disclosed to them."""

    __tablename__ = "request_key"

    request_id: int = Field(sa_column=Column(BigId, primary_key=True, autoincrement=False))
    key: bytes = Field(sa_column=Column(LargeBinary(32), nullable=False))
