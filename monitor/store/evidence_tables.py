"""The tables of evidence: what is to be captured, what was sealed, and the keys apart."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, Column, Index, LargeBinary, text
from sqlmodel import Field, SQLModel

from monitor.store.columns import UtcTime
from monitor.store.tables import BigId


class EvidenceOrderRow(SQLModel, table=True):
    """A page to capture: when it is due, who holds it, what became of the last try."""

    __tablename__ = "evidence_order"
    __table_args__ = (
        Index(
            "ix_evidence_order_due", "next_attempt_at",
            sqlite_where=text("state = 'due'"), postgresql_where=text("state = 'due'"),
        ),
    )  # fmt: skip

    id: int | None = Field(default=None, sa_column=Column(BigId, primary_key=True))
    mention_id: int = Field(sa_column=Column(BigInteger, nullable=False, index=True))
    asked_by: str
    """Empty when the service ordered it by itself."""
    asked_at: datetime = Field(sa_type=UtcTime)
    pictures: bool
    scripts: bool
    state: str = "due"
    attempts: int = 0
    next_attempt_at: datetime = Field(sa_type=UtcTime)
    lease_token: str | None = None
    leased_until: datetime | None = Field(default=None, sa_type=UtcTime)
    last_error: str = ""


class EvidenceRow(SQLModel, table=True):
    """A seal. The row outlives what it seals: it holds digests and no word of a post."""

    __tablename__ = "evidence"

    id: int | None = Field(
        default=None, sa_column=Column(BigId, primary_key=True, autoincrement=False)
    )
    """Its number in the chain."""
    mention_id: int | None = Field(default=None, sa_column=Column(BigInteger, index=True))
    kind: str
    page: str
    sealed_at: datetime = Field(sa_type=UtcTime)
    record: str
    stored: str
    previous: str = Field(unique=True)
    digest: str = Field(unique=True)
    erased_at: datetime | None = Field(default=None, sa_type=UtcTime)
    erased_why: str = ""


class EvidencePartRow(SQLModel, table=True):
    """One file of a capture, encrypted; without its key it is noise."""

    __tablename__ = "evidence_part"

    evidence_id: int = Field(sa_column=Column(BigId, primary_key=True, autoincrement=False))
    name: str = Field(primary_key=True)
    media_type: str
    size: int
    digest: str
    """SHA-256 of `body` as it lies here."""
    body: bytes = Field(sa_column=Column(LargeBinary, nullable=False))


class EvidenceKeyRow(SQLModel, table=True):
    """The key of one capture. To destroy it is to destroy the capture in every copy."""

    __tablename__ = "evidence_key"

    evidence_id: int = Field(sa_column=Column(BigId, primary_key=True, autoincrement=False))
    key: bytes = Field(sa_column=Column(LargeBinary(32), nullable=False))


class EvidenceStampRow(SQLModel, table=True):
    """What a timestamp service says of a seal, and so of all before it (RFC 3161)."""

    __tablename__ = "evidence_stamp"

    evidence_id: int = Field(sa_column=Column(BigId, primary_key=True, autoincrement=False))
    token: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    """The reply as it came; empty until there is one."""
    stamped_at: datetime | None = Field(default=None, sa_type=UtcTime)
    is_checked: bool = False
    """Who signed it was checked against the configured root."""
    attempts: int = 0
    next_attempt_at: datetime = Field(sa_type=UtcTime)
    last_error: str = ""
