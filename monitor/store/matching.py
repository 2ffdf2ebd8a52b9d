"""An expression as a condition on the index of words, in the language of either database.

Terms hold letters and figures alone (`classifiers.text.words`), so nothing of them is syntax.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, literal
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.types import Boolean

from classifiers import expressions
from classifiers.expressions import All, Expression, Near, Term
from monitor.store.tenancy import IN_INDEX, OWN


class Matches(ColumnElement[bool]):
    """True of the rows of `mention_words` that an expression finds."""

    inherit_cache = False
    type = Boolean()

    def __init__(self, expression: Expression) -> None:
        self.wanted = expression

    def self_group(self, against: Any = None) -> Matches:
        """As it is: SQLite would be asked for `MATCH ... = 1`, which it refuses."""
        return self


@compiles(Matches, "sqlite")
def _on_sqlite(element: Matches, compiler: Any, **kw: Any) -> str:
    return f"mention_words MATCH {compiler.process(literal(_fts5(element.wanted)), **kw)}"


@compiles(Matches, "postgresql")
def _on_postgresql(element: Matches, compiler: Any, **kw: Any) -> str:
    query = compiler.process(literal(_tsquery(element.wanted)), **kw)
    # Made once, and not for each row that is read.
    found = f"mention_words.lexemes @@ (SELECT to_tsquery('simple', {query}))"
    return f"(mention_words.{OWN} AND {IN_INDEX} AND {found})"


def _fts5(expression: Expression) -> str:
    match expression:
        case Term():
            return _fts5_term(expression)
        case Near(first, second, within):
            return f"NEAR({_fts5_term(first)} {_fts5_term(second)}, {within})"
        case All(parts, without):
            wanted = " AND ".join(map(_fts5, parts))
            unwanted = " OR ".join(map(_fts5, without))
            return f"({wanted} NOT ({unwanted}))" if without else f"({wanted})"
        case expressions.Any(parts):
            return f"({' OR '.join(map(_fts5, parts))})"


def _fts5_term(term: Term) -> str:
    return f'"{" ".join(term.words)}"{" *" if term.is_stem else ""}'


def _tsquery(expression: Expression) -> str:
    match expression:
        case Term():
            return _tsquery_term(expression)
        case Near(first, second, within):
            return f"({' | '.join(_tsquery_near(first, second, within))})"
        case All(parts, without):
            unwanted = [f"!({_tsquery(part)})" for part in without]
            return f"({' & '.join([*map(_tsquery, parts), *unwanted])})"
        case expressions.Any(parts):
            return f"({' | '.join(map(_tsquery, parts))})"


def _tsquery_term(term: Term) -> str:
    return f"({' <-> '.join(term.words)}{':*' if term.is_stem else ''})"


def _tsquery_near(first: Term, second: Term, within: int) -> Iterable[str]:
    """PostgreSQL knows exact distances alone, from the last word of one to the first of the
    other; the same term twice is near itself."""
    if first == second:
        yield _tsquery_term(first)
    for left, right in ((first, second), (second, first)):
        for distance in range(within + 2):  # 0: the same word
            yield f"({_tsquery_term(left)} <{distance}> {_tsquery_term(right)})"
