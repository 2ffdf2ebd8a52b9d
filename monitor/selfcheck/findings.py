"""What about a result wants the person's eye first: negative or personal matter, own posts.

The service's own classifiers judge the text as they judge any other; words of a search result
(a court report, a review) are looked for besides. A finding says "look here", never "breach".
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Literal

from classifiers.text import joined
from classifiers.types import Assessment, Label, PupilGrade, PupilSpanLabel
from monitor.selfcheck.clues import Result
from monitor.selfcheck.names import Word, fold, folded_words
from monitor.selfcheck.person import Person

Kind = Literal["negative", "personal_data", "pupil", "views", "old"]
KINDS: tuple[Kind, ...] = ("negative", "personal_data", "pupil", "views", "old")
"""In the order in which somebody should look at them."""

SURE = 1.7
"""The multiple of its threshold from which a label alone makes a short text negative: a result is
mostly neutral and short, where the labels were fitted on posts."""
LONG_AGO_YEARS = 7
SHORT, AROUND = 60, 20
"""Words of a text that is looked at whole; words this side of a name in a longer one."""
_FILE = Path(__file__).with_name("risks.toml")
_DATA = re.compile(
    r"""
    \b[A-Z]{1,2}\d[A-Z\d]?\s?\d[A-Z]{2}\b                        # a postcode
    | (?:\+44\s?|\b0)7\d{3}\s?\d{3}\s?\d{3}\b                    # a mobile number
    | \b[\w.+-]+@[\w-]+\.[\w.]+\b                                # a mail address
    | (?i:\b(?:born|dob|date\ of\ birth)\b[^.|]{0,20}\d{4})      # a date of birth
    | \b\d{1,3}[a-z]?\ (?:[A-Z][\w'’]+\ ){1,3}                   # a street with its number
      (?:Street|Road|Lane|Close|Court|Terrace|Row|Walk|Steps|Yard|Cottages?|Drive|Avenue|Way
      |Place|Gardens|Crescent|Mews|Hill|Rise|Green|Gate|Square|Side|View|End|Top|Stile|Street)\b
    | (?i:\bage\ \d\d-\d\d,\s)\d                                 # a people-search entry
    | \bPhone\ listed\b
    """,
    re.VERBOSE,
)
_NAMES: frozenset[PupilSpanLabel] = frozenset(
    {"PUPIL_FULL", "PUPIL_FIRST", "PUPIL_NICK", "PUPIL_INITIALS", "PUPIL_SURNAME"}
)
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_FIRST_PERSON = frozenset(["i", "im", "ive", "me", "my", "mine", "we", "our", "us"])


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing to look at; `labels` are the classifiers' where they made it negative."""

    kind: Kind
    labels: tuple[Label, ...] = ()


def findings(
    person: Person, result: Result, assessment: Assessment, today: date
) -> tuple[Finding, ...]:
    """In the order of KINDS."""
    return tuple(_findings(person, result, assessment, today))


def _findings(
    person: Person, result: Result, assessment: Assessment, today: date
) -> Iterator[Finding]:
    labels = tuple(one.label for one in assessment.scores if one.probability >= one.threshold)
    if _is_negative(person, result, assessment):
        yield Finding(kind="negative", labels=labels)
    if _DATA.search(f"{result.title} | {result.snippet}") and not is_official(person, result):
        yield Finding(kind="personal_data")
    is_own = is_own_post(person, result)
    if is_own and _speaks(result) and _tells_of_a_pupil(person, result, assessment.pupil):
        yield Finding(kind="pupil")
    if is_own and _holds(result.words, "views", "words") and not _is_marked(result):
        yield Finding(kind="views")
    if _is_old(result, today):
        yield Finding(kind="old")


def _tells_of_a_pupil(person: Person, result: Result, pupil: PupilGrade) -> bool:
    """Whether it could identify one: the person's own name, beside their form, is nobody else's."""
    if pupil.level not in ("indirect", "direct"):
        return False
    text = joined(result.title, result.snippet)
    named = [text[one.span.start : one.span.end] for one in pupil.spans if one.label in _NAMES]
    return not named or any(not person.name_words.issuperset(folded_words(one)) for one in named)


def _is_negative(person: Person, result: Result, assessment: Assessment) -> bool:
    sure = any(one.probability >= SURE * one.threshold for one in assessment.scores)
    said = _about(person, result)
    return sure or _holds(said, "negative", "law") or _holds(said, "negative", "contempt")


def _about(person: Person, result: Result) -> Sequence[Word]:
    """The whole of a short text; of a long one what stands around the name."""
    words = result.words
    if len(words) <= SHORT:
        return words
    spots = [at for at, word in enumerate(words) if word.folded in person.last_words]
    return [
        word for at, word in enumerate(words) if any(abs(at - spot) <= AROUND for spot in spots)
    ]


def is_official(person: Person, result: Result) -> bool:
    """Whether it stands on the school's own site, whose contacts are meant to be public."""
    host = result.host.replace("-", "")
    return result.host in person.sites or any(
        host.startswith("".join(phrase)) for phrase in person.school_phrases
    )


def is_own_post(person: Person, result: Result) -> bool:
    """Whether it seems to be written by the person: their account stands in the address, or their
    name begins the title and somebody says "I"."""
    path = fold(result.url.partition("://")[2])
    bare = re.sub(r"[^a-z0-9/]", "", path)
    handles = {re.sub(r"[^a-z0-9]", "", fold(one)) for one in person.handles}
    if any(handle and handle in bare for handle in handles):
        return True
    names = (person.verified, *person.variants)
    first = {word for name in names for word in name.given_forms if len(word) > 2}
    last = {part for name in names for part in name.surname_parts}
    segments = bare.split("/")[1:]
    in_path = any(
        any(segment.startswith(one) for one in first) and _goes_on(segment, first, last)
        for segment in segments
    )
    starts = [word.folded for word in result.words[:2]]
    begins = bool(starts) and starts[0] in first and not result.words[0].ends
    return in_path or (begins and _speaks(result)) or _is_by(result, first)


def _goes_on(segment: str, first: set[str], last: set[str]) -> bool:
    """ "emmaclarke99", "priyareadshexley", "ravib": what follows a first name in an account."""
    return any(segment.startswith(one) and len(segment) >= len(one) for one in first) and (
        any(part in segment for part in last) or len(segment) > 4
    )


def _is_by(result: Result, first: set[str]) -> bool:
    """ "wrote:" or a colon after the name, as forums and blogs write it."""
    words = result.words
    return any(
        word.folded == "wrote" and any(one.folded in first for one in words[max(at - 3, 0) : at])
        for at, word in enumerate(words)
    )


def _speaks(result: Result) -> bool:
    return any(word.folded in _FIRST_PERSON for word in result.words)


def _is_marked(result: Result) -> bool:
    return _holds(result.words, "views", "disclaimer")


def _is_old(result: Result, today: date) -> bool:
    years = [int(year) for year in _YEAR.findall(f"{result.title} {result.snippet}")]
    is_old_year = any(year <= today.year - LONG_AGO_YEARS for year in years)
    host = result.host.partition(".")[0]
    return host in _hosts() or (_holds(result.words, "old", "words") and (is_old_year or not years))


def _holds(words: Sequence[Word], group: str, key: str) -> bool:
    folded = " ".join(word.folded for word in words)
    return bool(_pattern(group, key).search(folded))


@cache
def _pattern(group: str, key: str) -> re.Pattern[str]:
    phrases = [phrase.strip() for phrase in _lists()[group][key].split(",")]
    written = [re.escape(phrase).replace(r"\*", r"\w*") for phrase in phrases if phrase]
    return re.compile(rf"\b(?:{'|'.join(written)})\b")


@cache
def _hosts() -> frozenset[str]:
    return frozenset(one.strip() for one in _lists()["old"]["hosts"].split(","))


@cache
def _lists() -> dict[str, Any]:
    with _FILE.open("rb") as file:
        return tomllib.load(file)
