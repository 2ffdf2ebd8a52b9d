"""The record of a capture: what was captured, when, by whom, and the digest of each part.

It is the first part of every capture, and what its seal covers.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from secrets import token_hex
from typing import Any, Protocol

from connectors.types import Mention
from monitor.evidence import seal
from monitor.evidence.times import Both, both
from monitor.store.evidence import RECORD, PageState, Part
from monitor.store.views import MentionDetail

FORM = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What became of the page. `said` are sentences on it, for people; `address` is where the
    redirects ended; `missing` names what could not be captured, and how to mend it."""

    state: PageState
    said: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    address: str = ""
    status: int | None = None
    title: str = ""
    shows: float | None = None


class Asked(Protocol):
    """Who asked for it (empty: the service), and whether the page might load pictures and run
    its scripts."""

    @property
    def asked_by(self) -> str: ...
    @property
    def pictures(self) -> bool: ...
    @property
    def scripts(self) -> bool: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is known of the incident beside the mention itself."""

    connector: str
    reported_seen_at: datetime | None


def with_record(
    parts: Mapping[str, Part],
    detail: MentionDetail,
    order: Asked,
    seen: Seen,
    known: Known,
    *,
    now: datetime,
) -> dict[str, Part]:
    """The parts with their record before them."""
    document = {
        "form": FORM,
        "mention": detail.mention_id,
        "address": detail.mention.url,
        "platform": detail.mention.platform,
        "external_id": detail.mention.external_id,
        "source": {"id": detail.source_id, "name": detail.source_name},
        "connector": known.connector,
        "incident": incident(detail.mention, known),
        "captured": both(now),
        "asked_for_by": order.asked_by or "the service, by itself",
        "pictures_loaded": order.pictures,
        "scripts_ran": order.scripts,
        "page": _page(seen),
        "software": f"Trust Monitor {version('trust-monitor')}",
        "parts": {
            name: {
                "sha256": seal.sha256(part.body),
                "bytes": len(part.body),
                "type": part.media_type,
            }
            for name, part in sorted(parts.items())
        },
        "random": token_hex(32),
    }
    body = json.dumps(document, ensure_ascii=False, indent=1).encode()
    return {RECORD: Part(media_type="application/json", body=body), **parts}


def _page(seen: Seen) -> dict[str, Any]:
    return {
        "state": seen.state,
        "address": seen.address,
        "status": seen.status,
        "title": seen.title,
        "words_of_the_post_found": None if seen.shows is None else round(seen.shows, 2),
        "said": list(seen.said),
        "missing": list(seen.missing),
    }


def incident(mention: Mention, known: Known) -> dict[str, Any]:
    """When it happened, and how that is known."""
    seen: Both = both(mention.fetched_at)
    if known.reported_seen_at is not None:
        at, how = known.reported_seen_at, "seen then, says the person who reported it"
    elif mention.published_known:
        at, how = mention.published_at, "posted then, says the source"
    else:
        at, how = mention.fetched_at, "first seen then; the source gives no time"
    edited = both(mention.edited_at) if mention.edited_at else None
    return {"at": both(at), "how_known": how, "first_seen": seen, "edited": edited}
