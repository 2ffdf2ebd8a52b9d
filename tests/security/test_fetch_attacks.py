"""Each way a server can hurt its reader, tried for real (issue: the one door to the network)."""

import asyncio
import base64
import gzip
import socket
import subprocess
import sys
import time
import zlib
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from connectors.errors import (
    AuthLost,
    Blocked,
    ConnectorError,
    Forbidden,
    Gone,
    Malformed,
    Throttled,
    TooLarge,
    Unreachable,
)
from connectors.fetch.addresses import is_public
from tests.security.hostile import Talk, answer, fetcher, talking

MEGABYTE = 1024 * 1024
ROOT = Path(__file__).parents[2]


def get(url: str, *allow: str, **options: object) -> object:
    return asyncio.run(fetcher(*allow).get(url, **options))  # type: ignore[arg-type]


def refused(talk: Talk, kind: type[ConnectorError], *, within_seconds: float = 5.0) -> None:
    with talking(talk) as place:
        began = time.monotonic()
        with pytest.raises(kind):
            get(f"http://{place}/", place)
        assert time.monotonic() - began < within_seconds


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/",
        "http://localhost/",
        "http://2130706433/",
        "http://0x7f000001/",
        "http://127.1/",
        "http://0/",
        "http://[::1]/",
        "http://[::127.0.0.1]/",
        "http://[::ffff:127.0.0.1]/",
        "http://[::ffff:0:127.0.0.1]/",
        "http://[64:ff9b::7f00:1]/",
        "http://169.254.169.254/latest/meta-data/",
        "http://10.0.0.1/",
        "http://192.168.1.1/",
        "http://[fe80::1]/",
        "http://[fc00::1]/",
        "http://[2002:7f00:1::]/",
        "http://user:secret@example.org/",
        "http://example.org:22/",
        "ftp://example.org/",
        "file:///etc/passwd",
        "gopher://example.org/",
        "http:///nowhere",
        "http://exa mple.org:99999/",
    ],
)
def test_an_address_that_leads_inside_is_never_connected_to(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    connected: list[object] = []
    real = socket.socket.connect

    def connect(self: socket.socket, address: object) -> None:
        connected.append(address)
        real(self, address)  # type: ignore[arg-type]

    monkeypatch.setattr(socket.socket, "connect", connect)
    with pytest.raises((Forbidden, Unreachable)):
        get(url)
    assert connected == []


@pytest.mark.parametrize(
    ("literal", "public"),
    [
        ("93.184.216.34", True),
        ("2606:2800:220:1::1", True),
        ("127.0.0.1", False),
        ("0.0.0.0", False),
        ("100.64.0.1", False),
        ("192.0.2.1", False),
        ("224.0.0.1", False),
        ("255.255.255.255", False),
        ("::", False),
        ("::1", False),
        ("::127.0.0.1", False),
        ("::ffff:0:127.0.0.1", False),
        ("::ffff:93.184.216.34", True),
        ("2001:0:1::1", False),
        ("2001:db8::1", False),
        ("2002:5db8:d822::1", False),
        ("3fff::1", False),
        ("fe80::1%eth0", False),
        ("ff02::1", False),
        ("not an address", False),
    ],
)
def test_only_addresses_of_the_public_internet_are_public(literal: str, public: bool) -> None:
    assert is_public(literal) is public


def test_a_redirect_into_the_network_is_not_followed() -> None:
    for inside in ("http://169.254.169.254/", "http://127.0.0.1:22/", "file:///etc/passwd"):
        refused(answer(status="302 Found", Location=inside), Forbidden)


def test_an_allowed_place_allows_that_port_only() -> None:
    with talking(answer(b"secret")) as inside, talking(answer(b"")) as allowed:
        url = f"http://{inside}/"
        with pytest.raises(Forbidden):
            get(url, allowed)


def test_a_name_that_changes_its_mind_is_resolved_once_and_refused() -> None:
    answers = iter((["93.184.216.34", "127.0.0.1"], ["127.0.0.1"]))
    door = fetcher(resolve=lambda host, port: next(answers))
    with pytest.raises(Forbidden):
        asyncio.run(door.get("http://rebinding.example/"))


def test_a_proxy_in_the_environment_is_ignored(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    with talking(answer(b"direct")) as place:
        assert asyncio.run(fetcher(place).get(f"http://{place}/")).body == b"direct"


def test_redirects_end_after_five() -> None:
    refused(answer(status="301 Moved", Location="/again"), Malformed)


def test_credentials_do_not_follow_a_redirect_to_another_host() -> None:
    heard: list[bytes] = []
    with (
        talking(answer(b"ok"), heard=heard) as other,
        talking(answer(status="302 Found", Location=f"http://{other}/"), heard=heard) as place,
    ):
        door = fetcher(place, other)
        response = asyncio.run(
            door.get(f"http://{place}/", headers={"Authorization": "Bearer secret"})
        )
        assert response.body == b"ok"
    first, second = heard
    assert b"Bearer secret" in first
    assert b"Bearer secret" not in second


def test_a_key_and_a_password_go_over_https_only_where_the_operator_allowed_no_other() -> None:
    door = fetcher(resolve=lambda host, port: ["93.184.216.34"])
    for asking in (
        door.ask("http://api.example/", {"X-Key": "secret"}),
        door.post("http://api.example/", {"password": "secret"}),
    ):
        with pytest.raises(Forbidden, match="https only"):
            asyncio.run(asking)
    with talking(answer(b"{}")) as place:
        inside = fetcher(place).ask(f"http://{place}/?key=secret", {})
        assert asyncio.run(inside).url == f"http://{place}/"


@pytest.mark.parametrize("status", ["302 Found", "307 Temporary Redirect"])
def test_what_is_asked_with_a_key_follows_no_redirect_even_at_home(status: str) -> None:
    heard: list[bytes] = []
    with (
        talking(answer(status=status, Location="/elsewhere"), heard=heard) as place,
        pytest.raises(Malformed),
    ):
        asyncio.run(fetcher(place).ask(f"http://{place}/", {"X-Key": "secret"}))
    assert len(heard) == 1


def test_the_reason_of_a_refusal_is_bounded_and_kept_of_questions_with_a_key_only() -> None:
    for body, said in ((b'{"code": 7}', b'{"code": 7}'), (b"x" * 70_000, b"")):
        with talking(answer(body, status="403 Forbidden")) as place:
            with pytest.raises(Blocked) as keyed:
                asyncio.run(fetcher(place).ask(f"http://{place}/", {"X-Key": "secret"}))
            with pytest.raises(Blocked) as plain:
                get(f"http://{place}/", place)
        assert (keyed.value.said, plain.value.said) == (said, b"")


def test_a_body_past_the_limit_is_refused_as_declared_and_as_sent() -> None:
    refused(answer(b"", Content_Length=str(11 * MEGABYTE)), TooLarge)

    def endless(visitor: socket.socket) -> None:
        visitor.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        while True:
            visitor.sendall(b"10000\r\n" + b"x" * 65536 + b"\r\n")

    refused(endless, TooLarge)


def test_a_gzip_bomb_stops_at_the_limit() -> None:
    bomb = gzip.compress(b"\0" * (64 * MEGABYTE))
    refused(answer(bomb, Content_Encoding="gzip"), TooLarge)


@pytest.mark.parametrize("encoding", ["br", "zstd", "gzip, gzip", "gzip, br", "compress", "x"])
def test_what_was_not_asked_for_is_not_unpacked(encoding: str) -> None:
    nested = gzip.compress(gzip.compress(b"\0" * MEGABYTE))
    refused(answer(nested, Content_Encoding=encoding), Malformed)


@pytest.mark.parametrize(
    "body",
    [b"not gzip at all", gzip.compress(b"whole", mtime=0)[:-9], b""],
    ids=["no gzip", "cut short", "empty"],
)
def test_a_broken_packed_body_is_malformed(body: bytes) -> None:
    refused(answer(body, Content_Encoding="gzip"), Malformed)


def test_a_packed_body_is_unpacked() -> None:
    for packed in (gzip.compress(b"hello"), zlib.compress(b"hello")):
        with talking(answer(packed, Content_Encoding="gzip")) as place:
            assert asyncio.run(fetcher(place).get(f"http://{place}/")).body == b"hello"


def test_a_drip_ends_at_the_deadline() -> None:
    def drip(visitor: socket.socket) -> None:
        visitor.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
        while True:
            visitor.sendall(b"x")
            time.sleep(0.5)

    with talking(drip) as place:
        door = fetcher(place, deadline=timedelta(seconds=1))
        began = time.monotonic()
        with pytest.raises(Unreachable):
            asyncio.run(door.get(f"http://{place}/"))
        assert time.monotonic() - began < 3


def test_a_drip_costs_five_seconds_at_most_however_long_the_deadline() -> None:
    def drip(visitor: socket.socket) -> None:
        visitor.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
        while True:
            visitor.sendall(b"x")
            time.sleep(0.5)

    with talking(drip) as place:
        door = fetcher(place, deadline=timedelta(seconds=60))
        began = time.monotonic()
        with pytest.raises(Unreachable):
            asyncio.run(door.get(f"http://{place}/"))
        assert time.monotonic() - began < 5


def test_a_silent_server_ends_at_the_deadline() -> None:
    with talking(lambda visitor: time.sleep(3)) as place:
        door = fetcher(place, deadline=timedelta(milliseconds=500))
        with pytest.raises(Unreachable):
            asyncio.run(door.get(f"http://{place}/"))


def test_a_hundred_thousand_headers_are_refused() -> None:
    head = b"".join(b"X-%d: y\r\n" % n for n in range(100_000))
    message = b"HTTP/1.1 200 OK\r\n" + head + b"Content-Length: 0\r\n\r\n"
    refused(lambda visitor: visitor.sendall(message), ConnectorError)


def test_three_hundred_headers_are_too_many() -> None:
    headers = {f"X_{n}": "y" for n in range(300)}
    refused(answer(b"", **headers), TooLarge)


@pytest.mark.parametrize(
    "message", [b"\x00\x01\x02\r\n\r\n", b"HTTP/9.9 999\r\n\r\n", b"220 smtp ready\r\n\r\n", b""]
)
def test_what_is_no_http_is_malformed_or_unreachable(message: bytes) -> None:
    refused(lambda visitor: visitor.sendall(message), ConnectorError)


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        ("401 Unauthorized", AuthLost),
        ("403 Forbidden", Blocked),
        ("404 Not Found", Gone),
        ("410 Gone", Gone),
        ("429 Too Many Requests", Throttled),
        ("500 Internal Server Error", Unreachable),
        ("502 Bad Gateway", Unreachable),
        ("418 I am a teapot", Malformed),
    ],
)
def test_a_status_says_what_happens_next(status: str, kind: type[ConnectorError]) -> None:
    refused(answer(status=status), kind)


@pytest.mark.parametrize(
    ("value", "seconds"), [("120", 120.0), ("0", 1.0), ("99999999", 86400.0), ("soon", None)]
)
def test_retry_after_is_read_and_kept_within_a_day(value: str, seconds: float | None) -> None:
    throttling = talking(answer(status="429 Too Many", Retry_After=value))
    with throttling as place, pytest.raises(Throttled) as error:
        get(f"http://{place}/", place)
    assert error.value.retry_after == seconds


def test_validators_go_out_and_come_back_as_they_are() -> None:
    with talking(answer(status="304 Not Modified", ETag='W/"1"')) as place:
        response = asyncio.run(fetcher(place).get(f"http://{place}/", etag='W/"1"'))
    assert response.not_modified
    assert response.etag == 'W/"1"'


def test_messages_hold_no_address() -> None:
    with talking(answer(status="403 Forbidden")) as place, pytest.raises(Blocked) as error:
        get(f"http://{place}/private?token=secret", place)
    assert "secret" not in str(error.value)
    assert place not in str(error.value)


MEASURE = """
import asyncio, resource, sys
from tests.security.hostile import fetcher
from connectors.errors import ConnectorError
place = sys.argv[1]
door = fetcher(place)
async def one(path):
    try:
        await door.get(f"http://{place}/{path}")
    except ConnectorError as error:
        return type(error).__name__
asyncio.run(one("warm"))
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
said = asyncio.run(one("bomb"))
print(said, (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)
"""


BROTLI = base64.b64decode((Path(__file__).parent / "512mb-of-zeros.br.base64").read_bytes())
"""405 bytes, which brotli unpacks to 512 MB."""


def zeros(megabytes: int) -> bytes:
    """So many megabytes of nothing, packed: made in the test, as collecting must stay cheap."""
    return gzip.compress(b"\0" * (megabytes * MEGABYTE))


@pytest.mark.parametrize(
    ("bomb", "encoding", "verdict"),
    [
        (lambda: BROTLI, "br", "Malformed"),
        (lambda: zeros(512), "gzip", "TooLarge"),
        (lambda: gzip.compress(zeros(64)), "gzip, gzip", "Malformed"),
    ],
    ids=["brotli", "gzip", "gzip twice"],
)
def test_a_bomb_costs_at_most_32_megabytes(
    bomb: Callable[[], bytes], encoding: str, verdict: str
) -> None:
    with talking(answer(bomb(), Content_Encoding=encoding)) as place:
        done = subprocess.run(
            [sys.executable, "-c", MEASURE, place],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
            timeout=60,
        )
    said, megabytes = done.stdout.split()
    assert said == verdict
    assert int(megabytes) <= 32
