"""The notification library in its own process, against real HTTPS servers of ours."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from pydantic import SecretStr

from alerts.channels import CHANNELS
from alerts.channels.apprise import AppriseChannel
from alerts.types import Delivery, Retry, Sent, Unknown
from config.settings import ChannelSettings
from tests.alerts.test_webhook_channel import BRIEF
from tests.doubles.certificates import TLS, serving_tls
from tests.doubles.loopback import Asked, Reply, Site, serving


@pytest.fixture(autouse=True)
def _trusted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(TLS / "good.pem"))


def told(
    answer: Callable[[Asked], Reply | None],
    *,
    certificate: str = "good.pem",
    schema: str = "ntfys",
    path: str = "our-topic",
    allowed: bool = True,
    deadline: timedelta = timedelta(seconds=15),
) -> tuple[Delivery, Site]:
    with serving(answer, tls=serving_tls(certificate)) as site:
        allow = (site.place,) if allowed else ()
        settings = ChannelSettings(id="phone", kind="apprise", roles=("it",), allow=allow)
        target = SecretStr(f"{schema}://{site.place}/{path}")
        return AppriseChannel(settings, target, deadline).send(BRIEF), site


def test_a_brief_arrives_by_the_library_with_no_more_than_it_may_hold() -> None:
    outcome, site = told(lambda _: Reply(body=b"{}"))
    assert outcome == Sent()
    (asked,) = site.asked
    said = asked.sent.decode() + str(asked.headers)
    assert "possible threat - Ferncliffe School" in said
    assert "Policy 9.4, 9.8" in said
    assert BRIEF.link in said
    assert "github" not in said  # no picture from elsewhere


def test_teams_gets_its_card_with_the_same_words() -> None:
    outcome, site = told(
        lambda _: Reply(status=202), schema="workflows", path="a-workflow/its-signature"
    )
    assert outcome == Sent()
    (asked,) = site.asked
    assert asked.path.startswith("/workflows/a-workflow/")
    said = json.dumps(json.loads(asked.sent))
    assert "possible threat - Ferncliffe School" in said
    assert BRIEF.link in said
    assert "github" not in said


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        (
            Reply(status=429, headers={"Retry-After": "75"}),
            Retry("The service did not take it (429).", 75.0),
        ),
        (Reply(status=500), Retry("The service did not take it (500).")),
        (Reply(status=403), Retry("The service did not take it (403).")),
        (
            Reply(status=307, headers={"Location": "https://elsewhere.example/"}),
            Retry("The service did not take it (307)."),
        ),
        (None, Unknown("The service closed the line.")),
    ],
)
def test_what_a_service_answers_decides_what_becomes_of_it(
    reply: Reply | None, expected: Delivery
) -> None:
    outcome, _ = told(lambda _: reply)
    assert outcome == expected


def test_a_redirect_is_not_followed() -> None:
    reply = Reply(status=308, headers={"Location": "/elsewhere"})
    outcome, site = told(lambda asked: reply if asked.path != "/elsewhere" else Reply())
    assert outcome == Retry("The service did not take it (308).")
    assert {asked.path for asked in site.asked} == {site.asked[0].path}


def test_a_service_that_hangs_ends_with_its_process() -> None:
    for seconds in (2, 6, 18):  # a busy machine needs some of it to begin
        over = threading.Event()

        def hang(_: Asked, over: threading.Event = over) -> None:
            over.wait(30)

        threading.Timer(seconds + 2.0, over.set).start()
        outcome, site = told(hang, deadline=timedelta(seconds=seconds))
        if site.asked:
            break
    assert outcome == Unknown("The service did not answer in time.")


def test_nothing_is_said_to_a_service_whose_certificate_is_wrong() -> None:
    outcome, site = told(lambda _: Reply(), certificate="expired.pem")
    assert outcome == Retry("The service shows a certificate that cannot be verified, or none.")
    assert site.asked == []


def test_an_address_of_our_own_network_is_asked_only_where_it_is_allowed() -> None:
    outcome, site = told(lambda _: Reply(), allowed=False)
    assert outcome == Retry("The service stands at an address that may not be reached.")
    assert site.asked == []


def test_nothing_goes_over_plain_http() -> None:
    outcome, site = told(lambda _: Reply(), schema="ntfy")
    assert outcome == Retry("The service is not reached by https.")
    assert site.asked == []


@pytest.mark.parametrize("schema", ["mailto", "syslog", "nonsense"])
def test_what_the_library_would_do_without_https_reaches_nobody(schema: str) -> None:
    outcome, site = told(lambda _: Reply(), schema=schema)
    assert isinstance(outcome, Retry)
    assert site.asked == []


@pytest.mark.parametrize(
    "attempt",
    [
        "import socket; socket.create_connection(('127.0.0.1', 9))",
        "import socket; socket.create_connection(('192.0.2.1', 443))",
        "import socket; socket.socket(type=socket.SOCK_DGRAM).sendto(b'x', ('127.0.0.1', 9))",
        "import socket; socket.socket(socket.AF_UNIX).connect('/tmp/none')",
        "import subprocess; subprocess.run(['true'])",
        "import os; os.system('true')",
    ],
)
def test_the_guarded_process_connects_and_starts_nothing_by_other_ways(attempt: str) -> None:
    guard = "from connectors.fetch import guard; guard.hold(frozenset(), report=print)"
    done = subprocess.run(
        [sys.executable, "-c", f"{guard}\n{attempt}"], capture_output=True, text=True, check=False
    )
    assert "guard.Refused" in done.stderr


def test_it_is_named_in_the_registry() -> None:
    assert CHANNELS["apprise"] == f"{AppriseChannel.__module__}:{AppriseChannel.__name__}"
