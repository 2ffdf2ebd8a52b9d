"""Where a pupil's name comes again: parts of it, shortened, stretched, misspelt, run together.

Only the names that were judged to be pupils' are looked for, so that a loose likeness is enough.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from classifiers.pupil.name_words import NOT_SURNAME, SHORT_FORMS
from classifiers.pupil.names import Name
from classifiers.pupil.post import Post, Word
from classifiers.pupil.signals import Signal, SignalKind
from classifiers.resources.words import english
from classifiers.spelling import is_one_edit

_STRETCHED = re.compile(r"(.)\1{2,}")
_PARTS = re.compile(r"[\s'-]+")
_TAG = re.compile(r"[@#][\w.]+")
_SHORTEST_IN_TAG = 4
_LEAST_MISSPELT = 5
_ENDINGS = frozenset(
    {"", "y", "ie", "i", "s", "o", "a", "ey", "er", "z", "zy", "sy", "ly", "e", "x"}
)
"""What people put behind the beginning of a name ("Saffy", "Tommo", "Rhods")."""


@dataclass(frozen=True, slots=True)
class _Sought:
    """The words of the pupils' names, without accents, apostrophes and hyphens."""

    given: frozenset[str]
    family: frozenset[str]

    def kind(self, word: Word, *, means_name: bool) -> SignalKind | None:
        """Which part of a name the word is; `means_name` says that it has a capital that does."""
        low = _plain(word.low)
        if (known := self._known(low) or self._known(low.removesuffix("s"))) is not None:
            return known
        if low in NOT_SURNAME or (low in english() and not means_name):
            return None
        if (known := self._known(_STRETCHED.sub(r"\1", low))) is not None:
            return known
        if any(_is_short_for(low, name, means_name) for name in self.given):
            return "FIRST_NAME"
        return self._misspelt(low)

    def _known(self, form: str) -> SignalKind | None:
        if form in self.given:
            return "FIRST_NAME"
        return "SURNAME" if form in self.family else None

    def _misspelt(self, low: str) -> SignalKind | None:
        if len(low) < _LEAST_MISSPELT or low in english():
            return None
        if any(_is_slip(low, name) for name in self.given):
            return "FIRST_NAME"
        return "SURNAME" if any(_is_slip(low, name) for name in self.family) else None


def recurrences(post: Post, names: Collection[Name], others: Collection[Name]) -> Iterator[Signal]:
    """A signal at each further place of the pupils' names; `others` are known to be no pupils',
    and of them only a surname that is a pupil's too is told."""
    if not names:
        return
    sought = _sought(names)
    taken = [(name.start, name.end) for name in names]
    foreign = [(name.start, name.end) for name in others]
    for number, word in enumerate(post.words):
        if _is_inside(word, taken) or post.in_school_name(word.start, word.end):
            continue
        kind = sought.kind(word, means_name=_means_name(post, number))
        if kind is None or (kind == "FIRST_NAME" and _is_inside(word, foreign)):
            continue
        if (
            kind == "SURNAME"
            and _is_inside(word, foreign)
            and _plain(word.low) not in sought.family
        ):
            continue
        yield Signal(kind, word.start, word.end - _is_plural(word, sought))
    yield from _in_tags(post, sought)


def _sought(names: Collection[Name]) -> _Sought:
    given = (part for name in names for part in _parts(name.given, name.listed))
    family = (part for name in names if name.family for part in _parts(name.family, True))
    return _Sought(frozenset(given), frozenset(family))


def _parts(name: str, is_listed: bool) -> Iterator[str]:
    """The name run together, and those of its parts that are no common words."""
    whole = _plain(name)
    if len(whole) > 1:
        yield whole
    parts = [_plain(part) for part in _PARTS.split(name)]
    if len(parts) > 1:
        yield from (part for part in parts if len(part) > 2 and part not in english())


def _plain(low: str) -> str:
    if low.isascii() and low.isalpha():
        return low
    low = low.replace("ł", "l").replace("ø", "o")
    return "".join(char for char in unicodedata.normalize("NFKD", low) if char.isalnum())


def _means_name(post: Post, number: int) -> bool:
    word = post.words[number]
    return post.is_cased and word.is_capital and not post.begins_sentence(number)


def _is_short_for(low: str, name: str, means_name: bool) -> bool:
    """ "Rhi" for Rhiannon, "Saffy" for Saffron, "Seun" for Oluwaseun, "Bill" for William."""
    if low == name or len(low) < 2:
        return False
    if name in SHORT_FORMS.get(low, ()):
        return True
    if len(name) >= 7 and len(low) >= 4 and name.endswith(low):
        return True
    shared = _shared_beginning(low, name)
    least = 2 if means_name and len(low) <= 4 else 3
    return shared >= least and len(name) > shared and low[shared:] in _ENDINGS


def _shared_beginning(one: str, other: str) -> int:
    count = 0
    while count < min(len(one), len(other)) and one[count] == other[count]:
        count += 1
    return count


def _is_slip(low: str, name: str) -> bool:
    return len(name) >= _LEAST_MISSPELT and low[0] == name[0] and is_one_edit(low, name)


def _is_inside(word: Word, spans: Collection[tuple[int, int]]) -> bool:
    return any(start <= word.start < end for start, end in spans)


def _is_plural(word: Word, sought: _Sought) -> int:
    """1 where a bare "s" follows the name ("the Farahanis", "poppys mum"), else 0."""
    low = _plain(word.low)
    known = sought.given | sought.family
    return int(low not in known and low.endswith("s") and low[:-1] in known)


def _in_tags(post: Post, sought: _Sought) -> Iterator[Signal]:
    """Inside hashtags and handles: "#justiceforkaiden"."""
    for tag in _TAG.finditer(post.lower):
        for name in sorted(sought.given | sought.family):
            at = tag[0].find(name) if len(name) >= _SHORTEST_IN_TAG else -1
            if at > 0:
                start = tag.start() + at
                yield Signal("FIRST_NAME", start, start + len(name))
