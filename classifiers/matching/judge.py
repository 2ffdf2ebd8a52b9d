"""From named terms to links: add log-odds, compare readings, end as certain or possible."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from classifiers.matching.evidence import Case, terms
from classifiers.matching.weights import Weights, value
from classifiers.types import Certainty, Reason, SchoolLink, Span

LOCATING = frozenset({
    "its place", "its postcode district", "its local authority", "a place of the Trust",
    "place of the source", "its own page", "page of another of our schools", "official source",
    "another of our schools", "the Trust is named", "also by its full name",
})  # fmt: skip
"""Terms that say which of several namesakes is meant."""

_AMBIGUOUS = frozenset({"shared name", "shared short name", "initials"})
_LEAD = 2.0
"""Log-odds by which one of ours must lead another of the same name to be certain."""


@dataclass(slots=True)
class Claim:
    """What speaks for one subject: its best hit's reasons, and every hit's place."""

    subject: int
    best: Case
    reasons: list[Reason]
    spans: list[Span]
    forms: set[str]

    @property
    def log_odds(self) -> float:
        return sum(reason.weight for reason in self.reasons)


class Matched(NamedTuple):
    """The links, and every place where a name of ours stands, meant or not: the name of a
    school named after a person is nobody's name there."""

    links: tuple[SchoolLink, ...] = ()
    spans: tuple[Span, ...] = ()


def matched(cases: Iterable[Case], weights: Weights) -> Matched:
    """One link for each subject that is at least possible, the surest first."""
    claims: dict[int, Claim] = {}
    for case in cases:
        _add(claims, case, weights)
    found = list(claims.values())
    _co_mentions(found, weights)
    kept = [claim for claim in found if claim.log_odds >= weights.possible]
    made = [_link(claim, kept, weights) for claim in kept]
    return Matched(
        links=tuple(sorted(made, key=lambda link: (-link.score, link.school_id))),
        spans=tuple({span: None for claim in found for span in claim.spans}),
    )


def _add(claims: dict[int, Claim], case: Case, weights: Weights) -> None:
    reasons = [_reason(term, detail, weights) for term, detail in terms(case)]
    span = Span(*case.reading.folded.original(case.hit.start, case.hit.end))
    number = case.alias.subject
    if (claim := claims.get(number)) is None:
        claims[number] = Claim(number, case, reasons, [span], {case.alias.form})
        return
    if span not in claim.spans:
        claim.spans.append(span)
    claim.forms.add(case.alias.form)
    if sum(reason.weight for reason in reasons) > claim.log_odds:
        claim.best, claim.reasons = case, reasons


def _reason(term: str, detail: str, weights: Weights) -> Reason:
    weight = weights.terms[term] * value(term, detail)
    return Reason(name=term, weight=round(weight, 3), detail=detail)


def _co_mentions(claims: Sequence[Claim], weights: Weights) -> None:
    """A certain sibling, or the Trust, in the same text speaks for a weaker name."""
    sure = [claim for claim in claims if claim.log_odds >= weights.certain]
    for claim in claims:
        others = [other for other in sure if other is not claim and not _same_form(claim, other)]
        if not others:
            continue
        trust = next((o for o in others if o.best.subject.kind == "trust"), None)
        term = "the Trust is named" if trust else "another of our schools"
        claim.reasons.append(_reason(term, (trust or others[0]).best.subject.name, weights))


def _same_form(claim: Claim, other: Claim) -> bool:
    return claim.best.alias.form == other.best.alias.form


def _link(claim: Claim, kept: Sequence[Claim], weights: Weights) -> SchoolLink:
    return SchoolLink(
        school_id=claim.best.subject.id,
        certainty=_certainty(claim, kept, weights),
        score=round(1 / (1 + math.exp(-claim.log_odds)), 4),
        spans=tuple(sorted(claim.spans, key=lambda span: span.start)),
        reasons=tuple(claim.reasons),
    )


def _certainty(claim: Claim, kept: Sequence[Claim], weights: Weights) -> Certainty:
    alias = claim.best.alias
    if claim.log_odds < weights.certain or alias.declared:
        return "possible"
    located = any(reason.name in LOCATING for reason in claim.reasons)
    if alias.kind in _AMBIGUOUS and not located:
        return "possible"
    rivals = (other for other in kept if other is not claim and _same_form(claim, other))
    if any(other.log_odds > claim.log_odds - _LEAD for other in rivals):
        return "possible"
    return "certain"
