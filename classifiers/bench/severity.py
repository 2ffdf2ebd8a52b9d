"""How grave posts are graded, beside what a hand wrote: are high and critical ones found, and
how many of those that are told at once deserve it?

The rules of policy.toml were tuned on two thirds of the first set; `held_out` is its rest. `second`
was written before any figure on it was known, two thirds of it ordinary and harmless, as in life.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal, cast

from classifiers.bench.guards import SETS
from classifiers.pipeline import Classifier, Posting
from classifiers.types import Severity

Part = Literal["tuned", "held_out", "second"]
GRAVE: frozenset[Severity] = frozenset({"high", "critical"})


@dataclass(frozen=True, slots=True)
class Graded:
    severity: Severity
    text: str
    part: Part


def posts() -> Sequence[Graded]:
    """The first hand-graded set."""
    return tuple(_read((SETS / "severity.txt").read_text("utf-8")))


def second() -> Sequence[Graded]:
    """The second one, on which no rule is tuned."""
    lines = (SETS / "severity_second.txt").read_text("utf-8")
    return tuple(replace(one, part="second") for one in _read(lines))


def _read(lines: str) -> Iterator[Graded]:
    for number, line in enumerate(lines.splitlines()):
        if line and not line.startswith("#"):
            level, text = line.split(" | ", 1)
            part: Part = "tuned" if number % 3 else "held_out"
            yield Graded(cast("Severity", level), text, part)


def run(classifier: Classifier) -> dict[str, dict[str, float]]:
    """Figures of all posts and of each part."""
    given = posts()
    return {
        "all": figures(classifier, given),
        **{
            part: figures(classifier, [one for one in given if one.part == part])
            for part in ("tuned", "held_out")
        },
        "second": figures(classifier, second()),
    }


def figures(classifier: Classifier, given: Sequence[Graded]) -> dict[str, float]:
    """Recall and precision of "high or critical", and of "critical" alone."""
    judged = classifier.assess_postings([Posting(text=one.text) for one in given], explain=False)
    pairs = [(one.severity, found.severity) for one, found in zip(given, judged, strict=True)]
    return {
        "posts": float(len(pairs)),
        "recall": _share([found in GRAVE for truth, found in pairs if truth in GRAVE]),
        "precision": _share([truth in GRAVE for truth, found in pairs if found in GRAVE]),
        "critical_recall": _share(
            [found == "critical" for truth, found in pairs if truth == "critical"]
        ),
        "harmless_graded_grave": _share(
            [found in GRAVE for truth, found in pairs if truth == "none"]
        ),
    }


def _share(hits: Sequence[bool]) -> float:
    return sum(hits) / max(len(hits), 1)
