"""The Trust's terms as a platform wants to be asked: phrases, bundles of phrases, hashtags.

Terms come from the configuration, whose validator lets no person's name through
(`config.terms`); nothing here shortens one, since half a school's name may be a person's.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from connectors.errors import Forbidden

_OPERATORS = re.compile(r"""[\s"“”„\\()<>\[\]{}]+""")
"""What ends a phrase, or means something to one search engine or another."""
_WORD = re.compile(r"[^\W_]+")
_APOSTROPHE = re.compile("['’]")


def phrase(term: str) -> str:
    """The term to be found as it stands, in quotes; no interface here can escape a quote
    within, so quotes and brackets become spaces."""
    return f'"{_OPERATORS.sub(" ", term).strip()}"'


def bundled(
    terms: Iterable[str], *, longest: int, around: str = "{}", either: str = " OR "
) -> tuple[str, ...]:
    """Every term as a phrase, as many to a query as its length allows: ("a" OR "b").

    `longest` counts characters of the whole query, `around` being what else is asked with a
    {} for the phrases, `either` what stands between them. Raises Forbidden when a term alone is
    longer.
    """
    bundles: list[list[str]] = []
    for term in dict.fromkeys(phrase(term) for term in terms if _WORD.search(term)):
        if bundles and len(_query([*bundles[-1], term], around, either)) <= longest:
            bundles[-1].append(term)
        else:
            bundles.append([term])
    queries = tuple(_query(bundle, around, either) for bundle in bundles)
    if any(len(query) > longest for query in queries):
        raise Forbidden("A term is longer than this platform can be asked for.")
    return queries


def _query(phrases: Sequence[str], around: str, either: str) -> str:
    """Brackets around one phrase alone, or around signs instead of words, are an error to
    some."""
    joined = either.join(phrases)
    in_brackets = len(phrases) > 1 and either.strip().isalpha()
    return around.format(f"({joined})" if in_brackets else joined)


def hosts(addresses: Iterable[str]) -> tuple[str, ...]:
    """The hosts of web addresses, however they are written, without a leading "www."."""
    named = (re.sub(r"^(?:[a-z]+:)?//", "", one.strip().casefold()) for one in addresses)
    found = (re.split(r"[/?#:]", one)[0].removeprefix("www.") for one in named)
    return tuple(dict.fromkeys(host for host in found if "." in host))


def hashtags(terms: Iterable[str]) -> tuple[str, ...]:
    """Each term as the hashtags people make of it, without the #: TheOakHillSchool and
    OakHillSchool. What is a number only cannot be one."""
    found: dict[str, str] = {}
    for term in terms:
        for words in _variants(_WORD.findall(_APOSTROPHE.sub("", term))):
            tag = "".join(word[:1].upper() + word[1:] for word in words)
            if not tag.isdecimal() and tag:
                found.setdefault(tag.casefold(), tag)
    return tuple(found.values())


def _variants(words: list[str]) -> list[list[str]]:
    if len(words) > 2 and words[0].casefold() == "the":
        return [words, words[1:]]
    return [words]
