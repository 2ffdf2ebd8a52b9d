"""The captures of a mention as its page shows them: what became of the page, when, and the seal."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from monitor.cases.evidence import SAVED
from monitor.evidence.capture import SCREENSHOT
from monitor.store import evidence, evidence_orders
from monitor.store.database import Tx
from monitor.store.evidence import RECORD, CaptureView, PageState
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
    "conversation.json": "The conversation around it",
    "archive.json": "What the Internet Archive had",
}


PAGES: Mapping[PageState, str] = {
    "shown": "Page captured",
    "other": "Page without the words of the post",
    "sign_in": "The page asks to sign in",
    "gone": "The page is gone",
    "refused": "The site refuses",
    "not_a_page": "No page, but a file",
    "too_large": "Too large to be kept",
    "unreachable": "Words kept; the page was not reached",
    "no_address": "Words kept; it has no page",
    "link_only": "Link kept, nothing else",
    "withheld": "Not fetched, by our rules",
    "around": "What stands around it",
}
"""What became of a page, in a few words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OfMention:
    """What a case shows of one mention's evidence."""

    mention_id: int
    capture: CaptureView | None
    """The newest that is whole, else the newest."""
    waiting: OrderView | None
    failed: OrderView | None

    @property
    def is_whole(self) -> bool:
        return self.capture is not None and self.capture.page in SAVED


def of_case(tx: Tx, mention_ids: Iterable[int]) -> tuple[OfMention, ...]:
    return tuple(_of_mention(tx, one) for one in mention_ids)


def _of_mention(tx: Tx, mention_id: int) -> OfMention:
    views = [one for one in evidence.of_mention(tx, mention_id) if one.erased_at is None]
    orders = evidence_orders.of_mention(tx, mention_id)
    whole = (one for one in views if one.page in SAVED)
    return OfMention(
        mention_id=mention_id,
        capture=next(whole, views[0] if views else None),
        waiting=next((one for one in orders if one.state == "due"), None),
        failed=orders[0] if orders and orders[0].state == "failed" else None,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One capture; `record` is empty once it was erased."""

    view: CaptureView
    record: Mapping[str, Any]
    was_deleted_later: bool
    """A later look found the page gone, or the source says that its author took it back."""

    @property
    def incident_at(self) -> datetime:
        """Both times as the record gives them."""
        return datetime.fromisoformat(self.record["incident"]["at"]["utc"])

    @property
    def captured_at(self) -> datetime:
        return datetime.fromisoformat(self.record["captured"]["utc"])

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
        is_sexual=is_sexual(detail),
        opened=opened,
    )


def is_sexual(detail: MentionDetail) -> bool:
    """Of what may be a sexual matter no picture comes in, whoever asks."""
    return detail.assessment is not None and "sexual" in detail.assessment.flags


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
