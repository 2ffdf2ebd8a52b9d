"""A whole context over a real database, real feeds and a real mail server."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from classifiers.pipeline import Classifier, build
from config.decision import ProcessingDecision
from config.loading import load
from monitor.context import Context
from monitor.wiring import open_context
from tests.doubles.surroundings import Surroundings

Opened = Callable[..., AbstractContextManager[Context]]


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def forward(self, span: timedelta) -> None:
        self.now += span


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="session")
def classifiers() -> dict[str, Classifier]:
    """Loaded once for all tests: the invented trust is always the same."""
    return {}


@pytest.fixture
def opened(
    surroundings: Surroundings, tmp_path: Path, clock: Clock, classifiers: dict[str, Classifier]
) -> Opened:
    """Opens the context of the invented trust; `decided=False` without its decision."""

    @contextmanager
    def enter(*, decided: bool = True) -> Iterator[Context]:
        settings = load(surroundings.config, {})
        url = f"sqlite:///{tmp_path / 'monitor.db'}"
        database = settings.database.model_copy(update={"url": url})
        settings = settings.model_copy(update={"database": database})
        if not decided:
            policy = settings.policy.model_copy(update={"decision": ProcessingDecision()})
            settings = settings.model_copy(update={"policy": policy})
        if "one" not in classifiers:
            classifiers["one"] = build(settings.trust, settings.policy)
        with open_context(settings, clock=clock) as ctx:
            yield replace(ctx, classifier=lambda: classifiers["one"])

    return enter
