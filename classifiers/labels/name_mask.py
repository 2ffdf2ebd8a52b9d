"""First names left out before features are made, so that no name counts for or against a text:
"Priya", "Oliver" and "Oluwaseun" are judged alike (policy 1.2).

A name that is also a common word ("Will", "Grace") stays, and so do slurs and names of groups. A
family name after a first name or a title goes with it.
"""

from __future__ import annotations

from functools import cache

from classifiers.labels.cues import roles
from classifiers.labels.identity_mask import identities
from classifiers.labels.tokens import Token
from classifiers.resources.words import english
from config.national import first_names

_TITLES = frozenset({"mr", "mrs", "ms", "miss", "mx", "dr", "sir"})
_LOWER_CASE_BIRTHS = 2_000
"""Written small, only a name that many bear is taken for one."""
_SHORTEST = 3
_NEVER = frozenset({
    "islam", "islams", "allah", "jesus", "christ", "jihad", "sharia", "imam", "romans", "eleven",
    "north", "west", "king", "lord", "santa", "aura", "tuba", "parish", "ward", "india", "china",
    "israel", "palestine", "syria", "africa", "asia", "britain", "england", "france", "america",
    "navy", "easter", "christmas", "tyke", "wana", "ting", "aye", "tae", "fae", "wan", "mam", "mun",
    "um", "harmony", "excellence", "marvellous", "gracious", "angel", "nana", "soz", "lava",
})  # fmt: skip
"""In the register of births, and mostly said of something else."""


@cache
def _is_word(norm: str) -> bool:
    known = identities()
    return (
        norm in english()
        or norm in _NEVER
        or norm in roles()
        or norm in known.phrases
        or norm in known.guarded
        or norm in known.people
    )


@cache
def _is_name(norm: str, *, is_capital: bool) -> bool:
    if len(norm) < _SHORTEST or not norm.isalpha() or _is_word(norm):
        return False
    found = first_names().get(norm)
    return found is not None and (is_capital or found.births_1996_2020 >= _LOWER_CASE_BIRTHS)


def without_names(found: list[Token]) -> list[Token]:
    """The tokens but those that name a person."""
    kept: list[Token] = []
    is_named = is_titled = False
    for token in found:
        is_named = _is_name(token.norm, is_capital=token.is_capital) or (
            (is_named or is_titled) and _is_family_name(token)
        )
        is_titled = token.norm in _TITLES
        if not is_named:
            kept.append(token)
    return kept


def _is_family_name(token: Token) -> bool:
    return token.is_capital and token.norm.isalpha() and not _is_word(token.norm)
