"""Signed webhooks against a real HTTPS server of ours that verifies, and ones that misbehave."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from pydantic import SecretStr

from alerts.channels import CHANNELS
from alerts.channels.webhook import WebhookChannel, bounded
from alerts.types import Brief, Delivery, Retry, Sent
from config.loading import load
from config.settings import ChannelSettings
from connectors.fetch.client import Fetcher
from tests.doubles.certificates import serving_tls, trusting
from tests.doubles.loopback import Asked, Reply, Site, serving

KEY = base64.b64encode(b"k" * 32).decode()
NOW = datetime(2026, 11, 23, 21, 20, tzinfo=UTC)
BRIEF = Brief(
    brief_id="5d1c@trust-monitor.localdomain",
    event="alert",
    severity="critical",
    kind="possible threat",
    place="Ferncliffe School",
    clauses=("9.4", "9.8"),
    link="https://monitor.harrowmere.example/mentions/12",
    at=NOW,
)
SHORT = timedelta(milliseconds=600)


def taking(asked: Asked) -> Reply:
    return Reply(status=204)


def told(
    answer: Callable[[Asked], Reply | None],
    *,
    certificate: str = "good.pem",
    trusted: str = "good.pem",
    deadline: timedelta = timedelta(seconds=5),
    allowed: bool = True,
    key: str = f"whsec_{KEY}",
    brief: Brief = BRIEF,
    scheme: str = "https",
) -> tuple[Delivery, Site]:
    limits = {"host_spacing": timedelta(0), "deadline": deadline}
    with serving(answer, tls=serving_tls(certificate)) as site:
        settings = ChannelSettings(
            id="room", kind="webhook", roles=("it",), allow=(site.place,) if allowed else ()
        )
        door = Fetcher(bounded(load().fetch.model_copy(update=limits)), tls=trusting(trusted))
        target = SecretStr(f"{scheme}://{site.place}/hook?of=ours")
        return WebhookChannel(settings, target, SecretStr(key), door).send(brief), site


def verified(asked: Asked) -> bool:
    """As the standard tells a receiver to do it."""
    headers = {name.lower(): text for name, text in asked.headers.items()}
    content = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + asked.sent
    digest = hmac.new(base64.b64decode(KEY), content, hashlib.sha256).digest()
    return headers["webhook-signature"] == f"v1,{base64.b64encode(digest).decode()}"


def test_a_brief_arrives_signed_and_holds_no_more_than_it_may() -> None:
    outcome, site = told(taking)
    assert outcome == Sent()
    (asked,) = site.asked
    assert verified(asked)
    assert asked.query == {"of": "ours"}
    assert json.loads(asked.sent) == {
        "type": "trust_monitor.alert",
        "timestamp": "2026-11-23T21:20:00+00:00",
        "data": {
            "occasion": "first",
            "severity": "critical",
            "kind": "possible threat",
            "place": "Ferncliffe School",
            "clauses": ["9.4", "9.8"],
            "link": "https://monitor.harrowmere.example/mentions/12",
        },
    }


def test_a_receiver_sees_when_a_body_or_a_time_was_changed() -> None:
    _, site = told(taking)
    (asked,) = site.asked
    later = {**asked.headers, "webhook-timestamp": "1"}
    assert not verified(replace(asked, sent=asked.sent.replace(b"critical", b"low")))
    assert not verified(replace(asked, headers=later))


def test_a_second_try_carries_the_same_id_and_a_new_time() -> None:
    _, first = told(taking)
    _, second = told(taking, brief=replace(BRIEF, at=NOW + timedelta(minutes=5)))
    ids = [site.asked[0].headers["webhook-id"] for site in (first, second)]
    times = [int(site.asked[0].headers["webhook-timestamp"]) for site in (first, second)]
    assert ids[0] == ids[1] == BRIEF.brief_id
    assert times[1] - times[0] == 300


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        (
            Reply(status=429, headers={"Retry-After": "90"}),
            Retry("The receiver asked us to slow down (429).", 90.0),
        ),
        (Reply(status=503), Retry("The receiver has a fault of its own (503).")),
        (Reply(status=500), Retry("The receiver has a fault of its own (500).")),
        (Reply(status=401), Retry("The receiver refused our credentials (401).")),
        (Reply(status=404), Retry("The address no longer exists (404).")),
        (
            Reply(status=302, headers={"Location": "https://elsewhere.example/"}),
            Retry("The address redirects, and what was sent goes no further."),
        ),
        (
            Reply(body=b"x" * 70_000),
            Retry("The answer is larger than is allowed."),
        ),
        (None, Retry("The receiver does not speak proper HTTP.")),
    ],
)
def test_what_a_receiver_answers_decides_what_becomes_of_it(
    reply: Reply | None, expected: Delivery
) -> None:
    outcome, site = told(lambda _: reply)
    assert outcome == expected
    assert len(site.asked) == 1


def test_a_receiver_that_hangs_is_left_at_the_deadline() -> None:
    over = threading.Event()

    def hang(_: Asked) -> None:
        over.wait(10)

    threading.Timer(2.0, over.set).start()
    outcome, _ = told(hang, deadline=SHORT)
    assert outcome == Retry("No complete answer within 0.6 seconds.")


@pytest.mark.parametrize(
    ("certificate", "trusted"), [("expired.pem", "expired.pem"), ("good.pem", "expired.pem")]
)
def test_nothing_is_said_to_a_receiver_whose_certificate_is_wrong(
    certificate: str, trusted: str
) -> None:
    outcome, site = told(taking, certificate=certificate, trusted=trusted)
    assert outcome == Retry("The certificate of the receiver cannot be verified.")
    assert site.asked == []


def test_an_address_of_our_own_network_is_asked_only_where_it_is_allowed() -> None:
    outcome, site = told(taking, allowed=False)
    assert isinstance(outcome, Retry)
    assert outcome.reason.startswith("Port ")
    assert site.asked == []


def test_nothing_goes_over_plain_http() -> None:
    outcome, site = told(taking, scheme="http")
    assert outcome == Retry("Only https addresses are delivered to.")
    assert site.asked == []


@pytest.mark.parametrize("key", ["", KEY, "whsec_short", "whsec_", f"whsec_{'!' * 44}"])
def test_what_is_no_key_signs_nothing(key: str) -> None:
    outcome, site = told(taking, key=key)
    assert outcome == Retry("The secret channel_room_key is no key of a webhook.")
    assert site.asked == []


def test_it_is_named_in_the_registry() -> None:
    assert CHANNELS["webhook"] == f"{WebhookChannel.__module__}:{WebhookChannel.__name__}"
