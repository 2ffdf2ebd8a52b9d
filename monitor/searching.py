"""What may be looked for, and letting what was judged be found."""

from __future__ import annotations

from itertools import chain

from alerts.mask import mask
from classifiers import expressions
from classifiers.expressions import All, Expression, ExpressionError, Term
from classifiers.text import assessed_text
from classifiers.types import Assessment
from config.terms import PERSON, known, name_refusal
from config.trust import Trust
from connectors.types import Mention
from monitor.store import mentions, search
from monitor.store.database import Store, Tx
from monitor.store.scope import EVERYTHING

BATCH = 500


def parse(written: str, trust: Trust) -> Expression:
    """The expression, where it looks for no person. Raises ExpressionError."""
    expression = expressions.parse(written)
    names = known(trust)
    for term in chain(expressions.terms(expression), _runs(expression)):
        refusal = name_refusal(" ".join(term.words), names)
        if refusal is not None:
            raise ExpressionError(
                _refused(term, is_person=refusal is PERSON), _place(written, term)
            )
    return expression


def person_in(phrases: str, trust: Trust) -> str:
    """What to say where one of several phrases, parted by commas, is a person's name; else
    empty."""
    names = known(trust)
    for phrase in phrases.split(","):
        if name_refusal(phrase, names) is PERSON:
            return (
                f"“{phrase.strip()}” looks like a person’s name. Matters are named here, never a "
                "person."
            )
    return ""


def _refused(term: Term, *, is_person: bool) -> str:
    said = f"“{' '.join(term.words)}”"
    if is_person:
        return f"{said} looks like a person’s name. Matters are looked for here, never a person."
    return f"{said} mixes letters of two alphabets: type it again by hand."


def _place(written: str, term: Term) -> int:
    return max(written.casefold().find(term.words[0]), 0)


def _runs(expression: Expression) -> list[Term]:
    """Single words beside each other, as a name would be written without quotation marks."""
    match expression:
        case All(parts):
            singles = [part.words for part in parts if isinstance(part, Term)]
            inner = [one for part in parts if not isinstance(part, Term) for one in _runs(part)]
            return [*inner, Term(tuple(chain.from_iterable(singles)))] if singles else inner
        case expressions.Any(parts):
            return [one for part in parts for one in _runs(part)]
        case _:
            return []


def index(tx: Tx, mention_id: int, mention: Mention, assessment: Assessment) -> None:
    """Let a mention be found by what is shown of it."""
    search.index(tx, mention_id, mask(assessed_text(mention), assessment))


def catch_up(store: Store) -> int:
    """Index the next of what was judged before there was a search; the number indexed."""
    with store.begin() as tx:
        waiting = search.waiting(tx, BATCH)
        for mention_id in waiting:
            detail = mentions.detail(tx, EVERYTHING, mention_id)
            search.remove(tx, [mention_id])
            if detail is not None and detail.assessment is not None:
                index(tx, mention_id, detail.mention, detail.assessment)
    return len(waiting)
