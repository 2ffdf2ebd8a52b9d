"""What every interface of Meta's does: a token in the header, cursors, refusals by code, shares of
an allowance told in headers."""

from __future__ import annotations

import json
from typing import Any

from monitor.sample.platforms.desk import Asked, Reply, as_json

TOKEN = "EAAB-of-ours"
Record = dict[str, Any]


def refused(code: int, *, status: int = 400, part: int | None = None, **headers: str) -> Reply:
    """As Meta words it, with the token in the message to see that it goes no further."""
    error = {"message": f"No, {TOKEN}.", "type": "OAuthException", "code": code}
    error |= {"fbtrace_id": "A"} | ({"error_subcode": part} if part else {})
    named = {name.replace("_", "-"): text for name, text in headers.items()}
    body = json.dumps({"error": error}).encode()
    return Reply(body=body, status=status, headers={"Content-Type": "text/javascript"} | named)


def page(records: list[Record], asked: Asked, **headers: str) -> Reply:
    """A page of a list. The last one has cursors too, but no address of a next one."""
    size = int(asked.query.get("limit", "25"))
    start = int(asked.query.get("after", "0") or "0")
    end = min(start + size, len(records))
    paging: Record = {"cursors": {"before": str(start), "after": str(end)}}
    if end < len(records):
        paging["next"] = f"https://graph.example/next?after={end}"
    shown = records[start:end]
    answer = {"data": shown} | ({"paging": paging} if shown else {})
    return as_json(answer, status=200, **headers)


def is_ours(asked: Asked) -> bool:
    """As a header; in the address, where the platform takes it as well, it would be logged."""
    return asked.headers.get("Authorization") == f"Bearer {TOKEN}"
