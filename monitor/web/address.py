"""The queue's address: what is chosen and which pages were walked, and nothing else.

`/?state=watch&school=oakenhall&q=fire&p=3.1763900000000000.41` chooses a state, a school and
words, and is on the second page. Each `p` is the key after which a page begins, so that "newer"
is one fewer. Whatever does not read as one of these is left out, so that an address is always
our own.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Final, Literal, Self, get_args
from urllib.parse import parse_qsl, urlencode

from classifiers.types import LABELS, SEVERITIES
from monitor.schedule import local_day
from monitor.store.views import QueueFilter, QueueKey, QueueState
from monitor.web.deps import LARGEST_ID

Shown = QueueState | Literal["all"]
STATES: Final[tuple[Shown, ...]] = (*get_args(QueueState), "all")
LONGEST_TRAIL = 40
LONGEST_ID = 200
LONGEST_WRITTEN = 500
MOST_COPIES = 10_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_EARLIEST = (datetime(1, 1, 2, tzinfo=UTC) - _EPOCH) // _MICROSECOND
_LATEST = (datetime(9999, 12, 30, tzinfo=UTC) - _EPOCH) // _MICROSECOND


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueAddress:
    """Where one stands in the queue."""

    chosen: QueueFilter = field(default_factory=QueueFilter)
    written: str = ""
    """What to look for, as it was written; `chosen.wanted` is what it means."""
    first_day: date | None = None
    last_day: date | None = None
    """Days in Europe/London, both included; `chosen` has the moments."""
    trail: tuple[QueueKey, ...] = ()
    """Keys of the pages walked, the present one last; empty on the first page."""

    @classmethod
    def parse(cls, query: str) -> Self:
        given = parse_qsl(query, max_num_fields=100) if query.count("&") < 100 else []
        keys = (_key(value) for name, value in given if name == "p")
        trail = tuple(key for key in keys if key)[-LONGEST_TRAIL:]
        named = {name: value for name, value in given if name != "p"}
        first, last = _day(named.get("from", "")), _day(named.get("to", ""))
        return cls(
            chosen=_chosen(named, first, last),
            written=named.get("q", "").strip()[:LONGEST_WRITTEN],
            first_day=first,
            last_day=last,
            trail=trail,
        )

    @property
    def after(self) -> QueueKey | None:
        return self.trail[-1] if self.trail else None

    @property
    def is_narrowed(self) -> bool:
        """Whether anything but the state is chosen."""
        return bool(self.written) or replace(self.chosen, state="open") != QueueFilter()

    @property
    def is_detailed(self) -> bool:
        """Whether one of the choices that are folded away is made."""
        chosen = self.chosen
        parts = (
            chosen.platform, chosen.source_id, chosen.assigned, self.first_day, self.last_day,
        )  # fmt: skip
        return any(parts) or chosen.min_copies > 1

    def query(self) -> str:
        """Without its "?"; empty for the first page of everything to review."""
        default = QueueFilter()
        pairs = [
            (name, value)
            for name, value, usual in (
                ("state", self.chosen.state, default.state),
                ("school", self.chosen.school_id, default.school_id),
                ("label", self.chosen.label, default.label),
                ("severity", self.chosen.min_severity, default.min_severity),
                ("platform", self.chosen.platform, default.platform),
                ("source", self.chosen.source_id, default.source_id),
                ("from", self.first_day, None),
                ("to", self.last_day, None),
                ("rule", self.chosen.rule_id, default.rule_id),
                ("for", self.chosen.assigned, default.assigned),
                ("size", self.chosen.min_copies, default.min_copies),
                ("q", self.written, ""),
            )
            if value != usual
        ]
        return urlencode([*pairs, *(("p", _written(key)) for key in self.trail)])

    def path(self, **more: str) -> str:
        """The whole address, with further parameters at its end."""
        query = "&".join(part for part in (self.query(), urlencode(more)) if part)
        return f"/?{query}" if query else "/"

    def mention_path(self, mention_id: int) -> str:
        """The page of a mention that leads back here."""
        query = self.query()
        return f"/mentions/{mention_id}" + (f"?{urlencode({'from': query})}" if query else "")

    def of_state(self, state: Shown) -> Self:
        return replace(self, chosen=replace(self.chosen, state=state), trail=())

    def unnarrowed(self) -> Self:
        return type(self)(chosen=QueueFilter(state=self.chosen.state))

    def first(self) -> Self:
        return replace(self, trail=())

    def older(self, next_key: QueueKey) -> Self:
        return replace(self, trail=(*self.trail, next_key)[-LONGEST_TRAIL:])

    def newer(self) -> Self:
        return replace(self, trail=self.trail[:-1])


def _day(text: str) -> date | None:
    """A day as a browser's form writes it."""
    try:
        found = date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        return None
    return found if found and 1990 <= found.year <= 2100 else None


def _moment(day: date | None, *, after: bool = False) -> datetime | None:
    """Where a day in Europe/London begins, or ends."""
    return None if day is None else local_day(day)[1 if after else 0].astimezone(UTC)


def _row_id(text: str) -> int | None:
    return int(text) if _is_number(text) and 0 < int(text[:20]) <= LARGEST_ID else None


def _copies(text: str) -> int:
    is_number = text.isascii() and text.isdigit() and len(text) < 9
    return min(max(int(text), 1), MOST_COPIES) if is_number else 1


def _chosen(given: dict[str, str], first: date | None, last: date | None) -> QueueFilter:
    label, severity = given.get("label", ""), given.get("severity", "")
    return QueueFilter(
        state=next((one for one in STATES if one == given.get("state")), "open"),
        school_id=given.get("school", "")[:LONGEST_ID] or None,
        platform=given.get("platform", "")[:LONGEST_ID] or None,
        source_id=given.get("source", "")[:LONGEST_ID] or None,
        since=_moment(first),
        until=_moment(last, after=True),
        rule_id=_row_id(given.get("rule", "")),
        assigned=given.get("for", "").strip()[:LONGEST_ID] or None,
        min_copies=_copies(given.get("size", "")),
        label=label if label in LABELS else None,
        min_severity=severity if severity in SEVERITIES else "none",
    )


def _written(key: QueueKey) -> str:
    return f"{key.severity}.{(key.published_at - _EPOCH) // _MICROSECOND}.{key.mention_id}"


def _key(text: str) -> QueueKey | None:
    parts = text.split(".")
    if len(parts) != 3 or len(text) > 60 or not all(_is_number(part) for part in parts):
        return None
    severity, microseconds, mention_id = (int(part) for part in parts)
    in_range = (
        0 <= severity < len(SEVERITIES)
        and _EARLIEST <= microseconds <= _LATEST
        and 0 < mention_id <= LARGEST_ID
    )
    if not in_range:
        return None
    at = _EPOCH + _MICROSECOND * microseconds
    return QueueKey(severity=severity, published_at=at, mention_id=mention_id)


def _is_number(text: str) -> bool:
    return text.isascii() and text.removeprefix("-").isdigit()
