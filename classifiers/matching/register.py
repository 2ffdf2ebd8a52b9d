"""The whole national register, as the matcher sees it: names that are not ours, and places.

What is the same for every trust (`National`) is made once; a trust adds little to it (`Register`),
so that one process can serve many.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from classifiers.matching.automaton import Automaton, Hit
from classifiers.matching.forms import core, folded, name_forms
from classifiers.matching.vocabulary import OTHER_PLACES, PHASE_WORDS
from config import national
from config.national import RegisterSchool
from config.own_register import own_register
from config.trust import Trust


@dataclass(frozen=True, slots=True)
class Namesake:
    """A registered school outside the Trust; `places` and `outward` are folded."""

    name: str
    places: frozenset[str]
    outward: str


class _Names:
    """Which schools, by their numbers, have which folded form of a name."""

    def __init__(self) -> None:
        self.forms: dict[str, list[int]] = defaultdict(list)
        self.cores: dict[str, list[int]] = defaultdict(list)

    def add(self, names: tuple[str, ...], number: int) -> None:
        for form in {form for name in names for form in name_forms(name)}:
            self.forms[form].append(number)
        if plain := core(folded(names[0])):
            self.cores[plain].append(number)

    def having(self, form: str) -> Iterator[int]:
        yield from self.forms.get(form, ())
        yield from self.cores.get(form, ())


class National:
    """Every school of a register and every place that one lies in; immutable once built."""

    def __init__(self, schools: Iterable[RegisterSchool]) -> None:
        self.namesakes: list[Namesake] = []
        self.numbers: dict[str, int] = {}
        self.names = _Names()
        self.places = set(OTHER_PLACES)
        known: dict[str, str] = {}
        for number, school in enumerate(schools):
            places = _places(school, known)
            self.places |= places
            outward = school.postcode.split(" ")[0].lower()
            self.namesakes.append(Namesake(school.name, places, outward))
            self.numbers[school.urn] = number
            self.names.add((school.name, *school.former_names), number)
        self.search = Automaton(list(self.names.forms))


def england(extract: str = "") -> National:
    """The shipped register, or the operator's own `extract` of it; each read once."""
    return _of_extract(own_register(Path(extract))) if extract else _shipped()


@cache
def _shipped() -> National:
    return National(national.register())


@lru_cache(maxsize=2)
def _of_extract(schools: tuple[RegisterSchool, ...]) -> National:
    return National(schools)


class Places:
    """The folded towns, localities and authorities of the register, and a trust's own."""

    def __init__(self, everywhere: set[str], ours: frozenset[str]) -> None:
        self._everywhere = everywhere
        self._ours = ours

    def __contains__(self, place: object) -> bool:
        return place in self._everywhere or place in self._ours


class Register:
    """Who else in England has which name: all but the Trust's own enabled schools, and the decoys
    that it names. A school is known by its number."""

    def __init__(self, whole: National, trust: Trust) -> None:
        self._whole = whole
        urns = (school.urn for school in trust.enabled_schools if school.urn)
        self._ours = {whole.numbers[urn] for urn in urns if urn in whole.numbers}
        self._decoys = [Namesake(name, frozenset(), "") for name in trust.decoys]
        self._names = _Names()
        for number, name in enumerate(trust.decoys, len(whole.namesakes)):
            self._names.add((name,), number)
        self._search = Automaton(list(self._names.forms))
        self.places = Places(whole.places, frozenset(_places_of(trust)))

    @property
    def forms(self) -> int:
        """How many forms of names are known."""
        return len(self._whole.names.forms) + len(self._names.forms)

    def namesake(self, number: int) -> Namesake:
        known = len(self._whole.namesakes)
        return self._whole.namesakes[number] if number < known else self._decoys[number - known]

    def sharing(self, form: str, *, official: bool) -> list[int]:
        """Numbers of the namesakes known by this form. A form that is no official name of
        ours ("Coleshill School" for a primary) is shared with all who have its core."""
        found = {*self._whole.names.having(form), *self._names.having(form)}
        if not official and form.endswith(" school") and not PHASE_WORDS.intersection(form.split()):
            plain = core(form)
            found.update(self._whole.names.cores.get(plain, ()), self._names.cores.get(plain, ()))
        return sorted(found - self._ours)

    def hits(self, folded: str) -> Iterator[Hit]:
        """Where names of others stand in a folded text, also inside one another."""
        yield from self._search.hits(folded)
        for hit in self._whole.search.hits(folded):
            if not self._ours.issuperset(self._whole.names.forms[hit.form]):
                yield hit


def _places_of(trust: Trust) -> Iterator[str]:
    yield from map(folded, trust.places)
    for school in trust.enabled_schools:
        yield from (folded(name) for name in (school.town, school.locality, school.la) if name)


def _places(school: RegisterSchool, known: dict[str, str]) -> frozenset[str]:
    found = set()
    for name in (school.town, school.locality, school.la):
        if name:
            if name not in known:
                known[name] = folded(name)
            found.add(known[name])
    return frozenset(found)
