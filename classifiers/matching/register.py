"""The whole national register, as the matcher sees it: names that are not ours, and places."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from classifiers.matching.forms import core, folded, name_forms
from classifiers.matching.vocabulary import OTHER_PLACES, PHASE_WORDS
from config.national import RegisterSchool
from config.trust import Trust


@dataclass(frozen=True, slots=True)
class Namesake:
    """A registered school outside the Trust; `places` and `outward` are folded."""

    name: str
    places: frozenset[str]
    outward: str


@dataclass(slots=True)
class Register:
    """Who else in England has which name.

    `forms` and `cores` map a folded name to numbers in `namesakes`; `places` maps a folded
    town, locality or authority to the authorities it lies in.
    """

    namesakes: list[Namesake] = field(default_factory=list)
    forms: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    cores: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    places: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))

    def sharing(self, form: str, *, official: bool) -> list[int]:
        """Numbers of the namesakes known by this form. A form that is no official name of
        ours ("Coleshill School" for a primary) is shared with all who have its core."""
        found = {*self.forms.get(form, ()), *self.cores.get(form, ())}
        if not official and form.endswith(" school") and not PHASE_WORDS.intersection(form.split()):
            found.update(self.cores.get(core(form), ()))
        return sorted(found)


def build(schools: Iterable[RegisterSchool], *, trust: Trust) -> Register:
    """The register without the Trust's own enabled schools, plus the decoys it names."""
    register = Register()
    ours = {school.urn for school in trust.enabled_schools if school.urn}
    for place in OTHER_PLACES:
        register.places[place].add("")
    for place in _places_of(trust):
        register.places[place].add("")
    known: dict[str, str] = {}
    for school in schools:
        places = _places(school, known)
        for place in places:
            register.places[place].add(school.la)
        if school.urn not in ours:
            outward = school.postcode.split(" ")[0].lower()
            _add(
                register,
                (school.name, *school.former_names),
                Namesake(school.name, places, outward),
            )
    for name in trust.decoys:
        _add(register, (name,), Namesake(name, frozenset(), ""))
    return register


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


def _add(register: Register, names: tuple[str, ...], namesake: Namesake) -> None:
    number = len(register.namesakes)
    register.namesakes.append(namesake)
    for form in {form for name in names for form in name_forms(name)}:
        register.forms[form].append(number)
    if plain := core(folded(names[0])):
        register.cores[plain].append(number)
