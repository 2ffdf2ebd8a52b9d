"""The forms that people give a school's name, all in folded spelling without outer spaces."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from classifiers.matching.vocabulary import FAITH_WORDS, FILLER_WORDS, PHASE_WORDS, TYPE_WORDS
from classifiers.text import fold

_OF_ANY_SCHOOL = TYPE_WORDS | FILLER_WORDS


def folded(name: str) -> str:
    return fold(name).strip()


def core(form: str) -> str:
    """What is left of a full name without the words that any school's name may have."""
    return " ".join([word for word in form.split() if word not in _OF_ANY_SCHOOL])


def has_type_word(form: str) -> bool:
    return not TYPE_WORDS.isdisjoint(form.split())


def name_forms(name: str) -> Iterator[str]:
    """A full name as written and shortened, each form still holding a word like "school".

    >>> list(name_forms("The Coleshill School"))
    ['the coleshill school', 'coleshill school']
    """
    full = folded(name)
    words = full.split()
    seen = {full}
    yield full
    for form in _shortened(words):
        if form not in seen and len(form.split()) > 1 and has_type_word(form) and core(form):
            seen.add(form)
            yield form


def _shortened(words: list[str]) -> Iterator[str]:
    if words[:1] == ["the"]:
        words = words[1:]
        yield " ".join(words)
    secular = [word for word in words if word not in FAITH_WORDS]
    for kept in (words, secular):
        yield " ".join(kept)
        if kept[-1:] in (["school"], ["academy"]) and has_type_word(" ".join(kept[:-1])):
            yield " ".join(kept[:-1])
    plain = core(" ".join(words))
    if plain and len(words) <= 8:
        if not PHASE_WORDS.intersection(words):
            yield f"{plain} school"
        if "primary" in words:
            yield f"{plain} primary"
            yield f"{plain} primary school"
        if "academy" in words:
            yield f"{plain} academy"


_FIGURES = {"two": "2", "three": "3", "four": "4", "five": "5", "six": "6", "seven": "7"}


def in_figures(form: str) -> str:
    """ "2 rivers high" for "two rivers high"; a form without a number stays as it is."""
    words = form.split(" ")
    if _FIGURES.keys().isdisjoint(words):
        return form
    return " ".join([_FIGURES.get(word, word) for word in words])


def joined(form: str) -> str | None:
    """The form as one word (as in "#arthurterryschool"), where long enough to say something."""
    compact = form.replace(" ", "")
    return compact if " " in form and len(compact) >= 8 else None


def host(website: str) -> str | None:
    """The folded host of an address without "www"; None when there is none."""
    if not website:
        return None
    netloc = urlsplit(website if "//" in website else f"//{website}").hostname or ""
    bare = folded(netloc.removeprefix("www."))
    return bare if " " in bare else None
