"""Parsing in a process that can be killed: hostile bytes cost it, not the service.

The child has a deadline and a limit of memory; past them the kernel ends it and the source is
reported as not measured. What it answers is unpickled as plain values and this room's own
records only, so that a parser taken over by its document cannot reach the service.
"""

from __future__ import annotations

import atexit
import io
import os
import pickle
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, is_dataclass
from datetime import date, datetime, timedelta, timezone
from threading import Lock
from typing import Any, TypeVar

from config.settings import FetchSettings
from connectors.errors import ConnectorError, Malformed, TooLarge

Parsed = TypeVar("Parsed")
MAX_ANSWER_BYTES = 4 * 1024 * 1024
"""Of records; in memory, text may take four times its bytes."""
_PLAIN = (date, datetime, timedelta, timezone)


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one document may cost: time, and memory beyond what the child starts with."""

    seconds: float = 4.0
    memory_bytes: int = 64 * 1024 * 1024

    @classmethod
    def of(cls, settings: FetchSettings) -> Limits:
        return cls(
            seconds=settings.parse_deadline.total_seconds(),
            memory_bytes=settings.parse_memory_bytes,
        )


def parse(parser: Callable[..., Parsed], *arguments: Any, limits: Limits = Limits()) -> Parsed:
    """`parser(*arguments)` in a child; the parser is a module's own function, the answer plain
    values or records of this room. May be called from any thread.

    Raises what the parser raises of ConnectorError, TooLarge past the limits, Malformed when
    the child dies of anything else.
    """
    began = time.monotonic()
    request = (
        f"{parser.__module__}:{parser.__qualname__}",
        arguments,
        limits.seconds,
        limits.memory_bytes,
    )
    with NURSERY.child() as line:
        line.settimeout(limits.seconds + 1)
        said = _exchange(line, request)
    if len(said) > MAX_ANSWER_BYTES:
        raise TooLarge("The answer holds more text than is allowed.")
    if not said and time.monotonic() - began >= limits.seconds:
        raise TooLarge("The answer took too long to read.")
    answer = _understood(said)
    if isinstance(answer, ConnectorError):
        raise answer
    parsed: Parsed = answer
    return parsed


def _exchange(line: socket.socket, request: object) -> bytes:
    """What the child answers; empty when it died or took too long."""
    said = io.BytesIO()
    with suppress(OSError):
        with line.makefile("wb") as out:
            pickle.dump(request, out, protocol=5)  # writes a large body without a copy
        while said.tell() <= MAX_ANSWER_BYTES and (chunk := line.recv(65536)):
            said.write(chunk)
        return said.getvalue()
    return b""


def _understood(said: bytes) -> Any:
    try:
        return _Records(io.BytesIO(said)).load()
    except (pickle.UnpicklingError, EOFError):
        raise Malformed("The answer could not be read within its limits.") from None


class _Records(pickle.Unpickler):
    """Refuses every class that is not a record, an error of this room or a time."""

    def find_class(self, module: str, name: str) -> Any:
        found = super().find_class(module, name) if module in _KNOWN else None
        if found in _PLAIN or is_dataclass(found):
            return found
        if isinstance(found, type) and issubclass(found, ConnectorError):
            return found
        raise pickle.UnpicklingError("A parser answers with records only.")


_KNOWN = ("datetime", "connectors.errors", "connectors.parse.items")


class Nursery:
    """The warm process that children are forked from, started when first needed and again
    should it ever be gone."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._control: socket.socket | None = None
        self._process: subprocess.Popen[bytes] | None = None

    def child(self) -> socket.socket:
        """A line to a fresh child."""
        ours, theirs = socket.socketpair()
        with theirs, self._lock:
            try:
                self._hand_over(theirs)
            except OSError:
                self._stop()
                self._hand_over(theirs)
        return ours

    def close(self) -> None:
        with self._lock:
            self._stop()

    def _hand_over(self, line: socket.socket) -> None:
        socket.send_fds(self._control or self._start(), [b"\0"], [line.fileno()])

    def _start(self) -> socket.socket:
        ours, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603 - our own module
                [sys.executable, "-m", "connectors.parse.nursery", str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
                stdin=subprocess.DEVNULL,
                start_new_session=True,  # Ctrl-C on a terminal is not for it
            )
        self._control = ours
        return ours

    def _stop(self) -> None:
        if self._control is not None:
            self._control.close()
        if self._process is not None:
            self._process.wait()
        self._control = self._process = None


NURSERY = Nursery()
atexit.register(NURSERY.close)
