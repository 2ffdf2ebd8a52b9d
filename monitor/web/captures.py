"""The captures of a mention as its page shows them: what became of the page, when, and the seal."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from monitor.evidence.capture import SCREENSHOT
from monitor.store import evidence, evidence_orders
from monitor.store.database import Tx
from monitor.store.evidence import RECORD, CaptureView
from monitor.store.evidence_orders import OrderView
from monitor.store.views import MentionDetail
from monitor.web.deps import Console

GONE = ("gone",)
HELD_PAGE = ("shown", "other")
NAMES: Mapping[str, str] = {
    "record.json": "Record",
    "source.json": "What the source said",
    "post.txt": "Words of the post",
    "page.txt": "Words of the page",
    "page.warc.gz": "Page as a web archive (WARC)",
    "screenshot.png": "Picture of the page",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One capture; `record` is empty once it was erased."""

    view: CaptureView
    record: Mapping[str, Any]
    was_deleted_later: bool
    """A later look found the page gone, or the source says that its author took it back."""

    @property
    def has_picture(self) -> bool:
        return SCREENSHOT in self.view.sizes

    @property
    def files(self) -> Sequence[tuple[str, str, int]]:
        """Name, words and bytes of what may be downloaded."""
        return [(name, NAMES.get(name, "Screenshot as it was handed in"), size)
                for name, size in self.view.sizes.items() if name != "veil.png"]  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Captured:
    """What the card shows. `opened` is the capture whose picture was asked for."""

    shown: tuple[Shown, ...]
    waiting: OrderView | None
    failed: OrderView | None
    is_sexual: bool
    opened: int | None

    @property
    def newest(self) -> Shown | None:
        """The newest that has the page, else the newest."""
        whole = (one for one in self.shown if one.view.page in HELD_PAGE)
        return next(whole, self.shown[0] if self.shown else None)


def of(
    console: Console, detail: MentionDetail, *, deleted_at: datetime | None, opened: int | None
) -> Captured:
    with console.store.read() as tx:
        views = evidence.of_mention(tx, detail.mention_id)
        orders = evidence_orders.of_mention(tx, detail.mention_id)
        shown = tuple(_shown(tx, view, views, deleted_at) for view in views)
    last = orders[0] if orders else None
    return Captured(
        shown=shown,
        waiting=next((one for one in orders if one.state == "due"), None),
        failed=last if last and last.state == "failed" else None,
        is_sexual=detail.assessment is not None and "sexual" in detail.assessment.flags,
        opened=opened,
    )


def _shown(
    tx: Tx, view: CaptureView, views: Sequence[CaptureView], deleted_at: datetime | None
) -> Shown:
    record = evidence.part(tx, view.number, RECORD)
    gone_later = any(one.number > view.number and one.page in GONE for one in views)
    taken_back = deleted_at is not None and view.sealed_at < deleted_at
    return Shown(
        view=view,
        record=json.loads(record.body) if record else {},
        was_deleted_later=view.page in HELD_PAGE and (gone_later or taken_back),
    )
