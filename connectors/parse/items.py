"""One item of a feed, whatever its format, before it becomes a mention."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

MAX_ITEMS = 2_000
MAX_TEXT = 200_000
"""Characters kept of one item."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """`id` is the publisher's own, empty when it gives none; times are UTC-aware."""

    id: str = ""
    url: str = ""
    title: str = ""
    text: str = ""
    author: str = ""
    published_at: datetime | None = None
    edited_at: datetime | None = None
    media: tuple[tuple[str, str], ...] = ()
    """(address, type) of what is attached."""
    descriptions: tuple[str, ...] = ()
    """What the author says is seen on each of `media`; empty where nothing is said of any."""
    handle: str = ""
    """The author's account."""
    parent: str = ""
    """What it answers, by an id or address that no other place gives; empty for no reply."""
    language: str = ""
    position: str = ""
    """The place's own number for it, to page by."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounce:
    """What a mail server reports of a mail of ours (RFC 3464). `message_id` is the mail's own,
    with its angle brackets; `status` the code of RFC 3463, such as "5.1.1", or empty."""

    message_id: str
    status: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """`partial` says in words what could not be read; empty when all was. `next` is where the
    following page begins, in the place's own words; empty when there is none."""

    items: tuple[Item, ...]
    partial: str = ""
    next: str = ""
    rests_seconds: float = 0.0
    """How long it wants to be left alone between two readings; 0 when it does not say."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A picture that was decoded whole. `clean` is drawn anew from its pixels, so that nothing
    hidden beside them is left (EXIF, places, comments); `veil` is a few coloured spots, enough to
    see that it is there and nothing of what it shows."""

    media_type: str
    """Of `clean`: "image/png" or "image/jpeg"."""
    width: int
    height: int
    clean: bytes
    veil: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Enclosed:
    """A file in a mail, by its place among the files; nothing of it was read."""

    number: int
    name: str
    media_type: str
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MailItem:
    """A mail without its sender. `authentication` is what the operator's own server found, empty
    when it says nothing; `is_automatic` is true of lists, alerts, bounces and replies by machines;
    `is_ours` of what this service sent itself."""

    message_id: str
    title: str
    text: str
    sent_at: datetime | None
    authentication: str
    is_automatic: bool
    is_ours: bool
    files: tuple[Enclosed, ...]
    results: tuple[Item, ...] = ()
    """What a search engine's alert found, each with its link; empty for any other mail."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """What a captured page shows. `shows` is the share of the words looked for that stand on
    it, 0 to 1."""

    title: str
    text: str
    shows: float
    asks_to_sign_in: bool
    has_cookie_dialog: bool
    needs_scripts: bool
    """It has next to no text without them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Happened:
    """What part of a stream told. `gone` are the ids of posts that were taken back, and of
    accounts, ending with a slash, with all their posts; `position` is where to go on, `lost` how
    many frames could not be read, `ended` why the server broke off, empty when it did not."""

    items: tuple[Item, ...] = ()
    gone: tuple[str, ...] = ()
    position: int = 0
    lost: int = 0
    is_outdated: bool = False
    """It begins later than it was asked to."""
    ended: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """The posts around one, each as an item: what it answers, the first of all first, and what
    stands beside or answers it. `withheld` counts those that are not for us."""

    before: tuple[Item, ...] = ()
    after: tuple[Item, ...] = ()
    withheld: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """Whole days of a calendar, first and last included."""

    name: str
    first: date
    last: date
