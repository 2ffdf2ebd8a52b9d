"""Whether the labels can judge a text at all; if not, why, in words for people.

Short and slangy English must never be turned away: only a clear lead of another language,
together with few English words, does it.
"""

from __future__ import annotations

import re

import py3langid

from classifiers.resources.words import english

_LINK = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
_HANDLE = re.compile(r"(?<!\w)@\w+")
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_READ = 2_000
"""Characters that are enough to tell a language."""

_LEAD = 25.0
"""Natural-log likelihood by which another language must lead English."""

_SLANG = frozenset(
    """u ur r y n lol lmao omg idk tbh ngl fr rn pls plz wtf smh cba gonna wanna dunno aint innit
    init bruv fam wasteman wastemen peng peak bare mandem ye yh yeh nah wiv da dat dis dem cuz coz
    bc thx tho bro sis hun xx xxx x btw imo fyi dm oi mate m8 gr8 l8r""".split()  # noqa: SIM905
)
_LATIN = re.compile(r"[A-Za-zÀ-ɏḀ-ỿ]")


def not_judged(text: str) -> str | None:
    """The reason why the labels say nothing of this text; None when they can."""
    bare = _HANDLE.sub(" ", _LINK.sub(" ", text[:_READ]))
    words = _WORD.findall(bare)
    if not words:
        return _why_no_words(text[:_READ])
    letters = "".join(words)
    if len(_LATIN.findall(letters)) < len(letters) / 2:
        return "not in English" if len(letters) >= 2 else None
    return "not in English" if _is_foreign(bare, words) else None


def _why_no_words(text: str) -> str:
    if _LINK.search(text):
        return "nothing but a link"
    return "no words" if text.strip() else "empty"


def _is_foreign(bare: str, words: list[str]) -> bool:
    lower = [word.lower().replace("’", "'") for word in _without_names(words)]
    known = sum(word in english() or word in _SLANG or "'" in word for word in lower) / len(lower)
    if known >= 0.8 or len(words) < 2:
        return False
    if len(words) >= 6 and known < 0.3:
        return True
    ranked = py3langid.rank(bare)
    language, best = ranked[0]
    ours = next(score for code, score in ranked if code == "en")
    lead = _LEAD if known < 0.5 else _LEAD + 10
    return bool(language != "en" and best - ours >= lead)


def _without_names(words: list[str]) -> list[str]:
    """Lower-case words only, where enough of them are: a list of names is no language."""
    lower = [word for word in words if word.islower()]
    return lower if len(lower) >= 3 else words
