"""A Jetstream server of ours: the frames of both dialects over a real WebSocket, and its odd
days. Frames are kept and replayed from a cursor, as theirs are."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from threading import Event, Thread
from typing import Any, Literal
from urllib.parse import parse_qs, urlsplit

from websockets.datastructures import Headers
from websockets.http11 import Request, Response
from websockets.sync.server import ServerConnection, serve

Frame = dict[str, Any]
POSTS = "app.bsky.feed.post"
V2 = "network.bsky.jetstream.subscribeEvents"


def micro(at: datetime) -> int:
    return int(at.timestamp() * 1_000_000)


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """One event, which either dialect can tell. `text` of None is a deletion; `account` an
    account that is no longer active."""

    at: datetime
    did: str = "did:plc:wren"
    key: str = ""
    text: str | None = None
    account: bool = False

    def v1(self) -> Frame:
        common: Frame = {"did": self.did, "time_us": micro(self.at)}
        if self.account:
            return common | {"kind": "account", "account": self._account()}
        return common | {"kind": "commit", "commit": self._commit()}

    def v2(self, seq: int) -> Frame:
        stamp = self.at.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        common: Frame = {"seq": seq, "did": self.did, "time": stamp, "witnessedAt": stamp}
        kind = "account" if self.account else "commit"
        rest = {"account": self._account()} if self.account else self._commit()
        payload = {"$type": f"{V2}#{kind}"} | common | rest
        return {"$type": "message", "payload": payload}

    def _account(self) -> Frame:
        return {"active": False, "did": self.did, "seq": 5, "status": "deleted"}

    def _commit(self) -> Frame:
        about: Frame = {"rev": "3l", "collection": POSTS, "rkey": self.key}
        if self.text is None:
            return about | {"operation": "delete"}
        stamp = self.at.strftime("%Y-%m-%dT%H:%M:%S.000Z")
        record = {"$type": POSTS, "text": self.text, "createdAt": stamp, "langs": ["en"]}
        return about | {"operation": "create", "record": record, "cid": "bafytried"}


@dataclass(slots=True)
class Jetstream:
    """What was written, oldest first; `asked` are the addresses it was followed at."""

    dialect: Literal["v1", "v2"]
    written: list[Written] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    raw: list[str] = field(default_factory=list)
    """Sent before everything else, as it stands here."""
    refuses: int = 0
    breaks_off_after: int | None = None
    says_nothing: bool = False
    is_live: bool = False
    """What is written later is sent as soon as it is."""
    sent: int = 0
    last: str = ""
    """Sent in the end; then the line is closed."""
    closing: Event = field(default_factory=Event)

    def before(self, line: ServerConnection, request: Request) -> Response | None:
        if self.refuses:
            return Response(self.refuses, "No", Headers({"Retry-After": "90"}), b"{}")
        return None

    def __call__(self, line: ServerConnection) -> None:
        assert line.request is not None
        self.asked.append(line.request.path)
        query = parse_qs(urlsplit(line.request.path).query)
        if self.says_nothing:
            self.closing.wait(30)
            return
        for frame in self.raw:
            line.send(frame)
        for sent, frame in enumerate(self._since(int(query["cursor"][-1]))):
            if sent == self.breaks_off_after:
                return
            line.send(frame)
            self.sent += 1
        if self.last:
            line.send(self.last)
            return
        self.closing.wait(30)

    def _since(self, cursor: int) -> Iterator[str]:
        at = 0
        while at < len(self.written) or (self.is_live and not self.closing.wait(0.02)):
            for seq, one in enumerate(self.written[at:], at + 24_000_000_000):
                at += 1
                if micro(one.at) >= cursor:
                    yield json.dumps(one.v1() if self.dialect == "v1" else one.v2(seq))


@contextmanager
def streaming(server: Jetstream) -> Iterator[str]:
    """The place it listens at, while the block runs."""
    subprotocols = ["xrpc.v1.json"] if server.dialect == "v2" else None
    with serve(
        server,
        "127.0.0.1",
        0,
        process_request=server.before,
        subprotocols=subprotocols,  # type: ignore[arg-type]
    ) as desk:
        thread = Thread(target=desk.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"127.0.0.1:{desk.socket.getsockname()[1]}"
        finally:
            server.closing.set()
            desk.shutdown()
            thread.join(5)
