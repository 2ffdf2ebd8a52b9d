"""YouTube's Data API as promised: a key in the header, an allowance a day, searches and lists."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from monitor.sample.platforms.desk import Asked, Reply, as_json

KEY = "k-of-ours"
Video = dict[str, Any]
Comment = dict[str, Any]
Thread = dict[str, Any]


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


def comment(name: str, at: datetime, text: str, **said: object) -> Comment:
    stamp = at.strftime("%Y-%m-%dT%H:%M:%SZ")
    return {
        "id": name,
        "snippet": {
            "textDisplay": text,
            "authorDisplayName": "@wren",
            "authorChannelId": {"value": "UCwren"},
            "publishedAt": stamp,
            "updatedAt": stamp,
        }
        | said,
    }


def thread(top: Comment, *replies: Comment) -> Thread:
    """A comment on a video; at most five replies come with it."""
    answers = {"replies": {"comments": list(replies[:5])}} if replies else {}
    return {"id": top["id"], "snippet": {"topLevelComment": top}} | answers


def _published(one: Video) -> str:
    return str(one["snippet"]["publishedAt"])


def refused(status: int, reason: str) -> Reply:
    return as_json({"error": {"code": status, "errors": [{"reason": reason}]}}, status=status)


def not_our_key() -> Reply:
    """As Google words it: the closer reason stands beside the errors."""
    error: dict[str, Any] = {"code": 400, "errors": [{"reason": "badRequest"}]}
    error["details"] = [{"@type": "ErrorInfo", "reason": "API_KEY_INVALID"}]
    return as_json({"error": error}, status=400)


class YouTube:
    """Knows its videos, newest first; `taken_down` are found but not listed any more. `threads`
    are the comments by video, newest first."""

    def __init__(self, *videos: Video, allowance: int = 100) -> None:
        self.videos = sorted(videos, key=_published, reverse=True)
        self.allowance = allowance
        self.taken_down: set[str] = set()
        self.threads: dict[str, list[Thread]] = {}
        self.disabled: set[str] = set()

    def __call__(self, asked: Asked) -> Reply:
        if asked.headers.get("X-Goog-Api-Key") != KEY:
            return not_our_key()
        if asked.path == "/search":
            return self._search(asked)
        if asked.path == "/commentThreads":
            return self._comments(asked)
        if asked.path == "/videos":
            wanted = asked.query["id"].split(",")
            if len(wanted) > 50:
                return refused(400, "invalidParameter")
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

    def _comments(self, asked: Asked) -> Reply:
        """Of a video, or of all videos of a channel, or one thread by its id."""
        if number := asked.query.get("id"):
            return as_json({"items": [one for one in self._every() if one["id"] == number]})
        channel, name = asked.query.get("allThreadsRelatedToChannelId"), asked.query.get("videoId")
        videos = [one["id"] for one in self.videos if one["snippet"]["channelId"] == channel]
        if channel and not videos:
            return refused(404, "channelNotFound")
        if name in self.taken_down:
            return refused(404, "videoNotFound")
        if name in self.disabled or set(videos) & self.disabled:
            return refused(403, "commentsDisabled")
        found = [
            one
            for one in self._every()
            if one["snippet"]["videoId"] in ([name] if name else videos)
        ]
        start, size = int(asked.query.get("pageToken", "0")), int(asked.query["maxResults"])
        more = {"nextPageToken": str(start + size)} if len(found) > start + size else {}
        if size > 100:
            return refused(400, "invalidParameter")
        return as_json({"items": found[start : start + size]} | more)

    def _every(self) -> list[Thread]:
        """All threads, each with the video it stands below."""
        return [
            thread | {"snippet": thread["snippet"] | {"videoId": video}}
            for video, below in self.threads.items()
            for thread in below
        ]

    def _beginning(self, one: Video) -> Video:
        """As a search gives it: the id within a record, the description cut short."""
        snippet = dict(one["snippet"])
        snippet["description"] = snippet["description"][:40]
        return {"id": {"kind": "youtube#video", "videoId": one["id"]}, "snippet": snippet}
