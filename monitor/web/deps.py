"""What the console needs to answer: handed in once, found by every page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, cast

from fastapi import Depends, HTTPException, Path, Request

from alerts.duty import Duty
from classifiers.pipeline import Classifier
from config.people import People
from config.policy import Policy
from config.rota import Rota
from config.settings import ConsoleSettings, Settings
from config.trust import Trust
from monitor.access.signin import Provider
from monitor.outside import Outside
from monitor.selfcheck.running import Checks
from monitor.store.database import Store
from monitor.store.scope import sees
from monitor.web.viewer import Looking, Viewer

LARGEST_ID = 2**63 - 1
RowId = Annotated[int, Path(ge=1, le=LARGEST_ID)]
"""A row's number in an address; one that no row can have is not found."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Persona:
    """Somebody one may play in the sample."""

    id: str
    seat: str
    """What they are, in words."""
    viewer: Viewer


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleLinks:
    """Where the sample's surroundings are, and whom one may play in it, the first to begin with;
    without personas one is the reviewer on this machine."""

    mailbox_url: str
    personas: tuple[Persona, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Console:
    store: Store
    trust: Trust
    policy: Policy
    rota: Rota
    settings: ConsoleSettings
    classifier: Callable[[], Classifier]
    clock: Callable[[], datetime]
    """The time now, UTC-aware."""
    mail_alarm_after: timedelta
    """Mail that has not left for so long, though it was due, is an alarm."""
    checks: Checks
    """The checks that staff make of themselves."""
    whole: Settings
    """For the pages that show how the service is set up."""
    provider: Provider | None = None
    """Where people sign in; None: nobody does, and the console is for this machine alone."""
    people: Callable[[], People] = People
    """Those who may sign in, as people.toml says now."""
    outside: Outside | None = None
    """What a person may ask of others about one post; None: nobody is asked."""
    sample: SampleLinks | None = None
    """Set in `--sample` only: every page then says that nothing here is real."""

    def duty(self) -> Duty:
        """Who can be told now, and by which ways."""
        return Duty(
            rota=self.rota, now=self.clock(), channels=self.whole.channels, people=self.people()
        )


def current(request: Request) -> Console:
    return cast(Console, request.app.state.console)


async def _current(request: Request) -> Console:
    return current(request)  # not in a thread: there is nothing to wait for


Current = Annotated[Console, Depends(_current)]


def within_scope(console: Current, viewer: Looking, mention_id: RowId) -> int:
    with console.store.read() as tx:
        if not sees(tx, viewer.scope, mention_id):
            raise HTTPException(404)
    return mention_id


MentionId = Annotated[int, Depends(within_scope)]
"""The number of a mention that the viewer may see; another is not found, like one that is not
there. Every route below `/mentions/{mention_id}` takes it."""
