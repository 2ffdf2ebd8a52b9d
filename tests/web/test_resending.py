"""A message that did not arrive: what to do, sending it again, and taking that back."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from httpx import Client

from alerts.types import Dead, Delivery, Sent, Unknown
from monitor.store import audit, delivered, deliveries, sending
from monitor.store.views import DeliveryView
from tests.doubles.consoles import REVIEWER, Scene
from tests.doubles.written_posts import Written

Browsing = Callable[..., Client]
Token = Callable[[Client], str]
THREAT = Written(text="{threat|we will burn} {@oakenhall|Oakenhall}", sure={"threat": 0.9})
NO_SUCH = "The mail server refused the recipient (550 5.1.1)."


def said(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def first(scene: Scene) -> DeliveryView:
    with scene.store.read() as tx:
        return min(delivered.listing(tx, 100), key=lambda one: one.delivery_id)


def failed(scene: Scene, outcome: Delivery) -> DeliveryView:
    """The first message of the gravest post, after one try or as many as it takes."""
    scene.add(THREAT)
    while first(scene).state == "due":
        scene.deliver([outcome])
        scene.now += timedelta(minutes=5)
    return first(scene)


def post(client: Client, token: Token, one: DeliveryView, action: str) -> int:
    address = f"/deliveries/{one.delivery_id}/{action}"
    return client.post(address, data={"token": token(client)}).status_code


def test_what_could_not_be_sent_is_sent_again_once_and_on_record(
    empty: Scene, browsing: Browsing, token: Token
) -> None:
    dead = failed(empty, Dead(NO_SUCH))
    client = browsing(empty)
    page = said(client.get("/deliveries").text)
    assert "Tell them yourself. The right address in trust.toml counts" in page
    assert "Send again" in page
    assert post(client, token, dead, "resend") == 303
    assert post(client, token, dead, "resend") == 303
    again = first(empty)
    assert (again.state, again.attempts) == ("due", 0)
    page = said(client.get("/deliveries").text)
    assert "A person has it sent again." in page
    assert "Take back" in page
    empty.deliver([Sent()])
    assert first(empty).state == "sent"
    with empty.store.read() as tx:
        record = [(entry.action, entry.actor) for entry in audit.listing(tx, 9)]
    assert record.count(("delivery.resent", REVIEWER)) == 1


def test_a_resend_is_taken_back_until_it_leaves(
    empty: Scene, browsing: Browsing, token: Token
) -> None:
    dead = failed(empty, Dead(NO_SUCH))
    client = browsing(empty)
    post(client, token, dead, "resend")
    post(client, token, dead, "take-back")
    assert (first(empty).state, first(empty).last_error) == ("dead", NO_SUCH)
    assert first(empty).may_resend
    post(client, token, dead, "resend")
    with empty.store.begin() as tx:  # it is under way
        sending.claim_due(tx, now=empty.now, lease=timedelta(minutes=1), limit=50)
    post(client, token, dead, "take-back")
    assert first(empty).state == "due"
    with empty.store.read() as tx:
        record = [entry.action for entry in audit.listing(tx, 9)]
    assert record.count("delivery.taken_back") == 1
    assert record.count("delivery.resent") == 2


def test_what_perhaps_arrived_is_sent_again_after_a_warning(
    empty: Scene, browsing: Browsing, token: Token
) -> None:
    unknown = failed(empty, Unknown("The mail server closed the line after it had the message."))
    client = browsing(empty)
    assert "Ask whether it came before you send it again" in said(client.get("/deliveries").text)
    post(client, token, unknown, "resend")
    assert first(empty).state == "due"
    post(client, token, unknown, "take-back")
    assert first(empty).state == "unknown"


@pytest.mark.parametrize("action", ["resend", "take-back"])
def test_what_is_sent_or_not_there_is_left_alone(
    empty: Scene, browsing: Browsing, token: Token, action: str
) -> None:
    sent = failed(empty, Sent())
    client = browsing(empty)
    assert post(client, token, sent, action) == 303
    assert first(empty).state == "sent"
    assert client.post("/deliveries/999/resend", data={"token": token(client)}).status_code == 404
    assert client.post(f"/deliveries/{sent.delivery_id}/{action}").status_code == 403
    with empty.store.read() as tx:
        assert audit.listing(tx, 9) == []


def test_what_waited_for_a_channel_that_is_gone_cannot_be_sent_again(
    empty: Scene, browsing: Browsing, token: Token
) -> None:
    empty.add(THREAT)
    with empty.store.begin() as tx:
        assert deliveries.retire(tx, {"another"}) > 0
    client = browsing(empty)
    assert "Put the channel back, or tell them yourself." in said(client.get("/deliveries").text)
    assert post(client, token, first(empty), "resend") == 303
    assert first(empty).state == "dead"
