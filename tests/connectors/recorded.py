"""Answers in the exact shape that real software gives, each beside what is to be told of it."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from connectors.types import Mention
from tests.doubles.loopback import Reply, Site

RECORDED = Path(__file__).parents[1] / "recorded"
TYPES = {
    ".atom": "application/atom+xml; charset=UTF-8",
    ".feed": "application/feed+json; charset=utf-8",
    ".rss": "application/rss+xml",
}
_OURS = ("fetched_at", "place_hints", "source_school", "official", "expires_at")
"""What the poll adds; the rest is the source's word."""


def payloads(kind: str) -> list[Path]:
    return sorted(path for path in (RECORDED / kind).iterdir() if path.suffix in TYPES)


def as_recorded(payload: Path, **headers: str) -> Reply:
    """Header names with underscores for hyphens."""
    named = {name.replace("_", "-"): text for name, text in headers.items()}
    return Reply(body=payload.read_bytes(), headers={"Content-Type": TYPES[payload.suffix]} | named)


def expected(payload: Path, site: Site) -> Any:
    """The mentions, with the site's address where the file says {site}."""
    text = payload.with_suffix(".json").read_text(encoding="utf-8")
    return json.loads(text.replace("{site}", site.address))


def told(mention: Mention) -> Any:
    """Every field that a source fills, as JSON; what it leaves empty is left out."""
    fields = {name: value for name, value in asdict(mention).items() if name not in _OURS}
    return _given(json.loads(json.dumps(fields, default=datetime.isoformat)))


def _given(value: Any) -> Any:
    if isinstance(value, list):
        return [_given(one) for one in value]
    if not isinstance(value, dict):
        return value
    inner = {name: _given(one) for name, one in value.items()}
    return {name: one for name, one in inner.items() if one not in (None, "", [], {})}
