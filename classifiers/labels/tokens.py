"""A text as tokens whose offsets are code points of that text.

Every replacement before tokenising is one character for one character, so that offsets stay
true; disguised spellings ("k1ll", "b!tch", "k y s", zero-width joints, Cyrillic look-alikes)
are undone inside the token.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from itertools import product

from classifiers.resources.words import english
from classifiers.text import MAX_JUDGED

MAX_TOKEN = 40
"""Characters of one token that are looked at."""

_LOOKALIKES = str.maketrans(
    "аеорсухіјѕԁһӏкмтвнАЕОРСУХІЈЅКМТВНαορνικτυΑΒΕΖΗΙΚΜΝΟΡΤΥΧɑɡıȷ’‘‛ʼ＇´`“”„‟«»—–−",
    "aeopcyxijsdhlkmtbhaeopcyxijskmtbhaopviktuabezhikmnoptyxagij'''''''\"\"\"\"\"\"---",
)
_JOINTS = "\u00ad\u180e\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"
_STRIP_JOINTS = {ord(char): None for char in _JOINTS}
_TOKEN = re.compile(
    r"(?P<link>https?://\S+|www\.\S+)"
    r"|(?P<tag>[#@][\w" + _JOINTS + r"]+)"
    r"|(?P<spaced>(?<![\w'])[^\W\d_](?:[ .*\-][^\W\d_]){2,}(?![\w']))"
    r"|(?P<word>\$?\w+(?:['*$@!|+" + _JOINTS + r"]+\w+)*\*{0,9})"
    r"|(?P<mark>[!?]+|[.,;:\"()\n]|\.{2,}|…)"
    r"|(?P<sign>[^\s\w])"
)
_CAMEL = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+")
_ELONGATED = re.compile(r"(.)\1{2,}")
_LEET = str.maketrans("013457@$!|+", "oieastasilt")
_MIXED = re.compile(r"[a-z][013457@$!|+*]+[a-z]|^[013457$@!][a-z]{3}|[a-z]{2}\*")
_PLAIN_MIX = re.compile(r"^(?:\d+[a-z]{0,3}|[a-z]{1,6}\d+[a-z]?|\d+[a-z]?\d*)$")
_SHORT = {
    "u": "you", "ur": "your", "r": "are", "h8": "hate", "m8": "mate", "b4": "before",
    "gr8": "great", "2nite": "tonight", "2moz": "tomorrow", "tmrw": "tomorrow",
    "tmr": "tomorrow", "l8r": "later", "sumone": "someone", "dnt": "dont", "wen": "when",
    "skool": "school", "ppl": "people", "ya": "you", "yr": "year", "urself": "yourself",
    "yourselves": "yourself", "2day": "today", "plz": "please", "pls": "please", "bc": "because",
    "cuz": "because", "coz": "because", "cos": "because", "gunna": "gonna", "finna": "gonna",
    "imma": "ima", "hav": "have", "luv": "love", "wiv": "with", "da": "the", "dis": "this",
    "dat": "that", "dem": "them", "peeps": "people", "omw": "coming", "headteacher": "head",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Token:
    """`norm` is the form that features are made of; the offsets bound its original."""

    norm: str
    start: int
    end: int
    shouted: bool = False
    is_capital: bool = False


def _shortened(word: str) -> str:
    """ "kiiiill" as "kill", "sooo" as "so": runs of three or more as one or two, whichever is
    an English word; otherwise two."""
    runs = list(_ELONGATED.finditer(word))
    if not runs:
        return word
    for lengths in product((2, 1), repeat=min(len(runs), 4)):
        tried = word
        for run, length in zip(runs, lengths, strict=False):
            tried = tried.replace(run[0], run[1] * length, 1)
        if tried in english():
            return tried
    return _ELONGATED.sub(r"\1\1", word)


def undisguised(word: str) -> str:
    """A lower-case word without leetspeak, joints, elongation and apostrophes."""
    word = word.translate(_STRIP_JOINTS).replace("'", "")[:MAX_TOKEN]
    if _MIXED.search(word) and not _PLAIN_MIX.match(word):
        word = word.translate(_LEET).replace("*", "")
    elif word[-1:].isdigit() or word[:1].isdigit():
        word = _SHORT.get(word) or re.sub(r"\d", "0", word)
    word = _shortened(word.replace("*", ""))
    return _SHORT.get(word, word) or "*"


@lru_cache(maxsize=50_000)
def _norm(kind: str, raw: str) -> str:
    if kind == "link":
        return "<link>"
    if kind == "spaced":
        return undisguised(re.sub(r"[ .*\-]", "", raw.lower()))
    if kind == "mark":
        return raw[0] + ("+" if len(raw) > 1 else "")
    if kind == "sign":
        name = unicodedata.name(raw, "").lower() if ord(raw) > 0x2000 else ""
        return ":" + name.replace(" ", "_") if name else raw
    return undisguised(raw.lower())


def _tag(raw: str, start: int) -> list[Token]:
    """A hashtag as its words; a handle as one placeholder."""
    if raw[0] == "@":
        return [Token("<user>", start, start + len(raw))]
    parts = list(_CAMEL.finditer(raw[: MAX_TOKEN * 2]))
    if not parts:
        return [Token("<tag>", start, start + len(raw))]
    return [
        Token(_norm("word", part[0]), start + part.start(), start + part.end()) for part in parts
    ]


def plain(text: str) -> str:
    """Look-alike letters and typographic marks as ASCII ones, one for one: same offsets."""
    swapped = text.translate(_LOOKALIKES)
    return swapped if swapped.isascii() else _compatible(swapped)


def tokens(text: str) -> list[Token]:
    """At most the first `MAX_JUDGED` characters are looked at."""
    found: list[Token] = []
    for match in _TOKEN.finditer(plain(text[:MAX_JUDGED])):
        kind = match.lastgroup or "sign"
        raw = match[0]
        start = match.start()
        if kind == "tag":
            found.extend(_tag(raw, start))
            continue
        shouted = kind == "word" and len(raw) > 2 and raw.isupper()
        norm = _norm(kind, raw if len(raw) <= MAX_TOKEN else raw[:MAX_TOKEN])
        if kind != "sign" or norm[0] != ":" or "variation" not in norm:
            is_capital = kind == "word" and raw[0].isupper() and not shouted
            found.append(Token(norm, start, match.end(), shouted, is_capital))
    return found


def _compatible(text: str) -> str:
    """Full-width and accented letters as plain ones, where that is one for one."""
    changed = []
    for char in text:
        if char.isascii():
            changed.append(char)
            continue
        plain = unicodedata.normalize("NFKD", char)
        changed.append(plain[0] if plain[:1].isascii() and plain[:1].isalpha() else char)
    return "".join(changed)
