"""What a source says, in the words every connector shares.

A connector turns bytes from the network into a `Batch` of `Mention`s. Nothing here
knows what a mention means, where it is stored or who is told of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from pydantic import SecretStr

MentionKind = Literal["post", "comment", "article", "review", "mail", "report", "page"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Author:
    """The author as the source declares them; hidden by default, expires first."""

    name: str | None = None
    handle: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Media:
    """A picture, video or file that the source attaches; never downloaded by default."""

    url: str
    alt: str = ""
    type: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """One public item, as the source says it.

    `(platform, external_id)` is its identity: the same post by feed and by search is one.
    `text` is plain text (no markup); `title` is not repeated in it. Times are UTC-aware.
    `published_known` is false where the source gave no usable date and `fetched_at` stands in.
    `place_hints` are places that the *source* stands for (a local paper's town), never
    places read out of the text.
    """

    platform: str
    external_id: str
    url: str
    text: str
    published_at: datetime
    fetched_at: datetime
    title: str = ""
    kind: MentionKind = "post"
    author: Author = Author()
    published_known: bool = True
    edited_at: datetime | None = None
    parent_id: str | None = None
    language: str | None = None
    media: tuple[Media, ...] = ()
    place_hints: tuple[str, ...] = ()
    source_school: str | None = None
    """School id when the source is that school's own page or feed."""
    official: bool = False
    """True when the source is the Trust's or a school's own official account (policy 6.10)."""
    expires_at: datetime | None = None
    """When the platform's terms require it to be dropped or read again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What somebody must answer for before a kind is asked: `say` is what its terms want,
    `risk` what may come of it."""

    say: str
    risk: str


Platform = Literal[
    "Blogs and websites",
    "News",
    "Local forums",
    "Netmums, Mumsnet, The Student Room",
    "Facebook: your own pages",
    "Facebook and Instagram: groups, profiles, others' pages",
    "Instagram: your own accounts",
    "LinkedIn",
    "YouTube",
    "Snapchat, TikTok, WhatsApp, Discord, closed groups",
    "X (Twitter)",
    "Mastodon",
    "Bluesky",
    "Threads",
    "Reddit",
    "Telegram",
    "Trustpilot",
    "Google reviews",
    "Reviews and petitions",
]
"""Where people speak of schools, as people call it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """What a kind lets us see of the `platforms`, what it `misses` of them and at what delay: every
    kind must say, and what it says is shown to everybody."""

    platforms: tuple[Platform, ...]
    sees: str
    misses: str
    delay: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rechecks:
    """How often a stored post is looked at again, `most` at once; `strict` where the platform's
    terms let nothing be kept that its author took back."""

    every: timedelta
    most: int
    strict: bool = False


Standing = Mapping[str, str | None]
"""By external id what a post says now, None for one that is gone; what could not be answered is
not in it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """What became of posts of a platform that may be stored, as a stream tells it: `standing` of
    single ones, and `gone_under`, beginnings of external ids of which all are gone."""

    platform: str = ""
    standing: Standing = field(default_factory=dict)
    gone_under: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversation:
    """The public posts around one: what it answers, the first of all first, and what stands beside
    or answers it. `partial` says in words what is missing; empty when nothing is known to be."""

    before: tuple[Mention, ...] = ()
    after: tuple[Mention, ...] = ()
    partial: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """What to ask: the terms of the Trust (names, hashtags), never a person's name, unless a
    member of staff asks for their own (policy 6.15): then engines of the web ask `together`
    instead, each a set of phrases that are wanted on one page.

    Feeds ignore it; search connectors use it. `since` bounds the window to look at; `secret`
    is what the platform gave the operator to ask with. `own_sites` are hosts of the Trust's own,
    whose pages no search of the web need tell it of.
    """

    terms: tuple[str, ...] = ()
    own_sites: tuple[str, ...] = ()
    together: tuple[tuple[str, ...], ...] = ()
    since: datetime | None = None
    secret: SecretStr | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Cursor:
    """Where the last poll ended. Opaque to everyone but the connector that made it.

    `seen` holds external ids already delivered, newest last, at most 1,000.
    """

    etag: str | None = None
    last_modified: str | None = None
    high_water: str | None = None
    seen: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Ok:
    """The source was read to its end."""


@dataclass(frozen=True, slots=True)
class NotModified:
    """The source says nothing changed since the last poll; counts as read."""


@dataclass(frozen=True, slots=True)
class Partial:
    """Part was read; the rest was not (a cut body, unreadable items)."""

    reason: str


@dataclass(frozen=True, slots=True)
class NotMeasured:
    """The source could not be read: silence here says nothing about mentions.

    `kind` is the name of the error class in `connectors.errors`, in words for people in
    `reason`. `retry_after` is the number of seconds the server asked us to wait, if it did.
    """

    kind: str
    reason: str
    retry_after: float | None = None


Health = Ok | NotModified | Partial | NotMeasured


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """One poll's outcome. `possible_gap` when the window was outrun since the last poll."""

    mentions: tuple[Mention, ...] = ()
    cursor: Cursor = field(default_factory=Cursor)
    health: Health = field(default_factory=Ok)
    possible_gap: bool = False
    allowance: str = ""
    """What is left of what the platform allows, in words; empty when it does not say."""
    changes: Changes = field(default_factory=Changes)
    rests_seconds: float = 0.0
    """For so long it wants to be left alone, or will not have changed, by its own words."""
