"""Mails with files and screenshots are sealed, all of one mention under one key. What is there is
sealed where it stands, a few at a time, as it is large."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

from monitor.store import brought, sealing

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
AT_ONCE = 20
COPIES = ("original", "clean", "veil")


def upgrade() -> None:
    tx = op.get_bind()
    is_shared = "trust" in {one["name"] for one in sa.inspect(tx).get_columns("mention")}
    setting = sa.text("current_setting('app.trust')")
    op.create_table(
        "brought_key",
        *([sa.Column("trust", sa.Text(), nullable=False, server_default=setting)] * is_shared),
        sa.Column("mention_id", ID, autoincrement=False, nullable=False),
        sa.Column("key", sa.LargeBinary(32), nullable=False),
        sa.PrimaryKeyConstraint(
            *(["trust"] if is_shared else []), "mention_id", name="pk_brought_key"
        ),
    )
    for trust in _trusts(tx) if is_shared else (None,):
        keys: dict[int, bytes] = {}
        _seal_mails(tx, trust, keys)
        _seal_pictures(tx, trust, keys)
        rows = [{"mention_id": number, "key": key} for number, key in keys.items()]
        own = {} if trust is None else {"trust": trust}
        if rows:
            tx.execute(
                sa.insert(_table("brought_key", trust, "mention_id", "key")),
                [{**row, **own} for row in rows],
            )


def _trusts(tx: Any) -> Sequence[str]:
    found: Sequence[str] = tx.scalars(sa.text("SELECT DISTINCT trust FROM mention")).all()
    return found


def _table(name: str, trust: str | None, *columns: str) -> Any:
    there = [*columns, "trust"] if trust is not None else list(columns)
    return sa.table(name, *(sa.column(one) for one in there))


def _batches(tx: Any, table: Any, own: Any, trust: str | None) -> Iterator[Sequence[Any]]:
    last = 0
    while True:
        query = sa.select(table).where(own > last)
        if trust is not None:
            query = query.where(table.c.trust == trust)
        rows = tx.execute(query.order_by(own).limit(AT_ONCE)).mappings().all()
        if not rows:
            return
        yield rows
        last = rows[-1][own.name]


def _set(tx: Any, table: Any, own: Any, trust: str | None, number: int, values: Any) -> None:
    query = sa.update(table).where(own == number)
    if trust is not None:
        query = query.where(table.c.trust == trust)
    tx.execute(query.values(values))


def _seal_mails(tx: Any, trust: str | None, keys: dict[int, bytes]) -> None:
    mail = _table("mail", trust, "mention_id", "raw")
    for rows in _batches(tx, mail, mail.c.mention_id, trust):
        for row in rows:
            number = row["mention_id"]
            if raw := bytes(row["raw"]):
                key = keys.setdefault(number, sealing.new_key())
                box = sealing.sealed(key, raw, brought.mail(number))
                _set(tx, mail, mail.c.mention_id, trust, number, {"raw": box})


def _seal_pictures(tx: Any, trust: str | None, keys: dict[int, bytes]) -> None:
    picture = _table("picture", trust, "id", "mention_id", "digest", *COPIES)
    for rows in _batches(tx, picture, picture.c.id, trust):
        for row in rows:
            key = keys.setdefault(row["mention_id"], sealing.new_key())
            boxes = {
                copy: sealing.sealed(
                    key, bytes(row[copy]), brought.picture(row["mention_id"], row["digest"], copy)
                )
                for copy in COPIES
            }
            _set(tx, picture, picture.c.id, trust, row["id"], boxes)
