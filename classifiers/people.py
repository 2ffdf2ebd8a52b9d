"""Where people are named in a running text, whoever they are: for taking others out of what one
person is given about themselves. A proposal; a person reads it."""

from __future__ import annotations

import re
from functools import cache

from classifiers.pupil.names import NameLists, names
from classifiers.pupil.post import Post
from classifiers.text import MAX_JUDGED
from classifiers.types import Span
from config.national import every_surname, first_names, world_first_names

_TITLED = re.compile(
    r"\b(?:Mr|Mrs|Ms|Miss|Mx|Dr|Sir|Dame|Prof|Professor|Revd?|Fr)\.? +"
    r"[^\W\d_][\w'’-]*(?: +[A-Z][\w'’-]+)?"
)


def named(text: str) -> tuple[Span, ...]:
    """Names of people in reading order, without overlaps; further places of a surname or first
    name that stands in one of them count too."""
    read = text[:MAX_JUDGED]
    post = Post(read, (), (), _lists().owns)
    found = [(one.start, one.end) for one in names(post, _lists())]
    found += [match.span() for match in _TITLED.finditer(read)]
    known = {word.lower() for start, end in found for word in _words(read[start:end])}
    found += [
        (word.start, word.end)
        for word in post.words
        if word.is_capital and len(word.low) > 2 and word.low in known
    ]
    return tuple(_apart(found))


def _words(name: str) -> list[str]:
    return [word for word in re.findall(r"[^\W\d_]+", name) if len(word) > 2]


def _apart(found: list[tuple[int, int]]) -> list[Span]:
    """Overlapping ones as one."""
    apart: list[Span] = []
    for start, end in sorted(found):
        if apart and start < apart[-1].end:
            apart[-1] = Span(apart[-1].start, max(apart[-1].end, end))
        else:
            apart.append(Span(start, end))
    return apart


@cache
def _lists() -> NameLists:
    return NameLists(first_names(), every_surname(), world_first_names())
