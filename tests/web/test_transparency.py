"""What we monitor, for everybody: complete, without a name, without signing in."""

from __future__ import annotations

import html
from collections.abc import Callable

import pytest
from httpx import Client

from config.decision import ProcessingDecision
from monitor.health import coverage
from monitor.web import security
from tests.doubles.consoles import Scene

Browsing = Callable[..., Client]


def test_everybody_reads_every_question_and_no_name_of_anybody(
    empty: Scene, browsing: Browsing
) -> None:
    client = browsing(empty)
    decision = empty.settings.policy.decision
    for place in ("/what-we-monitor", "/privacy-notice"):
        answer = client.get(place, headers={"X-Forwarded-For": "192.0.2.1"})
        assert answer.status_code == 200
        said = html.unescape(answer.text)
        for one in coverage.asked(empty.settings):
            assert all(question in said for question in one.questions)
        assert "refused wherever it comes from" in said
        for name in (decision.approver, decision.retention, empty.settings.console.reviewer):
            assert not name or name not in said
        assert 'name="token"' not in said
    assert "/what-we-monitor" in client.get("/report").text
    assert security.is_public("/what-we-monitor")
    assert not security.is_public("/what-we-monitored")


def test_before_the_decision_there_is_nothing_to_read(empty: Scene, browsing: Browsing) -> None:
    policy = empty.settings.policy.model_copy(update={"decision": ProcessingDecision()})
    empty.settings = empty.settings.model_copy(update={"policy": policy})
    assert browsing(empty).get("/what-we-monitor").status_code == 404


@pytest.mark.browser
def test_the_pdf_is_printed_once(empty: Scene, browsing: Browsing) -> None:
    client = browsing(empty)
    first = client.get("/what-we-monitor/document.pdf")
    assert first.content.startswith(b"%PDF-")
    assert client.get("/what-we-monitor/document.pdf").content == first.content
