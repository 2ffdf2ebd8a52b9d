"""Threads' keyword search as promised: one's own posts alone until the application is approved."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from monitor.sample.platforms import graph
from monitor.sample.platforms.desk import Asked, Reply, as_json

OWN = "pennick.example"
SENSITIVE = "fight"
DAILY = 2_200
Post = dict[str, Any]


def post(number: int, at: datetime, text: str, *, by: str = "wren", **more: object) -> Post:
    return {
        "id": str(number),
        "text": text,
        "media_type": "TEXT_POST",
        "permalink": f"https://www.threads.net/@{by}/post/{number}",
        "timestamp": at.strftime("%Y-%m-%dT%H:%M:%S+0000"),
        "username": by,
        "is_reply": False,
    } | more


class Threads:
    """Posts newest first. A query that finds nothing costs nothing."""

    def __init__(self, *posts: Post, is_approved: bool = True, allowance: int = DAILY) -> None:
        self.posts = list(posts)
        self.is_approved = is_approved
        self.allowance = allowance

    def __call__(self, asked: Asked) -> Reply:
        if not graph.is_ours(asked):
            return graph.refused(190, status=401)
        if asked.path == "/me":
            return as_json({"id": "17", "username": OWN})
        if asked.path != "/keyword_search":
            return graph.refused(100, part=33)
        if int(asked.query["limit"]) > 100 or int(asked.query["since"]) < 1_688_540_400:
            return graph.refused(100)
        if self.allowance == 0:
            return graph.refused(613, status=403)
        found = self._found(asked)
        self.allowance -= bool(found)
        return graph.page(found, asked)

    def _found(self, asked: Asked) -> list[Post]:
        words, since = asked.query["q"].casefold(), int(asked.query["since"])
        if SENSITIVE in words:
            return []
        return [
            one
            for one in self.posts
            if words in one["text"].casefold()
            and datetime.fromisoformat(one["timestamp"]).timestamp() >= since
            and (self.is_approved or one["username"] == OWN)
        ]
