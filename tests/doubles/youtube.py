"""YouTube's Data API as promised: a key in the header, an allowance a day, searches and lists."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from tests.doubles.loopback import Asked, Reply, as_json

KEY = "k-of-ours"
Video = dict[str, Any]


def video(name: str, at: datetime, title: str, description: str = "", **said: object) -> Video:
    return {
        "id": name,
        "snippet": {
            "publishedAt": at.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "channelId": "UCtried",
            "title": title,
            "description": description,
            "channelTitle": "Wren &amp; Co",
            "thumbnails": {"default": {"url": "https://i.ytimg.example/1.jpg"}},
        }
        | said,
    }


def _published(one: Video) -> str:
    return str(one["snippet"]["publishedAt"])


def refused(status: int, reason: str) -> Reply:
    return as_json({"error": {"code": status, "errors": [{"reason": reason}]}}, status=status)


class YouTube:
    """Knows its videos, newest first; `taken_down` are found but not listed any more."""

    def __init__(self, *videos: Video, allowance: int = 100) -> None:
        self.videos = sorted(videos, key=_published, reverse=True)
        self.allowance = allowance
        self.taken_down: set[str] = set()

    def __call__(self, asked: Asked) -> Reply:
        if asked.headers.get("X-Goog-Api-Key") != KEY:
            return refused(400, "badRequest")
        if asked.path == "/search":
            return self._search(asked)
        if asked.path == "/videos":
            wanted = asked.query["id"].split(",")
            assert len(wanted) <= 50
            found = [one for one in self.videos if one["id"] in set(wanted) - self.taken_down]
            return as_json({"kind": "youtube#videoListResponse", "items": found})
        return as_json({}, status=404)

    def _search(self, asked: Asked) -> Reply:
        if self.allowance == 0:
            return refused(403, "quotaExceeded")
        self.allowance -= 1
        since = asked.query["publishedAfter"]
        new = [one for one in self.videos if one["snippet"]["publishedAt"] >= since]
        page = new[: int(asked.query["maxResults"])]
        more = {"nextPageToken": "CDIQAA"} if len(new) > len(page) else {}
        return as_json({"items": [self._beginning(one) for one in page]} | more)

    def _beginning(self, one: Video) -> Video:
        """As a search gives it: the id within a record, the description cut short."""
        snippet = dict(one["snippet"])
        snippet["description"] = snippet["description"][:40]
        return {"id": {"kind": "youtube#video", "videoId": one["id"]}, "snippet": snippet}
