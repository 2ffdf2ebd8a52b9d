"""The endings that a stem has in the index, written out.

FTS5 reads every place of every word that begins like a stem before it finds the newest one; of
words that are written out it reads the newest first. PostgreSQL needs none of this.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice

from sqlalchemy import text

from classifiers.expressions import All, Any, Expression, Term
from monitor.store.database import Tx

MOST = 60
"""Words written out for one stem; of one with more of them, which is short, FTS5 reads all."""
_NEXT = text(
    "SELECT term FROM mention_vocabulary WHERE term >= :first AND term < :end ORDER BY term LIMIT 1"
)
_LAST = "\U0010ffff"


def spelt_out(tx: Tx, expression: Expression) -> Expression:
    """The same with the words in place of each stem, where they are few."""
    if tx.dialect.name != "sqlite":
        return expression
    match expression:
        case Term(is_stem=True):
            return _written_out(tx, expression)
        case All(parts, without):
            return All(
                tuple(spelt_out(tx, part) for part in parts),
                tuple(spelt_out(tx, part) for part in without),
            )
        case Any(parts):
            return Any(tuple(spelt_out(tx, part) for part in parts))
        case _:
            return expression


def _written_out(tx: Tx, stem: Term) -> Expression:
    *first, last = stem.words
    found = list(islice(_words(tx, last), MOST + 1))
    if not 0 < len(found) <= MOST:
        return stem
    return Any(tuple(replace(stem, words=(*first, word), is_stem=False) for word in found))


def _words(tx: Tx, stem: str) -> Iterator[str]:
    """Each word of the index that begins so: one step for each, however often it is there."""
    first, end = stem, stem + _LAST
    while (word := tx.scalar(_NEXT, {"first": first, "end": end})) is not None:
        yield word
        first = f"{word}\x01"
