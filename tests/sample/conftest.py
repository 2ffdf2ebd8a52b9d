"""A world of its own for each test that asks for one, on loopback, with a clock one can set."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from monitor import sample
from monitor.sample.world import World
from tests.sample.clock import Clock


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def world(tmp_path: Path, clock: Clock) -> Iterator[World]:
    settings = sample.settings({}, tmp_path)
    with World(settings, data_dir=tmp_path, clock=clock) as started:
        yield started


@pytest.fixture(scope="module")
def still_world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A world in which no time passes, shared by the tests that only look."""
    folder = tmp_path_factory.mktemp("still")
    with World(sample.settings({}, folder), data_dir=folder, clock=Clock()) as started:
        yield started


@pytest.fixture
def reader() -> Iterator[httpx.Client]:
    """A plain HTTP client that follows no redirects."""
    with httpx.Client(timeout=10, trust_env=False) as client:
        yield client
