"""The daily digest: it tells quiet from broken, names nobody and fits a phone."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import sync_playwright

from alerts import digest
from alerts.digest import DigestEntry, DigestMaterial, DigestSource, OwnPost
from alerts.types import Message
from classifiers.types import Assessment, PupilGrade, PupilLevel
from config.settings import Trust

Judged = Callable[..., Assessment]
CONSOLE = "https://console.harrowmere.example"
DAY = date(2026, 11, 22)
READ = tuple(DigestSource(name=f"Feed {number}", read=True) for number in range(14))
UNREAD = DigestSource(name="Harrowmere Argus", read=False, reason="It asked us to wait.")
PHONE = {"width": 390, "height": 844}


@pytest.fixture
def composed(trust: Trust, now: datetime) -> Callable[[DigestMaterial], Message]:
    def make(material: DigestMaterial) -> Message:
        return digest.compose(
            material,
            trust=trust,
            console_url=CONSOLE,
            sender="Trust Monitor <monitor@harrowmere.example>",
            recipient="head@ferncliffe.example",
            message_id="d1@harrowmere.example",
            now=now,
        )

    return make


Composed = Callable[[DigestMaterial], Message]


def day(**parts: Any) -> DigestMaterial:
    whole = DigestMaterial(
        school_id="ferncliffe", local_date=DAY, flagged={}, labels={}, decided={}, sources=READ
    )
    return replace(whole, **parts)


@pytest.fixture
def entry(judged: Judged, now: datetime) -> Callable[..., DigestEntry]:
    def make(number: int, *flags: Any, copies: int = 1, **parts: Any) -> DigestEntry:
        return DigestEntry(
            mention_id=number,
            assessment=judged(*flags, **parts),
            platform="bluesky",
            published_at=now - timedelta(hours=number),
            copies=copies,
        )

    return make


Entry = Callable[..., DigestEntry]


def body(message: Message, kind: str) -> str:
    part = message.mail.get_body((kind,))
    assert isinstance(part, EmailMessage)
    return str(part.get_content())


def flat(message: Message) -> str:
    """The plain body as one line."""
    return re.sub(r"\s+", " ", body(message, "plain"))


@pytest.mark.parametrize(
    ("parts", "subject", "sentences"),
    [
        ({}, "all quiet", ["All quiet: nothing was flagged.", "14 of 14 sources read."]),
        (
            {"sources": (*READ, UNREAD)},
            "quiet where we could look",
            [
                "Quiet where we could look: nothing was flagged.",
                "14 of 15 sources read; 1 not measured: Harrowmere Argus (It asked us to wait).",
            ],
        ),
        (
            {"sources": (UNREAD,)},
            "nothing could be read",
            [
                "No source could be read, so silence says nothing about the day.",
                "0 of 1 source read; 1 not measured: Harrowmere Argus",
            ],
        ),
        ({"sources": ()}, "nothing could be read", ["No source is switched on."]),
        (
            {"flagged": {"high": 1}, "decided": {"no_action": 1}, "collected": 9},
            "all decided",
            ["everything flagged has been decided.", "1 high.", "Decided: 1 no action."],
        ),
        ({"waiting": 1}, "1 to decide", ["1 mention needs your decision."]),
        ({"waiting": 3}, "3 to decide", ["3 mentions need your decision."]),
        (
            {"set_aside": 2, "undelivered": 1},
            "all quiet",
            [
                "2 mentions could not be assessed and must be read by a person.",
                "1 message could not be delivered",
            ],
        ),
    ],
)
def test_the_day_is_told_in_a_sentence(
    parts: dict[str, Any], subject: str, sentences: list[str], composed: Composed
) -> None:
    message = composed(day(**parts))
    assert message.mail["Subject"] == f"Ferncliffe School, Sun 22 Nov 2026: {subject}"
    page = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", body(message, "html")))
    for sentence in sentences:
        assert sentence in flat(message)
        assert sentence in page


def test_what_waits_is_listed_gravest_first_with_a_link_and_no_words_of_it(
    composed: Composed, entry: Entry
) -> None:
    entries = (
        entry(1, "reputation"),
        entry(2, "threat", severity="critical", copies=14),
        entry(3, "bullying", certain=(), possible=("ferncliffe",)),
    )
    text = body(composed(day(waiting=3, entries=entries)), "plain")
    assert re.findall(r"/mentions/(\d)", text) == ["2", "1", "3"]
    assert "- Critical: Possible threat\n  Bluesky · Mon 23 Nov, 19:20 · 14 posts" in text
    assert "Only possibly yours" in text


def test_the_trust_s_digest_says_which_schools(composed: Composed, entry: Entry) -> None:
    entries = (
        entry(1, "reputation", certain=("ferncliffe", "aldergate"), possible=("withy-lane",)),
    )
    message = composed(day(school_id=None, waiting=1, entries=entries))
    assert "Ferncliffe School and Aldergate Primary School and 1 more" in flat(message)
    assert message.mail["Subject"].startswith("Harrowmere Learning Trust, ")


def test_more_than_fits_is_a_number(composed: Composed, entry: Entry) -> None:
    entries = tuple(entry(number, "reputation") for number in range(1, 8))
    message = composed(day(waiting=20, entries=entries))
    assert len(re.findall(r"/mentions/", body(message, "plain"))) == digest.SHOWN
    assert "Open the review queue (16 more)" in body(message, "html")


def test_a_head_reads_nothing_about_a_head_in_their_digest(
    composed: Composed, entry: Entry
) -> None:
    entries = (entry(1, "sexual", allegation="head"), entry(2, "reputation"))
    for_head = composed(day(waiting=2, entries=entries))
    for_pr = composed(day(school_id=None, waiting=2, entries=entries))
    assert "/mentions/1" not in body(for_head, "plain")
    assert "1 mention needs your decision." in flat(for_head)
    assert "/mentions/1" in body(for_pr, "plain")


def test_many_sources_not_read_are_named_in_part(composed: Composed) -> None:
    unread = tuple(DigestSource(name=f"Paper {number}", read=False) for number in range(6))
    assert "14 of 20 sources read; 6 not measured: Paper 0; Paper 1; Paper 2 and 3 more." in flat(
        composed(day(sources=(*READ, *unread)))
    )


def test_the_digest_holds_no_other_address_and_no_way_to_be_followed(
    composed: Composed, entry: Entry
) -> None:
    pupil = PupilGrade(level="direct")
    evil = DigestSource(name="<img src=https://evil.example/p.gif>", read=False, reason="\r\n<b>")
    material = day(waiting=1, entries=(entry(1, pupil=pupil),), sources=(*READ, evil))
    message = composed(material)
    html = body(message, "html")
    addresses = set(re.findall(r"(?:href|src)=\"([^\"]*)\"", html))
    assert addresses == {f"{CONSOLE}/mentions/1", f"{CONSOLE}/"}
    assert "<img" not in html
    assert "List-Unsubscribe" not in message.mail
    assert "digests.trust-monitor.harrowmere.example" in message.mail["List-Id"]


def test_limits_and_the_duty_not_to_reply_are_always_said(composed: Composed) -> None:
    text = flat(composed(day()))
    assert "Never reply to a post, not even in support (policy 6.8, 9.3)." in text
    assert "in danger call 999" in text
    assert "private groups cannot be seen" in text


@pytest.mark.browser
def test_a_full_day_fits_a_phone(composed: Composed, entry: Entry, tmp_path: Path) -> None:
    entries = tuple(entry(number, "reputation") for number in range(1, 8))
    busy = day(
        collected=412,
        flagged={"critical": 1, "high": 3, "medium": 10},
        labels={"reputation": 9, "bullying": 4, "threat": 1},
        decided={"no_action": 3, "watch": 1, "open_case": 2},
        waiting=20,
        entries=entries,
        sources=(*READ, UNREAD),
    )
    page_file = tmp_path / "digest.html"
    page_file.write_text(body(composed(busy), "html"), encoding="utf-8")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"]
        )
        page = browser.new_page(viewport=PHONE, java_script_enabled=False)  # type: ignore[arg-type]  # a TypedDict
        page.goto(page_file.as_uri())
        button = page.get_by_role("link", name="Open the review queue").bounding_box()
        width = page.locator("body").bounding_box()
        browser.close()
    assert button is not None
    assert button["y"] + button["height"] <= PHONE["height"]
    assert width is not None
    assert width["width"] <= PHONE["width"]


def test_what_our_own_pages_showed_stands_in_a_list_of_its_own(
    composed: Composed, now: datetime
) -> None:
    few: list[PupilLevel] = ["class"]
    levels: list[PupilLevel] = ["direct", *few * 9]
    posts = tuple(
        OwnPost(mention_id=n, level=level, source="School news", published_at=now)
        for n, level in enumerate(levels, 1)
    )
    message = composed(day(own_posts=posts))
    for kind in ("plain", "html"):
        text = body(message, kind)
        assert "A pupil may be named" in text
        assert "A class or team can be singled out" in text
        assert f"{CONSOLE}/mentions/1" in text
        assert "2 more" in text
        assert "6.10" in text
    assert "all quiet" in str(message.mail["Subject"])


def test_without_any_the_list_is_not_there(composed: Composed) -> None:
    assert "OUR OWN PAGES" not in body(composed(day()), "plain")
