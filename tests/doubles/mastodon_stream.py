"""The streams of a Mastodon server of ours, beside its other answers: over a real WebSocket, for
those whose token it knows, with its odd days."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Event, Thread
from time import monotonic
from urllib.parse import parse_qs, urlsplit

from websockets.datastructures import Headers
from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response
from websockets.sync.server import ServerConnection, serve

from monitor.sample.platforms.mastodon import Mastodon, Status
from tests.doubles.loopback import Asked

TOKEN = "token-of-the-trust"
STREAM = "/api/v1/streaming"


def update(status: Status, event: str = "update") -> str:
    return json.dumps({"stream": ["hashtag"], "event": event, "payload": json.dumps(status)})


def delete(number: int) -> str:
    return json.dumps({"stream": ["hashtag"], "event": "delete", "payload": str(number)})


@dataclass(slots=True)
class Streaming:
    """`frames` go to whoever has subscribed to every one of the tags that are asked for."""

    rest: Mastodon
    frames: list[str] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    has_streams: bool = True
    hangs_up: bool = False
    elsewhere: str = ""
    """Where it says that its streams are."""
    closing: Event = field(default_factory=Event)

    def before(self, line: ServerConnection, request: Request) -> Response | None:
        parts = urlsplit(request.path)
        if parts.path == STREAM and self.has_streams:
            is_ours = request.headers.get("Authorization") == f"Bearer {TOKEN}"
            return None if is_ours else answered(401, b'{"error": "Missing access token"}')
        if parts.path == "/api/v2/instance" and self.elsewhere:
            about = {"configuration": {"urls": {"streaming": self.elsewhere}}}
            return answered(200, json.dumps(about).encode())
        query = {name: found[-1] for name, found in parse_qs(parts.query).items()}
        headers = {name.title(): text for name, text in request.headers.raw_items()}
        reply = self.rest(
            Asked(
                path=parts.path, query=query, headers=headers, at=monotonic(), target=request.path
            )
        )
        return answered(reply.status, reply.body, reply.headers)

    def __call__(self, line: ServerConnection) -> None:
        try:
            self.tags.append(json.loads(line.recv())["tag"])
            for frame in self.frames:
                line.send(frame)
        except ConnectionClosed:
            return
        if not self.hangs_up:
            self.closing.wait(30)


def answered(status: int, body: bytes, headers: Mapping[str, str] | None = None) -> Response:
    told = {"Content-Type": "application/json", **(headers or {}), "Content-Length": str(len(body))}
    return Response(status, "Told", Headers(told), body)


@contextmanager
def streaming(server: Streaming) -> Iterator[str]:
    """The place it listens at, while the block runs."""
    with serve(server, "127.0.0.1", 0, process_request=server.before) as desk:
        thread = Thread(target=desk.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"127.0.0.1:{desk.socket.getsockname()[1]}"
        finally:
            server.closing.set()
            desk.shutdown()
            thread.join(5)
