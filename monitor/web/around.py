"""What stands around a mention, put into words: names masked, authors told apart and not named."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from string import ascii_uppercase

from alerts import mask
from classifiers.text import assessed_text
from classifiers.types import Assessment
from connectors.archive import Saved
from connectors.types import Conversation, Mention
from monitor.store.views import MentionDetail
from monitor.web.deps import Console
from monitor.web.reviewing import is_grave

LONGEST = 1_500


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """One post of a conversation. `who` tells speakers apart and names nobody."""

    who: str
    at: datetime | None
    text: str
    url: str
    is_grave: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """What was asked for. `problem` says why there is nothing; `job` is the archive's number for
    a copy that it was asked to make."""

    before: tuple[Voice, ...] = ()
    after: tuple[Voice, ...] = ()
    partial: str = ""
    is_conversation: bool = False
    copies: tuple[Saved, ...] | None = None
    job: str = ""
    saved: Saved | None = None
    problem: str = ""


def conversation(console: Console, detail: MentionDetail, found: Conversation) -> Around:
    """The posts in their order, masked as the mention itself is (policy 6.10); `detail` with its
    author, who is told apart among those who speak and not named."""
    posts = (*found.before, *found.after)
    judged = console.classifier().assess(posts, explain=False) if posts else ()
    names = _Names(detail.mention)
    voices = [_voice(names, one, its) for one, its in zip(posts, judged, strict=True)]
    return Around(
        before=tuple(voices[: len(found.before)]),
        after=tuple(voices[len(found.before) :]),
        partial=found.partial,
        is_conversation=True,
    )


def _voice(names: _Names, post: Mention, assessment: Assessment) -> Voice:
    return Voice(
        who=names.of(post),
        at=post.published_at if post.published_known else None,
        text=mask.mask(assessed_text(post), assessment)[:LONGEST],
        url=post.url,
        is_grave=is_grave(assessment.severity, assessment.flags),
    )


class _Names:
    """Person A, Person B ... in the order in which they speak."""

    def __init__(self, mention: Mention) -> None:
        self._author = _known_as(mention)
        self._others: list[str] = []

    def of(self, post: Mention) -> str:
        known = _known_as(post)
        if not known:
            return "Somebody"
        if known == self._author:
            return "The author of the mention"
        if known not in self._others:
            self._others.append(known)
        return f"Person {_letters(self._others.index(known))}"


def _known_as(post: Mention) -> str:
    return post.author.handle or post.author.name or ""


def _letters(at: int, alphabet: Sequence[str] = ascii_uppercase) -> str:
    """A to Z, then A2 to Z2 and so on."""
    turn, place = divmod(at, len(alphabet))
    return f"{alphabet[place]}{turn + 1 if turn else ''}"
