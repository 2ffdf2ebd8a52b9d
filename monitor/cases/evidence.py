"""Evidence in cases (policy 9.4): each capture of a case's mention is a receipt on its timeline,
and opening a case orders the captures that are missing."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from monitor.store import cases, evidence, evidence_orders
from monitor.store.database import Tx
from monitor.store.evidence import RECORD, CaptureView, PageState
from monitor.store.scope import EVERYTHING

ACTOR = "the service"
BROUGHT = "brought-"
SAVED: tuple[PageState, ...] = ("shown", "link_only")
"""What becomes of a page where nothing is left to save: of a sexual post the link alone is kept."""


def receive(
    tx: Tx,
    mention_id: int,
    capture: CaptureView,
    said: Sequence[str],
    *,
    now: datetime,
) -> None:
    """Put the receipt of a capture on the timeline of every open case that holds the mention."""
    for head in cases.of_mention(tx, EVERYTHING, mention_id):
        if head.state == "open":
            _put(tx, head.case_id, capture, said, now=now)


def gather(tx: Tx, case_id: int, mention_id: int, *, now: datetime) -> None:
    """A mention has come into a case: what was captured of it is received, the newest whole one or
    else the newest; where nothing was, that is ordered."""
    there = [one for one in evidence.of_mention(tx, mention_id) if one.erased_at is None]
    best = next((one for one in there if one.page in SAVED), there[0] if there else None)
    if best is not None:
        _put(tx, case_id, best, _said(tx, best.number), now=now)
    if best is None or best.page not in SAVED:
        evidence_orders.order_for_case(tx, mention_id, now=now)


def _said(tx: Tx, number: int) -> Sequence[str]:
    """What the record of a capture says became of the page."""
    record = evidence.part(tx, number, RECORD)
    page: dict[str, Any] = json.loads(record.body)["page"] if record else {}
    return [*page.get("said", ()), *page.get("missing", ())]


def _put(tx: Tx, case_id: int, capture: CaptureView, said: Sequence[str], *, now: datetime) -> None:
    facts = {
        "mention": capture.mention_id,
        "seal": capture.number,
        "digest": capture.digest,
        "page": capture.page,
        "is_whole": capture.page in SAVED or _is_brought(capture),
        "sealed_at": capture.sealed_at.isoformat(),
        "text": " ".join([*said, f"Seal {capture.number}: {capture.digest}"]),
    }
    cases.append(tx, case_id, "evidence_saved", facts, by=ACTOR, now=now)


def _is_brought(capture: CaptureView) -> bool:
    """Somebody's own screen print was sealed with it."""
    return any(name.startswith(BROUGHT) for name in capture.sizes)
