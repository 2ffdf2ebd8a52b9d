"""Small misspellings and scanning errors of our names, tried only in texts about school life.

A word is mended when it is no English word and one letter added, dropped, changed or swapped
makes it a word of one of our names. The index holds each such word with one letter left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cache

from classifiers.matching.vocabulary import SCHOOL_WORDS, TYPE_WORDS
from classifiers.resources.words import english
from classifiers.spelling import is_one_edit

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


class _Index:
    """Words, each also with one letter left out."""

    def __init__(self, words: Iterable[str]) -> None:
        self._close: dict[str, tuple[str, ...]] = {}
        for word in words:
            for shorter in _deletions(word):
                self._close[shorter] = (*self._close.get(shorter, ()), word)

    def close(self, keys: Iterable[str]) -> Iterator[str]:
        for key in keys:
            yield from self._close.get(key, ())


@cache
def _of_any_school() -> tuple[frozenset[str], _Index]:
    """The words that every trust's names are mended towards, with what is close to them."""
    words = frozenset(word for word in SCHOOL_WORDS if len(word) >= _SHORTEST)
    return words | TYPE_WORDS, _Index(words | {word for word in TYPE_WORDS if len(word) >= 4})


class Misspellings:
    """Mends words towards the words of the given forms."""

    def __init__(self, forms: Iterable[str]) -> None:
        self._any, self._index = _of_any_school()
        words = {word for form in forms for word in form.split() if len(word) >= _SHORTEST}
        self._ours = words - self._any
        self._own_index = _Index(self._ours)

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
        if self._is_known(word) or word in english() or word.isdigit():
            return None
        for scanned, meant in _SCAN_ERRORS:
            if scanned in word and self._is_known(fixed := word.replace(scanned, meant)):
                return fixed
        keys = {word, *_deletions(word)}
        close = {*self._index.close(keys), *self._own_index.close(keys)}
        near = sorted(known for known in close if known[0] == word[0] and is_one_edit(word, known))
        return near[0] if near else None

    def _is_known(self, word: str) -> bool:
        return word in self._any or word in self._ours


def _deletions(word: str) -> Iterator[str]:
    yield word
    for at in range(len(word)):
        yield word[:at] + word[at + 1 :]
