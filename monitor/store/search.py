"""Full-text search over everything that was judged: words to mention numbers, newest first.

What is indexed is the text as it is shown, names masked (policy 6.10): no search can find a
pupil by name, as the name is not there. On SQLite this is an FTS5 table over folded words, on
PostgreSQL a tsvector of configuration "simple" with a GIN index; `monitor.store.matching` writes
an expression for either.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import column, delete, func, insert, select, table, text

from classifiers.expressions import Expression
from classifiers.text import words
from monitor.store import endings
from monitor.store.database import Store, Tx
from monitor.store.matching import Matches
from monitor.store.queue_tables import UnindexedRow
from monitor.store.scope import EVERYTHING, Scope, named
from monitor.store.tenancy import OWN

_index = table("mention_words", column("rowid"), column("words"))
_id: Any = _index.c.rowid
_unindexed: Any = UnindexedRow.__table__  # type: ignore[attr-defined]
MERGED_AT_ONCE = 500
"""Pages of the index rewritten in one transaction."""
NEAR, FAR = 5_000, 25_000
"""Mentions that a server reads from the newest on, to see how often words come; and at most."""
RARE = 15
"""Words that fewer of the NEAR ones hold."""


def index(tx: Tx, mention_id: int, shown: str) -> None:
    """Let a mention be found by the words of its shown text; what was there is replaced."""
    remove(tx, [mention_id])
    tx.execute(insert(_index).values(rowid=mention_id, words=" ".join(words(shown))))


def remove(tx: Tx, mention_ids: Sequence[int]) -> None:
    """Take mentions out of the index; `purge` afterwards leaves no letter of them in it."""
    tx.execute(delete(_index).where(_id.in_(mention_ids), *_own(tx)))
    tx.execute(delete(_unindexed).where(_unindexed.c.mention_id.in_(mention_ids)))


def purge(store: Store) -> None:
    """Write the index anew without what was removed, a little at a time, so that nobody waits
    long: until then FTS5 keeps a removed word beside a mark that says so. PostgreSQL does as
    much by itself (autovacuum)."""
    if not store.is_embedded:
        return
    most = -MERGED_AT_ONCE
    while True:
        with store.begin() as tx:
            before = _changes(tx)
            tx.execute(
                text("INSERT INTO mention_words (mention_words, rank) VALUES ('merge', :most)"),
                {"most": most},
            )
            if _changes(tx) - before < 2:
                return
        most = MERGED_AT_ONCE


def _changes(tx: Tx) -> int:
    return int(tx.scalar(select(func.total_changes())) or 0)


def newest(
    tx: Tx,
    expression: Expression,
    *,
    before: int | None = None,
    most: int,
    apart: Scope = EVERYTHING,
) -> list[int]:
    """The numbers of the newest mentions found, `before` one of them; less what a scope keeps
    apart.

    FTS5 finds them in this order. A server's index knows all places of a word, but no order, so it
    is asked for what is rare alone; what is not is soon found by reading from the newest on.
    """

    def found(among: int = 0, *, is_rare: bool = False) -> list[int]:
        query = ids(expression, before=before, apart=apart, among=among, is_rare=is_rare)
        return list(tx.scalars(query.order_by(query.selected_columns.id.desc()).limit(most)))

    if tx.dialect.name != "postgresql":
        return found()
    some = found(NEAR)
    if RARE <= len(some) < most:
        some = found(min(2 * most * NEAR // len(some), FAR))
    return some if len(some) == most else found(is_rare=True)


def reaches(tx: Tx, expression: Expression, before: int | None) -> Iterator[Any]:
    """Selectables of what is found, farther and farther back and at last everywhere: for whoever
    wants the newest of them that are something else, too."""
    if tx.dialect.name == "postgresql":
        near = ids(expression, before=before, among=NEAR)
        if len(tx.scalars(near.limit(RARE)).all()) == RARE:
            yield near
            yield ids(expression, before=before, among=FAR)
    yield ids(expression, before=before, is_rare=not tx.dialect.positional)


def ids(
    expression: Expression,
    *,
    before: int | None,
    apart: Scope = EVERYTHING,
    among: int = 0,
    is_rare: bool = False,
) -> Any:
    """A selectable of the numbers of all mentions found, or of those among the newest so many.
    What is rare a server looks for by its index before anything else."""
    source: Any = _newest_rows(before, among) if among else _index
    query = select(source.c.rowid.label("id")).select_from(source).where(Matches(expression))
    if apart.apart:
        query = query.where(source.c.rowid.not_in(named(apart)))
    if before is not None and not among:
        query = query.where(_id < before)
    if is_rare:
        found = query.cte("found").prefix_with("MATERIALIZED", dialect="postgresql")
        query = select(found.c.id)
    return query


def _newest_rows(before: int | None, number: int) -> Any:
    """Of a server's index, under its name."""
    rows = select(_id, column("lexemes"), column("trust")).select_from(_index).where(text(OWN))
    if before is not None:
        rows = rows.where(_id < before)
    return rows.order_by(_id.desc()).limit(number).subquery("mention_words")


def count(tx: Tx, expression: Expression, *, most: int, apart: Scope = EVERYTHING) -> int:
    """How many mentions it finds, counted up to `most`; less what a scope keeps apart."""
    return len(newest(tx, endings.spelt_out(tx, expression), most=most, apart=apart))


def shown_words(tx: Tx, mention_id: int) -> str:
    """The indexed words of one mention; empty where it is not indexed."""
    return tx.scalar(select(_index.c.words).where(_id == mention_id, *_own(tx))) or ""


def _own(tx: Tx) -> list[Any]:
    """The index is the one table that a server does not guard by itself (`tenancy`)."""
    return [text(OWN)] if tx.dialect.name == "postgresql" else []


def waiting(tx: Tx, limit: int) -> list[int]:
    """Mentions that are still to be indexed, the newest first."""
    query = select(_unindexed.c.mention_id).order_by(_unindexed.c.mention_id.desc())
    return list(tx.scalars(query.limit(limit)))
