"""A worker killed by signal 9 with eight polls in hand: none is lost, all are done."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from pathlib import Path
from threading import Event

import pytest

from tests.doubles.loopback import Asked, Reply
from tests.doubles.waiting import until
from tests.engine.conftest import FEED, Install, Installation

IN_HAND = 8
WITHIN_SECONDS = 90.0


class Sites:
    """Answer nobody until told so."""

    def __init__(self) -> None:
        self.asked, self.open = 0, Event()

    def __call__(self, _: Asked) -> Reply:
        self.asked += 1
        self.open.wait(60)
        return FEED


@contextmanager
def part(here: Installation, *command: str, on: str = "") -> Iterator[subprocess.Popen[bytes]]:
    """A part of the installation as its operator starts it, on this machine or in the network
    namespace of another."""
    process = subprocess.Popen(
        [
            *(("ip", "netns", "exec", on) if on else ()),
            sys.executable, "-c", "from monitor.cli import main; main()", *command,
            "--config", str(here.config), "--database", here.url,
        ],
        cwd=Path(__file__).parents[2],
        stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        yield process
    finally:
        process.terminate()
        process.wait(120)


def is_done(here: Installation) -> bool:
    """Each source was asked to the end, whatever a busy machine made of its answer."""
    return all(one.last_poll_at for one in here.health())


def test_its_jobs_are_done_by_another(install: Install) -> None:
    sites = Sites()
    here = install(sites, sites=IN_HAND)
    assert here.scheduler.order_polls() == IN_HAND
    with part(here, "worker", "--slots", str(IN_HAND)) as worker:
        until(lambda: sites.asked == IN_HAND)
        os.kill(worker.pid, signal.SIGKILL)
    sites.open.set()
    assert here.scheduler.sweep(timedelta(0)) == IN_HAND
    here.work_off(slots=IN_HAND)
    assert is_done(here)
    assert here.rows("SELECT id FROM procrastinate_jobs") == []


@pytest.mark.soak
def test_as_an_operator_runs_it_they_are_done_within_ninety_seconds(install: Install) -> None:
    sites = Sites()
    here = install(sites, sites=IN_HAND)
    with ExitStack() as stack:
        stack.enter_context(part(here, "scheduler"))
        dying = stack.enter_context(part(here, "worker", "--slots", str(IN_HAND)))
        until(lambda: sites.asked == IN_HAND, longest=120)
        stack.enter_context(part(here, "worker", "--slots", str(IN_HAND)))
        os.kill(dying.pid, signal.SIGKILL)
        killed = time.monotonic()
        sites.open.set()
        until(lambda: is_done(here), longest=WITHIN_SECONDS)
        sys.stdout.write(f"all done {time.monotonic() - killed:.0f} s after the kill\n")
