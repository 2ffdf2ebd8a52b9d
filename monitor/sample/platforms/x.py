"""X's recent search as promised: a bearer token, pages, a window of seven days, a bill."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from monitor.sample.platforms.desk import Asked, Reply, as_json

TOKEN = "AAAA-of-ours"
Post = dict[str, Any]


def post(number: int, at: datetime, text: str, **said: object) -> Post:
    return {
        "id": str(number),
        "text": text,
        "created_at": at.strftime("%Y-%m-%dT%H:%M:%S.000Z"),
        "lang": "en",
        "edit_history_tweet_ids": [str(number)],
    } | said


class X:
    """Posts newest first. `billed` counts every post that was given out; `now` ends the window."""

    def __init__(self, now: datetime, *posts: Post) -> None:
        self.now = now
        self.posts = list(posts)
        self.billed = 0
        self.problem: tuple[int, str] | None = None
        self.fails_after: int | None = None
        """Answers this many questions, then fails."""

    def __call__(self, asked: Asked) -> Reply:
        if asked.headers.get("Authorization") != f"Bearer {TOKEN}":
            return as_json({"title": "Unauthorized", "type": "about:blank"}, status=401)
        if self.problem:
            status, kind = self.problem
            where = f"https://api.twitter.com/2/problems/{kind}"
            limits = {"x_rate_limit_remaining": "0", "x_rate_limit_reset": "900"}
            told = limits if kind == "rate-limit-exceeded" else {}
            return as_json({"title": "No", "type": where}, status=status, **told)
        if self.fails_after is not None:
            if self.fails_after == 0:
                return as_json({}, status=503)
            self.fails_after -= 1
        return self._search(asked)

    def _search(self, asked: Asked) -> Reply:
        size = int(asked.query["max_results"])
        start = asked.query.get("start_time")
        too_old = start and datetime.fromisoformat(start) < self.now - timedelta(days=7)
        if len(asked.query["query"]) > 512 or not 10 <= size <= 100 or too_old:
            where = "https://api.twitter.com/2/problems/invalid-request"
            return as_json({"title": "Invalid Request", "type": where}, status=400)
        found = [one for one in self.posts if self._is_found(one, asked)]
        at = int(asked.query.get("next_token", "t0")[1:])
        shown = found[at : at + size]
        self.billed += len(shown)
        meta: dict[str, Any] = {"result_count": len(shown)}
        if at + size < len(found):
            meta["next_token"] = f"t{at + size}"
        return as_json({"meta": meta} | ({"data": shown} if shown else {}))

    def _is_found(self, one: Post, asked: Asked) -> bool:
        since_id, start = asked.query.get("since_id"), asked.query.get("start_time")
        if since_id and int(one["id"]) <= int(since_id):
            return False
        if start and datetime.fromisoformat(one["created_at"]) < datetime.fromisoformat(start):
            return False
        words = [phrase.casefold() for phrase in asked.query["query"].split('"')[1::2]]
        return any(word in one["text"].casefold() for word in words)
