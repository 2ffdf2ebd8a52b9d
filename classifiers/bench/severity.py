"""How grave posts are graded, beside what a hand wrote: are high and critical ones found, and
how many of those that are told at once deserve it?

The rules of policy.toml were tuned on two thirds of the posts; `held_out` is the rest.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, cast

from classifiers.bench.guards import SETS
from classifiers.pipeline import Classifier, Posting
from classifiers.types import Severity

GRAVE: frozenset[Severity] = frozenset({"high", "critical"})


@dataclass(frozen=True, slots=True)
class Graded:
    severity: Severity
    text: str
    part: Literal["tuned", "held_out"]


def posts() -> Sequence[Graded]:
    """The hand-graded set."""
    return tuple(_read((SETS / "severity.txt").read_text("utf-8")))


def _read(lines: str) -> Iterator[Graded]:
    for number, line in enumerate(lines.splitlines()):
        if line and not line.startswith("#"):
            level, text = line.split(" | ", 1)
            part: Literal["tuned", "held_out"] = "tuned" if number % 3 else "held_out"
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
