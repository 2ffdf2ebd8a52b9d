"""Reddit as promised: an approved application signs in, tokens run out, posts come by the page."""

from __future__ import annotations

from base64 import b64encode
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs

from monitor.sample.platforms.desk import Asked, Reply, as_json, as_text

CLIENT, SECRET, ACCOUNT = "app-of-ours", "s-of-ours", "trust_monitor"
AGENT = f"linux:trust-monitor:v1 (by /u/{ACCOUNT})"
Post = dict[str, Any]


def post(name: str, at: datetime, title: str, text: str = "", **said: object) -> Post:
    return {
        "name": f"t3_{name}",
        "id": name,
        "title": title,
        "selftext": text,
        "author": "wren_writes",
        "author_fullname": "t2_1",
        "subreddit": "Wexcombe",
        "permalink": f"/r/Wexcombe/comments/{name}/it/",
        "url": f"https://www.reddit.com/r/Wexcombe/comments/{name}/it/",
        "created_utc": at.timestamp(),
        "edited": False,
        "removed_by_category": None,
    } | said


class Reddit:
    """Posts newest first; a hundred questions in ten minutes, of which `allowance` are left."""

    def __init__(self, *posts: Post, allowance: int = 100) -> None:
        self.posts = list(posts)
        self.allowance = allowance
        self.signed_in = 0
        self.blocks = False

    def runs_out(self) -> None:
        self.signed_in += 100

    def __call__(self, asked: Asked) -> Reply:
        if self.blocks or asked.headers.get("User-Agent") != AGENT:
            page = "<html>You've been blocked by network security.</html>"
            return as_text(page, status=403, kind="text/html")
        if asked.path == "/api/v1/access_token":
            return self._sign_in(asked)
        if asked.headers.get("Authorization") != f"Bearer token{self.signed_in}":
            return as_json({"message": "Unauthorized", "error": 401}, status=401)
        if self.allowance == 0:
            return as_json({"message": "Too Many Requests"}, status=429, **self._left())
        self.allowance -= 1
        return self._search(asked)

    def _sign_in(self, asked: Asked) -> Reply:
        basic = b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        if asked.headers.get("Authorization") != f"Basic {basic}":
            return as_json({"message": "Unauthorized", "error": 401}, status=401)
        if parse_qs(asked.sent.decode()) != {"grant_type": ["client_credentials"]}:
            return as_json({"error": "unsupported_grant_type"}, status=200)
        self.signed_in += 1
        token = {"access_token": f"token{self.signed_in}", "token_type": "bearer"}
        return as_json(token | {"expires_in": 86400, "scope": "*"})

    def _left(self) -> dict[str, str]:
        return {
            "X_Ratelimit_Used": str(100 - self.allowance),
            "X_Ratelimit_Remaining": f"{self.allowance}.0",
            "X_Ratelimit_Reset": "312",
        }

    def _search(self, asked: Asked) -> Reply:
        if len(asked.query["q"]) > 512 or int(asked.query["limit"]) > 100:
            return as_json({"message": "Bad Request", "error": 400}, status=400)
        words = [one.casefold() for one in asked.query["q"].split('"')[1::2]]
        found = [one for one in self.posts if _has(one, words)]
        names = [one["name"] for one in found]
        after = asked.query.get("after", "")
        start = names.index(after) + 1 if after in names else 0
        shown = found[start : start + int(asked.query["limit"])]
        more = shown[-1]["name"] if start + len(shown) < len(found) else None
        children = [{"kind": "t3", "data": one} for one in shown]
        listing = {"after": more, "before": None, "dist": len(shown), "children": children}
        return as_json({"kind": "Listing", "data": listing}, status=200, **self._left())


def _has(one: Post, words: list[str]) -> bool:
    text = f"{one['title']} {one['selftext']}".casefold()
    return any(word in text for word in words)
