"""The tables of what people bring: reports, screenshots, mails and their files."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, Column, Index, LargeBinary, text
from sqlmodel import Field, SQLModel

from monitor.store.columns import UtcTime
from monitor.store.tables import BigId


class ReportRow(SQLModel, table=True):
    """What somebody reported through the form, beside the mention that it became."""

    __tablename__ = "report"

    id: int | None = Field(default=None, sa_column=Column(BigId, primary_key=True))
    reference: str = Field(unique=True)
    mention_id: int = Field(sa_column=Column(BigInteger, nullable=False, unique=True))
    reporter: str
    kind: str
    doer: str
    on_premises: bool
    school_computer: bool
    seen_at: datetime | None = Field(default=None, sa_type=UtcTime)
    sexual_picture: bool
    """A picture shows something sexual: it was never taken, only the link was."""
    protected: bytes | None = Field(default=None, sa_type=LargeBinary)
    """Sealed: who is affected, and where an answer may go. Opened on request only, and the request
    is on record."""


class PictureRow(SQLModel, table=True):
    """A screenshot of a mention: as it came, as it is shown, each sealed (`brought`), and the words
    read in it."""

    __tablename__ = "picture"
    __table_args__ = (
        Index(
            "ix_picture_unread", "id",
            sqlite_where=text("words_state = 'unread'"),
            postgresql_where=text("words_state = 'unread'"),
        ),
    )  # fmt: skip

    id: int | None = Field(default=None, sa_column=Column(BigId, primary_key=True))
    mention_id: int = Field(sa_column=Column(BigInteger, nullable=False, index=True))
    digest: str
    """SHA-256 of `original`, in hexadecimal."""
    original: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    clean: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    """Drawn anew from the pixels alone, as `media_type`."""
    veil: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    media_type: str
    width: int
    height: int
    words: str
    words_state: str
    attempts: int = 0
    corrected_by: str | None = None
    corrected_at: datetime | None = Field(default=None, sa_type=UtcTime)


class MailRow(SQLModel, table=True):
    """A mail of the mailbox; `raw` is the whole of it, sealed (`brought`), where it has files, else
    empty."""

    __tablename__ = "mail"

    mention_id: int = Field(sa_column=Column(BigId, primary_key=True, autoincrement=False))
    raw: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    authentication: str
    is_automatic: bool


class EnclosureRow(SQLModel, table=True):
    """A file in a mail: in quarantine, unread, until somebody clears it."""

    __tablename__ = "enclosure"

    mention_id: int = Field(sa_column=Column(BigId, primary_key=True, autoincrement=False))
    number: int = Field(primary_key=True)
    name: str
    media_type: str
    size: int
    cleared_by: str | None = None
    cleared_at: datetime | None = Field(default=None, sa_type=UtcTime)
