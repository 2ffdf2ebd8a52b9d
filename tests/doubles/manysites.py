"""Many sites in a process of their own, one of each kind and more: the servers of the sample's
internet, with a notice every few seconds, a third of them misbehaving. They count what is asked of
them: who came too early, who crowded, who overdrew. Run as a module it prints where they are.
"""

from __future__ import annotations

import asyncio
import json
import sys
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from math import ceil
from time import monotonic
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from config.sources import Source
from monitor import sample
from monitor.sample.internet import Internet, Surroundings, site_app
from monitor.sample.ports import bind, number
from monitor.sample.sites import Comment, Post, Site, sites

SCHOOL = "Larkmere Hill School"
KINDS = (
    *("rss", "wordpress", "bluesky", "mastodon") * 4,
    *("jsonfeed", "forum", "discourse") * 3,
    *(
        "mastodon_stream", "jetstream", "youtube_channel", "news_search", "gdelt", "youtube",
        "youtube_comments", "threads", "facebook_page", "instagram", "linkedin", "trustpilot",
        "brave", "mojeek", "searxng", "reddit", "x",
    ) * 2,
    "google_alerts",
)  # fmt: skip
"""Sixty. The secret of Google Alerts is the addresses of all of them, so there is one."""
TROUBLES = ("throttled", "failing", "hanging", "garbage", "limited")
BELOW = ("facebook_page", "instagram", "youtube_comments")
"""Kinds whose comments alone are told."""
PACE_SECONDS = {"gdelt": 120}
"""Between two notices; GDELT's articles stand beside its search here, and share its long pauses."""
USUAL_PACE_SECONDS = 6
MOST_NOTICES = 400
RETRY_AFTER = 7
ALLOWANCE, ALLOWANCE_SECONDS = 5, 20
HANGS_SECONDS = 60
EARLY_SECONDS = 0.25
"""Two machines' clocks differ by less, and a wait is never ended sooner."""


@dataclass(slots=True)
class Place:
    """One site, and what it counted."""

    number: int
    kind: str
    app: ASGIApp
    trouble: str = ""
    asked: int = 0
    wrongs: list[str] = field(default_factory=list)
    in_flight: int = 0
    rests_until: float = 0.0
    left: int = ALLOWANCE
    renewed_at: float = 0.0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket" and self.trouble:
            await send({"type": "websocket.close"})
            return
        if scope["type"] == "websocket":
            await self.app(scope, receive, send)
            return
        self._count()
        try:
            if self.trouble:
                await self._misbehave(scope, receive, send)
            else:
                await self.app(scope, receive, send)
        finally:
            self.in_flight -= 1

    def _count(self) -> None:
        now = monotonic()
        self.asked += 1
        self.in_flight += 1
        if self.in_flight > 1:
            self.wrongs.append("two at once")
        if now < self.rests_until - EARLY_SECONDS:
            self.wrongs.append("before it was time")
        if now >= self.renewed_at:
            self.left, self.renewed_at = ALLOWANCE, now + ALLOWANCE_SECONDS
        self.left -= 1

    async def _misbehave(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self.trouble == "hanging":
            gone = asyncio.ensure_future(_gone(receive))
            await asyncio.wait([gone], timeout=HANGS_SECONDS)
            return
        if self.trouble == "limited":
            await self._limited(scope, receive, send)
            return
        status, headers, body = 200, [(b"content-type", b"text/html")], b"<!doctype html><p>Hm"
        if self.trouble == "throttled":
            self.rests_until = monotonic() + RETRY_AFTER
            status, headers = 429, [(b"retry-after", str(RETRY_AFTER).encode())]
        elif self.trouble == "failing":
            status = 500
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body * 50})

    async def _limited(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers well, and says in which second there is a new allowance."""
        if self.left < 0:
            self.wrongs.append("overdrawn")
        renewed = datetime.now(UTC) + timedelta(seconds=max(self.renewed_at - monotonic(), 0))
        told = {
            b"ratelimit-limit": str(ALLOWANCE),
            b"ratelimit-remaining": str(max(self.left, 0)),
            b"ratelimit-reset": str(ceil(renewed.timestamp())),
        }

        async def counted(message: Message) -> None:
            if message["type"] == "http.response.start":
                kept = [(name, text) for name, text in message["headers"] if b"limit" not in name]
                counts = [(name, text.encode()) for name, text in told.items()]
                message["headers"] = [*kept, *counts]
            await send(message)

        await self.app(scope, receive, counted)


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def trouble_of(at: int) -> str:
    return TROUBLES[at // 3 % len(TROUBLES)] if at % 3 == 0 else ""


@cache
def asked_as() -> dict[str, Source]:
    """How the sample asks each kind."""
    return {one.kind: one for one in reversed(sample.settings({}, sample.CONFIG).sources)}


def site(at: int, kind: str) -> Site:
    """As the sample has one that answers this kind, with notices to come."""
    port = int(asked_as()[kind].allow[0].rpartition(":")[2])
    model = next(one for one in sites() if one.port == port)
    posts = tuple(_notice(at, kind, turn) for turn in range(MOST_NOTICES))
    return replace(model, id=f"place-{at}", name=SCHOOL, posts=posts)


def appears(at: int, turn: int) -> int:
    """Seconds after the start; platforms number posts by the second, so each place has its own."""
    return turn * PACE_SECONDS.get(KINDS[at], USUAL_PACE_SECONDS) + at % USUAL_PACE_SECONDS


def _notice(at: int, kind: str, turn: int) -> Post:
    """Words where its kind tells them: in the title, in the text or in a comment."""
    said = f"Term dates of {SCHOOL}, notice {at}-{turn}"
    body = f"<p>{said}. #{SCHOOL.replace(' ', '')}</p>"
    when = f"+{appears(at, turn)}s"
    title = said if kind == "youtube_channel" else "Term dates"
    post = Post(id=f"n{at}x{turn}", at=when, author="Wren", title=title, html=body)
    if kind not in BELOW:
        return post
    comment = Comment(id=f"c{at}x{turn}", at=when, author="Lark", html=body)
    return replace(post, html="<p>Good morning</p>", comments=(comment,))


class Sites:
    """All of them, on ports of their own, and one more to ask them by."""

    def __init__(self) -> None:
        self.frozen: datetime | None = None
        self.epoch = datetime.now(UTC).replace(microsecond=0)
        self.places: list[Place] = []

    def now(self) -> datetime:
        return self.frozen or datetime.now(UTC)

    async def counts(self, request: Request) -> JSONResponse:
        told = [{"asked": one.asked, "wrongs": one.wrongs} for one in self.places]
        return JSONResponse(told)

    async def freeze(self, request: Request) -> JSONResponse:
        """Publish no more; since when, and how many notices each place has published."""
        self.frozen = self.frozen or datetime.now(UTC)
        passed = (self.frozen - self.epoch).total_seconds()
        turns = range(MOST_NOTICES)
        many = [
            sum(appears(at, turn) <= passed for turn in turns) for at in range(len(self.places))
        ]
        return JSONResponse({"since": self.frozen.isoformat(), "many": many})

    async def serve(self) -> None:
        around = Surroundings(epoch=self.epoch, clock=self.now, closing=asyncio.Event())
        apps: dict[int, Any] = {}
        bound = [bind(0) for _ in (*KINDS, "control")]
        for at, (kind, socket) in enumerate(zip(KINDS, bound, strict=False)):
            place = Place(at, kind, site_app(site(at, kind), around), trouble_of(at))
            self.places.append(place)
            apps[number(socket)] = place
        control = Route("/counts", self.counts), Route("/freeze", self.freeze)
        apps[number(bound[-1])] = Starlette(routes=control)
        config = uvicorn.Config(
            Internet(apps), lifespan="off", log_config=None, access_log=False, server_header=False,
            timeout_graceful_shutdown=1,
        )  # fmt: skip
        sys.stdout.write(json.dumps([number(one) for one in bound]) + "\n")
        sys.stdout.flush()
        await uvicorn.Server(config).serve(sockets=bound)


if __name__ == "__main__":
    sys.exit(asyncio.run(Sites().serve()))
