"""A server of the AT Protocol as promised: sessions that run out, and a search behind them."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

from monitor.sample.platforms.desk import Asked, Reply, as_json

HANDLE, PASSWORD = "trust.example", "abcd-efgh-ijkl-mnop"
Post = dict[str, Any]


def post(key: str, at: datetime, text: str, **changed: object) -> Post:
    stamp = at.strftime("%Y-%m-%dT%H:%M:%S.000Z")
    return {
        "uri": f"at://did:plc:wren/app.bsky.feed.post/{key}",
        "cid": "bafytried",
        "author": {"did": "did:plc:wren", "handle": "wren.example", "displayName": "Wren"},
        "record": {
            "$type": "app.bsky.feed.post",
            "text": text,
            "createdAt": stamp,
            "langs": ["en"],
        },
        "indexedAt": stamp,
        "labels": [],
    } | changed


def refused(status: int, error: str) -> Reply:
    return as_json({"error": error, "message": "No."}, status=status)


class Bluesky:
    """Posts newest first; `runs_out` ends every session there is."""

    def __init__(self, *posts: Post) -> None:
        self.posts = list(posts)
        self.threads: dict[str, Post] = {}
        """By address of a post the thread that it stands in."""
        self.signed_in = 0
        self.token = ""
        self.refuses_all = False
        self.is_open = False
        """Whether its view of single posts wants no account."""
        self.own_server = ""
        """Where the account lives, when it is not here."""

    def runs_out(self) -> None:
        self.token = ""

    def __call__(self, asked: Asked) -> Reply:
        what = asked.path.removeprefix("/xrpc/")
        if what == "com.atproto.server.createSession":
            return self._create(json.loads(asked.sent))
        is_view = what == "app.bsky.feed.getPosts" and self.is_open
        if is_view and "Authorization" not in asked.headers:
            return self._there(asked)
        if what == "app.bsky.feed.getPostThread":
            thread = self.threads.get(asked.query["uri"])
            return as_json({"thread": thread}) if thread else refused(400, "NotFound")
        if what not in ("app.bsky.feed.searchPosts", "app.bsky.feed.getPosts"):
            return refused(501, "MethodNotImplemented")
        if "Authorization" not in asked.headers:
            return refused(401, "AuthMissing")
        if asked.headers["Authorization"] != f"Bearer {self.token}":
            return refused(400, "ExpiredToken")
        if self.refuses_all or int(asked.query.get("limit", "0")) > 100:
            return refused(400, "InvalidRequest")
        return self._there(asked) if what.endswith("getPosts") else self._search(asked)

    def _there(self, asked: Asked) -> Reply:
        """Up to 25 posts by address; those that were deleted are left out."""
        uris = parse_qs(urlsplit(asked.target).query)["uris"]
        if len(uris) > 25:
            return refused(400, "InvalidRequest")
        return as_json({"posts": [one for one in self.posts if one["uri"] in uris]})

    def _create(self, sent: dict[str, str]) -> Reply:
        if sent != {"identifier": HANDLE, "password": PASSWORD}:
            return refused(401, "AuthenticationRequired")
        self.signed_in += 1
        self.token = f"token-{self.signed_in}"
        service = {
            "id": "#atproto_pds",
            "type": "AtprotoPersonalDataServer",
            "serviceEndpoint": self.own_server,
        }
        answer: dict[str, Any] = {"accessJwt": self.token, "did": "did:plc:trust"}
        return as_json(answer | ({"didDoc": {"service": [service]}} if self.own_server else {}))

    def _search(self, asked: Asked) -> Reply:
        words = asked.query["q"].strip('"').casefold()
        since = asked.query["since"]
        found = [
            one
            for one in self.posts
            if words in str(one["record"]["text"]).casefold() and one["indexedAt"] >= since
        ]
        start, size = int(asked.query.get("cursor", "0")), int(asked.query["limit"])
        more = {"cursor": str(start + size)} if len(found) > start + size else {}
        return as_json({"posts": found[start : start + size]} | more)
