"""Hand-labelled posts and hand-set weights in, the committed weights of pupils' names out.

    python -m classifiers.training.roles

Deterministic. The hand-set weights (`role_prior.json`) are the prior of the fit and give each
term its sign; the unseen part of the posts is never read here.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from classifiers.bench.matching import SETS, Row, places, read_set, read_trust
from classifiers.learning.links import Verdict, refit
from classifiers.matching.aliases import Names
from classifiers.matching.matcher import Matcher
from classifiers.matching.register import england
from classifiers.matching.weights import Weights
from classifiers.pupil.names import Name, NameLists
from classifiers.pupil.recognise import judged_names
from classifiers.pupil.weights import ANY_NAME, RoleWeights
from classifiers.types import Reason
from config.national import every_surname, first_names, surnames, world_first_names

PRIOR = Path(__file__).with_name("role_prior.json")
SHIPPED = Path(__file__).parents[1] / "pupil" / "weights.json"


def verdicts(rows: Sequence[Row], matcher: Matcher, weights: RoleWeights) -> Iterator[Verdict]:
    """One for each name of a person in a post: is it one of the pupils labelled there?"""
    lists = NameLists(first_names(), every_surname(), world_first_names())
    for row in rows:
        text, found = row["text"], matcher.match(row["text"])
        for one in judged_names(text, lists, found.links, found.spans, weights):
            yield Verdict(
                reasons=(*one.reasons, Reason(name=ANY_NAME, weight=weights.terms[ANY_NAME])),
                is_meant=_is_labelled(text, one.name, row["pupils"]),
            )


def _is_labelled(text: str, name: Name, pupils: Sequence[str]) -> bool:
    """Whether the name is one of those, or the first name of one."""
    if name.kind == "first" and name.given in {pupil.split()[0].lower() for pupil in pupils}:
        return True
    found = (place for pupil in pupils for place in places(text, pupil))
    return any(start < name.end and name.start < end for start, end in found)


def fitted(prior: dict[str, Any], rows: Sequence[Row], matcher: Matcher) -> dict[str, Any]:
    """What weights.json holds. `prior` has its form."""
    start = RoleWeights(prior["terms"], prior["pupil"], prior["hidden"])
    found = refit(list(verdicts(rows, matcher, start)), Weights(start.terms, 0.0, 0.0, "roles"))
    return {
        "version": prior["version"],
        "pupil": start.pupil,
        "hidden": start.hidden,
        "log loss": {"before": round(found.before, 4), "cross-validated": round(found.after, 4)},
        "terms": dict(found.terms),
    }


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=SHIPPED)
    options = parser.parse_args(arguments)
    prior = json.loads(PRIOR.read_text("utf-8"))
    matcher = Matcher(read_trust(SETS), england(), Names(first_names(), surnames()))
    made = fitted(prior, read_set(SETS / "pupils.jsonl", "dev"), matcher)
    options.out.write_text(json.dumps(made, indent=1) + "\n", "utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
