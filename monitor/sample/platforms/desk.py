"""A question and its answer, as the servers of the sample's internet and of the tests know them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One request. `query` holds the last value of each name, `target` what stood in the request
    line; `at` is in monotonic seconds; `sent` is what a POST brought."""

    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    at: float
    sent: bytes = b""
    target: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


def as_json(value: object, *, status: int = 200, **headers: str) -> Reply:
    """Header names with underscores for hyphens."""
    named = {name.replace("_", "-"): text for name, text in headers.items()}
    named = {"Content-Type": "application/json; charset=utf-8"} | named
    return Reply(body=json.dumps(value).encode(), status=status, headers=named)


def as_text(text: str, *, status: int = 200, kind: str = "text/plain") -> Reply:
    return Reply(body=text.encode(), status=status, headers={"Content-Type": kind})
