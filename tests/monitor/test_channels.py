"""Other channels than mail: told beside it, once, with nothing of the post, and never before it."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import count

import pytest

from alerts.channels import MAIL
from alerts.types import Brief, Delivery, Retry, Sent
from config.settings import ChannelSettings
from monitor import alarms, review, tasks
from monitor.context import Context
from monitor.engine.local import LocalEngine
from monitor.store import delivered
from monitor.triage import Escalation
from monitor.wiring import open_context
from tests.doubles.surroundings import Surroundings
from tests.monitor.conftest import Clock, Opened
from tests.monitor.test_alarms import EXECUTIVE, PR, STORY, Day

ROOM = ChannelSettings(id="pr-room", kind="webhook", roles=("head_of_pr", "executive"))
PAGER = ChannelSettings(
    id="pager", kind="apprise", recipients=(PR.upper(),), min_severity="critical"
)


class Kept:
    """Keeps what it is told."""

    def __init__(self, *outcomes: Delivery) -> None:
        self.outcomes = list(outcomes)
        self.told: list[Brief] = []

    def send(self, brief: Brief) -> Delivery:
        self.told.append(brief)
        return self.outcomes.pop(0) if self.outcomes else Sent()


class Dying:
    """Ends the process with a brief in hand."""

    def __init__(self) -> None:
        self.held = ""

    def send(self, brief: Brief) -> Delivery:
        self.held = brief.brief_id
        raise SystemExit(9)


class Hanging:
    """Answers when the test is over."""

    def __init__(self) -> None:
        self.asked = threading.Event()
        self.over = threading.Event()

    def send(self, brief: Brief) -> Delivery:
        self.asked.set()
        self.over.wait(20)
        return Retry("The service did not answer in time.")


def with_channels(ctx: Context, *channels: ChannelSettings) -> Context:
    return replace(ctx, settings=ctx.settings.model_copy(update={"channels": channels}))


@pytest.fixture
def day(opened: Opened, clock: Clock) -> Iterator[Day]:
    with opened() as ctx:
        yield Day(with_channels(ctx, ROOM, PAGER), clock, count(1))


def sent_to(day: Day, channel: str, kept: Kept) -> list[Brief]:
    ctx = replace(day.ctx, other_channels={channel: kept})
    while tasks.send(ctx, channel=channel):
        pass
    return kept.told


def test_a_channel_is_told_beside_the_mail_with_nothing_of_the_post(day: Day) -> None:
    number = day.post()
    (brief,) = sent_to(day, "pr-room", Kept())
    assert (brief.severity, brief.kind) == ("high", "reputational matter")
    assert brief.place == "Larkmere Hill School"
    assert brief.link.endswith(f"/mentions/{number}")
    assert brief.clauses
    assert "mould" not in repr(brief)
    assert STORY not in repr(brief)
    told = {one.channel: one.state for one in day.detail(number).deliveries}
    assert told == {MAIL: "due", "pr-room": "sent"}


def test_a_channel_for_two_people_hears_of_a_story_once_and_again_when_it_is_graver(
    day: Day,
) -> None:
    day.post()
    day.post()
    assert day.told_to("pr-room") == 1
    assert day.told_to("pager") == 0
    day.post(severity="critical")  # the executive is told as well now
    assert day.told_to("pr-room") == 2
    assert day.told_to("pager") == 1


def test_a_step_that_nobody_answered_is_told_by_the_channel_too(day: Day) -> None:
    day.post()
    sent_to(day, "pr-room", Kept())
    day.later(hours=4)
    assert alarms.escalate(day.ctx) == 2  # the executive by mail, and the room
    (brief,) = sent_to(day, "pr-room", Kept())
    assert brief.occasion == "unanswered"


def test_growth_is_told_in_the_mails_thread_alone(day: Day) -> None:
    for source in ("one", "two", "three", "four"):
        day.post(source=source)
    mails = day.told_to(PR)
    day.later(hours=3)
    assert alarms.follow(day.ctx) > 0
    assert day.told_to(PR) == mails + 1
    assert day.told_to("pr-room") == 1


def test_a_channel_that_fails_is_tried_again_with_the_same_id_until_it_is_dead(day: Day) -> None:
    day.post()
    most = day.ctx.settings.mail.max_attempts
    kept = Kept(*[Retry("The receiver has a fault of its own (500).")] * most)
    for _ in range(most + 2):
        sent_to(day, "pr-room", kept)
        day.later(hours=7)
    assert len(kept.told) == most
    assert len({brief.brief_id for brief in kept.told}) == 1
    (told,) = (one for one in day.told() if one.channel == "pr-room")
    assert (told.state, told.last_error) == ("dead", "The receiver has a fault of its own (500).")


def test_a_channel_that_is_configured_no_more_is_given_up_in_plain_sight(
    day: Day, surroundings: Surroundings
) -> None:
    day.post()
    bare = day.ctx.settings.model_copy(update={"channels": ()})
    with open_context(bare) as ctx, ctx.store.read() as tx:
        states = {one.channel: one.state for one in delivered.listing(tx, 10)}
    assert states == {MAIL: "due", "pr-room": "dead"}


@contextmanager
def running(ctx: Context) -> Iterator[None]:
    engine = LocalEngine(ctx)
    engine.start()
    try:
        yield
    finally:
        engine.stop()


def test_no_mail_waits_for_a_channel_that_hangs(day: Day, surroundings: Surroundings) -> None:
    hanging = [Hanging() for _ in range(12)]  # more than the engine's own threads
    channels = [
        ChannelSettings(id=f"c{n}", kind="webhook", roles=("head_of_pr",)) for n in range(12)
    ]
    day.ctx = with_channels(day.ctx, *channels)
    day.post()
    ways = {f"c{n}": channel for n, channel in enumerate(hanging)}
    try:
        with running(replace(day.ctx, other_channels=ways)):
            assert all(channel.asked.wait(10) for channel in hanging)
            taken = len(surroundings.inbox.taken)
            day.post("Larkmere Hill School: the boiler again", source="elsewhere")
            until = time.monotonic() + 10
            while len(surroundings.inbox.taken) == taken and time.monotonic() < until:
                time.sleep(0.05)
            assert len(surroundings.inbox.taken) > taken
            for channel in hanging:
                channel.over.set()
    finally:
        for channel in hanging:
            channel.over.set()


def test_what_a_process_had_in_hand_when_it_died_is_sent_with_the_same_id(day: Day) -> None:
    day.post()
    dying = Dying()
    with pytest.raises(SystemExit):
        tasks.send(replace(day.ctx, other_channels={"pr-room": dying}), channel="pr-room")
    assert sent_to(day, "pr-room", Kept()) == []
    day.clock.forward(day.ctx.settings.clock.lease)
    (brief,) = sent_to(day, "pr-room", Kept())
    assert brief.brief_id == dying.held


def test_what_is_held_by_quiet_hours_is_held_on_every_channel(day: Day) -> None:
    rota = day.ctx.settings.rota
    quiet = rota.quiet.model_copy(update={"hours": "11:00-13:00"})
    settings = day.ctx.settings.model_copy(
        update={"rota": rota.model_copy(update={"quiet": quiet})}
    )
    day.ctx = replace(day.ctx, settings=settings)
    day.post()
    assert sent_to(day, "pr-room", Kept()) == []
    day.later(hours=1, minutes=1)
    assert len(sent_to(day, "pr-room", Kept())) == 1


def test_an_escalation_by_a_person_is_told_over_their_channels_and_stopped_with_it(
    day: Day,
) -> None:
    night = day.ctx.settings.rota.quiet.model_copy(update={"hours": "11:00-18:00"})
    rota = day.ctx.settings.rota.model_copy(update={"quiet": night})
    day.ctx = replace(day.ctx, settings=day.ctx.settings.model_copy(update={"rota": rota}))
    number = day.post(STORY, "medium")
    escalation = Escalation(to="executive", trust=day.ctx.settings.trust, duty=day.ctx.duty())
    decision = review.decide(
        day.ctx.store, number, "escalate", "", seen="open", by="Odile", now=day.clock(),
        escalation=escalation,
    )  # fmt: skip
    assert decision is not None
    mail, room = day.told()
    assert (mail.recipient, mail.next_attempt_at) == (EXECUTIVE, day.clock())
    # The pager is for what is critical; what rings waits for the morning.
    assert room.channel == "pr-room"
    assert room.next_attempt_at is not None
    assert (room.next_attempt_at - day.clock()).total_seconds() == 6 * 3600
    day.later(hours=6)
    (brief,) = sent_to(day, "pr-room", Kept())
    assert (brief.severity, brief.kind) == ("medium", "reputational matter")
    assert STORY not in repr(brief)
    again = review.decide(
        day.ctx.store, day.post("Another", "medium"), "escalate", "", seen="open", by="Odile",
        now=day.clock(), escalation=replace(escalation, duty=day.ctx.duty()),
    )  # fmt: skip
    assert again is not None
    assert review.undo(day.ctx.store, again, by="Odile", now=day.clock())
    assert [one.state for one in day.told()] == ["due", "sent", "stopped", "stopped"]
