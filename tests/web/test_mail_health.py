"""What monitors and people are told of mail that cannot leave."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from httpx import Client

from alerts.types import Retry, Sent
from tests.doubles.consoles import Scene
from tests.web.test_resending import THREAT, said

Browsing = Callable[..., Client]


def test_health_says_for_how_long_the_oldest_mail_waits(empty: Scene, browsing: Browsing) -> None:
    client = browsing(empty)
    assert client.get("/health").text == "mail due: 0\n"
    empty.add(THREAT)
    empty.deliver([Sent(), Retry("The mail server could not be reached.")])
    empty.now += timedelta(minutes=20)
    early = client.get("/health")
    assert early.status_code == 200
    assert "the oldest for: " in early.text
    assert "last sent: 20 minutes ago" in early.text
    assert "No mail can leave" not in client.get("/deliveries").text
    empty.now += timedelta(minutes=20)
    late = client.get("/health")
    assert late.status_code == 503
    assert "last sent: 40 minutes ago" in late.text
    page = said(client.get("/deliveries").text)
    assert "No mail can leave" in page
    assert "should have left" in page
