from dataclasses import replace
from datetime import timedelta

import pytest

from alerts.types import Delivery, Message, Retry
from connectors.types import NotMeasured, Ok
from monitor import digests, tasks
from monitor.context import Context
from monitor.store import delivered, evidence_orders, mentions, queue, sources
from monitor.store.scope import EVERYTHING
from monitor.store.views import QueueFilter
from tests.doubles.surroundings import POSTS, Surroundings
from tests.monitor.conftest import Clock, Opened

SOON = timedelta(minutes=2)


def collect(ctx: Context) -> list[tasks.Polled]:
    return [tasks.poll(ctx, claimed) for claimed in tasks.claim_due_sources(ctx, 8)]


def drain(ctx: Context) -> None:
    while tasks.assess(ctx):
        pass


def test_what_names_us_is_stored_once_however_often_it_is_seen(
    opened: Opened, clock: Clock
) -> None:
    with opened() as ctx:
        clock.forward(SOON)
        first = collect(ctx)
        assert sorted(polled.stored for polled in first) == [len(POSTS)] * 2
        clock.forward(SOON)
        again = collect(ctx)
        assert [polled.health for polled in again] == [Ok(), Ok()]
        assert [polled.stored for polled in again] == [0, 0]


def test_no_source_is_asked_before_the_decision_is_recorded(opened: Opened, clock: Clock) -> None:
    with opened(decided=False) as ctx:
        clock.forward(timedelta(days=1))
        assert tasks.claim_due_sources(ctx, 8) == []


def test_no_mail_leaves_before_the_decision_is_recorded(
    opened: Opened, clock: Clock, surroundings: Surroundings
) -> None:
    with opened() as ctx:
        clock.forward(SOON)
        collect(ctx)
        drain(ctx)
    with opened(decided=False) as ctx:
        with ctx.store.read() as tx:
            assert queue.counts(tx, EVERYTHING).deliveries_due > 0
        assert tasks.send(ctx) == 0
        assert digests.order(ctx) == 0
    assert surroundings.arrived == set()


def test_a_grave_post_becomes_a_flagged_mention_and_a_mail(
    opened: Opened, clock: Clock, surroundings: Surroundings
) -> None:
    with opened() as ctx:
        clock.forward(SOON)
        collect(ctx)
        drain(ctx)
        with ctx.store.read() as tx:
            top = queue.page(tx, EVERYTHING, QueueFilter(), after=None, limit=1).rows[0]
        assert top.severity == "critical"
        assert top.school_ids == ("hill",)
        with ctx.store.read() as tx:
            (order,) = evidence_orders.of_mention(tx, top.mention_id)
        assert order.state == "due"  # its page is captured by itself (policy 9.4)
        while tasks.send(ctx):
            pass
        with ctx.store.read() as tx:
            detail = mentions.detail(tx, EVERYTHING, top.mention_id)
        assert detail is not None
        assert {one.state for one in detail.deliveries} == {"sent"}
        assert "head_of_pr" in {one.role for one in detail.deliveries}
    assert surroundings.arrived


def test_the_same_post_on_two_sites_is_one_row_and_one_alarm(opened: Opened, clock: Clock) -> None:
    with opened() as ctx:
        clock.forward(SOON)
        collect(ctx)
        drain(ctx)
        with ctx.store.read() as tx:
            rows = queue.page(tx, EVERYTHING, QueueFilter(), after=None, limit=50).rows
            told = delivered.listing(tx, 100)
        assert {row.copies for row in rows} == {2}
        alarms = [(one.mention_id, one.role) for one in told]
        assert len(alarms) == len(set(alarms))
        assert {mention_id for mention_id, _ in alarms} <= {row.mention_id for row in rows}


def test_the_past_of_a_new_source_waits_in_the_queue_unless_it_is_critical(
    opened: Opened, clock: Clock
) -> None:
    with opened() as ctx:
        clock.forward(timedelta(days=90))
        collect(ctx)
        drain(ctx)
        with ctx.store.read() as tx:
            rows = queue.page(tx, EVERYTHING, QueueFilter(), after=None, limit=50).rows
            told = {one.mention_id for one in delivered.listing(tx, 100)}
        assert {row.mention_id for row in rows if row.severity == "critical"} == told
        assert {row.severity for row in rows} > {"critical"}


def test_old_news_that_comes_up_again_is_told(opened: Opened, clock: Clock) -> None:
    with opened() as ctx:
        clock.forward(timedelta(days=90))
        collect(ctx)
        drain(ctx)
        with ctx.store.begin() as tx:
            rows = queue.page(tx, EVERYTHING, QueueFilter(), after=None, limit=50).rows
            waiting = next(row for row in rows if row.severity == "high")
            detail = mentions.detail(tx, EVERYTHING, waiting.mention_id)
            assert detail is not None
            assert detail.deliveries == ()
            again = replace(detail.mention, external_id="again", published_at=clock())
            later = replace(detail.mention, external_id="later", published_at=clock())
            mentions.ingest(tx, "elsewhere", [again, later], clock())
        drain(ctx)
        with ctx.store.read() as tx:
            (row,) = (
                row
                for row in queue.page(tx, EVERYTHING, QueueFilter(), after=None, limit=50).rows
                if row.severity == "high" and row.copies == waiting.copies + 2
            )
            told = [one for one in delivered.listing(tx, 100) if one.mention_id == row.mention_id]
        assert row.mention_id != waiting.mention_id
        assert "head_of_pr" in {one.role for one in told}
        assert len(told) == len({one.recipient for one in told})


class Down:
    """A mail server that is away."""

    def send(self, message: Message) -> Delivery:
        return Retry("no connection")


def test_an_alert_waits_while_the_mail_server_is_down_and_goes_out_after(
    opened: Opened, clock: Clock, surroundings: Surroundings
) -> None:
    with opened() as ctx:
        clock.forward(SOON)
        collect(ctx)
        drain(ctx)
        down = replace(ctx, channels={"smtp": Down()})
        while tasks.send(down):
            pass
        with ctx.store.read() as tx:
            assert {one.state for one in delivered.listing(tx, 50)} == {"due"}
        clock.forward(timedelta(minutes=5))
        while tasks.send(ctx):
            pass
        with ctx.store.read() as tx:
            assert {one.state for one in delivered.listing(tx, 50)} == {"sent"}
            assert len(surroundings.arrived) == len(delivered.listing(tx, 50))


def test_a_claim_that_was_lost_meanwhile_stores_nothing(opened: Opened, clock: Clock) -> None:
    with opened() as ctx:
        claimed = tasks.claim_source(ctx, "feed-1")
        assert claimed is not None
        with ctx.store.begin() as tx:
            sources.release_leases(tx)
        with pytest.raises(tasks.LeaseLost):
            tasks.poll(ctx, claimed)
        with ctx.store.read() as tx:
            assert mentions.pending(tx, 10) == []


def test_a_source_that_is_read_is_not_read_by_another_at_the_same_time(opened: Opened) -> None:
    with opened() as ctx:
        assert tasks.claim_source(ctx, "feed-1") is not None
        assert tasks.claim_source(ctx, "feed-1") is None


def test_a_claim_is_free_again_when_its_lease_has_run_out(opened: Opened, clock: Clock) -> None:
    with opened() as ctx:
        assert tasks.claim_source(ctx, "feed-1") is not None
        clock.forward(ctx.settings.clock.lease)
        assert tasks.claim_source(ctx, "feed-1") is not None


def test_a_mention_that_keeps_killing_the_process_is_set_aside_and_the_rest_go_on(
    opened: Opened, clock: Clock
) -> None:
    with opened() as ctx:
        clock.forward(SOON)
        collect(ctx)
        with ctx.store.begin() as tx:
            poison = mentions.pending(tx, 1)[0].mention_id
            for _ in range(tasks.SET_ASIDE_AFTER):
                mentions.note_attempt(tx, [poison])
        drain(ctx)
        with ctx.store.read() as tx:
            assert mentions.pending(tx, 10) == []
            aside = queue.page(
                tx, EVERYTHING, QueueFilter(state="set_aside"), after=None, limit=5
            ).rows
            detail = mentions.detail(tx, EVERYTHING, poison)
        assert [row.mention_id for row in aside] == [poison]
        assert detail is not None
        assert "tries" in str(detail.set_aside_reason)


def test_a_source_that_is_down_is_not_measured_and_stops_no_other(
    opened: Opened, clock: Clock
) -> None:
    with opened() as ctx:
        gone = ctx.settings.sources[0].model_copy(
            update={"options": {"url": "http://127.0.0.1:9/1"}, "allow": ("127.0.0.1:9",)}
        )
        broken = ctx.settings.model_copy(update={"sources": (gone, ctx.settings.sources[1])})
        ctx = replace(ctx, settings=broken)
        clock.forward(SOON)
        healths = {polled.source_id: polled.health for polled in collect(ctx)}
        assert isinstance(healths["feed-1"], NotMeasured)
        assert healths["feed-2"] == Ok()
        with ctx.store.read() as tx:
            states = {row.source_id: row.state for row in sources.health(tx)}
        assert states == {"feed-1": "not_measured", "feed-2": "ok"}
