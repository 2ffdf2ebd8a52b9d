"""Parsing in a process that can be killed: hostile bytes cost it, not the service.

A warm server forks one child for each document, so a parse costs milliseconds. The child has
a limit of processor time and memory; past its deadline it is killed and the source is
reported as not measured.
"""

from __future__ import annotations

import multiprocessing
import resource
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerContext
from pathlib import Path
from typing import Any, TypeVar

from config.settings import FetchSettings
from connectors.errors import ConnectorError, Malformed, TooLarge

Parsed = TypeVar("Parsed")


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one document may cost: time, and memory beyond what the child starts with."""

    seconds: float = 4.0
    memory_bytes: int = 512 * 1024 * 1024

    @classmethod
    def of(cls, settings: FetchSettings) -> Limits:
        return cls(
            seconds=settings.parse_deadline.total_seconds(),
            memory_bytes=settings.parse_memory_bytes,
        )


@cache
def _server() -> ForkServerContext:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["connectors.parse.preload"])
    return context


def parse(parser: Callable[..., Parsed], *arguments: Any, limits: Limits = Limits()) -> Parsed:
    """`parser(*arguments)` in a child; both must be importable and picklable.

    Raises what the parser raises of ConnectorError, TooLarge past the limits, Malformed when
    the child dies of anything else.
    """
    context = _server()
    ours, theirs = context.Pipe(duplex=False)
    child = context.Process(target=_work, args=(theirs, limits, parser, arguments), daemon=True)
    child.start()
    theirs.close()
    try:
        parsed: Parsed = _result(ours, limits)
        return parsed
    finally:
        ours.close()
        child.kill()
        child.join()
        child.close()


def _result(answers: Connection, limits: Limits) -> Any:
    if not answers.poll(limits.seconds):
        raise TooLarge("The answer took too long to read.")
    try:
        answer = answers.recv()
    except EOFError:
        raise Malformed("The answer could not be read within its limits.") from None
    if isinstance(answer, ConnectorError):
        raise answer
    return answer


def _work(
    answers: Connection, limits: Limits, parser: Callable[..., Any], arguments: tuple[Any, ...]
) -> None:
    seconds = int(limits.seconds) + 1
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    most = _address_space_bytes() + limits.memory_bytes
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
    try:
        answer = parser(*arguments)
    except ConnectorError as error:
        answer = error
    # Whatever else hostile bytes bring about must not print a traceback full of them.
    except Exception:  # noqa: BLE001
        answer = Malformed("The answer cannot be read.")
    answers.send(answer)
    answers.close()


def _address_space_bytes() -> int:
    """What this process has mapped already; it differs with what the parent has loaded."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    return pages * resource.getpagesize()
