"""What stands around a post, sealed with its evidence: where a case holds the post, and nowhere
else.

The conversation belongs to others, most of whom did nothing: it is looked at without being kept,
and kept when somebody handling a case says so.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from connectors.archive import Saved
from connectors.types import Conversation
from monitor.cases import evidence as case_evidence
from monitor.evidence.record import Known, Seen, with_record
from monitor.evidence.seal import Seal
from monitor.store import audit, cases, evidence
from monitor.store.database import Store
from monitor.store.evidence import Part
from monitor.store.scope import EVERYTHING
from monitor.store.views import MentionDetail

CONVERSATION, ARCHIVE = "conversation.json", "archive.json"


class NotInACase(Exception):
    """No case that is open or closed holds the mention, so nothing around it is kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hand:
    """Who keeps something around which mention, and when."""

    store: Store
    detail: MentionDetail
    by: str
    now: datetime

    @property
    def asked_by(self) -> str:
        return self.by

    @property
    def pictures(self) -> bool:
        """No page was loaded for it."""
        return False

    scripts = pictures


def keep_conversation(hand: Hand, found: Conversation, connector: str) -> Seal:
    """Seal the posts around a mention. Raises NotInACase."""
    number = len(found.before) + len(found.after)
    said = f"The conversation around it as it stood then: {number} posts."
    return _sealed(hand, CONVERSATION, asdict(found), said, connector)


def keep_archived(hand: Hand, found: tuple[Saved, ...]) -> Seal:
    """Seal what the Internet Archive said that it has of the page. Raises NotInACase."""
    said = f"What the Internet Archive had of the page then: {len(found)} copies."
    copies = {"copies": [asdict(one) for one in found]}
    return _sealed(hand, ARCHIVE, copies, said, "wayback")


def _sealed(hand: Hand, name: str, document: Mapping[str, Any], said: str, connector: str) -> Seal:
    parts = {name: Part(media_type="application/json", body=_written(document))}
    known = Known(connector=connector, reported_seen_at=None)
    seen = Seen(state="around", said=(said,))
    whole = with_record(parts, hand.detail, hand, seen, known, now=hand.now)
    mention_id = hand.detail.mention_id
    with hand.store.begin() as tx:
        held = cases.of_mention(tx, EVERYTHING, mention_id)
        if not any(one.state in cases.LIVE for one in held):
            raise NotInACase
        seal = evidence.put(tx, mention_id, whole, page="around", now=hand.now)
        if capture := evidence.find(tx, seal.number):
            case_evidence.receive(tx, mention_id, capture, (said,), now=hand.now)
        subject = f"mention {mention_id}"
        audit.append(tx, actor=hand.by, action="evidence.sealed", subject=subject, now=hand.now)
    return seal


def _written(document: Any) -> bytes:
    return json.dumps(document, ensure_ascii=False, indent=1, default=_iso).encode()


def _iso(value: Any) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)
