"""Sites that would lead a capture astray are refused before any browser is asked."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest

from connectors.fetch.client import Fetcher
from tests.doubles.loopback import Reply, as_text, serving
from tests.evidence.conftest import Studio, context

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"


@contextmanager
def raw_site(say: Callable[[socket.socket], None]) -> Iterator[str]:
    """A site that answers each visitor byte by byte; its "host:port"."""
    listening = socket.create_server(("127.0.0.1", 0))
    listening.settimeout(10)

    def serve() -> None:
        while True:
            try:
                line, _ = listening.accept()
            except OSError:
                return
            with line:
                try:
                    line.recv(65536)
                    say(line)
                except OSError:
                    pass

    threading.Thread(target=serve, daemon=True).start()
    try:
        yield f"127.0.0.1:{listening.getsockname()[1]}"
    finally:
        listening.close()


def endless(line: socket.socket) -> None:
    line.sendall(HEAD + b"\r\n")
    while True:
        line.sendall(b"<p>more" * 10_000)


def a_gigabyte(line: socket.socket) -> None:
    line.sendall(HEAD + b"Content-Length: 1073741824\r\n\r\n<p>so it begins")


def drip(line: socket.socket) -> None:
    line.sendall(HEAD + b"\r\n")
    while True:
        line.sendall(b"x")
        time.sleep(0.3)


@pytest.mark.parametrize(
    ("say", "page"), [(endless, "too_large"), (a_gigabyte, "too_large"), (drip, "unreachable")]
)
def test_a_page_without_end_or_measure_is_left(
    studio: Studio, say: Callable[[socket.socket], None], page: str
) -> None:
    with raw_site(say) as place:
        studio.ctx = context(studio.scene, (place,), browser="/nowhere")
        number = studio.mention(url=f"http://{place}/")
        began = time.monotonic()
        studio.capture()
    assert time.monotonic() - began < 8
    assert studio.captures(number)[0].page == page


@pytest.mark.parametrize(
    "there", ["http://169.254.169.254/latest/meta-data/", "http://[::1]/", "http://127.1/",
              "file:///etc/passwd", "http://10.0.0.1/"],
)  # fmt: skip
def test_a_redirect_into_a_private_network_goes_nowhere(studio: Studio, there: str) -> None:
    studio.pages["/"] = Reply(status=302, headers={"Location": there})
    number = studio.mention()
    studio.capture()
    assert studio.captures(number)[0].page == "withheld"


def test_a_redirect_to_another_service_of_this_machine_goes_nowhere(studio: Studio) -> None:
    with serving(lambda asked: as_text("secret", kind="text/html")) as private:
        studio.pages["/"] = Reply(status=302, headers={"Location": private.address})
        number = studio.mention()
        studio.capture()
        assert studio.captures(number)[0].page == "withheld"
        assert private.asked == []


def test_a_name_that_points_here_the_second_time_goes_nowhere(studio: Studio) -> None:
    """DNS rebinding: each connection looks the name up once and goes to what was checked."""
    with serving(lambda asked: as_text("secret", kind="text/html")) as private:
        answers = iter(["127.0.0.1"] * 10)
        fetcher = Fetcher(studio.ctx.settings.fetch, resolve=lambda host, port: [next(answers)])
        studio.ctx = replace(studio.ctx, fetcher=fetcher)
        port = private.place.partition(":")[2]
        number = studio.mention(url=f"http://rebinding.example:{port}/")
        other = studio.mention(url="http://rebinding.example/")
        studio.capture()
        assert studio.captures(number)[0].page == "withheld"
        assert studio.captures(other)[0].page == "withheld"
        assert private.asked == []
