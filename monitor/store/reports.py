"""Reports: taken in once, beside the mention that each becomes; their protected part apart."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select

from alerts.reports import Doer, Reporter, ReportKind
from connectors.types import Mention
from monitor.store import mentions, sealing
from monitor.store.database import Tx
from monitor.store.report_tables import ReportRow
from monitor.store.sealed_tables import ReportKeyRow

_table: Any = ReportRow.__table__  # type: ignore[attr-defined]
_c = _table.c
_keys: Any = ReportKeyRow.__table__  # type: ignore[attr-defined]
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
    box = _sealed(tx, mention_id, protected)
    tx.execute(insert(_table).values(mention_id=mention_id, protected=box, **values))
    return mention_id


def _sealed(tx: Tx, mention_id: int, protected: Protected) -> bytes | None:
    if protected == Protected():
        return None
    key = sealing.new_key()
    tx.execute(insert(_keys).values(mention_id=mention_id, key=key))
    return sealing.sealed(key, json.dumps(asdict(protected)).encode(), bound_to(mention_id))


def bound_to(mention_id: int) -> bytes:
    return f"report of {mention_id}".encode()


def of_mention(tx: Tx, mention_id: int) -> ReportView | None:
    """The report behind a mention; None when nobody reported it."""
    row = tx.execute(select(_table).where(_c.mention_id == mention_id)).mappings().first()
    if row is None:
        return None
    report = Report(**{name: row[name] for name in Report.__slots__})
    return ReportView(report=report, has_protected=row["protected"] is not None)


def protected(tx: Tx, mention_id: int) -> Protected | None:
    """The part that is shown on request only; None when nobody reported it. Raises InvalidTag
    where it was changed."""
    query = with_keys(select(_c.mention_id, _c.protected).where(_c.mention_id == mention_id))
    row = tx.execute(query).mappings().first()
    return None if row is None else opened(row)


def with_keys(query: Any) -> Any:
    """A query of reports with what opens their protected part."""
    keyed = query.add_columns(_keys.c.key.label("report_key"))
    return keyed.join(_keys, _keys.c.mention_id == _c.mention_id, isouter=True)


def opened(row: Any) -> Protected:
    """Of a row with its key. Raises InvalidTag."""
    box, key = row["protected"], row["report_key"]
    if box is None or key is None:
        return Protected()
    plain = sealing.opened(bytes(key), bytes(box), bound_to(row["mention_id"]))
    return Protected(**json.loads(plain))
