"""Small misspellings and scanning errors of our names, tried only in texts about school life.

A word is mended when it is no English word and one letter added, dropped, changed or swapped
makes it a word of one of our names. The index holds each such word with one letter left out.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from classifiers.matching.vocabulary import SCHOOL_WORDS, TYPE_WORDS
from classifiers.resources.words import english

_SHORTEST = 5
_SCAN_ERRORS = (
    ("vv", "w"),
    ("rn", "m"),
    ("0", "o"),
    ("1", "l"),
    ("3", "e"),
    ("5", "s"),
    ("l", "i"),
)
_TOO_PLAIN = 4
"""A misspelt word is at least this long."""


class Misspellings:
    """Mends words towards the words of the given forms."""

    def __init__(self, forms: Iterable[str]) -> None:
        words = {word for form in forms for word in form.split() if len(word) >= _SHORTEST}
        words |= {word for word in SCHOOL_WORDS if len(word) >= _SHORTEST}
        self._known = words | TYPE_WORDS
        self._index: dict[str, list[str]] = defaultdict(list)
        for word in words | {word for word in TYPE_WORDS if len(word) >= 4}:
            for shorter in _deletions(word):
                self._index[shorter].append(word)

    def mended(self, words: Sequence[str]) -> list[str] | None:
        """The words with misspelt ones replaced, one for one; None when nothing was mended.

        A lone "s" (a scanned possessive) is joined to the word before it, which leaves an
        empty string in its place.
        """
        found = list(words)
        for number, word in enumerate(words):
            if word == "s" and number:
                found[number - 1] += "s"
                found[number] = ""
            elif len(word) >= _TOO_PLAIN and (better := self._mend(word)):
                found[number] = better
        return found if found != list(words) else None

    def _mend(self, word: str) -> str | None:
        if word in self._known or word in english() or word.isdigit():
            return None
        for scanned, meant in _SCAN_ERRORS:
            if scanned in word and (fixed := word.replace(scanned, meant)) in self._known:
                return fixed
        candidates = {word} | set(_deletions(word))
        close = {known for key in candidates for known in self._index.get(key, ())}
        close.update(known for known in self._index.get(word, ()))
        near = sorted(known for known in close if known[0] == word[0] and _is_one_edit(word, known))
        return near[0] if near else None


def _deletions(word: str) -> Iterator[str]:
    yield word
    for at in range(len(word)):
        yield word[:at] + word[at + 1 :]


def _is_one_edit(one: str, other: str) -> bool:
    """One letter added, dropped or changed, or two neighbours swapped."""
    if abs(len(one) - len(other)) > 1:
        return False
    start = 0
    while start < min(len(one), len(other)) and one[start] == other[start]:
        start += 1
    rest, wanted = one[start:], other[start:]
    swapped = rest[1:2] + rest[:1] + rest[2:]
    return rest[1:] == wanted[1:] or rest[1:] == wanted or rest == wanted[1:] or swapped == wanted
