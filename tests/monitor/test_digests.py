"""Who gets which digest and when: once each, whatever the clock does."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes, policy
from email.message import Message
from typing import Any

import pytest

from alerts.words import LONDON
from config.rota import Digests, Holiday, Person, Rota
from config.trust import School
from monitor import digests, messages, tasks
from monitor.context import Context
from monitor.digests import BRIEF, DAILY, EXECUTIVE, TERM, WEEKLY
from monitor.figures import daily
from monitor.store import delivered, sending
from monitor.store.views import DigestOrder
from tests.doubles.surroundings import Surroundings
from tests.monitor.conftest import Clock, Opened
from tests.monitor.test_tasks import SOON, collect, drain

HEAD, PR, CEO = "head@larkmere.example", "pr@larkmere.example", "ceo@larkmere.example"


def with_rota(ctx: Context, **parts: Any) -> Context:
    rota = ctx.settings.rota.model_copy(update=parts)
    return replace(ctx, settings=ctx.settings.model_copy(update={"rota": rota}))


def kinds(ctx: Context, day: date) -> dict[str, str]:
    return {one.kind: one.recipient for one in digests.orders(ctx.settings, day)}


def ordered(ctx: Context) -> Counter[str]:
    """How many digests were ordered, by kind."""
    with ctx.store.read() as tx:
        return Counter(one.why.split()[0] for one in delivered.listing(tx, 500))


def test_digests_are_ordered_once_a_day_and_sent(
    opened: Opened, clock: Clock, surroundings: Surroundings
) -> None:
    with opened() as ctx:
        assert digests.order(ctx) == 2
        assert digests.order(ctx) == 0
        while tasks.send(ctx):
            pass
        clock.forward(timedelta(days=1))
        assert digests.order(ctx) == 2
    assert len(surroundings.arrived) == 2


def arrived(surroundings: Surroundings) -> list[Message]:
    contents = [one.content for one in surroundings.inbox.taken]
    return [
        message_from_bytes(one, policy=policy.default) for one in contents if isinstance(one, bytes)
    ]


def live_through(ctx: Context, clock: Clock, until: datetime) -> None:
    """Every ten minutes, as the service's clock would."""
    while clock.now < until:
        digests.order(ctx)
        clock.forward(timedelta(minutes=10))


@pytest.mark.parametrize("change", [date(2026, 10, 25), date(2027, 3, 28)])
def test_on_the_days_the_clocks_change_each_has_one_in_the_local_morning(
    change: date, opened: Opened, clock: Clock
) -> None:
    with opened() as ctx:
        clock.now = datetime(change.year, change.month, change.day - 2, 12, tzinfo=UTC)
        digests.order(ctx)
        with ctx.store.begin() as tx:
            assert len(sending.claim_due(tx, now=clock.now, lease=SOON, limit=9)) == 2
        live_through(ctx, clock, clock.now + timedelta(days=3))
        with ctx.store.read() as tx:
            made = [one.created_at.astimezone(LONDON) for one in delivered.listing(tx, 99)]
        mornings = Counter(at.date() for at in made if at.hour == 7 and at.minute == 0)
        assert mornings == {change + timedelta(days=n): 2 for n in (-1, 0)} | {
            change + timedelta(days=1): 3  # and the executive's week
        }


def test_after_three_days_asleep_there_is_one_that_reports_them_all(
    opened: Opened, clock: Clock, surroundings: Surroundings
) -> None:
    with opened() as ctx:
        digests.order(ctx)
        clock.forward(timedelta(days=3))
        assert digests.order(ctx) == 3
        assert ordered(ctx) == {DAILY: 2, BRIEF: 2, EXECUTIVE: 1}
        while tasks.send(ctx):
            pass
    newest = [mail for mail in arrived(surroundings) if "Fri 20 to Sun 22 Nov" in mail["Subject"]]
    assert sorted(str(mail["To"]) for mail in newest) == [HEAD, PR]


def test_a_head_chooses_daily_weekly_or_never(opened: Opened) -> None:
    monday = date(2026, 11, 23)
    with opened() as ctx:
        weekly = with_rota(ctx, people=(Person(who=HEAD.upper(), digest="weekly"),))
        assert kinds(weekly, monday - timedelta(days=1)) == {
            WEEKLY: HEAD, BRIEF: PR, EXECUTIVE: CEO,
        }  # fmt: skip
        assert kinds(weekly, monday + timedelta(days=3)) == {BRIEF: PR}
        week = next(one for one in digests.orders(weekly.settings, monday) if one.kind == WEEKLY)
        assert (week.local_date, week.days) == (date(2026, 11, 22), 7)
        never = with_rota(ctx, digests=Digests(every="never"))
        assert DAILY not in kinds(never, monday)
        friday = with_rota(ctx, digests=Digests(every="weekly", weekly_on="friday"))
        assert WEEKLY not in kinds(friday, monday + timedelta(days=2))
        assert WEEKLY in kinds(friday, monday + timedelta(days=3))


def test_a_head_of_two_schools_gets_one_mail(opened: Opened, surroundings: Surroundings) -> None:
    with opened() as ctx:
        first = ctx.settings.trust.schools[0]
        contacts = first.contacts.model_copy(update={"headteacher": HEAD.title()})
        second = School(id="dale", name="Larkmere Dale Primary School", contacts=contacts)
        trust = ctx.settings.trust.model_copy(update={"schools": (first, second)})
        ctx = replace(ctx, settings=ctx.settings.model_copy(update={"trust": trust}))
        assert digests.order(ctx) == 2
        while tasks.send(ctx):
            pass
    (mine,) = [mail for mail in arrived(surroundings) if mail["To"] == HEAD]
    assert "Larkmere Hill School and Larkmere Dale Primary School" in mine["Subject"]


CHRISTMAS = Holiday(name="Christmas", since=date(2026, 12, 19), until=date(2027, 1, 3))
HALF_TERM = Holiday(name="Half-term", since=date(2026, 10, 26), until=date(2026, 10, 30))
SUMMER = Holiday(name="Summer", since=date(2026, 7, 22), until=date(2026, 9, 1))


def test_when_a_term_ends_the_trust_has_its_summary() -> None:
    rota = Rota(holidays=(HALF_TERM, CHRISTMAS, SUMMER))
    term = (date(2026, 9, 2), date(2026, 12, 18))
    assert digests.term_ended(rota, date(2026, 12, 17)) is None
    assert digests.term_ended(rota, date(2026, 12, 18)) == term
    assert digests.term_ended(rota, date(2026, 12, 20)) == term
    assert digests.term_ended(rota, date(2026, 12, 28)) is None
    assert digests.term_ended(rota, date(2026, 10, 25)) is None


def test_the_term_s_summary_goes_to_the_executive_and_pr(opened: Opened) -> None:
    with opened() as ctx:
        ctx = with_rota(ctx, holidays=(CHRISTMAS,))
        found = list(digests.orders(ctx.settings, date(2026, 12, 18)))
        told = [one.recipient for one in found if one.kind == TERM]
        assert told == [CEO, PR]


def close_days(ctx: Context) -> int:
    return daily.close_days(ctx.store, ctx.settings, ctx.clock())


def shown(ctx: Context, kind: str, *schools: str, days: int = 1) -> str:
    day = ctx.clock().date()
    order = DigestOrder(recipient=PR, kind=kind, school_ids=schools, local_date=day, days=days)
    mail = messages.digest_of(
        ctx.store, ctx.settings, order, message_id="<x@y.example>", now=ctx.clock()
    ).mail
    part = mail.get_body(("plain",))
    assert part is not None
    return " ".join(part.get_content().split())


def test_what_was_collected_is_told_to_the_head_and_to_pr(opened: Opened, clock: Clock) -> None:
    with opened() as ctx:
        clock.forward(SOON)
        collect(ctx)
        drain(ctx)
        head = shown(ctx, DAILY, "hill")
        assert "wait for a decision." in head
        assert 'Worth passing on: "Lovely concert at Larkmere Hill School, thank you' in head
        assert ": to be seen" in head
        assert "2 of 2 sources healthy." in head
        brief = shown(ctx, BRIEF)
        assert "Mentions: 16; \N{EN DASH}; \N{EN DASH}" in brief
        assert "the service did not watch it whole" in brief
        assert "unanswered." in brief
        week = shown(ctx, EXECUTIVE, days=7)
        assert "THE STORIES" in week
        assert "2 places" in week
        assert "how many people saw a post, no platform tells" in week


def test_figures_of_a_day_are_kept_once_it_is_over_and_compared_later(
    opened: Opened, clock: Clock
) -> None:
    with opened() as ctx:
        clock.forward(SOON)
        collect(ctx)
        drain(ctx)
        day = clock().date()
        assert close_days(ctx) == 0
        clock.forward(timedelta(days=7))
        assert close_days(ctx) == 7
        assert close_days(ctx) == 0
        with ctx.store.read() as tx:
            (trust,) = daily.by_day(tx, None, day, day)
            (school,) = daily.by_day(tx, "hill", day, day)
            nothing = daily.total(tx, None, day - timedelta(days=7), day - timedelta(days=7))
        assert (trust.days, trust.mentions) == (1, 16)
        assert trust.grave >= 3
        assert trust.alarms >= 3
        assert school.mentions == 16
        assert nothing.days == 0
        with ctx.store.begin() as tx:  # all is forgotten; the figures stay
            tx.exec_driver_sql("DELETE FROM mention")
        brief = shown(ctx, BRIEF)
        assert f"Mentions: 0; {trust.mentions}; \N{EN DASH}" in brief
