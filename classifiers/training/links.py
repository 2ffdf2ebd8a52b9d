"""Hand-labelled posts and hand-set weights in, the committed weights of school evidence out.

    python -m classifiers.training.links

Deterministic. The hand-set weights (`link_prior.json`) are the prior of the fit; the unseen part
of the posts is never read here. A link is right when the school is meant, surely or
possibly.
"""

from __future__ import annotations

import argparse
import json
import math
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from classifiers.bench.matching import SETS, Row, read_set, read_trust
from classifiers.learning.links import Verdict, refit
from classifiers.matching.aliases import Names
from classifiers.matching.matcher import Matcher
from classifiers.matching.register import england
from classifiers.matching.weights import Weights
from config.national import first_names, surnames

PRIOR = Path(__file__).with_name("link_prior.json")
SHIPPED = Path(__file__).parents[1] / "matching" / "weights.json"


def verdicts(rows: Sequence[Row], matcher: Matcher) -> Iterator[Verdict]:
    """One for each school that a post's names could mean."""
    for row in rows:
        for link in matcher.links(row["text"]):
            yield Verdict(reasons=link.reasons, is_meant=link.school_id in row["schools"])


def fitted(prior: dict[str, Any], rows: Sequence[Row], sets: Path = SETS) -> dict[str, Any]:
    """What weights.json holds. `prior` has its form."""
    start = Weights(prior["terms"], prior["certain"], prior["possible"], prior["version"])
    everything = start._replace(possible=-math.inf)
    names = Names(first_names(), surnames())
    matcher = Matcher(read_trust(sets), england(), names, everything)
    found = refit(list(verdicts(rows, matcher)), start)
    return {
        "version": "2",
        "certain": start.certain,
        "possible": start.possible,
        "log loss": {"before": round(found.before, 4), "cross-validated": round(found.after, 4)},
        "terms": dict(found.terms),
    }


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=SHIPPED)
    options = parser.parse_args(arguments)
    prior = json.loads(PRIOR.read_text("utf-8"))
    made = fitted(prior, read_set(SETS / "schools.jsonl", "dev"))
    options.out.write_text(json.dumps(made, indent=1) + "\n", "utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
