"""Figures of the school matcher and of pupil identification, for `monitor bench match`.

Accuracy on hand-written sets (JSON Lines, invented names; a third of each is kept unseen while
rules are written), beside what others would use; speed of the raw-text stage and the whole path.
Seconds hold for this machine only.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from classifiers.bench.matching_peers import entity_ruler, plain_names, presidio
from classifiers.bench.origins import origin_figures
from classifiers.matching.aliases import Names
from classifiers.matching.matcher import Matcher
from classifiers.matching.register import National, england
from classifiers.pupil.names import NameLists
from classifiers.pupil.recognise import grade
from classifiers.types import PUPIL_LEVELS, PupilGrade
from config.national import (
    RegisterSchool,
    every_surname,
    first_names,
    register,
    surnames,
    world_first_names,
)
from config.trust import School, SharedAlias, Trust

SETS = Path(__file__).parents[2] / "tests" / "classifiers" / "sets"

Figures = dict[str, Any]
Row = Mapping[str, Any]
Finder = Callable[[str], Mapping[str, str]]
"""Text to school id and certainty."""


def run(corpora: Path | None = None, *, sets: Path = SETS) -> Figures:
    """Everything, as nested figures; without the sets (an installed wheel) the speed alone.

    With the folder of `corpora` presidio gets an entity recogniser trained there.
    """
    figures: Figures = {"speed": _speed()}
    if not (sets / "trust.json").exists():
        return figures
    trust = read_trust(sets)
    matcher = Matcher(trust, england(), Names(first_names(), surnames()))
    lists = NameLists(first_names(), every_surname(), world_first_names())
    has_personal_data = presidio(corpora)
    for part in ("dev", "unseen"):
        schools, pupils = (read_set(sets / f"{name}.jsonl", part) for name in ("schools", "pupils"))
        figures[f"schools, {part}"] = {
            "ours": school_figures(schools, links_of(matcher)),
            "official names only": school_figures(schools, plain_names(trust, aliases=False)),
            "every alias, no evidence": school_figures(schools, plain_names(trust, aliases=True)),
            "spaCy EntityRuler": school_figures(schools, entity_ruler(trust)),
        }
        figures[f"pupils, {part}"] = {
            "ours": pupil_figures(pupils, lambda text: _graded(text, matcher, lists)),
            "presidio-analyzer": _yes_or_no(pupils, has_personal_data)
            if has_personal_data
            else "not installed",
        }
    figures["pupils found, by the name's origin"] = origin_figures(
        sets / "origins.json", lambda text: _graded(text, matcher, lists)
    )
    return figures


def _yes_or_no(rows: Sequence[Row], judge: Callable[[str], bool]) -> Figures:
    """Of a peer that knows no grades: found is said to single somebody out."""
    said = [(PUPIL_LEVELS.index(row["level"]), 3 if judge(row["text"]) else 0) for row in rows]
    return {
        "posts": len(rows),
        "direct or indirect": _at_least(said, 2),
        "class or more": _at_least(said, 1),
        "harmless posts flagged": _flagged_though_harmless(said),
    }


def read_trust(sets: Path) -> Trust:
    """The invented trust of the sets, in the JSON form of schools.json."""
    given = json.loads((sets / "trust.json").read_text("utf-8"))
    named = {key: value for key, value in given["trust"].items() if key != "note"}
    schools = tuple(School(**school) for school in given["schools"])
    users: dict[str, list[str]] = {}
    for school in schools:
        for alias in school.aliases:
            users.setdefault(alias, []).append(school.id)
    shared = tuple(
        SharedAlias(alias=alias, schools=tuple(ids)) for alias, ids in users.items() if len(ids) > 1
    )
    decoys = tuple(school["name"] for school in given["neighbours_not_in_trust"])
    return Trust(**named, schools=schools, shared_aliases=shared, decoys=decoys)


def read_set(path: Path, part: str | None = None) -> list[Row]:
    """The rows of a set, of one part ("dev", "unseen") or all."""
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    return [row for row in rows if part in (None, row["part"])]


def links_of(matcher: Matcher) -> Finder:
    return lambda text: {link.school_id: link.certainty for link in matcher.links(text)}


def school_figures(rows: Sequence[Row], find: Finder) -> Figures:
    """Links found against links meant; `too certain` counts certain links that should be
    possible or absent."""
    hit = extra = missed = exact = too_certain = 0
    for row in rows:
        found, meant = find(row["text"]), row["schools"]
        hit += len(found.keys() & meant.keys())
        extra += len(found.keys() - meant.keys())
        missed += len(meant.keys() - found.keys())
        exact += found.keys() == meant.keys()
        too_certain += sum(
            how == "certain" and meant.get(school) != "certain" for school, how in found.items()
        )
    return {
        "posts": len(rows),
        **_scores(hit, extra, missed),
        "posts exactly right": _ratio(exact, len(rows)),
        "too certain": too_certain,
    }


def pupil_figures(rows: Sequence[Row], judge: Callable[[str], PupilGrade]) -> Figures:
    """Grades found against grades meant, names masked whole, adults taken for pupils."""
    pairs = [(PUPIL_LEVELS.index(row["level"]), judge(row["text"]), row) for row in rows]
    levels = [(meant, PUPIL_LEVELS.index(found.level)) for meant, found, _ in pairs]
    names = [
        _is_masked(row["text"], found, name) for _, found, row in pairs for name in row["pupils"]
    ]
    adults = [
        _is_taken(row["text"], found, name, row["pupils"])
        for _, found, row in pairs
        for name in row["adults"]
    ]
    return {
        "posts": len(rows),
        "direct or indirect": _at_least(levels, 2),
        "class or more": _at_least(levels, 1),
        "direct recall": _ratio(
            sum(pair == (3, 3) for pair in levels), sum(meant == 3 for meant, _ in levels)
        ),
        "four grades right": _ratio(sum(a == b for a, b in levels), len(levels)),
        "harmless posts flagged": _flagged_though_harmless(levels),
        "adults taken for pupils": _ratio(sum(adults), len(adults)),
        "names masked whole": _ratio(sum(names), len(names)),
    }


def _flagged_though_harmless(levels: Sequence[tuple[int, int]]) -> float | None:
    harmless = [found for meant, found in levels if meant == 0]
    return _ratio(sum(found >= 1 for found in harmless), len(harmless))


def _at_least(levels: Sequence[tuple[int, int]], level: int) -> Figures:
    hit = sum(meant >= level and found >= level for meant, found in levels)
    extra = sum(meant < level <= found for meant, found in levels)
    missed = sum(found < level <= meant for meant, found in levels)
    return _scores(hit, extra, missed)


def _scores(hit: int, extra: int, missed: int) -> Figures:
    return {
        "precision": _ratio(hit, hit + extra),
        "recall": _ratio(hit, hit + missed),
        "f1": _ratio(2 * hit, 2 * hit + extra + missed),
    }


def _ratio(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def _graded(text: str, matcher: Matcher, lists: NameLists) -> PupilGrade:
    found = matcher.match(text)
    return grade(text, lists, found.links, found.spans)


def _covered(found: PupilGrade) -> set[int]:
    return {
        at
        for one in found.spans
        if one.label.startswith("PUPIL")
        for at in range(one.span.start, one.span.end)
    }


def places(text: str, name: str) -> list[tuple[int, int]]:
    """Where a labelled name stands in the text, however it is written there."""
    plain = text.lower().replace("’", "'")
    return [match.span() for match in re.finditer(re.escape(name.lower()), plain)]


def _is_masked(text: str, found: PupilGrade, name: str) -> bool:
    covered = _covered(found)
    stands = places(text, name)
    letters = [at for start, end in stands for at in range(start, end) if text[at].isalnum()]
    return bool(stands) and all(at in covered for at in letters)


def _is_taken(text: str, found: PupilGrade, name: str, pupils: Sequence[str]) -> bool:
    """Whether a grown-up's name is covered, save for a surname that is a pupil's too: that is
    hidden because it tells the pupil's."""
    covered = _covered(found)
    shared = {word.lower() for pupil in pupils for word in pupil.split()[1:]}
    own = [
        at
        for start, end in places(text, name)
        for word in re.finditer(r"\S+", text[start:end])
        if word[0].lower() not in shared
        for at in range(start + word.start(), start + word.end())
    ]
    return any(at in covered for at in own)


_FILLER = (
    "Really disappointed with the parking again this morning, absolute chaos for everybody.",
    "what a lovely day out we all had at the beach, back to work tomorrow though",
    "does anyone know a good plumber, ours has let us down twice this week already",
    "Full time. Two one. Proud of every one of them, on to the next round we go!",
)


def _speed() -> Figures:
    """The whole register as ours: what a national service would carry."""
    schools = register()
    figures: Figures = {}
    rates = {}
    for count in (20, 1_000, len(schools)):
        started = time.perf_counter()
        matcher = Matcher(
            _national(schools[:count]), National(schools), Names(first_names(), surnames())
        )
        took = time.perf_counter() - started
        rates[count] = _rate(matcher.touches, _posts(schools[0].name, 0))
        figures[f"{count} schools"] = {
            "build seconds": took,
            "forms": matcher.forms,
            "raw-text posts a second": rates[count],
            "matching path, 3 % of posts match, posts a second": _rate(
                matcher.links, _posts(schools[0].name, 3)
            ),
        }
    figures["raw text: slowest against fastest"] = min(rates.values()) / max(rates.values())
    return figures


def _national(schools: Iterable[RegisterSchool]) -> Trust:
    return Trust(
        id="all",
        name="Every school",
        schools=tuple(
            School(
                id=school.urn,
                urn=school.urn,
                name=school.name,
                town=school.town,
                locality=school.locality,
                postcode=school.postcode,
                la=school.la,
                website=school.website,
                former_names=school.former_names,
            )
            for school in schools
        ),
    )


def _posts(name: str, percent: int) -> list[str]:
    """Ten thousand posts of about 80 characters, so many per cent naming a school."""
    return [
        f"Lovely fair at {name} today" if n % 100 < percent else f"{n} {_FILLER[n % len(_FILLER)]}"
        for n in range(10_000)
    ]


def _rate(work: Callable[[str], object], posts: Sequence[str]) -> float:
    """Posts a second, the best of three."""
    best = 0.0
    for _ in range(3):
        started = time.perf_counter()
        for post in posts:
            work(post)
        best = max(best, len(posts) / (time.perf_counter() - started))
    return best
