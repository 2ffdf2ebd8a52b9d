"""What a task may use: handed in by `monitor.wiring`, never reached for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from alerts.channels import BriefChannel, Channel
from alerts.duty import Duty
from classifiers.pipeline import Classifier
from config.people import People
from config.settings import Settings
from connectors.fetch.client import Fetcher
from monitor.store.database import Store, Tx


def nobody(_: Tx, __: str) -> None:
    """Nobody needs to be told: the clock finds what is due."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    settings: Settings
    store: Store
    classifier: Callable[[], Classifier]
    """Loads on first use and blocks until loaded, so that the console is up before it."""
    fetcher: Fetcher
    channels: Mapping[str, Channel]
    """Mail."""
    other_channels: Mapping[str, BriefChannel]
    """By their id in settings.toml."""
    clock: Callable[[], datetime]
    """The time now, UTC-aware."""
    follow_up: Callable[[Tx, str], None] = nobody
    """Orders a round in the caller's transaction, because there is work for it now."""
    people: Callable[[], People] = People
    """Those of the console, as people.toml says now."""

    def duty(self) -> Duty:
        """Who can be told now."""
        return Duty(
            rota=self.settings.rota,
            now=self.clock(),
            channels=self.settings.channels,
            people=self.people(),
        )
