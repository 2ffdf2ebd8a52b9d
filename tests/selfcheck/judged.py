"""The proof set as the product judges it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from classifiers.pipeline import Classifier, Posting
from monitor.selfcheck.clues import Result
from monitor.selfcheck.findings import Finding, findings
from monitor.selfcheck.judging import Judged, judge
from monitor.selfcheck.person import Person
from tests.selfcheck.proofs import Known, Labelled

TODAY = date(2026, 11, 29)
LETTERS = {"negative": "N", "personal_data": "D", "pupil": "P", "views": "V", "old": "O"}


@dataclass(frozen=True)
class Seen:
    """One result: as labelled by hand, and as judged."""

    number: int
    labelled: Labelled
    judged: Judged
    findings: tuple[Finding, ...] = ()

    @property
    def letters(self) -> set[str]:
        return {LETTERS[one.kind] for one in self.findings}


@dataclass(frozen=True)
class Measured:
    right: int
    wrong: int
    missed: int

    @property
    def precision(self) -> float:
        return self.right / max(self.right + self.wrong, 1)

    @property
    def recall(self) -> float:
        return self.right / max(self.right + self.missed, 1)


def person(known: Known) -> Person:
    """What the self-check is told of them, and nothing of their life."""
    return Person(
        name=known.name,
        schools=(known.told["school"],),
        towns=(known.told["town"],),
        subject=known.told.get("subject", ""),
        role=known.told["role"],
        also=known.told_list("also"),
        handles=known.told_list("handle"),
        words=known.told_list("words"),
    )


def result(labelled: Labelled) -> Result:
    return Result(title=labelled.title, snippet=labelled.snippet, url=labelled.url)


def whose(people: tuple[Known, ...]) -> list[Seen]:
    return [
        Seen(known.number, one, judge(person(known), result(one)))
        for known in people
        for one in known.results
    ]


def with_findings(people: tuple[Known, ...], classifier: Classifier) -> list[Seen]:
    """Of everybody's own results, as labelled, what is to be looked at."""
    seen: list[Seen] = []
    for known in people:
        mine = [one for one in known.results if one.is_you]
        postings = [Posting(text=f"{one.title}\n{one.snippet}") for one in mine]
        assessed = classifier.assess_postings(postings, explain=False)
        for one, assessment in zip(mine, assessed, strict=True):
            who = person(known)
            found = findings(who, result(one), assessment, TODAY)
            seen.append(Seen(known.number, one, judge(who, result(one)), found))
    return seen


def found_right(seen: list[Seen]) -> Measured:
    """Of the results shown as "about you": how many are, and how many of those there are."""
    shown = [one for one in seen if one.judged.group == "you"]
    right = sum(one.labelled.is_you for one in shown)
    return Measured(right, len(shown) - right, sum(one.labelled.is_you for one in seen) - right)


def flagged_right(seen: list[Seen], letter: str) -> Measured:
    flagged = [one for one in seen if letter in one.letters]
    right = sum(letter in one.labelled.findings for one in flagged)
    there = sum(letter in one.labelled.findings for one in seen)
    return Measured(right, len(flagged) - right, there - right)
