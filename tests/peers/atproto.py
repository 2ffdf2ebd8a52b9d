"""A real AT Protocol network on this machine: a PLC directory, a server of accounts and a view of
posts, as their authors' npm package `@atproto/dev-env` starts them (`make atproto` installs it).

It listens on every interface, so it runs no longer than its test.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx

ROOT = Path(__file__).parents[2]
INSTALLED = Path(os.environ.get("TRUST_MONITOR_ATPROTO", ROOT / ".peers" / "atproto"))
STARTS_WITHIN_SECONDS = 180
START = """
import { TestNetwork } from '@atproto/dev-env'
const network = await TestNetwork.create({ pds: { hostname: 'localhost' }, bsky: {}, plc: {} })
console.log(JSON.stringify({ server: network.pds.url, view: network.bsky.url }))
process.stdin.resume()
process.stdin.on('end', () => process.exit(0))
"""


def missing() -> str:
    """What is not installed; empty when the network can start."""
    if _node() is None:
        return "the npm package @atproto/dev-env (make atproto)"
    if not _programs():
        return "a PostgreSQL with its extensions (apt install postgresql)"
    return "" if shutil.which("redis-server") else "redis-server (apt install redis-server)"


def _node() -> Path | None:
    """Its own, as it wants a newer one than Debian has."""
    return next(INSTALLED.glob("node_modules/node-linux-*/bin/node"), None)


def _programs() -> Path | None:
    """Where Debian keeps the newest PostgreSQL's; the one in the tests' wheel lacks pg_trgm."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return found[-1].parent if found else None


@dataclass(frozen=True)
class Network:
    server: str
    view: str

    def ask(self, method: str, record: dict[str, Any], token: str = "") -> dict[str, Any]:
        bearer = {"Authorization": f"Bearer {token}"} if token else {}
        with httpx.Client(trust_env=False, timeout=30) as client:
            answer = client.post(f"{self.server}/xrpc/{method}", json=record, headers=bearer)
        answer.raise_for_status()
        told: dict[str, Any] = answer.json() if answer.content else {}
        return told

    def account(self, name: str) -> Account:
        record = {"handle": f"{name}.test", "email": f"{name}@mail.test", "password": f"pw-{name}"}
        made = self.ask("com.atproto.server.createAccount", record)
        return Account(self, f"{name}.test", made["did"], made["accessJwt"])


@dataclass(frozen=True)
class Account:
    network: Network
    handle: str
    did: str
    token: str

    def app_password(self) -> str:
        made = self.network.ask(
            "com.atproto.server.createAppPassword", {"name": "monitor"}, self.token
        )
        return str(made["password"])

    def write(self, text: str, *, answering: tuple[dict[str, Any], ...] = ()) -> dict[str, Any]:
        """A post, below (root, parent) where it answers; its address and content's digest."""
        stamp = datetime.now(UTC).isoformat().replace("+00:00", "Z")
        record = {"$type": "app.bsky.feed.post", "text": text, "createdAt": stamp, "langs": ["en"]}
        if answering:
            root, parent = answering
            record |= {"reply": {"root": _reference(root), "parent": _reference(parent)}}  # type: ignore[dict-item]
        sent = {"repo": self.did, "collection": "app.bsky.feed.post", "record": record}
        return self.network.ask("com.atproto.repo.createRecord", sent, self.token)

    def delete(self, post: dict[str, Any]) -> None:
        key = post["uri"].rpartition("/")[2]
        sent = {"repo": self.did, "collection": "app.bsky.feed.post", "rkey": key}
        self.network.ask("com.atproto.repo.deleteRecord", sent, self.token)


def _reference(post: dict[str, Any]) -> dict[str, Any]:
    return {"uri": post["uri"], "cid": post["cid"]}


@contextmanager
def network() -> Iterator[Network]:
    """The whole network, for as long as the block runs."""
    with ExitStack() as stack:
        told = {
            "DB_POSTGRES_URL": stack.enter_context(_postgres()),
            "DB_POSTGRES_SCHEMA": "dev",
            "REDIS_HOST": stack.enter_context(_redis()),
        }
        process = subprocess.Popen(
            [str(_node()), "--input-type=module", "-e", START],
            cwd=INSTALLED,
            env={**os.environ, **told},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        stack.callback(_ended, process)
        yield _started(process)


def _started(process: subprocess.Popen[bytes]) -> Network:
    last = time.monotonic() + STARTS_WITHIN_SECONDS
    assert process.stdout is not None
    for line in process.stdout:
        if line.startswith(b'{"server"'):
            return Network(**json.loads(line))
        assert time.monotonic() < last
    raise AssertionError("The network did not start.")


def _ended(process: subprocess.Popen[bytes]) -> None:
    assert process.stdin is not None
    process.stdin.close()
    if process.stdout is not None:
        process.stdout.close()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def _postgres() -> Iterator[str]:
    """A database on loopback; its server will not run as root."""
    programs, port = _programs(), _free_port()
    assert programs is not None
    user = "postgres" if os.geteuid() == 0 else None
    with TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        if user:
            shutil.chown(folder, user)
        made: list[str | Path] = [
            programs / "initdb",
            "-D",
            f"{folder}/data",
            "-A",
            "trust",
            "-U",
            "tests",
        ]
        subprocess.run(made, user=user, cwd=folder, check=True, capture_output=True)
        options = ["-c", "listen_addresses=127.0.0.1", "-p", str(port), "-k", folder]
        server = subprocess.Popen(
            [programs / "postgres", "-D", f"{folder}/data", "-c", "fsync=off", *options],
            user=user, cwd=folder, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        try:
            _reached(port)
            yield f"postgresql://tests@127.0.0.1:{port}/postgres"
        finally:
            server.send_signal(signal.SIGINT)  # "fast": ends what is still connected
            server.wait(20)


def _reached(port: int) -> None:
    last = time.monotonic() + STARTS_WITHIN_SECONDS
    while time.monotonic() < last:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.1)
    raise AssertionError("The database did not start.")


@contextmanager
def _redis() -> Iterator[str]:
    place = ("127.0.0.1", _free_port())
    program = shutil.which("redis-server") or "redis-server"
    with TemporaryDirectory() as folder:
        options = ["--bind", place[0], "--port", str(place[1]), "--save", "", "--dir", folder]
        process = subprocess.Popen([program, *options], stdout=subprocess.DEVNULL)
        try:
            yield f"{place[0]}:{place[1]}"
        finally:
            process.terminate()
            process.wait(10)
