"""A Mastodon server of ours: hashtag timelines as promised, and its odd days."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from urllib.parse import unquote

from monitor.sample.platforms.desk import Asked, Reply, as_json

MOST = 40
Status = dict[str, object]


def status(number: int, at: datetime, content: str, **changed: object) -> Status:
    """A public post of somebody on another server."""
    uri = f"https://tidepool.example/users/wren/statuses/{number}"
    return {
        "id": str(number),
        "uri": uri,
        "url": f"https://tidepool.example/@wren/{number}",
        "created_at": at.strftime("%Y-%m-%dT%H:%M:%S.000Z"),
        "edited_at": None,
        "account": {"acct": "wren@tidepool.example", "display_name": "Wren", "noindex": False},
        "content": content,
        "spoiler_text": "",
        "visibility": "public",
        "language": "en",
        "in_reply_to_id": None,
        "reblog": None,
        "media_attachments": [],
        "tags": [{"name": "oakhillschool"}],
    } | changed


class Mastodon:
    """Knows posts by hashtag, counts its allowance down, and tells of its hashtags."""

    def __init__(self, *statuses: Status, tag: str = "oakhillschool", allowance: int = 300) -> None:
        self.tags = {tag: sorted(statuses, key=lambda one: int(str(one["id"])), reverse=True)}
        self.allowance = allowance
        self.hashtags_for = {"local": "public", "remote": "public"}
        self.around: dict[str, tuple[list[Status], list[Status]]] = {}
        """By number of a post what it answers and what answers it."""
        self.refuses_unknown_tags = False
        self.token = ""
        """Whose search it answers; empty when nobody has an account."""
        self.in_time_order_only = False
        """As servers do that know nothing of since_id and max_id."""

    def __call__(self, asked: Asked) -> Reply:
        if asked.path == "/api/v2/instance":
            access = {"timelines_access": {"hashtag_feeds": self.hashtags_for}}
            return as_json({"domain": "tidepool.example", "configuration": access})
        if asked.path == "/api/v2/search":
            return self._search(asked)
        if asked.path.endswith("/context"):
            before, after = self.around.get(asked.path.split("/")[4], ([], []))
            return as_json({"ancestors": before, "descendants": after})
        if asked.path.startswith("/api/v1/statuses/"):
            number = asked.path.rpartition("/")[2]
            there = [one for tag in self.tags.values() for one in tag if one["id"] == number]
            return (
                as_json(there[0]) if there else as_json({"error": "Record not found"}, status=404)
            )
        if not asked.path.startswith("/api/v1/timelines/tag/"):
            return as_json({"error": "Record not found"}, status=404)
        if self.allowance == 0:
            return self._counted({"error": "Too many requests"}, status=429)
        self.allowance -= 1
        if "authenticated" in self.hashtags_for.values():
            return self._counted({"error": "The access token is invalid"}, status=401)
        return self._timeline(asked)

    def _search(self, asked: Asked) -> Reply:
        """Posts with the phrase that came after a day, at most 40, from `offset` on: the signed-in
        alone may ask for posts."""
        if not self.token or asked.headers.get("Authorization") != f"Bearer {self.token}":
            return self._counted({"error": "The access token is invalid"}, status=401)
        _, phrase, rest = asked.query["q"].split('"')
        after = rest.partition("after:")[2]
        found = [
            one
            for one in self.tags.get("", [])
            if phrase.casefold() in str(one["content"]).casefold()
            and str(one["created_at"])[:10] > after
        ]
        start = int(asked.query["offset"])
        size = min(int(asked.query["limit"]), MOST)
        answer = {"accounts": [], "hashtags": [], "statuses": found[start : start + size]}
        return self._counted(answer)

    def _timeline(self, asked: Asked) -> Reply:
        tag = unquote(asked.path.rpartition("/")[2]).casefold()
        if tag not in self.tags and self.refuses_unknown_tags:
            return self._counted({"error": "Record not found"}, status=404)
        hidden = "disabled" in self.hashtags_for.values()
        statuses = [] if hidden else self.tags.get(tag, [])
        if not self.in_time_order_only:
            since, most = int(asked.query.get("since_id", 0)), int(asked.query.get("max_id", 1e18))
            statuses = [one for one in statuses if since < int(str(one["id"])) < most]
        page = statuses[: min(int(asked.query.get("limit", "20")), MOST)]
        if not page:
            return self._counted(page)
        here = f"http://{asked.headers['Host']}{asked.path}"
        link = f'<{here}?max_id={page[-1]["id"]}>; rel="next", <{here}?min_id=1>; rel="prev"'
        return self._counted(page, Link=link)

    def _counted(self, body: object, *, status: int = 200, **headers: str) -> Reply:
        new = (datetime.now(UTC) + timedelta(minutes=5)).strftime("%Y-%m-%dT%H:%M:%S.000000Z")
        allowance = {
            "X_RateLimit_Limit": "300",
            "X_RateLimit_Remaining": str(self.allowance),
            "X_RateLimit_Reset": new,
        }
        return as_json(body, status=status, **allowance, **headers)
