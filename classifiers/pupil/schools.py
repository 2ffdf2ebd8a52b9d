"""Whether the text names a school at all: one of ours, or any other by its name."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from classifiers.pupil.post import Post
from classifiers.pupil.signals import Signal

_KIND = r"(?:School|Academy|College|Primary|High|Juniors|Infants|Comp|Grammar|Sixth Form)"
_BETWEEN = (
    r"(?:C ?of ?E|CofE|CE|RC|Catholic|Church of England|Community|Primary|Junior|Infant|High|"
    r"Grammar|Secondary|Comprehensive|Boys'?|Girls'?)"
)
_NAMED = re.compile(rf"\b(?:[A-Z][\w'’.-]+ ){{1,4}}(?:{_BETWEEN} ){{0,3}}{_KIND}\b")
_NO_NAME = (
    r"the|my|our|this|that|his|her|a|any|your|their|which|high|primary|secondary|middle|nursery|"
    r"another|old|new|every|all|infant|junior|sunday|boarding|grammar|private|state|local"
)
_LOWER = re.compile(
    rf"\b(?:at|to|from|of) (?!(?:{_NO_NAME}) )((?:[a-z'-]+ ){{1,3}}"
    r"(?:school|academy|primary|high school|comp|grammar|juniors|infants))\b"
)


_GOING = re.compile(
    r"\b(?:(?:she|he|they)(?:'s|s| is|'re| are)? (?:now )?(?:at|goes to|go to|in|attends)"
    r"|starts (?:at )?|both at|all at|used to be at) (?:the )?$"
)
_TEAM = re.compile(
    r"(?:'s|s)? (?:school )?(?P<it>(?:girls'? |boys'? |junior |senior |chamber )?"
    r"(?:choir|orchestra|band|debaters|netballers|footballers|cricketers|eco council|squad"
    r"|sixth form committee|prefects))\b"
)


_SPEAKS_OF_SCHOOL = frozenset(
    {"SCHOOL_LIFE", "YEAR", "FORM", "TEAM", "CHILD", "KIN", "ROLE", "INCIDENT", "SENSITIVE"}
)


def _is_of_school(post: Post, others: Sequence[Signal]) -> bool:
    """Whether the text speaks of school, or of somebody who goes to what bears the name."""
    if any(other.kind in _SPEAKS_OF_SCHOOL for other in others):
        return True
    starts = (span.start for span in post.school_names)
    return any(_GOING.search(post.lower, max(0, at - 30), at) for at in starts)


def schools(post: Post, others: Sequence[Signal]) -> Iterator[Signal]:
    """The links' spans; where there are none, a name of ours in a text that speaks of school
    or of children, and names that end in a school's kind."""
    linked = [span for link in post.links for span in link.spans]
    for span in post.school_names:
        if team := _TEAM.match(post.lower, span.end):
            yield Signal("TEAM", team.start("it"), team.end("it"))
    if not linked and _is_of_school(post, others):
        linked = post.school_names
    for span in linked:
        yield Signal("SCHOOL", span.start, span.end)
    if linked:
        return
    for match in _NAMED.finditer(post.text):
        yield Signal("SCHOOL", match.start(), match.end())
    for match in _LOWER.finditer(post.lower):
        yield Signal("SCHOOL", match.start(1), match.end(1))
