"""Ways to reach one person: they count only where they are tied to a pupil."""

from __future__ import annotations

import re
from collections.abc import Iterator

from classifiers.pupil.patterns import read
from classifiers.pupil.post import Post
from classifiers.pupil.signals import Signal

_OWNER = re.compile(
    r"\b(?:his|her|their|she|he|hes|shes|him|kid|lad|girl|boy|pupil|i'?m in|add me)\b"
)
_NETWORK = re.compile(
    r"insta|snap|tiktok|messag|block|account|handle|\badd\b|follow|\big\b|"
    r"discord|profile|user|is @|: @"
)


def contacts(post: Post) -> Iterator[Signal]:
    """Mail, phone, handle, address and date of birth, tied to a child in their sentence."""
    taken: list[tuple[int, int]] = []
    for found in _found(post):
        if any(start < found.end and found.start < end for start, end in taken):
            continue  # the "@example" of a mail address is no handle
        taken.append((found.start, found.end))
        own = found.kind != "EMAIL" and post.in_school_name(found.start, found.end)
        if not own and _is_tied(post, found):
            yield found


def _found(post: Post) -> Iterator[Signal]:
    for entry in read("contacts.toml", "contact"):
        named = "it" in entry.pattern.groupindex
        for match in entry.matches(post.lower):
            group = "it" if named and match["it"] else 0
            if (
                entry.keys["kind"] == "ADDRESS"
                and match[0][:1].isdigit()
                and not _is_place(match[0])
            ):
                continue
            yield Signal(entry.keys["kind"], match.start(group), match.end(group))


_NO_STREET = frozenset(
    {"has", "had", "got", "a", "an", "the", "in", "on", "at", "to", "and", "is", "was", "of", "for"}
    | {"my", "his", "her", "their", "from", "who", "with", "won", "in", "out", "took", "this"}
)


def _is_place(words: str) -> bool:
    """ "13 has got a place" is no address."""
    return not _NO_STREET.intersection(words.split()[1:-1])


def _is_tied(post: Post, found: Signal) -> bool:
    first, last = post.sentence(found.start)
    around = post.lower[max(first, found.start - 120) : min(last, found.end + 80)]
    if found.kind == "HANDLE":
        return bool(_OWNER.search(around) and _NETWORK.search(around))
    if read("contacts.toml", "office")[0].pattern.search(around):
        return False
    return bool(read("contacts.toml", "tie")[0].pattern.search(around))
