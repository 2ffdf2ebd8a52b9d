"""Trustpilot's public interface as promised: a key in a header, reviews of a unit by pages."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from monitor.sample.platforms.desk import Asked, Reply, as_json

KEY = "tp-of-ours"
UNIT = "46d6a890000064000500e0c3"
NAME = "Oak Hill School"
Review = dict[str, Any]


def review(number: int, at: datetime, text: str, **more: object) -> Review:
    return {
        "id": f"{number:024x}",
        "stars": 1,
        "title": "Not again",
        "text": text,
        "language": "en",
        "createdAt": at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "updatedAt": None,
        "consumer": {"id": "c1", "displayName": "Wren"},
        "companyReply": None,
    } | more


class Trustpilot:
    """Reviews newest first. A page past the last one is empty."""

    def __init__(self, *reviews: Review, allowance: int = 833) -> None:
        self.reviews = list(reviews)
        self.allowance = allowance
        self.name = NAME

    def __call__(self, asked: Asked) -> Reply:
        if asked.headers.get("apikey") != KEY:
            return as_json({"message": f"Invalid {KEY}"}, status=401)
        if asked.path == f"/v1/business-units/{UNIT}":
            return as_json({"id": UNIT, "displayName": self.name, "status": "active"})
        if asked.path != f"/v1/business-units/{UNIT}/reviews":
            return as_json({"message": "Not found"}, status=404)
        size, page = int(asked.query["perPage"]), int(asked.query["page"])
        if size > 100 or asked.query["orderBy"] != "createdat.desc":
            return as_json({"message": "Bad request"}, status=400)
        if self.allowance == 0:
            return as_json({"message": "Too many"}, status=429, Retry_After="300")
        self.allowance -= 1
        return as_json({"reviews": self.reviews[(page - 1) * size : page * size], "links": []})
