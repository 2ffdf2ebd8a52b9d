"""A server in a process of its own, so that its work is not counted as ours."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def beside(module: str, *arguments: int) -> Iterator[list[int]]:
    """The ports that `python -m module` prints in one line, while it serves."""
    command = [sys.executable, "-m", module, *map(str, arguments)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as server:  # noqa: S603 - our own
        try:
            yield list(map(int, (server.stdout.readline() if server.stdout else b"").split()))
        finally:
            server.kill()
