"""What the store knows, as digests and overviews are composed from it.

Counts are of mentions collected in the time that is reported; what waits is everything
undecided, newer or older. Nothing here about a school concerns its head (design decision 7).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta

from alerts.mask import Piece
from classifiers.types import Assessment, Label, PupilLevel, Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestEntry:
    """A mention that waits for a decision."""

    mention_id: int
    assessment: Assessment
    platform: str
    published_at: datetime
    copies: int = 1
    """Posts in its story, itself included."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnPost:
    """A post on a page of the Trust's or a school's own that could identify somebody (6.10)."""

    mention_id: int
    level: PupilLevel
    source: str
    published_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Praise:
    """A kind word in public, in which nothing is flagged; masked as every excerpt is."""

    mention_id: int
    excerpt: tuple[Piece, ...]
    platform: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestSource:
    """A source that is switched on. `read` when its last poll was read to an end or in part;
    `reason` says why not, in words for people."""

    name: str
    read: bool
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockDue:
    """Something that is to be done by a time. `what` names nobody."""

    what: str
    due_at: datetime
    path: str
    """Where in the console, with its slash."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """How far the service itself can be trusted in the time."""

    sources: tuple[DigestSource, ...] = ()
    set_aside: int = 0
    """Mentions that could not be assessed and wait for a person."""
    undelivered: int = 0
    """Messages that were given up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceDays:
    """A school's days (None: the whole Trust's)."""

    school_id: str | None
    collected: int = 0
    flagged: Mapping[Severity, int]
    """How many of the collected, by severity above "none"."""
    labels: Mapping[Label, int]
    decided: Mapping[str, int]
    """Decisions taken in the time, by outcome."""
    waiting: int = 0
    entries: tuple[DigestEntry, ...] = ()
    """The gravest of those that wait."""
    praise: tuple[Praise, ...] = ()
    trend: tuple[int, ...] = ()
    """Flagged mentions of equal stretches of time, the reported one last."""
    own_posts: tuple[OwnPost, ...] = ()
    """Of the week that ends with the time, the plainest first; only on a Sunday."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestMaterial:
    """What one headteacher reads: of one school, or of all that are theirs."""

    first: date
    last: date
    """Days in Europe/London, both included."""
    places: tuple[PlaceDays, ...]
    health: Health = Health()
    clocks: tuple[ClockDue, ...] = ()

    @property
    def is_week(self) -> bool:
        return self.first < self.last


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Counts of some days that are kept when what was counted is forgotten. `days` is of how
    many days they are known."""

    days: int = 0
    mentions: int = 0
    flagged: int = 0
    stories: int = 0
    """Flagged ones, each counted on each day on which it had a post."""
    grave: int = 0
    """Mentions that are high or critical."""
    decided: int = 0
    alarms: int = 0
    answered_soon: int = 0
    """Alarms that somebody answered within the hour."""

    def __add__(self, other: Figures) -> Figures:
        return Figures(
            **{one.name: getattr(self, one.name) + getattr(other, one.name) for one in fields(self)}
        )

    def less(self, other: Figures) -> Figures:
        """Without what is not for who reads; never below nothing, as the two may have been counted
        at different times."""
        counts = {
            one.name: max(getattr(self, one.name) - getattr(other, one.name), 0)
            for one in fields(self)
        }
        return Figures(**{**counts, "days": self.days})


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryEntry:
    """One story of the time: how grave it is, and how far it went."""

    entry: DigestEntry
    places: int
    """Sources that brought posts of it."""
    is_waiting: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class OverviewMaterial:
    """What PR and the executive read of the whole Trust."""

    first: date
    last: date
    trust: PlaceDays
    now: Figures
    before: Figures
    """Of as many days just before; of one day, of the same day a week before."""
    last_year: Figures
    """Of the same weekdays a year ago."""
    answers: tuple[timedelta, ...]
    """How long each alarm of the time waited for its answer."""
    unanswered: int
    stories: tuple[StoryEntry, ...] = ()
    """The gravest and largest."""
    platforms: Mapping[str, int]
    schools: Mapping[str, int]
    """Flagged mentions, by platform and by school."""
    health: Health = Health()
    clocks: tuple[ClockDue, ...] = ()

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1
