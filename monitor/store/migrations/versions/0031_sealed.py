"""Authors, the protected part of reports and requests of persons are sealed, each under a key of
its own. What is there is sealed a batch at a time, and its plain columns go."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

from monitor.store import reports, requests, sealing
from monitor.store.authors import COLUMNS, Sealer

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
KEY_TABLES: dict[str, tuple[str, list[Any]]] = {
    "author_key": ("mention_id", [sa.Column("mark", sa.LargeBinary(16), nullable=False)]),
    "report_key": ("mention_id", []),
    "request_key": ("request_id", []),
    "mark_key": ("id", []),
}
AT_ONCE = 1_000


def upgrade() -> None:
    tx = op.get_bind()
    is_shared = "trust" in {one["name"] for one in sa.inspect(tx).get_columns("mention")}
    _add(is_shared=is_shared)
    for trust in _trusts(tx) if is_shared else (None,):
        _seal_authors(tx, trust)
        _seal_reports(tx, trust)
        _seal_requests(tx, trust)
    for table, plain in (
        ("mention", ("author_name", "author_handle")),
        ("report", ("affected", "reply_to")),
        ("subject_request", ("names", "disclosure")),
    ):
        for column in plain:
            op.execute(f"ALTER TABLE {table} DROP COLUMN {column}")


def _add(*, is_shared: bool) -> None:
    """On a server's database each row names its trust (`tenancy`), and so must those made here; an
    embedded one holds one trust, which no row names."""
    setting = sa.text("current_setting('app.trust')")
    for name, (own, more) in KEY_TABLES.items():
        op.create_table(
            name,
            *([sa.Column("trust", sa.Text(), nullable=False, server_default=setting)] * is_shared),
            sa.Column(own, ID, autoincrement=False, nullable=False),
            sa.Column("key", sa.LargeBinary(32), nullable=False),
            *more,
            sa.PrimaryKeyConstraint(*(["trust"] if is_shared else []), own, name=f"pk_{name}"),
        )
    op.add_column("mention", sa.Column("author", sa.LargeBinary(), nullable=True))
    op.add_column("report", sa.Column("protected", sa.LargeBinary(), nullable=True))
    op.add_column("subject_request", sa.Column("asked", sa.LargeBinary(), nullable=True))
    op.add_column("subject_request", sa.Column("extended_on", sa.Date(), nullable=True))
    op.add_column(
        "subject_request",
        sa.Column("extended_why", sa.String(), nullable=False, server_default=""),
    )


def _trusts(tx: Any) -> Sequence[str]:
    found = tx.scalars(sa.text("SELECT trust FROM mention UNION SELECT trust FROM subject_request"))
    trusts: Sequence[str] = found.all()
    return trusts


def _table(name: str, trust: str | None, *columns: str) -> Any:
    there = [*columns, "trust"] if trust is not None else list(columns)
    return sa.table(name, *(sa.column(one) for one in there))


def _put(tx: Any, name: str, trust: str | None, rows: list[dict[str, Any]]) -> None:
    if not rows:
        return
    own = {} if trust is None else {"trust": trust}
    rows = [{**row, **own} for row in rows]
    tx.execute(sa.insert(_table(name, trust, *rows[0])), rows)


def _batches(tx: Any, table: Any, trust: str | None, wanted: Any) -> Iterator[Sequence[Any]]:
    last = 0
    while True:
        query = sa.select(table).where(table.c.id > last, wanted)
        if trust is not None:
            query = query.where(table.c.trust == trust)
        rows = tx.execute(query.order_by(table.c.id).limit(AT_ONCE)).mappings().all()
        if not rows:
            return
        yield rows
        last = rows[-1]["id"]


def _set(tx: Any, table: Any, trust: str | None, values: list[dict[str, Any]]) -> None:
    """Rows by `number`; each other value stands in the column of that name."""
    query = sa.update(table).where(table.c.id == sa.bindparam("number"))
    if trust is not None:
        query = query.where(table.c.trust == trust)
    changed: dict[str, Any] = {one: sa.bindparam(one) for one in values[0] if one != "number"}
    tx.execute(query.values(changed), values)


def _seal_authors(tx: Any, trust: str | None) -> None:
    mention = _table(
        "mention", trust, "id", "identity", "platform", "author_name", "author_handle", "author"
    )
    c, mark_key = mention.c, sealing.new_key()
    for at, rows in enumerate(
        _batches(tx, mention, trust, sa.or_(c.author_name != "", c.author_handle != ""))
    ):
        if at == 0:
            _put(tx, "mark_key", trust, [{"id": 1, "key": mark_key}])
        sealer = Sealer(mark_key)
        sealed = [{"number": row["id"], **_author(sealer, row)} for row in rows]
        keys = sealer.keys((row["id"], bytes(row["identity"])) for row in rows)
        _put(tx, "author_key", trust, [dict(zip(COLUMNS, one, strict=True)) for one in keys])
        _set(tx, mention, trust, sealed)


def _author(sealer: Sealer, row: Any) -> dict[str, Any]:
    name, handle = row["author_name"] or "", row["author_handle"] or ""
    box = sealer.box(bytes(row["identity"]), row["platform"], name, handle)
    return {"author": box, "author_name": None, "author_handle": None}


def _seal_reports(tx: Any, trust: str | None) -> None:
    report = _table("report", trust, "id", "mention_id", "affected", "reply_to", "protected")
    given = sa.or_(report.c.affected != "", report.c.reply_to != "")
    for rows in _batches(tx, report, trust, given):
        keys, boxes = [], []
        for row in rows:
            key, number = sealing.new_key(), row["mention_id"]
            plain = json.dumps({"affected": row["affected"], "reply_to": row["reply_to"]})
            box = sealing.sealed(key, plain.encode(), reports.bound_to(number))
            keys.append({"mention_id": number, "key": key})
            boxes.append({"number": row["id"], "protected": box, "affected": "", "reply_to": ""})
        _put(tx, "report_key", trust, keys)
        _set(tx, report, trust, boxes)


def _seal_requests(tx: Any, trust: str | None) -> None:
    request = _table("subject_request", trust, "id", "names", "disclosure", "asked", "closed_at")
    request.c.names.type = request.c.disclosure.type = sa.JSON()
    for rows in _batches(tx, request, trust, request.c.closed_at.is_(None)):
        keys, boxes = [], []
        for row in rows:
            key, number = sealing.new_key(), row["id"]
            plain = json.dumps({"names": row["names"], "disclosure": row["disclosure"]})
            box = sealing.sealed(key, plain.encode(), requests.bound_to(number))
            keys.append({"request_id": number, "key": key})
            boxes.append({"number": number, "asked": box, "names": [], "disclosure": {}})
        _put(tx, "request_key", trust, keys)
        _set(tx, request, trust, boxes)
