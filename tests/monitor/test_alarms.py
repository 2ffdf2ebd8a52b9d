"""Alarms: told once, answered or escalated, followed as their story grows, silenced."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from itertools import count

import pytest

from alerts.silencing import Scope
from classifiers.duplicates import fingerprint
from classifiers.types import Assessment, Label, LabelScore, SchoolLink, Severity
from connectors.types import Mention
from monitor import alarms, pipeline, review, tasks
from monitor.context import Context
from monitor.store import alarms as alarm_store
from monitor.store import audit, delivered, mentions, silences
from monitor.store.scope import EVERYTHING
from monitor.store.views import DeliveryView, MentionDetail, PendingMention
from tests.doubles.surroundings import Surroundings
from tests.monitor.conftest import Clock, Opened

STORY = "Larkmere Hill School is a disgrace: the head lied to parents about the mould, boycott it"
PR, EXECUTIVE, LEAD = "pr@larkmere.example", "ceo@larkmere.example", "dsl@larkmere.example"


class Judge:
    """Says of every post what it is told to say; its fingerprints are the real ones."""

    def __init__(self, severity: Severity, label: Label) -> None:
        self.assessment = Assessment(
            schools=(SchoolLink(school_id="hill", certainty="certain", score=0.99),),
            scores=(LabelScore(label=label, probability=0.96, threshold=0.5),),
            severity=severity,
            model_version="told",
        )

    def fingerprint(self, text: str) -> object:
        return fingerprint(text)


@dataclass
class Day:
    """One context, with posts that come in."""

    ctx: Context
    clock: Clock
    numbers: Iterator[int]

    def post(
        self,
        text: str = STORY,
        severity: Severity = "high",
        label: Label = "reputation",
        source: str = "one",
    ) -> int:
        name = str(next(self.numbers))
        now = self.clock()
        mention = Mention(
            platform=source, external_id=name, url=f"https://posts.example/{name}", text=text,
            published_at=now, fetched_at=now,
        )  # fmt: skip
        judge = Judge(severity, label)
        settings = self.ctx.settings
        with self.ctx.store.begin() as tx:
            mentions.ingest(tx, source, [mention], now)
            pending: PendingMention = mentions.pending(tx, 10)[-1]
            pipeline.record(
                tx,
                pending,
                judge.assessment,
                classifier=judge,  # type: ignore[arg-type]
                trust=settings.trust,
                policy=settings.policy,
                duty=self.ctx.duty(),
            )
        return pending.mention_id

    def detail(self, mention_id: int) -> MentionDetail:
        with self.ctx.store.read() as tx:
            found = mentions.detail(tx, EVERYTHING, mention_id)
        assert found is not None
        return found

    def told(self) -> list[DeliveryView]:
        with self.ctx.store.read() as tx:
            return sorted(delivered.listing(tx, 500), key=lambda one: one.delivery_id)

    def told_to(self, recipient: str) -> int:
        return sum(one.recipient == recipient for one in self.told())

    def later(self, **span: float) -> None:
        self.clock.forward(timedelta(**span))


@pytest.fixture
def day(opened: Opened, clock: Clock) -> Iterator[Day]:
    with opened() as ctx:
        yield Day(ctx, clock, count(1))


@contextmanager
def quiet(day: Day, hours: str) -> Iterator[Day]:
    rota = day.ctx.settings.rota
    changed = rota.model_copy(update={"quiet": rota.quiet.model_copy(update={"hours": hours})})
    settings = day.ctx.settings.model_copy(update={"rota": changed})
    object.__setattr__(day.ctx, "settings", settings)
    yield day


def test_an_alarm_that_nobody_answers_goes_up_the_chain_step_by_step(day: Day) -> None:
    number = day.post()
    assert alarms.escalate(day.ctx) == 0
    day.later(hours=4)
    # No deputy of PR is set, so the first step falls to the executive.
    assert alarms.escalate(day.ctx) == 1
    assert alarms.escalate(day.ctx) == 0
    assert day.told()[-1].recipient == EXECUTIVE
    day.later(hours=20)
    assert alarms.escalate(day.ctx) == 1
    day.later(days=3)
    assert alarms.escalate(day.ctx) == 0
    alarm = day.detail(number).alarm
    assert alarm is not None
    assert (alarm.step, alarm.next_step_at) == (2, None)


def test_who_answers_stops_the_chain_and_is_on_record(day: Day) -> None:
    number = day.post()
    assert alarms.acknowledge(day.ctx.store, number, by="Odile", now=day.clock())
    assert not alarms.acknowledge(day.ctx.store, number, by="Another", now=day.clock())
    day.later(days=3)
    assert alarms.escalate(day.ctx) == 0
    alarm = day.detail(number).alarm
    assert alarm is not None
    assert (alarm.state, alarm.acknowledged_by) == ("acknowledged", "Odile")
    with day.ctx.store.read() as tx:
        assert audit.listing(tx, 1)[0].action == "alarm.acknowledged"


def test_a_decision_is_an_answer(day: Day) -> None:
    number = day.post()
    review.decide(day.ctx.store, number, "no_action", "", seen="open", by="Odile", now=day.clock())
    day.later(days=3)
    assert alarms.escalate(day.ctx) == 0


def test_a_child_at_risk_goes_to_the_next_safeguarding_lead_within_a_quarter_of_an_hour(
    day: Day,
) -> None:
    with quiet(day, "12:00-07:00"):
        number = day.post("i want to die", "high", "self_harm")
        day.later(minutes=16)
        assert alarms.escalate(day.ctx) == 1
        last = day.told()[-1]
        assert (last.role, last.recipient) == ("safeguarding_lead", LEAD)
        assert last.next_attempt_at is not None
        assert last.next_attempt_at <= day.clock()
        assert "have not answered" in last.why
        assert day.detail(number).deliveries


def test_what_can_wait_is_sent_after_the_quiet_hours_and_its_clock_stands_still(day: Day) -> None:
    with quiet(day, "12:00-18:00"):
        day.post()
        assert tasks.send(day.ctx) == 0
        day.later(hours=5)
        assert (tasks.send(day.ctx), alarms.escalate(day.ctx)) == (0, 0)
        day.later(hours=1)
        assert tasks.send(day.ctx) == 1
        day.later(hours=3)
        assert alarms.escalate(day.ctx) == 0
        day.later(hours=1)
        assert alarms.escalate(day.ctx) == 1


def test_what_is_critical_breaks_the_quiet_hours(day: Day) -> None:
    with quiet(day, "11:00-18:00"):
        day.post("Fire", "critical")
        assert tasks.send(day.ctx) == 1


def test_copies_tell_nobody_twice_and_a_growing_story_is_told_in_its_thread(
    day: Day, surroundings: Surroundings
) -> None:
    number = day.post()
    while tasks.send(day.ctx):
        pass
    first = day.told_to(PR)
    for _ in range(4):
        day.post()
    assert (day.told_to(PR), alarms.follow(day.ctx)) == (first, 0)  # the time has not passed
    day.later(hours=2)
    assert alarms.follow(day.ctx) == len(day.detail(number).deliveries) - first
    assert alarms.follow(day.ctx) == 0
    assert day.told_to(PR) == first + 1
    while tasks.send(day.ctx):
        pass
    mails = [envelope.content for envelope in surroundings.inbox.taken]
    follow_up = str(mails[-1])
    assert "In-Reply-To:" in follow_up
    assert "Now 5 posts in 1 place." in follow_up


def test_a_story_that_spreads_counts_as_graver_once_and_whoever_did_not_know_is_told(
    day: Day,
) -> None:
    number = day.post(severity="medium")
    assert day.told() == []
    for at in range(6):
        day.post(severity="medium", source="one" if at % 2 else "two")
    assert day.told() == []
    day.post(severity="medium", source="two")
    detail = day.detail(number)
    assert detail.assessment is not None
    assert detail.assessment.severity == "high"
    assert day.told_to(PR) == 1
    for _ in range(10):
        day.post(severity="medium", source="three")
    assert day.told_to(PR) == 1


def test_a_story_told_of_already_becomes_critical_in_the_same_thread(day: Day) -> None:
    number = day.post()
    for at in range(8):
        day.post(source="one" if at % 2 else "two")
    detail = day.detail(number)
    assert detail.assessment is not None
    assert detail.assessment.severity == "critical"
    assert day.told_to(PR) == 2
    assert day.told_to(EXECUTIVE) == 1  # critical, so the Executive Team hears of it now


def test_a_silence_keeps_quiet_what_it_covers_counts_it_and_ends(day: Day) -> None:
    with day.ctx.store.begin() as tx:
        silence = silences.begin(
            tx,
            Scope(phrase="about the mould"),
            author="Odile",
            reason="Known; the letter goes out on Monday.",
            since=day.clock(),
            until=day.clock() + timedelta(hours=6),
        )
    number = day.post()
    assert day.told() == []
    alarm = day.detail(number).alarm
    assert alarm is not None
    assert (alarm.state, alarm.silence_id) == ("silenced", silence)
    with day.ctx.store.begin() as tx:
        assert silences.active(tx, day.clock())[0].kept_quiet == 1
    day.post("About the mould: fire", "critical")
    assert day.told_to(PR) == 1
    with day.ctx.store.begin() as tx:
        assert silences.end(tx, silence, by="Odile", now=day.clock())
        assert not silences.end(tx, silence, by="Odile", now=day.clock())
    day.post("Another matter about the mould in the hall")
    assert day.told_to(PR) == 2


def test_a_day_far_from_a_schools_habit_is_told_once_by_its_gravest_matter(day: Day) -> None:
    # Different matters: no story of many posts, and none grave enough to be told alone.
    things = ("mould", "lunches", "buses", "homework", "toilets", "coats", "parking", "phones")
    for week in range(3):
        day.post(f"Week {week}: the {things[week]} again, what a shambles", "medium")
        day.later(days=7)
    day.later(hours=-12)
    for number, thing in enumerate(things):
        day.post(f"Number {number} complaint about {thing} and nobody answers the phone", "medium")
    assert day.told_to(PR) == 1
    told = next(one for one in day.told() if one.recipient == PR)
    assert told.mention_id is not None
    assessment = day.detail(told.mention_id).assessment
    assert assessment is not None
    assert assessment.severity == "high"
    with day.ctx.store.read() as tx:
        (notice,) = [
            n for n in alarm_store.told_notices(tx, story_of(day, told)) if n.recipient == PR
        ]
    assert notice.news == "4 matters about Larkmere Hill School today, where none or one is usual."


def story_of(day: Day, told: DeliveryView) -> int:
    assert told.mention_id is not None
    story = day.detail(told.mention_id).story_id
    assert story is not None
    return story


@contextmanager
def grouping(day: Day, **changes: object) -> Iterator[Day]:
    policy = day.ctx.settings.policy
    changed = policy.model_copy(update={"grouping": policy.grouping.model_copy(update=changes)})
    settings = day.ctx.settings.model_copy(update={"policy": changed})
    object.__setattr__(day.ctx, "settings", settings)
    yield day


def sent(day: Day) -> int:
    number = 0
    while tasks.send(day.ctx):
        number += 1
    return number


MATTERS = (
    "Larkmere Hill School: the head lied about the mould in the hall",
    "Boycott Larkmere Hill School over the bus that never comes",
    "Shame on Larkmere Hill School for locking the toilets at lunch",
)


def test_high_matters_share_a_mail_and_come_no_more_often_than_the_interval(
    day: Day, surroundings: Surroundings
) -> None:
    with grouping(day, wait=timedelta(minutes=2), interval=(timedelta(hours=3),)):
        for text in MATTERS[:2]:
            day.post(text)
        assert sent(day) == 0
        day.later(minutes=2)
        assert sent(day) == 1
        mail = str(surroundings.inbox.taken[-1].content)
        assert "2 matters for you" in mail
        assert all(one.state == "sent" for one in day.told())
        day.post(MATTERS[2])
        day.later(hours=2)
        assert sent(day) == 0
        day.later(hours=1)
        assert sent(day) == 1
        day.post("A knife at Larkmere Hill School tonight", "critical", "threat")
        assert sent(day) >= 1  # what is critical waits for nothing


def test_while_much_is_said_mails_come_less_and_less_often_and_nobody_is_called_before_them(
    day: Day, surroundings: Surroundings
) -> None:
    ladder = (timedelta(hours=1), timedelta(hours=4), timedelta(days=1))
    with grouping(day, wait=timedelta(minutes=2), interval=ladder):
        for text, rest in (
            (f"{MATTERS[0]}, a disgrace", timedelta(minutes=2)),
            (MATTERS[1], ladder[0]),
            (MATTERS[2], ladder[1]),
            ("Larkmere Hill School lost the coursework of a whole year", ladder[2]),
            ("Larkmere Hill School sold the playing field behind our backs", ladder[2]),
        ):
            number = day.post(text)
            (waits,) = (one for one in day.told() if one.state == "due" and one.recipient == PR)
            assert waits.next_attempt_at == day.clock() + rest
            alarm = day.detail(number).alarm
            assert alarm is not None
            assert alarm.next_step_at == waits.next_attempt_at + timedelta(hours=4)
            day.clock.forward(rest)
            assert sent(day) == 1
        for text in ("Larkmere Hill School let the lab burn", "No heating at Larkmere Hill School"):
            day.post(text)
        day.later(days=1)
        assert sent(day) == 1
        assert "2 more matters since" in str(surroundings.inbox.taken[-1].content)
        day.later(days=2)
        day.post("Larkmere Hill School has closed its library for good")
        day.later(minutes=2)
        assert sent(day) == 1  # it was calm, so the first comes at once again


def test_a_mail_that_waits_for_its_turn_keeps_the_quiet_hours(day: Day) -> None:
    with (
        quiet(day, "14:00-07:00"),
        grouping(day, wait=timedelta(minutes=2), interval=(timedelta(hours=3),)),
    ):
        day.post(MATTERS[0])
        day.later(minutes=2)
        assert sent(day) == 1
        day.post(MATTERS[1])  # its turn comes at 15:02, in the quiet hours
        held = day.told()[-1].next_attempt_at
        assert held is not None
        assert held - day.clock() > timedelta(hours=18)


def test_a_retry_of_a_shared_mail_is_the_same_mail(day: Day, surroundings: Surroundings) -> None:
    with grouping(day, wait=timedelta(minutes=2), interval=(timedelta(hours=3),)):
        for text in MATTERS[:2]:
            day.post(text)
        day.later(minutes=2)
        surroundings.inbox.data = "451 4.7.1 greylisted, try again in 60 seconds"
        assert sent(day) == 1
        day.post(MATTERS[2])
        surroundings.inbox.data = "250 Taken"
        day.later(minutes=5)
        before = len(surroundings.inbox.taken)
        sent(day)
        contents = [str(one.content) for one in surroundings.inbox.taken[before:]]
        assert "2 matters for you" in contents[0]
        assert MATTERS[2] not in contents[0]


def test_what_waits_to_share_a_mail_goes_at_once_when_it_becomes_critical(
    day: Day, surroundings: Surroundings
) -> None:
    with grouping(day, wait=timedelta(minutes=2), interval=(timedelta(hours=3),)):
        for at in range(8):  # waits, until it has gone far
            day.post(source="one" if at % 2 else "two")
        sent(day)
    mine = [str(one.content) for one in surroundings.inbox.taken if one.rcpt_tos == [PR]]
    assert len(mine) == 1
    assert "Subject: Critical" in mine[0]
    assert day.told_to(PR) == 1


def test_danger_wakes_who_acts_first_and_tells_pr_in_the_morning(day: Day) -> None:
    rota = day.ctx.settings.rota
    quiet = rota.quiet.model_copy(update={"hours": "21:00-07:00"})
    changed = rota.model_copy(update={"quiet": quiet})
    settings = day.ctx.settings.model_copy(update={"rota": changed})
    object.__setattr__(day.ctx, "settings", settings)
    day.clock.now = day.clock.now.replace(hour=23)
    day.post(label="self_harm")
    due = {one.recipient: one.next_attempt_at for one in day.told()}
    assert due[LEAD] == day.clock.now
    assert due[PR] == day.clock.now + timedelta(hours=8)


def test_whoever_cannot_be_reached_is_passed_over_at_once(
    day: Day, surroundings: Surroundings
) -> None:
    surroundings.inbox.rcpt = {PR: "550 5.1.1 no such user"}
    day.post()
    assert alarms.escalate(day.ctx) == 0
    sent(day)
    assert {one.state for one in day.told() if one.recipient == PR} == {"dead"}
    assert alarms.escalate(day.ctx) == 1
