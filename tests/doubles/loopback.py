"""A site of our own on loopback that a test answers for, request by request, over real HTTP."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from time import monotonic
from urllib.parse import parse_qs, urlsplit

from monitor.sample.platforms.desk import Asked, Reply, as_json, as_text

__all__ = ["Asked", "Reply", "Site", "as_json", "as_text", "serving"]


@dataclass(slots=True)
class Site:
    """`asked` grows with every request, in order."""

    place: str
    asked: list[Asked] = field(default_factory=list)

    scheme: str = "http"

    @property
    def address(self) -> str:
        return f"{self.scheme}://{self.place}"


@contextmanager
def serving(
    answer: Callable[[Asked], Reply | None],
    *,
    tls: ssl.SSLContext | None = None,
    host: str = "127.0.0.1",
) -> Iterator[Site]:
    """The site, open while the block runs. None for an answer closes the line without one."""

    class Desk(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self._serve(self.rfile.read(int(self.headers["Content-Length"])))

        def do_GET(self) -> None:
            self._serve(b"")

        def _serve(self, sent: bytes) -> None:
            parts = urlsplit(self.path)
            query = {name: found[-1] for name, found in parse_qs(parts.query).items()}
            headers = dict(self.headers)
            asked = Asked(
                path=parts.path,
                query=query,
                headers=headers,
                at=monotonic(),
                sent=sent,
                target=self.path,
            )
            site.asked.append(asked)
            reply = answer(asked)
            if reply is None:
                self.close_connection = True
                return
            self.send_response(reply.status)
            for name, text in reply.headers.items():
                self.send_header(name, text)
            self.send_header("Content-Length", str(len(reply.body)))
            self.end_headers()
            self.wfile.write(reply.body)

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing on standard error."""

    class Quiet(ThreadingHTTPServer):
        def handle_error(self, request: object, client_address: object) -> None:
            """A visitor who hangs up, or trusts no certificate of ours, is no fault."""

    server = Quiet((host, 0), Desk)
    site = Site(f"{host}:{server.server_port}")
    if tls is not None:
        server.socket = tls.wrap_socket(
            server.socket, server_side=True, do_handshake_on_connect=False
        )
        site.scheme = "https"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        thread.join(5)
        server.server_close()
