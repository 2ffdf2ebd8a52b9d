"""Grave mentions are captured by themselves: the page, the words, the times, and why not."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from warcio.archiveiterator import ArchiveIterator

from monitor.store import audit, evidence, evidence_orders
from monitor.store.errors import StoreFull
from tests.doubles.consoles import NOW
from tests.doubles.loopback import Reply, as_text
from tests.evidence.conftest import WORDS, Studio, as_page, context

NO_BROWSER = {"browser": "/nowhere/chromium"}


@pytest.fixture
def plain(studio: Studio) -> Studio:
    """Without a browser, as on a plain install."""
    studio.ctx = context(studio.scene, (studio.site.place,), **NO_BROWSER)
    return studio


def record(studio: Studio, number: int) -> dict[str, Any]:
    newest = studio.captures(number)[0]
    found: dict[str, Any] = json.loads(studio.part(newest.number, "record.json"))
    return found


def test_a_grave_mention_is_captured_by_itself_and_nothing_less_is(plain: Studio) -> None:
    grave = plain.mention(severity="critical")
    lesser = plain.mention(severity="medium")
    assert plain.capture() == 1
    assert plain.captures(lesser) == ()
    (capture,) = plain.captures(grave)
    assert capture.page == "shown"
    assert set(capture.sizes) == {
        "record.json", "source.json", "post.txt", "page.txt", "page.warc.gz",
    }  # fmt: skip
    assert plain.part(capture.number, "post.txt").decode() == WORDS
    with plain.scene.store.read() as tx:
        assert audit.listing(tx, 1)[0].action == "evidence.sealed"


def test_it_is_captured_once_however_often_the_task_runs(plain: Studio) -> None:
    number = plain.mention()
    assert plain.capture() == 1
    assert plain.capture() == 0
    assert len(plain.captures(number)) == 1


def test_the_record_gives_both_times_in_both_clocks_and_how_they_are_known(plain: Studio) -> None:
    number = plain.mention()
    plain.scene.now = NOW + timedelta(minutes=3)
    plain.capture()
    found = record(plain, number)
    assert found["incident"]["at"] == {
        "utc": "2026-11-23T14:20:00Z", "local": "2026-11-23T14:20:00+00:00 GMT",
    }  # fmt: skip
    assert found["incident"]["how_known"] == "posted then, says the source"
    assert found["captured"]["utc"] == "2026-11-23T16:23:00Z"
    assert found["asked_for_by"] == "the service, by itself"
    assert found["connector"] == "wordpress"


def test_a_time_that_the_source_does_not_give_is_not_made_up(plain: Studio) -> None:
    number = plain.mention(published_known=False)
    plain.capture()
    assert record(plain, number)["incident"]["how_known"].startswith("first seen then")


def test_the_archive_opens_with_the_reader_of_web_archives_and_holds_headers(
    plain: Studio,
) -> None:
    plain.pages["/short"] = Reply(status=302, headers={"Location": "/"})
    number = plain.mention("/short")
    plain.capture()
    body = plain.part(plain.captures(number)[0].number, "page.warc.gz")
    found = []
    for one in ArchiveIterator(io.BytesIO(body), check_digests="raise"):
        status = one.http_headers.get_statuscode() if one.rec_type == "response" else ""
        content = one.content_stream().read().decode()
        found.append((one.rec_type, one.rec_headers.get_header("WARC-Target-URI"), status))
        if status == "200":
            assert WORDS in content
    here = plain.site.address
    assert found == [
        ("warcinfo", None, ""),
        ("response", f"{here}/short", "302"),
        ("request", f"{here}/short", ""),
        ("response", f"{here}/", "200"),
        ("request", f"{here}/", ""),
    ]


def test_without_a_browser_the_rest_is_kept_and_what_is_missing_is_said(plain: Studio) -> None:
    number = plain.mention()
    plain.capture()
    assert record(plain, number)["page"]["missing"] == [
        "No picture of the page: /nowhere/chromium is not there; install it: "
        "apt install chromium (in a checkout: make system)."
    ]


@pytest.mark.parametrize(
    ("reply", "page", "says"),
    [
        (as_page(status=404), "gone", "The page is gone (404)."),
        (as_page(status=410), "gone", "The page is gone (410)."),
        (as_page("<form>Sign in <input type=password></form>"), "sign_in", "asks to sign in"),
        (as_page("<p>Please log in to continue", status=403), "sign_in", "asks to sign in"),
        (as_page("<p>No", status=403), "refused", "refuses to show"),
        (as_page("<p>Quite another thing"), "other", "do not stand on the page"),
        (as_text("PK", kind="application/zip"), "not_a_page", "a file (application/zip)"),
        (as_text("..", kind="image/png"), "not_a_page", "a file (image/png)"),
    ],
)  # fmt: skip
def test_what_stands_in_the_way_is_known_and_said(
    plain: Studio, reply: Reply, page: str, says: str
) -> None:
    plain.pages["/"] = reply
    number = plain.mention()
    plain.capture()
    assert plain.captures(number)[0].page == page
    assert says in record(plain, number)["page"]["said"][0]


def test_a_dialog_about_cookies_is_said(plain: Studio) -> None:
    plain.pages["/"] = as_page(f'<p>{WORDS}<div class="cookie-banner">We use cookies</div>')
    number = plain.mention()
    plain.capture()
    assert any("about cookies" in one for one in record(plain, number)["page"]["said"])


def test_a_file_is_never_read_and_a_picture_in_the_page_is_taken_out(plain: Studio) -> None:
    picture = "data:image/png;base64,iVBORw0KGgo="
    plain.pages["/"] = as_page(f'<p>{WORDS}<img src="{picture}">')
    number = plain.mention()
    plain.capture()
    capture = plain.captures(number)[0].number
    (page,) = (
        one.content_stream().read()
        for one in ArchiveIterator(io.BytesIO(plain.part(capture, "page.warc.gz")))
        if one.rec_type == "response"
    )
    assert b"iVBOR" not in page
    assert WORDS.encode() in page
    assert any("taken out" in one for one in record(plain, number)["page"]["said"])


def test_a_sexual_post_keeps_the_link_alone_and_its_page_is_never_asked_for(
    plain: Studio,
) -> None:
    number = plain.mention(flags=("sexual",))
    plain.capture()
    (capture,) = plain.captures(number)
    assert capture.page == "link_only"
    assert set(capture.sizes) == {"record.json"}
    assert plain.site.asked == []
    found = record(plain, number)
    assert found["address"] == f"{plain.site.address}/"
    assert "safeguarding lead" in found["page"]["said"][0]


def test_a_person_s_choice_of_pictures_does_not_open_a_sexual_post(plain: Studio) -> None:
    number = plain.mention(flags=("sexual",))
    with plain.scene.store.begin() as tx:
        evidence_orders.ask(tx, number, by="Odile", pictures=True, scripts=True, now=NOW)
    plain.capture()
    assert {one.page for one in plain.captures(number)} == {"link_only"}
    assert plain.site.asked == []


def test_what_has_no_address_is_kept_as_it_came(plain: Studio) -> None:
    number = plain.mention(url="")
    plain.capture()
    (capture,) = plain.captures(number)
    assert (capture.page, set(capture.sizes)) == (
        "no_address", {"record.json", "source.json", "post.txt"},
    )  # fmt: skip


def test_robots_are_obeyed_by_the_service_and_a_person_s_visit_is_none(plain: Studio) -> None:
    plain.pages["/members"] = as_page()
    number = plain.mention("/members")
    plain.capture()
    assert plain.captures(number)[0].page == "refused"
    with plain.scene.store.begin() as tx:
        evidence_orders.ask(tx, number, by="Odile", pictures=False, scripts=False, now=NOW)
    plain.capture()
    assert plain.captures(number)[0].page == "shown"
    assert record(plain, number)["asked_for_by"] == "Odile"


def test_an_address_of_the_own_network_is_not_asked(plain: Studio) -> None:
    number = plain.mention(url="http://169.254.169.254/latest/meta-data/")
    plain.capture()
    assert plain.captures(number)[0].page == "withheld"


def test_the_words_are_sealed_at_once_and_the_page_when_it_comes(plain: Studio) -> None:
    plain.pages["/"] = None  # the line is closed without an answer
    number = plain.mention()
    assert plain.capture() == 1
    assert [one.page for one in plain.captures(number)] == ["unreachable"]
    with plain.scene.store.read() as tx:
        (order,) = evidence_orders.of_mention(tx, number)
    assert (order.state, order.attempts) == ("due", 1)
    assert order.last_error
    plain.scene.now += timedelta(seconds=31)
    assert plain.capture() == 1
    assert len(plain.captures(number)) == 1
    plain.pages["/"] = as_page()
    plain.scene.now += timedelta(minutes=2)
    assert plain.capture() == 1
    assert [one.page for one in plain.captures(number)] == ["shown", "unreachable"]


def test_a_page_that_never_comes_is_given_up_after_hours_and_shown(plain: Studio) -> None:
    plain.pages["/"] = None
    number = plain.mention()
    began = plain.scene.now
    while plain.capture():
        with plain.scene.store.read() as tx:
            (order,) = evidence_orders.of_mention(tx, number)
        plain.scene.now = max(order.next_attempt_at, plain.scene.now)
    assert (order.state, order.attempts) == ("failed", 10)
    assert timedelta(hours=4) < plain.scene.now - began < timedelta(days=1)


def test_a_page_that_kills_the_process_each_time_is_set_aside(plain: Studio) -> None:
    number = plain.mention()
    for _ in range(11):
        with plain.scene.store.begin() as tx:
            evidence_orders.release_leases(tx)
            claimed = evidence_orders.claim_next(tx, now=NOW, lease=timedelta(minutes=1))
    assert claimed is not None
    with plain.scene.store.begin() as tx:
        evidence_orders.release_leases(tx)
    plain.capture()
    with plain.scene.store.read() as tx:
        (order,) = evidence_orders.of_mention(tx, number)
    assert (order.state, plain.captures(number)) == ("failed", ())


def test_two_workers_never_capture_one_order(plain: Studio) -> None:
    plain.mention()
    lease = timedelta(minutes=1)
    with plain.scene.store.begin() as tx:
        assert evidence_orders.claim_next(tx, now=NOW, lease=lease) is not None
        assert evidence_orders.claim_next(tx, now=NOW, lease=lease) is None
        later = NOW + timedelta(minutes=2)
        assert evidence_orders.claim_next(tx, now=later, lease=lease) is not None


def test_nothing_is_captured_before_the_decision_to_process(plain: Studio) -> None:
    plain.mention()
    policy = plain.ctx.settings.policy
    undecided = policy.decision.model_copy(update={"approver": ""})
    settings = plain.ctx.settings.model_copy(
        update={"policy": policy.model_copy(update={"decision": undecided})}
    )
    plain.ctx = replace(plain.ctx, settings=settings)
    assert plain.capture() == 0


def test_a_full_disk_seals_nothing_and_the_capture_comes_when_there_is_room(
    plain: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = plain.mention()
    whole = evidence.put

    def full(*arguments: Any, **named: Any) -> Any:
        whole(*arguments, **named)
        raise StoreFull

    monkeypatch.setattr(evidence, "put", full)
    with pytest.raises(StoreFull):
        plain.capture()
    assert plain.captures(number) == ()
    monkeypatch.undo()
    plain.scene.now += timedelta(minutes=5)
    plain.capture()
    assert [one.page for one in plain.captures(number)] == ["shown"]
