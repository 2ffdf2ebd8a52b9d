"""The text that is judged, and a folded form of it in which spellings fall together.

`fold` makes "St. Chad's C of E", "SAINT CHADS CofE" and "st chads ce" one string: lower case,
no apostrophes or zero-width characters, NFKD without accents, one space between words, one
space at both ends. `fold_tracked` does the same and remembers where each character came from.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

import ahocorasick_rs

from connectors.types import Mention

MAX_JUDGED = 20_000
"""Characters of one text that are judged; what follows is not looked at."""

_APOSTROPHES = "'`´‘’‛ʼʹ＇′"
_DROPPED = _APOSTROPHES + "\u200b\u200c\u200d\u2060\ufeff\u00ad\u180e"

# Applied in this order to folded text; each side begins and ends with a space.
_REWRITES = (
    (" saint ", " st "),
    (" church of england ", " cofe "),
    (" c of e ", " cofe "),
    (" c e ", " cofe "),
    (" ce ", " cofe "),
    (" cofe c ", " cofe "),
    (" cofe a ", " cofe "),
    (" roman catholic ", " catholic "),
    (" rc ", " catholic "),
    (" voluntary controlled ", " "),
    (" voluntary aided ", " "),
    (" vc ", " "),
    (" va ", " "),
    (" infants ", " infant "),
    (" juniors ", " junior "),
    (" sch ", " school "),
    (" schl ", " school "),
    (" skl ", " school "),
    (" skool ", " school "),
)
_REWRITABLE = ahocorasick_rs.AhoCorasick([old for old, _ in _REWRITES])
_CAMEL_TAG = re.compile(r"[#@](?=\w*[a-z0-9][A-Z]|\w*[A-Z][A-Z][a-z])\w{1,100}")
_CAMEL_EDGE = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


def assessed_text(mention: Mention) -> str:
    """What is judged of a mention, and what every offset refers to."""
    return joined(mention.title, mention.text)


def joined(title: str, text: str) -> str:
    """The title and the text; the title only where the text does not begin with it."""
    return f"{title}\n{text}" if title and not text.startswith(title) else text


@dataclass(frozen=True, slots=True)
class Folded:
    """Folded text; `starts[i]` and `ends[i]` bound the original of its character i."""

    text: str
    starts: list[int]
    ends: list[int]

    def original(self, start: int, end: int) -> tuple[int, int]:
        """Offsets in the given text of the folded stretch [start, end)."""
        return self.starts[start], self.ends[end - 1]


def _fold_char(char: str) -> str:
    if char in _DROPPED or unicodedata.combining(char):
        return ""
    if char == "&":
        return " and "
    kept = [part for part in unicodedata.normalize("NFKD", char) if not unicodedata.combining(part)]
    return "".join(part.lower() if part.isalnum() else " " for part in kept) or " "


class _Table(dict[int, str]):
    """A translation table filled as characters are met, for the common planes only."""

    def __missing__(self, code: int) -> str:
        folded = _fold_char(chr(code))
        if 0xFE00 <= code <= 0xFE0F:  # variation selectors follow an emoji
            folded = ""
        if code < 0x3000:
            self[code] = folded
        return folded


_TABLE = _Table()
_ASCII = bytes(
    ord(chr(code).lower()) if chr(code).isalnum() else 32 for code in range(128)
) + bytes(128)


def _joined_and_split(match: re.Match[str]) -> str:
    """A camel-case tag in both readings: "#ATSOpenDay" as one word and as three."""
    return f"{match[0]} {_CAMEL_EDGE.sub(' ', match[0][1:])}"


def fold(text: str) -> str:
    """The folded text, quickly; equal to `fold_tracked(text).text`."""
    folded = _spaced(text)
    while "  " in folded:
        folded = folded.replace("  ", " ")
    if _REWRITABLE.find_matches_as_indexes(folded):
        for old, new in _REWRITES:
            folded = folded.replace(old, new)
    return folded


def words(text: str) -> list[str]:
    """The words that can be looked for: folded, but no spelling exchanged for another, so that
    each can be found by itself."""
    return _spaced(text).split()


def _spaced(text: str) -> str:
    if "#" in text or "@" in text:
        text = _CAMEL_TAG.sub(_joined_and_split, text)
    if text.isascii():
        if "&" in text:
            text = text.replace("&", " and ")
        folded = text.encode("ascii").translate(_ASCII, b"'`").decode("ascii")
    else:
        folded = text.translate(_TABLE)
    return f" {folded} "


def fold_tracked(text: str) -> Folded:
    """The folded text with the place of each of its characters in `text`."""
    chars, starts, ends = _fold_chars(text, _reading_order(text))
    folded = Folded("".join(chars), starts, ends)
    for old, new in _REWRITES:
        if old in folded.text:
            folded = _rewrite(folded, old, new)
    return folded


def replace_words(folded: Folded, words: list[str]) -> Folded:
    """The folded text with its words exchanged one for one; an empty one belongs to the
    word before it. Each new word stands for the whole of the old."""
    text, starts, ends = " ", folded.starts[:1], folded.ends[:1]
    at = 1
    for old, new in zip(folded.text.split(), words, strict=True):
        stop = at + len(old)
        if new:
            text += f"{new} "
            starts += [folded.starts[at]] * len(new) + [folded.starts[stop]]
            ends += [folded.ends[stop - 1]] * len(new) + [folded.ends[stop]]
        else:
            ends[-2] = folded.ends[stop - 1]
        at = stop + 1
    return Folded(text, starts, ends)


def _reading_order(text: str) -> list[int]:
    """Original offsets in the order they are read; -1 is a space between the readings."""
    order: list[int] = []
    done = 0
    for match in _CAMEL_TAG.finditer(text) if "#" in text or "@" in text else ():
        order.extend(range(done, match.end()))
        for part in _CAMEL_EDGE.split(match[0][1:]):
            order.append(-1)
            at = match.start() + 1 if order[-2] == match.end() - 1 else order[-2] + 1
            order.extend(range(at, at + len(part)))
        done = match.end()
    order.extend(range(done, len(text)))
    return order


def _fold_chars(text: str, order: list[int]) -> tuple[list[str], list[int], list[int]]:
    chars, starts, ends = [" "], [0], [0]
    for at in order:
        for char in " " if at < 0 else _TABLE[ord(text[at])]:
            if char == " " and chars[-1] == " ":
                continue
            chars.append(char)
            starts.append(max(at, 0))
            ends.append(max(at, 0) + 1)
    if chars[-1] != " " or len(chars) == 1:
        chars.append(" ")
        starts.append(len(text))
        ends.append(len(text))
    if len(chars) == 2 and chars == [" ", " "]:
        return [" "], [0], [0]
    return chars, starts, ends


def _rewrite(folded: Folded, old: str, new: str) -> Folded:
    """`str.replace`, with the replacement standing for the whole of what it replaced."""
    text: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    done = 0
    while (at := folded.text.find(old, done)) >= 0:
        stop = at + len(old)
        text.append(folded.text[done:at] + new)
        inner = len(new) - 2
        starts += [*folded.starts[done : at + 1], *[folded.starts[at + 1]] * max(inner, 0)]
        ends += [*folded.ends[done : at + 1], *[folded.ends[stop - 2]] * max(inner, 0)]
        if inner >= 0:
            starts.append(folded.starts[stop - 1])
            ends.append(folded.ends[stop - 1])
        done = stop
    text.append(folded.text[done:])
    return Folded("".join(text), starts + folded.starts[done:], ends + folded.ends[done:])
