"""Reports: taken in once, beside the mention that each becomes; their protected part apart."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select

from alerts.reports import Doer, Reporter, ReportKind
from connectors.types import Mention
from monitor.store import mentions
from monitor.store.database import Tx
from monitor.store.report_tables import ReportRow

_table: Any = ReportRow.__table__  # type: ignore[attr-defined]
_c = _table.c
SOURCE = "report form"


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What was reported, without its text (that is the mention's) and its protected part."""

    reference: str
    reporter: Reporter
    kind: ReportKind
    doer: Doer
    on_premises: bool
    school_computer: bool
    seen_at: datetime | None
    sexual_picture: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Protected:
    """Who is affected and where an answer may go; empty where nothing was given."""

    affected: str = ""
    reply_to: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportView:
    report: Report
    has_protected: bool


def put(
    tx: Tx, mention: Mention, report: Report, protected: Protected, now: datetime
) -> int | None:
    """Store a report and its mention; the mention's id. None for one that is there already."""
    if not mentions.ingest(tx, SOURCE, [mention], now).stored:
        return None
    mention_id = mentions.id_of(tx, mention.platform, mention.external_id)
    values = {name: getattr(report, name) for name in Report.__slots__}
    tx.execute(
        insert(_table).values(
            mention_id=mention_id,
            affected=protected.affected,
            reply_to=protected.reply_to,
            **values,
        )
    )
    return mention_id


def of_mention(tx: Tx, mention_id: int) -> ReportView | None:
    """The report behind a mention; None when nobody reported it."""
    row = tx.execute(select(_table).where(_c.mention_id == mention_id)).mappings().first()
    if row is None:
        return None
    report = Report(**{name: row[name] for name in Report.__slots__})
    return ReportView(report=report, has_protected=bool(row["affected"] or row["reply_to"]))


def protected(tx: Tx, mention_id: int) -> Protected | None:
    """The part that is shown on request only; None when nobody reported it."""
    query = select(_c.affected, _c.reply_to).where(_c.mention_id == mention_id)
    row = tx.execute(query).first()
    return None if row is None else Protected(affected=row.affected, reply_to=row.reply_to)
