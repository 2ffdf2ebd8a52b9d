"""Servers that misbehave on purpose, on loopback, byte by byte."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta

from config.loading import load
from config.settings import FetchSettings
from connectors.fetch.addresses import Resolver, system_resolver
from connectors.fetch.client import Fetcher

Talk = Callable[[socket.socket], None]


@contextmanager
def talking(talk: Talk, *, heard: list[bytes] | None = None) -> Iterator[str]:
    """A server that answers every connection with `talk`; its "host:port".

    Each request's head is added to `heard`.
    """
    listener = socket.create_server(("127.0.0.1", 0))
    listener.settimeout(0.1)
    stopping = threading.Event()

    def converse(visitor: socket.socket) -> None:
        with visitor, suppress(OSError):
            visitor.settimeout(10)
            request = b""
            while b"\r\n\r\n" not in request:
                request += visitor.recv(65536) or b"\r\n\r\n"
            if heard is not None:
                heard.append(request)
            talk(visitor)

    def serve() -> None:
        while not stopping.is_set():
            with suppress(TimeoutError):
                visitor, _ = listener.accept()
                threading.Thread(target=converse, args=(visitor,), daemon=True).start()

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield f"127.0.0.1:{listener.getsockname()[1]}"
    finally:
        stopping.set()
        thread.join(5)
        listener.close()


def answer(body: bytes = b"", *, status: str = "200 OK", **headers: str) -> Talk:
    """One whole answer; header names with underscores for hyphens."""
    lines = {"Content-Length": str(len(body)), "Connection": "close"}
    lines |= {name.replace("_", "-"): value for name, value in headers.items()}
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    message = f"HTTP/1.1 {status}\r\n{head}\r\n".encode() + body
    return lambda visitor: visitor.sendall(message)


def fetcher(
    *allow: str, deadline: timedelta = timedelta(seconds=5), resolve: Resolver = system_resolver
) -> Fetcher:
    """The door as shipped, but quick, and open to exactly these places."""
    return Fetcher(settings(deadline), allow=frozenset(allow), resolve=resolve)


def settings(deadline: timedelta) -> FetchSettings:
    return load().fetch.model_copy(update={"host_spacing": timedelta(0), "deadline": deadline})
