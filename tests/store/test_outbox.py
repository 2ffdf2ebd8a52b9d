"""The outbox: due once, in the order of telling, until sent, unknown or dead."""

from __future__ import annotations

from datetime import date, timedelta
from hashlib import blake2b

import pytest

from alerts.types import Dead, Delivery, Notice, Retry, Sent, Unknown
from classifiers.types import Severity
from monitor.store import delivered, deliveries, sending
from monitor.store.database import Store, Tx
from monitor.store.views import ClaimedDelivery, DigestOrder, OutboxItem
from tests.store.conftest import NOW

LEASE = timedelta(minutes=2)


def alert(key: str, order: int = 0, severity: Severity = "high") -> OutboxItem:
    notice = Notice(
        dedupe_key=key, role="head_of_pr", school_id=None, recipient="pr@trust.example",
        channel="smtp", mention_id=1, why="because", clauses=("6.8",), urgency="immediate",
        disclosure="masked_excerpt", order=order,
    )  # fmt: skip
    return OutboxItem(
        key=key, channel="smtp", recipient="pr@trust.example", severity=severity, notice=notice
    )


DIGEST = OutboxItem(
    key="digest",
    channel="smtp",
    recipient="pr@trust.example",
    digest=DigestOrder(
        recipient="pr@trust.example", kind="brief", school_ids=(), local_date=date(2026, 11, 20)
    ),
)


def claim(tx: Tx, after: timedelta = timedelta(0), limit: int = 10) -> list[ClaimedDelivery]:
    return sending.claim_due(tx, now=NOW + after, lease=LEASE, limit=limit)


def finish(tx: Tx, claimed: ClaimedDelivery, outcome: Delivery) -> str:
    return sending.finish(
        tx, claimed, outcome, now=NOW, next_attempt_at=NOW, max_attempts=5
    )  # fmt: skip


def test_a_message_is_made_due_once(store: Store) -> None:
    with store.begin() as tx:
        assert deliveries.enqueue(tx, alert("1:head_of_pr"), now=NOW)
        assert not deliveries.enqueue(tx, alert("1:head_of_pr"), now=NOW)
        (claimed,) = claim(tx)
    # From its key alone: put back from a copy and due once more, it is the same mail.
    stem = blake2b(b"1:head_of_pr", digest_size=16).hexdigest()
    assert claimed.message_id == f"<{stem}@trust-monitor.localdomain>"


def test_an_outbox_item_without_content_is_refused(store: Store) -> None:
    empty = OutboxItem(key="1", channel="smtp", recipient="pr@trust.example")
    with pytest.raises(ValueError, match="a notice or a digest"), store.begin() as tx:
        deliveries.enqueue(tx, empty, now=NOW)


def test_alerts_go_before_digests_and_the_safeguarding_lead_before_pr(store: Store) -> None:
    with store.begin() as tx:
        for item in (DIGEST, alert("pr", 1), alert("lead", 0)):
            deliveries.enqueue(tx, item, now=NOW)
        assert [one.item.key for one in claim(tx)] == ["lead", "pr", "digest"]


def test_what_is_critical_goes_before_what_was_due_earlier(store: Store) -> None:
    with store.begin() as tx:
        for key, order, severity in (
            ("high, first duty", 0, "high"),
            ("critical, last", 9, "critical"),
            ("critical, first duty", 0, "critical"),
        ):
            deliveries.enqueue(tx, alert(key, order, severity), now=NOW)  # type: ignore[arg-type]
        told = [one.item.key for one in claim(tx)]
    assert told == ["critical, first duty", "critical, last", "high, first duty"]


def test_room_is_what_was_not_tried_within_the_time(store: Store) -> None:
    minute = timedelta(minutes=1)
    with store.begin() as tx:
        for number in range(4):
            deliveries.enqueue(tx, alert(str(number)), now=NOW)
        assert sending.room(tx, since=NOW - minute, most=3) == 3
        claim(tx, limit=2)
        assert sending.room(tx, since=NOW - minute, most=3) == 1
        claim(tx, after=minute / 2)
        assert sending.room(tx, since=NOW - minute / 2, most=3) == 0
        assert sending.room(tx, since=NOW, most=3) == 1
        assert sending.room(tx, since=NOW + minute, most=3) == 3


def test_a_message_in_hand_is_given_to_nobody_else_until_its_lease_ends(store: Store) -> None:
    with store.begin() as tx:
        deliveries.enqueue(tx, alert("1"), now=NOW)
        (first,) = claim(tx)
        assert claim(tx, LEASE / 2) == []
        (second,) = claim(tx, LEASE)
        assert second.message_id == first.message_id
        finish(tx, first, Dead("too late to say"))
        (shown,) = delivered.listing(tx, 10)
        assert shown.state == "due"
        assert finish(tx, second, Sent()) == "sent"
        assert claim(tx, LEASE * 9) == []


@pytest.mark.parametrize(
    ("outcome", "tries", "end"),
    [
        (Sent(), 1, "sent"),
        (Dead("no such address"), 1, "dead"),
        (Retry("no connection"), 5, "dead"),
        (Unknown("line dropped after the data"), sending.UNKNOWN_SENDS, "unknown"),
    ],
)
def test_each_outcome_ends_after_its_number_of_tries(
    store: Store, outcome: Delivery, tries: int, end: str
) -> None:
    with store.begin() as tx:
        deliveries.enqueue(tx, alert("1"), now=NOW)
        states = []
        while claimed := claim(tx):
            states.append(finish(tx, claimed[0], outcome))
        (shown,) = delivered.listing(tx, 10)
    assert states == ["due"] * (tries - 1) + [end]
    assert (shown.state, shown.attempts) == (end, tries)
    assert (shown.last_error is None) == isinstance(outcome, Sent)


def test_a_server_that_names_its_time_is_not_asked_sooner(store: Store) -> None:
    with store.begin() as tx:
        deliveries.enqueue(tx, alert("1"), now=NOW)
        finish(tx, claim(tx)[0], Retry("greylisted", after=300))
        assert claim(tx, timedelta(seconds=299)) == []
        assert len(claim(tx, timedelta(seconds=300))) == 1


def test_what_failed_for_good_is_listed_before_all_else(store: Store) -> None:
    with store.begin() as tx:
        for key in ("dead", "due", "sent"):
            deliveries.enqueue(tx, alert(key), now=NOW)
        by_key = {one.item.key: one for one in claim(tx)}
        finish(tx, by_key["dead"], Dead("no such address"))
        finish(tx, by_key["sent"], Sent())
        assert [one.state for one in delivered.listing(tx, 10)] == ["dead", "due", "sent"]
