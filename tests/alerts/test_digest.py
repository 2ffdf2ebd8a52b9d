"""A head's digest: it tells quiet from broken, names nobody and fits a phone."""

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
from alerts.mask import Piece
from alerts.material import (
    ClockDue,
    DigestEntry,
    DigestMaterial,
    DigestSource,
    Health,
    OwnPost,
    PlaceDays,
    Praise,
)
from alerts.types import Message
from classifiers.types import Assessment, PupilGrade, PupilLevel
from config.trust import Trust

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
            reply_to="pr@harrowmere.example",
            message_id="d1@harrowmere.example",
            now=now,
        )

    return make


Composed = Callable[[DigestMaterial], Message]


def place(school_id: str | None = "ferncliffe", **parts: Any) -> PlaceDays:
    return replace(PlaceDays(school_id=school_id, flagged={}, labels={}, decided={}), **parts)


def day(**parts: Any) -> DigestMaterial:
    """One school's day; `sources` and `clocks` are the service's."""
    clocks = parts.pop("clocks", ())
    sources = parts.pop("sources", READ)
    return DigestMaterial(
        first=DAY, last=DAY, places=(place(**parts),),
        health=Health(sources=sources), clocks=clocks,
    )  # fmt: skip


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
        ({}, "all quiet", ["All quiet: nothing was flagged.", "14 of 14 sources healthy."]),
        (
            {"sources": (*READ, UNREAD)},
            "quiet where we could look",
            [
                "Quiet where we could look: nothing was flagged.",
                "14 of 15 sources healthy; 1 not measured: Harrowmere Argus (It asked us to wait).",
            ],
        ),
        (
            {"sources": (UNREAD,)},
            "nothing could be read",
            [
                "No source could be read, so silence says nothing about the day.",
                "0 of 1 source healthy; 1 not measured: Harrowmere Argus",
            ],
        ),
        ({"sources": ()}, "nothing could be read", ["No source is switched on."]),
        (
            {"flagged": {"high": 1}, "decided": {"no_action": 1}, "collected": 9},
            "all decided",
            ["everything flagged has been decided.", "1 high.", "Decided: 1 no action."],
        ),
        ({"waiting": 1}, "1 waiting", ["1 mention waits for a decision."]),
        ({"waiting": 3}, "3 waiting", ["3 mentions wait for a decision."]),
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


def test_a_head_of_two_schools_reads_of_both_in_one_mail(composed: Composed, entry: Entry) -> None:
    places = (
        place("ferncliffe", waiting=3, entries=tuple(entry(n, "reputation") for n in (1, 2, 3))),
        place("aldergate", waiting=1, entries=(entry(4, "bullying", certain=("aldergate",)),)),
    )
    message = composed(DigestMaterial(first=DAY, last=DAY, places=places, health=Health()))
    text = body(message, "plain")
    assert message.mail["Subject"] == (
        "Ferncliffe School and Aldergate Primary School, Sun 22 Nov 2026: 4 waiting"
    )
    assert re.findall(r"/mentions/(\d)", text) == ["1", "2", "4"]
    assert text.index("FERNCLIFFE SCHOOL") < text.index("/mentions/1") < text.index("ALDERGATE")
    assert "And 1 more in the queue." in text


def test_more_than_fits_is_a_number(composed: Composed, entry: Entry) -> None:
    entries = tuple(entry(number, "reputation") for number in range(1, 8))
    message = composed(day(waiting=20, entries=entries))
    assert len(re.findall(r"/mentions/", body(message, "plain"))) == digest.SHOWN
    assert "17 more in the queue." in body(message, "html")


def test_a_head_reads_nothing_about_a_head_in_their_digest(
    composed: Composed, entry: Entry
) -> None:
    entries = (entry(1, "sexual", allegation="head"), entry(2, "reputation"))
    for_head = composed(day(waiting=2, entries=entries))
    assert "/mentions/1" not in body(for_head, "plain")
    assert "1 mention waits for a decision." in flat(for_head)


def test_many_sources_not_read_are_named_in_part(composed: Composed) -> None:
    unread = tuple(DigestSource(name=f"Paper {number}", read=False) for number in range(6))
    assert (
        "14 of 20 sources healthy; 6 not measured: Paper 0; Paper 1; Paper 2 and 3 more."
        in flat(composed(day(sources=(*READ, *unread))))
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
    assert "digests.trust-monitor.harrowmere.example" in message.mail["List-Id"]


def test_limits_and_the_duty_not_to_reply_are_always_said(composed: Composed) -> None:
    text = flat(composed(day()))
    assert "Never reply to a post, not even in support (policy 6.8, 9.3)." in text
    assert "in danger now call 999" in text
    assert "private groups cannot be seen" in text


def test_a_reply_reaches_a_person_and_so_does_the_wish_not_to_have_it(composed: Composed) -> None:
    message = composed(day())
    assert message.mail["Reply-To"] == "pr@harrowmere.example"
    wish = "<mailto:pr@harrowmere.example?subject=No%20more%20digests>"
    assert message.mail["List-Unsubscribe"] == wish
    assert "A reply to this mail reaches pr@harrowmere.example, a person." in flat(message)


def test_what_is_past_its_time_stands_in_a_cell_of_its_own(
    composed: Composed, now: datetime
) -> None:
    clocks = [
        ClockDue(what=f"Matter {n}", due_at=now + timedelta(hours=n), path=f"/mentions/{n}")
        for n in (-3, -2, -1, 1)
    ]
    message = composed(day(clocks=tuple(clocks)))
    text, html = flat(message), body(message, "html")
    assert "PAST ITS TIME - Matter -3, since Mon 23 Nov, 18:20" in text
    assert f"And 1 more: {CONSOLE}/clocks COMING UP - Mon 23 Nov, 22:20: Matter 1" in text
    late = html.partition("Past its time")[0]
    assert late.rpartition("<td")[2].startswith(' class="warn"')  # and so is not cast out


def test_praise_trend_and_clocks_are_told_in_words_and_bars(
    composed: Composed, now: datetime
) -> None:
    praise = Praise(mention_id=8, excerpt=(Piece(text="Thank you, J.S."),), platform="bluesky")
    clock = ClockDue(what="Answer due", due_at=now, path="/mentions/9")
    trend = (0, 1, 0, 4, 2)
    message = composed(day(praise=(praise,), trend=trend, clocks=(clock,)))
    text, html = flat(message), body(message, "html")
    assert 'Worth passing on: "Thank you, J.S." (Bluesky)' in text
    assert "7 flagged in the last 5 days, 2 in the newest, at most 4 in one." in text
    assert "COMING UP - Mon 23 Nov, 21:20: Answer due" in text
    heights = [int(found) for found in re.findall(r'height="(\d+)" style="height', html)]
    assert len(heights) == len(trend)
    assert heights[0] == heights[2] < heights[1] < heights[4] < heights[3]


USUAL = {
    "collected": 412,
    "flagged": {"critical": 1, "high": 3, "medium": 10},
    "labels": {"reputation": 9, "bullying": 4, "threat": 1},
    "decided": {"no_action": 3, "watch": 1, "open_case": 2},
    "trend": (0, 1, 0, 0, 4, 2, 0, 0, 1, 0, 3, 0, 2, 14),
    "praise": (
        Praise(
            mention_id=8,
            excerpt=(Piece(text="Thank you to everybody at Ferncliffe School for a lovely fair"),),
            platform="bluesky",
        ),
    ),
    "sources": (*READ, UNREAD),
}


def bottom_of(html: str, folder: Path, text: str) -> float:
    """How far down a phone something ends; the page must be no wider than the phone."""
    page_file = folder / "digest.html"
    page_file.write_text(html, encoding="utf-8")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"]
        )
        page = browser.new_page(viewport=PHONE, java_script_enabled=False)  # type: ignore[arg-type]  # a TypedDict
        page.goto(page_file.as_uri())
        box = page.get_by_text(text).last.bounding_box()
        width = page.evaluate("document.documentElement.scrollWidth")
        browser.close()
    assert box is not None
    assert width <= PHONE["width"]
    return box["y"] + box["height"]


@pytest.mark.browser
def test_a_full_day_fits_a_phone(
    composed: Composed, entry: Entry, now: datetime, tmp_path: Path
) -> None:
    entries = tuple(entry(number, "reputation") for number in range(1, 8))
    clock = ClockDue(what="Others are called: nobody has answered", due_at=now, path="/mentions/9")
    busy = day(**USUAL, waiting=20, entries=entries, clocks=(clock,))
    ends = bottom_of(body(composed(busy), "html"), tmp_path, "Open the review queue")
    assert ends <= PHONE["height"]


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
