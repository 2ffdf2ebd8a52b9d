"""Chromium in its cage, spoken to over a pipe (Chrome DevTools Protocol).

A watchman ends it, with every process it has begun, when its time is up or it holds more memory
than it may: the cage has a process namespace of its own, and the kernel clears that whole.
"""

from __future__ import annotations

import json
import os
import resource
import select
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Event, Thread
from typing import Any

from monitor.evidence import cage

LONGEST_MESSAGE = 96 * 1024 * 1024
LOOK_S = 0.2
FLAGS = (
    "--headless", "--remote-debugging-pipe", f"--user-data-dir={cage.HOME}/profile", "--incognito",
    "--no-first-run", "--no-default-browser-check", "--disable-gpu", "--hide-scrollbars",
    "--mute-audio", "--disable-extensions", "--disable-sync", "--disable-breakpad",
    "--disable-background-networking", "--disable-component-update", "--disable-webgl",
    "--js-flags=--max-old-space-size=256", "--force-color-profile=srgb",
)  # fmt: skip
NO_PICTURES = "--blink-settings=imagesEnabled=false"
On = Callable[[str, dict[str, Any]], None]
"""Hears of every event of the browser: its name and what it says."""


class BrowserGone(Exception):
    """The browser ended, or was ended; the message says why."""


class Browser:
    """One browser for one page. `deadline` is in seconds of the monotonic clock."""

    def __init__(self, process: subprocess.Popen[bytes], down: int, up: int) -> None:
        self._process = process
        self._down, self._up = down, up
        self._heard = b""
        self._count = 0
        self._events: On = lambda name, said: None
        self.ended_because = ""

    def listen(self, on: On) -> None:
        self._events = on

    def send(self, method: str, session: str | None = None, **parameters: Any) -> int:
        """Say something without waiting for the answer. Raises BrowserGone."""
        self._count += 1
        message: dict[str, Any] = {"id": self._count, "method": method, "params": parameters}
        if session:
            message["sessionId"] = session
        rest = memoryview(json.dumps(message).encode() + b"\0")
        try:
            while rest:
                rest = rest[os.write(self._down, rest) :]
        except OSError:
            raise self._gone() from None
        return self._count

    def call(self, method: str, session: str | None = None, **parameters: Any) -> dict[str, Any]:
        """Say something and wait for its answer; what happens meanwhile is heard. Raises
        BrowserGone, also when the browser refuses."""
        number = self.send(method, session, **parameters)
        while True:
            message = self._next(None)
            if message is not None and message.get("id") == number:
                if "error" in message:
                    raise BrowserGone("The browser could not do it.")
                result: dict[str, Any] = message.get("result", {})
                return result

    def wait(self, done: Callable[[], bool], seconds: float) -> bool:
        """Hear what happens until `done`, at most so long. Raises BrowserGone."""
        until = time.monotonic() + seconds
        while not done():
            left = until - time.monotonic()
            if left <= 0:
                return False
            self._next(left)
        return True

    def end(self, because: str) -> None:
        """Kill it and all it has begun; safe from any thread, and more than once."""
        if self._process.poll() is None:
            self.ended_because = self.ended_because or because
            self._process.kill()

    def _next(self, seconds: float | None) -> dict[str, Any] | None:
        """The next message; its event is told on. None when none came in time."""
        while b"\0" not in self._heard:
            ready, _, _ = select.select([self._up], [], [], seconds)
            if not ready:
                return None
            piece = os.read(self._up, 1 << 16)
            if not piece:
                raise self._gone()
            self._heard += piece
            if len(self._heard) > LONGEST_MESSAGE:
                self.end("The picture is larger than is allowed.")
                raise self._gone()
        line, _, self._heard = self._heard.partition(b"\0")
        message: dict[str, Any] = json.loads(line)
        if "method" in message:
            self._events(message["method"], message.get("params", {}))
        return message

    def _gone(self) -> BrowserGone:
        return BrowserGone(self.ended_because or "The browser ended by itself.")


@contextmanager
def opened(
    program: str, *, pictures: bool, deadline: float, memory_bytes: int
) -> Iterator[Browser]:
    """A browser for as long as the block lasts; afterwards nothing of it is left."""
    flags = FLAGS if pictures else (*FLAGS, NO_PICTURES)
    theirs_down, down = os.pipe()
    up, theirs_up = os.pipe()
    try:
        process = subprocess.Popen(  # noqa: S603 - our own command line
            cage.leap(theirs_down, theirs_up, cage.caged([program, *flags])),
            pass_fds=(theirs_down, theirs_up),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    finally:
        os.close(theirs_down)
        os.close(theirs_up)
    browser = Browser(process, down, up)
    over = Event()
    watch = Thread(target=_watch, args=(browser, process.pid, over, deadline, memory_bytes))
    watch.start()
    try:
        yield browser
    finally:
        over.set()
        browser.end("")
        process.wait()
        watch.join()
        os.close(down)
        os.close(up)


def _watch(browser: Browser, pid: int, over: Event, deadline: float, memory_bytes: int) -> None:
    while not over.wait(LOOK_S):
        if time.monotonic() > deadline:
            browser.end("The page did not come to rest in time.")
        elif _held_bytes(pid) > memory_bytes:
            browser.end("The page wanted more memory than is allowed.")


def _held_bytes(root: int) -> int:
    """What a process and all below it hold for themselves."""
    parents, held = {}, {}
    for place in Path("/proc").iterdir():
        if place.name.isdecimal():
            with suppress(OSError, ValueError, IndexError):
                stat = (place / "stat").read_text(encoding="utf-8", errors="replace")
                parents[int(place.name)] = int(stat.rpartition(")")[2].split()[1])
                pages = (place / "statm").read_text(encoding="ascii").split()
                held[int(place.name)] = int(pages[1]) - int(pages[2])
    below = {root}
    while more := {pid for pid, parent in parents.items() if parent in below} - below:
        below |= more
    return sum(held.get(pid, 0) for pid in below) * resource.getpagesize()
