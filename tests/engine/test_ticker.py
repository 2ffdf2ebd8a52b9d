"""The clock of an engine: set back or forward, it goes on at once."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from threading import Event

import pytest

from monitor.engine import ticker as module
from monitor.engine.ticker import Ticker

HOUR = timedelta(hours=1)
LONGEST_SECONDS = 60


@contextmanager
def started(work: Event) -> Iterator[None]:
    ticker = Ticker()
    ticker.every(HOUR, "work", work.set, first=HOUR)
    ticker.start()
    try:
        yield
    finally:
        ticker.stop()


@pytest.mark.parametrize("step", [-3600.0, 3600.0])
def test_when_the_clock_is_set_nothing_waits_for_the_old_hour(
    step: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    work, shifted = Event(), [0.0]
    real = time.time
    monkeypatch.setattr(module, "LOOKED_EVERY_SECONDS", 0.02)
    monkeypatch.setattr(time, "time", lambda: real() + shifted[0])
    with started(work):
        assert not work.wait(0.2)
        shifted[0] = step
        assert work.wait(LONGEST_SECONDS)
