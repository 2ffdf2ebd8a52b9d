"""The queue's address: what is chosen and which pages were walked, and nothing else.

`/?state=watch&school=oakenhall&p=3.1763900000000000.41` chooses a state and a school and is on
the second page. Each `p` is the key after which a page begins, so that "newer" is one fewer.
Whatever does not read as one of these is left out, so that an address is always our own.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Final, Self, get_args
from urllib.parse import parse_qsl, urlencode

from classifiers.types import LABELS, SEVERITIES
from monitor.store.views import QueueFilter, QueueKey, QueueState
from monitor.web.deps import LARGEST_ID

STATES: Final[tuple[QueueState, ...]] = get_args(QueueState)
LONGEST_TRAIL = 40
LONGEST_SCHOOL_ID = 200
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_EARLIEST = (datetime(1, 1, 2, tzinfo=UTC) - _EPOCH) // _MICROSECOND
_LATEST = (datetime(9999, 12, 30, tzinfo=UTC) - _EPOCH) // _MICROSECOND


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueAddress:
    """Where one stands in the queue."""

    chosen: QueueFilter = field(default_factory=QueueFilter)
    trail: tuple[QueueKey, ...] = ()
    """Keys of the pages walked, the present one last; empty on the first page."""

    @classmethod
    def parse(cls, query: str) -> Self:
        given = parse_qsl(query, max_num_fields=100) if query.count("&") < 100 else []
        keys = (_key(value) for name, value in given if name == "p")
        trail = tuple(key for key in keys if key)[-LONGEST_TRAIL:]
        return cls(chosen=_chosen(dict(given)), trail=trail)

    @property
    def after(self) -> QueueKey | None:
        return self.trail[-1] if self.trail else None

    @property
    def is_narrowed(self) -> bool:
        """Whether anything but the state is chosen."""
        return replace(self.chosen, state="open") != QueueFilter()

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
            )
            if value != usual
        ]
        return urlencode([*pairs, *(("p", _written(key)) for key in self.trail)])

    def path(self, **more: str) -> str:
        """The whole address, with further parameters at its end."""
        query = "&".join(part for part in (self.query(), urlencode(more)) if part)
        return f"/?{query}" if query else "/"

    def of_state(self, state: QueueState) -> Self:
        return replace(self, chosen=replace(self.chosen, state=state), trail=())

    def unnarrowed(self) -> Self:
        return replace(self, chosen=QueueFilter(state=self.chosen.state), trail=())

    def first(self) -> Self:
        return replace(self, trail=())

    def older(self, next_key: QueueKey) -> Self:
        return replace(self, trail=(*self.trail, next_key)[-LONGEST_TRAIL:])

    def newer(self) -> Self:
        return replace(self, trail=self.trail[:-1])


def _chosen(given: dict[str, str]) -> QueueFilter:
    state, label, severity = (given.get(name, "") for name in ("state", "label", "severity"))
    return QueueFilter(
        state=state if state in STATES else "open",
        school_id=given.get("school", "")[:LONGEST_SCHOOL_ID] or None,
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
