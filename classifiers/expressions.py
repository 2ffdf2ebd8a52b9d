"""What is looked for, in words a person can write: no regular expressions.

    "Coton Green" AND (fire OR evacuat*) NOT "Coton Green Road"

Words beside each other must all be there; AND, OR, NOT and NEAR/5 are written large. Quotation
marks keep words together, an asterisk after at least three letters stands for any ending. Case,
accents and punctuation do not matter. Length, terms and depth are limited, and matching takes
time in proportion to the text, so that no expression can hold the service up.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain

from classifiers.text import words

MAX_LENGTH = 400
MAX_TERMS = 30
MAX_DEPTH = 6
MIN_STEM = 3
NEAR_BY_DEFAULT = 8
NEAREST = range(1, 21)

_TOKEN = re.compile(
    r"""\s*(?:(?P<open>\()|(?P<close>\))|"(?P<phrase>[^"]*)"(?P<ending>\*?)|(?P<word>[^\s()"]+))"""
)
_NEAR = re.compile(r"NEAR(?:/(\d{1,3}))?")
_QUOTES = str.maketrans("“”„‟«»", '""""""')


class ExpressionError(ValueError):
    """What is wrong with an expression and where: `at` counts its characters from 0."""

    def __init__(self, message: str, at: int) -> None:
        super().__init__(message)
        self.message = message
        self.at = at


@dataclass(frozen=True, slots=True)
class Term:
    """Words that stand beside each other; the last may go on where `is_stem`."""

    words: tuple[str, ...]
    is_stem: bool = False


@dataclass(frozen=True, slots=True)
class Near:
    """Both, with at most `within` words between them, in either order; they may overlap."""

    first: Term
    second: Term
    within: int


@dataclass(frozen=True, slots=True)
class All:
    """All of `parts` and none of `without`."""

    parts: tuple[Expression, ...]
    without: tuple[Expression, ...] = ()


@dataclass(frozen=True, slots=True)
class Any:
    parts: tuple[Expression, ...]


Expression = Term | Near | All | Any


def terms(expression: Expression) -> Iterator[Term]:
    """Every term, those that must not be there included."""
    match expression:
        case Term():
            yield expression
        case Near():
            yield from (expression.first, expression.second)
        case All():
            for part in chain(expression.parts, expression.without):
                yield from terms(part)
        case Any():
            for part in expression.parts:
                yield from terms(part)


class Text:
    """A text made ready to be held against expressions: where each of its words stands."""

    def __init__(self, text: str) -> None:
        self._at: dict[str, list[int]] = {}
        for place, word in enumerate(words(text)):
            self._at.setdefault(word, []).append(place)

    @cached_property
    def _sorted(self) -> list[str]:
        return sorted(self._at)

    def places(self, term: Term) -> set[int]:
        """Where the term begins."""
        *first, last = term.words
        found = self._places_of(last, is_stem=term.is_stem)
        begins = {place - len(first) for place in found}
        for offset, word in enumerate(first):
            begins &= {place - offset for place in self._at.get(word, ())}
        return begins

    def _places_of(self, word: str, *, is_stem: bool) -> Sequence[int]:
        if not is_stem:
            return self._at.get(word, ())
        found: list[int] = []
        for at in range(bisect_left(self._sorted, word), len(self._sorted)):
            if not self._sorted[at].startswith(word):
                break
            found += self._at[self._sorted[at]]
        return found


def matches(expression: Expression, text: Text) -> bool:
    match expression:
        case Term():
            return bool(text.places(expression))
        case Near():
            return _is_near(expression, text)
        case All():
            return all(matches(part, text) for part in expression.parts) and not any(
                matches(part, text) for part in expression.without
            )
        case Any():
            return any(matches(part, text) for part in expression.parts)


def _is_near(near: Near, text: Text) -> bool:
    """Words that belong to both stand near each other, as they do in the index."""
    second = sorted(text.places(near.second))
    before = near.within + len(near.second.words)
    after = near.within + len(near.first.words)
    for first in text.places(near.first):
        at = bisect_left(second, first - before)
        if at < len(second) and second[at] <= first + after:
            return True
    return False


def parse(written: str) -> Expression:
    """The expression. Raises ExpressionError with what to mend and where."""
    if len(written) > MAX_LENGTH:
        raise ExpressionError(f"This is longer than {MAX_LENGTH} characters.", MAX_LENGTH)
    return _Parser(written.translate(_QUOTES)).whole()


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    """"(", ")", "term", "AND", "OR", "NOT", "NEAR" or "end"."""
    at: int
    term: Term | None = None
    within: int = 0


class _Parser:
    """Recursive descent over at most MAX_LENGTH characters, at most MAX_DEPTH deep."""

    def __init__(self, written: str) -> None:
        self._tokens = [*_tokens(written), _Token("end", len(written))]
        self._next = 0
        if sum(token.kind == "term" for token in self._tokens) > MAX_TERMS:
            too_many = [token for token in self._tokens if token.kind == "term"][MAX_TERMS]
            raise ExpressionError(f"There are more than {MAX_TERMS} terms.", too_many.at)

    def whole(self) -> Expression:
        if self._here.kind == "end":
            raise ExpressionError("Write what to look for.", 0)
        found = self._any(0)
        if self._here.kind == ")":
            raise ExpressionError("This bracket closes nothing.", self._here.at)
        return found

    @property
    def _here(self) -> _Token:
        return self._tokens[self._next]

    def _took(self, *kinds: str) -> bool:
        if self._here.kind not in kinds:
            return False
        self._next += 1
        return True

    def _any(self, depth: int) -> Expression:
        parts = [self._all(depth)]
        while self._took("OR"):
            parts.append(self._all(depth))
        return parts[0] if len(parts) == 1 else Any(tuple(parts))

    def _all(self, depth: int) -> Expression:
        began = self._here.at
        parts: list[Expression] = []
        without: list[Expression] = []
        while True:
            into = without if self._took("NOT") else parts
            into.append(self._near(depth))
            if not self._took("AND") and self._here.kind not in ("term", "(", "NOT"):
                break
        if not parts:
            raise ExpressionError("NOT alone finds everything else: say what to find.", began)
        return parts[0] if len(parts) == 1 and not without else All(tuple(parts), tuple(without))

    def _near(self, depth: int) -> Expression:
        first = self._one(depth)
        near = self._here
        if not self._took("NEAR"):
            return first
        second = self._one(depth)
        if not isinstance(first, Term) or not isinstance(second, Term):
            raise ExpressionError("NEAR stands between two words or phrases.", near.at)
        if near.within not in NEAREST:
            message = f"NEAR takes a number from {NEAREST[0]} to {NEAREST[-1]}."
            raise ExpressionError(message, near.at)
        return Near(first, second, near.within)

    def _one(self, depth: int) -> Expression:
        token = self._here
        if token.kind == "term" and token.term:
            self._next += 1
            return token.term
        if self._took("("):
            return self._bracketed(token, depth + 1)
        raise ExpressionError(_MISSING.get(token.kind, "A word is missing here."), token.at)

    def _bracketed(self, opened: _Token, depth: int) -> Expression:
        if depth > MAX_DEPTH:
            raise ExpressionError(f"Brackets are more than {MAX_DEPTH} deep.", opened.at)
        inner = self._any(depth)
        if not self._took(")"):
            raise ExpressionError("This bracket is never closed.", opened.at)
        return inner


_MISSING: Mapping[str, str] = {
    "end": "Something is missing at the end.",
    ")": "There is nothing between these brackets, or a word is missing before this one.",
    "NOT": "Write AND NOT before a word, not NOT NOT.",
}


def _tokens(written: str) -> Iterator[_Token]:
    at, end = 0, len(written.rstrip())
    while at < end:
        found = _TOKEN.match(written, at)
        if found is None:
            raise ExpressionError("These quotation marks are never closed.", written.index('"', at))
        kind = found.lastgroup or ""
        began = found.end() - len(found[0].lstrip())
        yield _READERS[kind](found, began)
        at = found.end()


def _word(found: re.Match[str], at: int) -> _Token:
    word = found["word"]
    if word in ("AND", "OR", "NOT"):
        return _Token(word, at)
    if near := _NEAR.fullmatch(word):
        return _Token("NEAR", at, within=int(near[1] or NEAR_BY_DEFAULT))
    return _Token("term", at, _term(word.removesuffix("*"), at, is_stem=word.endswith("*")))


def _phrase(found: re.Match[str], at: int) -> _Token:
    return _Token("term", at, _term(found["phrase"], at, is_stem=bool(found["ending"])))


def _term(written: str, at: int, *, is_stem: bool) -> Term:
    if "*" in written:
        raise ExpressionError("An asterisk stands at the end of a word only.", at)
    found = tuple(words(written))
    if not found:
        raise ExpressionError("There are no letters here to look for.", at)
    if is_stem and len(found[-1]) < MIN_STEM:
        message = f"An asterisk needs at least {MIN_STEM} letters before it."
        raise ExpressionError(message, at)
    return Term(found, is_stem)


_READERS: Mapping[str, Callable[[re.Match[str], int], _Token]] = {
    "open": lambda found, at: _Token("(", at),
    "close": lambda found, at: _Token(")", at),
    "ending": _phrase,
    "word": _word,
}
