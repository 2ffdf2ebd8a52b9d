"""The streams of the little internet: Bluesky's Jetstream, and a Mastodon server's hashtags."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from starlette.responses import Response
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from monitor.sample.networks import MASTODON_TOKEN, sky, status, tags_of
from monitor.sample.out import written
from monitor.sample.sites import Published

LOOKED_EVERY_SECONDS = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Shore:
    """Where the streams come from: `entries` are what is out on the site now, newest first."""

    entries: Callable[[], tuple[Published, ...]]
    clock: Callable[[], datetime]
    closing: asyncio.Event


def routes(form: str, shore: Shore) -> list[WebSocketRoute]:
    """The streams that a platform of this form has."""
    found = {
        "bluesky": [WebSocketRoute("/subscribe", partial(_jetstream, shore))],
        "mastodon": [WebSocketRoute("/api/v1/streaming", partial(_hashtags, shore))],
    }
    return found.get(form, [])


async def _jetstream(shore: Shore, line: WebSocket) -> None:
    """Every post from the cursor on, and the chatter of everybody else."""
    await line.accept()
    position = int(line.query_params["cursor"])
    with suppress(WebSocketDisconnect, RuntimeError):  # the reader has hung up
        async for _ in _moments(shore.closing):
            until = _micro(shore.clock())
            for one in reversed(shore.entries()):
                if position <= _micro(one.at) <= until:
                    await line.send_text(json.dumps(_written(one)))
            position = max(position, until + 1)
            await line.send_text(json.dumps(_chatter(until)))


async def _hashtags(shore: Shore, line: WebSocket) -> None:
    """New posts with the hashtags that were asked for."""
    if line.headers.get("authorization") != f"Bearer {MASTODON_TOKEN}":
        await line.send_denial_response(Response('{"error": "Missing access token"}', 401))
        return
    await line.accept()
    tags: set[str] = set()
    subscribing = asyncio.create_task(_subscribe(line, tags))
    base, since = f"http://{line.url.netloc}", shore.clock()
    with suppress(WebSocketDisconnect, RuntimeError):
        async for _ in _moments(shore.closing, subscribing):
            until = shore.clock()
            for one in reversed(shore.entries()):
                if since < one.at <= until and tags & tags_of(one):
                    told = status(base, one.post.id, one.at, one.post.author, one.post.html)
                    await line.send_text(_update(told))
            since = until
    subscribing.cancel()


async def _moments(
    closing: asyncio.Event, subscribing: asyncio.Task[None] | None = None
) -> AsyncIterator[None]:
    """Again and again, until all is closing or the reader has gone."""
    while not closing.is_set() and not (subscribing and subscribing.done()):
        yield
        with suppress(TimeoutError):
            await asyncio.wait_for(closing.wait(), LOOKED_EVERY_SECONDS)


async def _subscribe(line: WebSocket, tags: set[str]) -> None:
    with suppress(WebSocketDisconnect):
        while True:
            tags.add(json.loads(await line.receive_text())["tag"].casefold())


def _micro(at: datetime) -> int:
    return int(at.timestamp() * 1_000_000)


def _written(one: Published) -> dict[str, Any]:
    told = sky(one.post.id, one.at, one.post.author, written(one))
    commit = {
        "rev": "3l",
        "operation": "create",
        "collection": "app.bsky.feed.post",
        "rkey": one.post.id,
        "record": told["record"],
        "cid": told["cid"],
    }
    did = told["author"]["did"]
    return {"did": did, "time_us": _micro(one.at), "kind": "commit", "commit": commit}


def _chatter(at: int) -> dict[str, Any]:
    """Everybody else, of whom there is always somebody."""
    identity = {"did": "did:plc:gull", "handle": "gull.example", "seq": 1}
    return {"did": "did:plc:gull", "time_us": at, "kind": "identity", "identity": identity}


def _update(told: dict[str, object]) -> str:
    return json.dumps({"stream": ["hashtag"], "event": "update", "payload": json.dumps(told)})
