"""Several machines, as network namespaces of this one: one is cut off; the server is restarted.

Each has a worker or a scheduler as its operator starts it, and a cable to the server's machine.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from shutil import which
from threading import Event

import pytest

from tests.doubles.debian_postgresql import FOUND, Debian, debian_postgresql
from tests.doubles.loopback import Asked, Reply, serving
from tests.doubles.postgresql import OWNER
from tests.doubles.waiting import until
from tests.engine.conftest import Installation, installed, write_config
from tests.engine.test_killed_worker import is_done, part

HERE = "10.77.9.1"
"""Where server and sites are, for all machines."""
SITES = 4
PATIENCE_SECONDS = 300.0
pytestmark = [
    pytest.mark.soak,
    pytest.mark.skipif(
        os.geteuid() != 0 or not which("ip") or not FOUND,
        reason="NOT TESTED: several machines need root, iproute2 and Debian's PostgreSQL",
    ),
]


def ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True, timeout=20)


class Machine:
    """A network of its own, with one cable."""

    def __init__(self, number: int) -> None:
        self.name, self.cable = f"tm{os.getpid()}-{number}", f"tm{number}c{os.getpid() % 10_000}"
        inside, net = f"{self.cable}i", f"10.77.{number}"
        ip("netns", "add", self.name)
        ip("link", "add", self.cable, "type", "veth", "peer", "name", inside, "netns", self.name)
        ip("addr", "add", f"{net}.1/24", "dev", self.cable)
        for words in (
            f"addr add {net}.2/24 dev {inside}", f"link set {inside} up", "link set lo up",
        ):  # fmt: skip
            ip("-n", self.name, *words.split())
        self.plug()
        ip("-n", self.name, "route", "add", "default", "via", f"{net}.1")

    def cut(self) -> None:
        ip("link", "set", self.cable, "down")

    def plug(self) -> None:
        ip("link", "set", self.cable, "up")

    def remove(self) -> None:
        ip("netns", "del", self.name)


@pytest.fixture
def machines() -> Iterator[tuple[Machine, Machine]]:
    ip("addr", "add", f"{HERE}/32", "dev", "lo")
    made = (Machine(1), Machine(2))
    yield made
    for one in made:
        one.remove()
    ip("addr", "del", f"{HERE}/32", "dev", "lo")


@pytest.fixture
def server() -> Iterator[Debian]:
    with debian_postgresql(HERE) as started:
        yield started


class Sites:
    """Each has one post about a school; they answer nobody until told so."""

    def __init__(self) -> None:
        self.asked, self.open = 0, Event()

    def __call__(self, asked: Asked) -> Reply:
        self.asked += 1
        self.open.wait(60)
        said = f"<guid>{asked.headers['Host']}</guid><title>Larkmere Hill School is shut</title>"
        body = f"<rss version='2.0'><channel><title>T</title><item>{said}</item></channel></rss>"
        return Reply(body=body.encode(), headers={"Content-Type": "application/rss+xml"})


@contextmanager
def installation(server: Debian, sites: Sites, folder: Path) -> Iterator[Installation]:
    with ExitStack() as stack:
        opened = [stack.enter_context(serving(sites, host=HERE)) for _ in range(SITES)]
        write_config(folder / "config", [site.place for site in opened])
        name = server.databases.new_database().split("?")[0].rsplit("/", 1)[1]
        url = f"postgresql://{OWNER}@{HERE}:{server.port}/{name}"
        yield stack.enter_context(installed(folder / "config", url))


def alive(here: Installation) -> int:
    beats = (
        "SELECT count(*) FROM procrastinate_workers WHERE last_heartbeat > now() - interval '9 s'"
    )
    return int(here.rows(beats)[0])


def check(here: Installation) -> None:
    """Nothing lost, nothing kept twice, nobody holds anything."""
    until(lambda: here.rows("SELECT count(*) FROM mention WHERE state <> 'new'") == [SITES])
    assert here.rows("SELECT count(*) FROM mention") == [SITES]
    assert {one.state for one in here.health()} == {"ok"}


def test_what_a_machine_had_in_hand_that_is_cut_off_is_done_by_another(
    machines: tuple[Machine, Machine], server: Debian, tmp_path: Path
) -> None:
    hill, mead = machines
    sites = Sites()
    with installation(server, sites, tmp_path) as here, ExitStack() as stack:
        assert here.scheduler.order_polls() == SITES
        stack.enter_context(part(here, "worker", "--slots", str(SITES), on=hill.name))
        until(lambda: sites.asked == SITES, longest=PATIENCE_SECONDS)
        hill.cut()
        stack.enter_context(part(here, "worker", on=mead.name))
        for where in ("", mead.name):  # the second by mistake
            stack.enter_context(part(here, "scheduler", on=where))
        sites.open.set()
        until(lambda: is_done(here), longest=PATIENCE_SECONDS)
        hill.plug()
        until(lambda: alive(here) == 2, longest=PATIENCE_SECONDS)
        check(here)


def test_a_server_that_is_restarted_ends_no_part(
    machines: tuple[Machine, Machine], server: Debian, tmp_path: Path
) -> None:
    sites = Sites()
    with installation(server, sites, tmp_path) as here, ExitStack() as stack:
        parts = [
            stack.enter_context(part(here, name, on=machine.name))
            for name, machine in zip(("worker", "scheduler"), machines, strict=True)
        ]
        until(lambda: sites.asked, longest=PATIENCE_SECONDS)
        server.restart()
        sites.open.set()
        until(lambda: is_done(here), longest=PATIENCE_SECONDS)
        assert [one.poll() for one in parts] == [None, None]
        check(here)
