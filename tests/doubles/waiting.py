"""Waiting for something to be so, for as long as a busy machine may need."""

from __future__ import annotations

import time
from collections.abc import Callable

LONGEST_SECONDS = 60.0


def until(is_so: Callable[[], object], *, longest: float = LONGEST_SECONDS) -> None:
    ends = time.monotonic() + longest
    while not is_so():
        assert time.monotonic() < ends, "it did not come about"
        time.sleep(0.02)
