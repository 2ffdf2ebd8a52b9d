"""The original as captured on the mention's page: veiled until asked for, every look on record."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta

import httpx
import pytest

from monitor.evidence import seal
from monitor.store import audit, evidence, evidence_orders, holds, rechecks
from monitor.store.evidence import RECORD, Part
from tests.doubles.consoles import NOW, served
from tests.doubles.loopback import Reply
from tests.evidence.conftest import Studio, as_page, context


@pytest.fixture
def console(studio: Studio) -> Iterator[httpx.Client]:
    studio.ctx = context(studio.scene, (studio.site.place,), browser="/nowhere")
    with ExitStack() as stack:
        address = stack.enter_context(served(studio.scene.app()))
        yield stack.enter_context(
            httpx.Client(base_url=address, trust_env=False, timeout=20, follow_redirects=False)
        )


def token(console: httpx.Client, page: str) -> str:
    found = re.search(r'name="token" value="([^"]+)"', console.get(page).text)
    assert found
    return found[1]


def with_picture(studio: Studio, number: int) -> int:
    """A capture with a picture in it, as a browser would have made one."""
    (before,) = studio.captures(number)
    with studio.scene.store.begin() as tx:
        parts = evidence.parts(tx, before.number)
        parts["screenshot.png"] = Part(media_type="image/png", body=b"\x89PNG page")
        parts["veil.png"] = Part(media_type="image/png", body=b"\x89PNG veil")
        return evidence.put(tx, number, parts, page="shown", now=NOW).number


def test_the_page_says_what_was_captured_when_and_its_seal(
    studio: Studio, console: httpx.Client
) -> None:
    number = studio.mention()
    assert "Nothing of it was captured" not in console.get(f"/mentions/{number}").text
    studio.capture()
    page = console.get(f"/mentions/{number}").text
    assert "The page shows the words of the post." in page
    assert "posted then, says the source; 14:20:00 UTC" in page
    assert studio.captures(number)[0].digest in page
    assert "No picture of the page: /nowhere is not there" in page


def test_the_picture_is_veiled_until_asked_for_and_the_look_is_on_record(
    studio: Studio, console: httpx.Client
) -> None:
    number = studio.mention()
    studio.capture()
    capture = with_picture(studio, number)
    here = f"/mentions/{number}/evidence/{capture}"
    page = console.get(f"/mentions/{number}").text
    assert f'src="{here}/veil"' in page
    assert f'src="{here}/picture"' not in page
    assert console.get(f"{here}/veil").content == b"\x89PNG veil"
    form = {"token": token(console, f"/mentions/{number}")}
    assert f'src="{here}/picture"' in console.post(f"{here}/picture", data=form).text
    assert console.get(f"{here}/picture").content == b"\x89PNG page"
    with studio.scene.store.read() as tx:
        looks = audit.listing(tx, 50, action="evidence.viewed")
    assert [one.subject for one in looks] == [f"mention {number}"]


def test_files_are_saved_never_shown_and_on_record(studio: Studio, console: httpx.Client) -> None:
    number = studio.mention()
    studio.capture()
    (capture,) = studio.captures(number)
    answer = console.get(f"/mentions/{number}/evidence/{capture.number}/files/page.warc.gz")
    assert answer.headers["content-disposition"].startswith("attachment")
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert seal.sha256(answer.content) == seal.sha256(studio.part(capture.number, "page.warc.gz"))
    with studio.scene.store.read() as tx:
        assert len(audit.listing(tx, 50, action="evidence.downloaded")) == 1


@pytest.mark.parametrize("name", ["..%2f..%2fetc%2fpasswd", "nothing", "veil.png", "record.json/x"])
def test_no_other_file_is_given_out(studio: Studio, console: httpx.Client, name: str) -> None:
    number = studio.mention()
    studio.capture()
    (capture,) = studio.captures(number)
    answer = console.get(f"/mentions/{number}/evidence/{capture.number}/files/{name}")
    assert answer.status_code == 404


def test_the_capture_of_another_mention_is_not_found_beneath_this_one(
    studio: Studio, console: httpx.Client
) -> None:
    one, other = studio.mention(), studio.mention()
    studio.capture()
    (capture,) = studio.captures(other)
    answer = console.get(f"/mentions/{one}/evidence/{capture.number}/files/{RECORD}")
    assert answer.status_code == 404


def test_pictures_are_ordered_only_when_confirmed_and_by_name(
    studio: Studio, console: httpx.Client
) -> None:
    number = studio.mention(severity="medium")
    form = {"token": token(console, f"/mentions/{number}"), "pictures": "true"}
    here = f"/mentions/{number}/evidence"
    assert console.post(here, data=form).status_code == 422
    assert console.post(here, data={**form, "confirmed": "true"}).status_code == 303
    with studio.scene.store.read() as tx:
        (order,) = evidence_orders.of_mention(tx, number)
        (noted,) = audit.listing(tx, 50, action="evidence.ordered_with_pictures")
    assert order.asked_by == noted.actor != ""
    assert "It is being captured" in console.get(f"/mentions/{number}").text


def test_a_sexual_post_offers_no_capture_and_says_what_to_do(
    studio: Studio, console: httpx.Client
) -> None:
    number = studio.mention(flags=("sexual",))
    studio.capture()
    page = console.get(f"/mentions/{number}").text
    assert "Only the link is kept" in page
    assert "Capture again" not in page


def test_a_capture_that_fails_is_shown_with_its_reason_and_next_try(
    studio: Studio, console: httpx.Client
) -> None:
    studio.pages["/"] = None
    number = studio.mention()
    studio.capture()
    page = console.get(f"/mentions/{number}").text
    assert "The page could not be captured yet" in page
    assert "(try 2)" in page


def test_what_was_captured_before_a_deletion_says_so(studio: Studio, console: httpx.Client) -> None:
    number = studio.mention()
    studio.capture()
    assert "Captured before it was deleted" not in console.get(f"/mentions/{number}").text
    studio.pages["/"] = Reply(status=404, body=b"gone")
    with studio.scene.store.begin() as tx:
        evidence_orders.ask(tx, number, by="O", pictures=False, scripts=False, now=NOW)
    studio.scene.now += timedelta(hours=1)
    studio.capture()
    assert "Captured before it was deleted" in console.get(f"/mentions/{number}").text
    other = studio.mention("/b")
    studio.pages["/b"] = as_page()
    studio.capture()
    with studio.scene.store.begin() as tx:
        later = studio.scene.now + timedelta(minutes=1)
        holds.place(
            tx, other, reason=rechecks.DELETED, review_on=NOW.date(), by="the service", now=later
        )
    assert "Captured before it was deleted" in console.get(f"/mentions/{other}").text
