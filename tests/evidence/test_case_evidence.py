"""Evidence in a case: captures are receipts on its timeline, failures are shown and tried again."""

from __future__ import annotations

import io
import zipfile
from datetime import timedelta

import pytest

from config.policy import Policy
from monitor import review
from monitor.cases import casework, playbook
from monitor.store import cases, evidence_orders, mentions
from monitor.store.casefile import CaseFile
from monitor.store.scope import EVERYTHING, NOTHING
from tests.doubles.consoles import NOW, served
from tests.evidence.conftest import Studio, as_page, context
from tests.web.conftest import client

BY = "Odile"


@pytest.fixture
def plain(studio: Studio) -> Studio:
    """Without a browser, as on a plain install."""
    studio.ctx = context(studio.scene, (studio.site.place,), browser="/nowhere/chromium")
    return studio


def opened(studio: Studio, number: int) -> int:
    with studio.scene.store.begin() as tx:
        detail = mentions.detail(tx, EVERYTHING, number)
        assert detail is not None
        return casework.open_for(tx, detail, decision_id=1, case_id=None, by=BY, now=NOW)


def found(studio: Studio, case_id: int = 1) -> CaseFile:
    with studio.scene.store.read() as tx:
        case = cases.find(tx, case_id)
    assert case is not None
    return case


def step_of(case: CaseFile, policy: Policy) -> playbook.Offered:
    return next(one for one in playbook.offered(case, policy) if one.step.kind == "evidence")


def test_a_capture_ticks_the_step_of_the_case_with_its_receipt(plain: Studio) -> None:
    policy = plain.scene.settings.policy
    number = plain.mention()
    opened(plain, number)
    assert step_of(found(plain), policy).state == "open"
    plain.capture()
    case = found(plain)
    step = step_of(case, policy)
    assert step.state == "done"
    assert step.entry is not None
    (capture,) = plain.captures(number)
    assert (step.entry.facts["seal"], step.entry.facts["digest"]) == (1, capture.digest)
    assert capture.digest in step.entry.facts["text"]
    assert step.entry.actor == "the service"
    assert not casework.may_undo(step.entry)
    assert case.acted_at is None  # what happens by itself is nobody's first step


def test_what_was_captured_before_the_case_is_received_when_it_opens(plain: Studio) -> None:
    number = plain.mention()
    plain.capture()
    opened(plain, number)
    assert step_of(found(plain), plain.scene.settings.policy).state == "done"
    assert plain.capture() == 0


def test_a_case_has_the_evidence_of_what_is_not_grave_saved_as_well(plain: Studio) -> None:
    number = plain.mention(severity="medium")
    assert plain.capture() == 0
    opened(plain, number)
    assert plain.capture() == 1
    assert step_of(found(plain), plain.scene.settings.policy).state == "done"


def test_the_step_waits_for_the_evidence_of_every_mention(plain: Studio) -> None:
    first, other = plain.mention(), plain.mention("/members")
    case_id = opened(plain, first)
    plain.pages["/members"] = as_page("<title>Sign in</title><input type=password>")
    casework.add_mention(plain.scene.store, EVERYTHING, case_id, other, by=BY, now=NOW)
    plain.capture()
    policy = plain.scene.settings.policy
    assert step_of(found(plain), policy).state == "open"
    casework.act(plain.scene.store, case_id, "mention_removed", {"mention": other}, by=BY, now=NOW)
    assert step_of(found(plain), policy).state == "done"


def test_a_decision_taken_back_withdraws_the_case_though_evidence_was_saved(plain: Studio) -> None:
    number = plain.mention()
    decision_id = review.decide(
        plain.scene.store, number, "open_case", "", seen="open", by=BY, now=NOW
    )
    assert decision_id
    plain.capture()
    review.undo(plain.scene.store, decision_id, by=BY, now=NOW)
    assert found(plain).state == "withdrawn"


def give_up(studio: Studio) -> None:
    """Try what is due until it is given up."""
    for _ in range(12):
        studio.capture()
        studio.scene.now += timedelta(hours=2)


def test_failures_are_shown_within_the_scope_and_tried_again(plain: Studio) -> None:
    plain.pages["/broken"] = None
    number = plain.mention("/broken")
    opened(plain, number)
    give_up(plain)
    with plain.scene.store.read() as tx:
        (failed,) = evidence_orders.listing(tx, EVERYTHING, "failed", limit=9)
        assert evidence_orders.listing(tx, NOTHING, "failed", limit=9) == ()
    with served(plain.scene.app()) as address, client(address) as http:
        page = http.get("/captures").text
        assert "1 page could not be captured" in page
        assert "Try again" in http.get("/cases/1").text
        secret = http.get("/cases/1").text.split('name="token" value="')[1].split('"')[0]
        again = http.post(f"/captures/{failed.order_id}/retry", data={"token": secret, "case": "1"})
        assert again.headers["location"] == "/cases/1#evidence"
        assert http.post("/captures/999/retry", data={"token": secret}).status_code == 404
        plain.pages["/broken"] = as_page()
        plain.capture()
        case = http.get("/cases/1").text
        assert "Page captured" in case
        assert f"Evidence of mention {number} saved" in case
        assert "data-saves" in case  # or the script would let it be saved but once
        made = http.post("/cases/1/bundle", data={"token": secret})
        assert made.headers["content-type"] == "application/zip"
        with zipfile.ZipFile(io.BytesIO(made.content)) as archive:
            assert any(name.endswith("record.json") for name in archive.namelist())
        paper = http.post("/cases/1/bundle", data={"token": secret, "to_read": "yes"})
        assert "case-1-to-read-seal-" in paper.headers["content-disposition"]
        shown = http.get(f"/mentions/{number}").text
        assert "Mon 23 Nov 2026, 14:20" in shown
        assert "14:20:00 UTC" in shown
