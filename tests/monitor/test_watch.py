"""Can alerts leave? A mail each day by their own way, and an alarm by another when none can."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from itertools import count

import pytest

from alerts.types import Delivery, Message, Retry
from config.settings import ChannelSettings
from monitor import tasks
from monitor.context import Context
from monitor.health import watch
from monitor.store import delivered, returns
from monitor.store.views import MailHealth
from tests.doubles.surroundings import Surroundings
from tests.monitor.conftest import Clock, Opened
from tests.monitor.test_alarms import Day
from tests.monitor.test_channels import Kept, with_channels

IT = "it@larkmere.example"
PAGER = ChannelSettings(id="pager", kind="apprise", roles=("it",), min_severity="critical")
ROOM = ChannelSettings(id="room", kind="webhook", roles=("head_of_pr",))


class Down:
    def send(self, message: Message) -> Delivery:
        return Retry("The mail server could not be reached.")


@pytest.fixture
def day(opened: Opened, clock: Clock) -> Iterator[Day]:
    with opened() as ctx:
        yield Day(with_channels(ctx, PAGER, ROOM), clock, count(1))


def send_all(ctx: Context) -> None:
    while tasks.send(ctx):
        pass


def mails_to_it(surroundings: Surroundings) -> list[EmailMessage]:
    return [
        message_from_bytes(one.content, policy=policy.default)
        for one in surroundings.inbox.taken
        if one.rcpt_tos == [IT] and isinstance(one.content, bytes)
    ]


def test_it_gets_a_mail_by_the_alerts_own_way_once_a_day(
    day: Day, surroundings: Surroundings
) -> None:
    assert watch.order_self_test(day.ctx) == 1
    assert watch.order_self_test(day.ctx) == 0
    send_all(day.ctx)
    (mail,) = mails_to_it(surroundings)
    assert mail["Subject"] == "Self-test of Fri 20 Nov 2026: alerts can leave"
    text = mail.get_body(("plain",))
    assert text is not None
    assert "On a day on which it does not come" in " ".join(str(text.get_content()).split())
    day.later(hours=18)  # the next morning, before its hour
    assert watch.order_self_test(day.ctx) == 0
    day.later(hours=2)
    assert watch.order_self_test(day.ctx) == 1


def test_after_three_days_asleep_there_is_one_self_test(day: Day) -> None:
    day.later(days=3)
    assert watch.order_self_test(day.ctx) == 1
    assert watch.order_self_test(day.ctx) == 0


def test_the_self_test_says_what_it_should_see_to(day: Day, surroundings: Surroundings) -> None:
    surroundings.inbox.rcpt = {"pr@larkmere.example": "550 5.1.1 no such user"}
    day.post()
    send_all(day.ctx)
    watch.order_self_test(day.ctx)
    send_all(day.ctx)
    said = mails_to_it(surroundings)[0].as_string()
    assert "1 message could not be sent." in said
    assert "Not an emergency service" in said


def test_nothing_is_ordered_without_a_decision_or_an_address(opened: Opened, day: Day) -> None:
    with opened(decided=False) as ctx:
        assert watch.order_self_test(ctx) == 0
        assert watch.Watch(ctx).look() == 0
    contacts = day.ctx.settings.trust.contacts.model_copy(update={"it": ""})
    trust = day.ctx.settings.trust.model_copy(update={"contacts": contacts})
    settings = day.ctx.settings.model_copy(update={"trust": trust})
    assert watch.order_self_test(replace(day.ctx, settings=settings)) == 0


def test_mail_that_cannot_leave_is_told_by_its_channel_once(day: Day) -> None:
    down = replace(day.ctx, channels={"smtp": Down()})
    looking = watch.Watch(day.ctx)
    day.post()
    send_all(down)
    assert looking.look() == 0
    day.later(minutes=31)
    send_all(down)
    assert looking.look() == 0  # it could be a machine that has just woken up
    assert looking.look() == 1
    assert looking.look() == 0
    kept = Kept()
    while tasks.send(replace(day.ctx, other_channels={"pager": kept}), channel="pager"):
        pass
    (brief,) = kept.told
    assert (brief.event, brief.severity) == ("service", "critical")
    assert brief.kind.startswith("no mail can leave")
    assert brief.link.endswith("/deliveries")
    send_all(day.ctx)
    assert looking.look() == 0


def test_a_machine_that_was_asleep_raises_no_alarm(day: Day) -> None:
    looking = watch.Watch(day.ctx)
    day.post()
    day.later(days=3)
    assert looking.look() == 0
    send_all(day.ctx)
    assert looking.look() == 0


def test_one_mail_that_is_put_off_is_no_alarm_while_others_leave(
    day: Day, surroundings: Surroundings
) -> None:
    surroundings.inbox.rcpt = {"pr@larkmere.example": "451 4.7.1 greylisted"}
    looking = watch.Watch(day.ctx)
    for _ in range(5):
        day.later(minutes=20)
        day.post(f"Larkmere Hill School and the {day.clock()}", "critical")
        send_all(day.ctx)
        assert looking.look() == 0


def test_what_is_held_by_quiet_hours_is_not_late(day: Day) -> None:
    rota = day.ctx.settings.rota
    quiet = rota.quiet.model_copy(update={"hours": "11:00-16:00"})
    changed = rota.model_copy(update={"quiet": quiet})
    day.ctx = replace(day.ctx, settings=day.ctx.settings.model_copy(update={"rota": changed}))
    day.post()
    looking = watch.Watch(day.ctx)
    day.later(hours=3)
    assert [looking.look(), looking.look()] == [0, 0]
    with day.ctx.store.read() as tx:
        assert delivered.mail_health(tx, day.clock()) == MailHealth(
            due=0, oldest_id=None, oldest_due_at=None, last_sent_at=None
        )


def test_a_mail_sent_again_is_late_from_then_on(day: Day, surroundings: Surroundings) -> None:
    surroundings.inbox.rcpt = {"pr@larkmere.example": "550 5.1.1 no such user"}
    day.post()
    send_all(day.ctx)
    dead = next(one for one in day.told() if one.state == "dead")
    day.later(hours=2)
    with day.ctx.store.begin() as tx:
        assert delivered.resend(tx, dead.delivery_id, now=day.clock())
        assert delivered.mail_health(tx, day.clock()).oldest_due_at == day.clock()


def test_health_holds_after_the_lateness_alone() -> None:
    clock = Clock()
    after = timedelta(minutes=30)
    waiting = MailHealth(
        due=1, oldest_id=1, oldest_due_at=clock() - after, last_sent_at=clock() - after
    )
    assert waiting.is_stuck(clock(), after)
    assert not waiting.is_stuck(clock(), after + timedelta(seconds=1))
    assert not replace(waiting, last_sent_at=clock()).is_stuck(clock(), after)
    assert replace(waiting, last_sent_at=None).is_stuck(clock(), after)


def reading(day: Day, username: str) -> Context:
    """As if a mailbox of that account were read."""
    box = day.ctx.settings.mailbox.model_copy(
        update={"host": "imap.larkmere.example", "username": username}
    )
    settings = day.ctx.settings.model_copy(update={"mailbox": box})
    return replace(day.ctx, settings=settings)


def test_a_self_test_that_does_not_come_back_is_told_by_another_channel_once(day: Day) -> None:
    ctx = reading(day, "reports@larkmere.example")
    looking = watch.Watch(ctx)
    assert watch.order_self_test(ctx) == 2
    send_all(ctx)
    assert looking.look() == 0
    day.later(hours=2)
    assert looking.look() == 1
    assert looking.look() == 0
    kept = Kept()
    while tasks.send(replace(ctx, other_channels={"pager": kept}), channel="pager"):
        pass
    assert kept.told[0].kind.startswith("the self-test's mail has not come back")


def test_a_self_test_that_came_back_is_no_alarm_and_an_account_without_address_has_none(
    day: Day, surroundings: Surroundings
) -> None:
    ctx = reading(day, "reports@larkmere.example")
    watch.order_self_test(ctx)
    send_all(ctx)
    (mail,) = (
        message_from_bytes(one.content, policy=policy.default)
        for one in surroundings.inbox.taken
        if one.rcpt_tos == ["reports@larkmere.example"] and isinstance(one.content, bytes)
    )
    with ctx.store.begin() as tx:
        assert returns.note(tx, (str(mail["Message-ID"]), "<strange@x.example>"), day.clock()) == 1
        assert returns.note(tx, (str(mail["Message-ID"]),), day.clock()) == 0
    day.later(hours=9)
    assert watch.Watch(ctx).look() == 0
    day.later(days=1)
    assert watch.order_self_test(reading(day, "reports")) == 1
