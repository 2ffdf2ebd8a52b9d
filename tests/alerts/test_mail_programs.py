"""Every mail is built of what Outlook (which draws with Word) and Gmail show.

The lists are what caniemail.com gives as supported by both, or as dropped without harm.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8, EmailPolicy, default
from html import unescape
from html.parser import HTMLParser
from typing import Any

import pytest

from alerts import digest, envelope, group, overview, render, routing, service
from alerts.group import Matter
from alerts.material import (
    ClockDue,
    DigestMaterial,
    Figures,
    Health,
    OverviewMaterial,
    StoryEntry,
)
from alerts.types import Message
from classifiers.types import Assessment
from config.policy import Policy
from config.trust import Trust
from connectors.types import Mention
from tests.alerts.test_digest import DAY, USUAL, Entry, place
from tests.alerts.test_digest import entry as entry

CONSOLE = "https://console.harrowmere.example"
TAGS = {
    "html", "head", "meta", "title", "style", "body", "table", "tbody", "tr", "td", "th", "div",
    "p", "span", "a", "strong", "h1", "h2", "br",
}  # fmt: skip
ATTRIBUTES = {
    "lang", "dir", "charset", "name", "content", "class", "style", "role", "aria-hidden", "align",
    "valign", "cellpadding", "cellspacing", "border", "bgcolor", "height", "href", "scope",
}  # fmt: skip
PROPERTIES = {
    "margin", "padding", "padding-left", "margin-left", "color", "background-color", "font-family",
    "font-size", "font-weight", "line-height", "text-align", "text-decoration", "vertical-align",
    "white-space", "width", "height", "border", "border-top", "border-left", "border-collapse",
}  # fmt: skip
HARMLESS = {
    "border-radius", "max-width", "max-height", "overflow", "word-break", "table-layout",
    "mso-hide", "display", "-webkit-text-size-adjust",
}  # fmt: skip
"""Dropped by one of them, and then nothing worse than square corners."""
REFUSED = re.compile(r"url\(|calc\(|var\(|rgba?\(|expression|!important|\bvw\b|\brem\b|-\d+px")
PADDED = {"td", "th", "a", "span", "body"}
"""Word gives no padding to blocks."""
GMAIL_STYLE, GMAIL_CLIPS = 8_192, 102_400
"""Bytes of a style block that Gmail still reads, and of a mail that it still shows whole."""


class Looked(HTMLParser):
    """What a mail is made of."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.faults: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag not in TAGS:
            self.faults.append(f"<{tag}>")
        self.faults += [f"{tag} {name}" for name in values if name not in ATTRIBUTES]
        style = values.get("style", "")
        for part in filter(None, (one.strip() for one in style.split(";"))):
            name = part.split(":")[0].strip()
            if name not in PROPERTIES | HARMLESS:
                self.faults.append(f"{tag} {{{part}}}")
            if name.startswith("padding") and tag not in PADDED:
                self.faults.append(f"{tag} {{{part}}}")
            if REFUSED.search(part):
                self.faults.append(f"{tag} {{{part}}}")
        if tag == "td" and "background-color" in style and "color:#ffffff" in style:
            self.faults += [] if "bgcolor" in values else [f"{tag} without bgcolor"]


Mails = dict[str, Message]


@pytest.fixture
def mails(
    trust: Trust,
    policy: Policy,
    now: datetime,
    judged: Callable[..., Assessment],
    post: Callable[..., Mention],
    entry: Entry,
) -> Mails:
    """One of every kind, as full as they come."""
    common: dict[str, Any] = {
        "trust": trust,
        "console_url": CONSOLE,
        "sender": "m@x.example",
        "now": now,
    }
    mention, assessment = post("A post about Ferncliffe School."), judged("threat")
    notices = routing.notices(7, 3, assessment, trust, policy)
    alert = render.alert(
        notices[0], mention, assessment,
        policy=policy, message_id="a@x.example", reply_token="t", **common,
    )  # fmt: skip
    matter = Matter(notice=notices[0], mention=mention, assessment=assessment, reply_token="t")
    to: dict[str, Any] = {"recipient": "head@ferncliffe.example", "message_id": "d@x.example"}
    both = group.group([matter, matter], policy=policy, message_id="g@x.example", **common)
    answering = {**to, "reply_to": "pr@x.example"}
    usual: dict[str, Any] = {key: value for key, value in USUAL.items() if key != "sources"}
    entries = tuple(entry(number, "reputation") for number in range(1, 8))
    full = place(**usual, waiting=20, entries=entries)
    clock = ClockDue(what="Others are called", due_at=now, path="/mentions/9")
    head = DigestMaterial(
        first=DAY, last=DAY, places=(full, place("aldergate")), health=Health(set_aside=2),
        clocks=(clock,),
    )  # fmt: skip
    whole = OverviewMaterial(
        first=date(2026, 11, 16), last=DAY, trust=place(None, **usual, waiting=20),
        now=Figures(days=7, mentions=9), before=Figures(days=7), last_year=Figures(),
        answers=(timedelta(minutes=9),), unanswered=1, platforms={"web": 3},
        schools={"aldergate": 2}, clocks=(clock,), health=Health(set_aside=2),
        stories=tuple(StoryEntry(entry=one, places=2, is_waiting=True) for one in entries),
    )  # fmt: skip
    return {
        "alert": alert,
        "group": both,
        "digest": digest.compose(head, **common, **answering),
        "overview": overview.compose(whole, kind="executive", **common, **answering),
        "self-test": service.compose("self_test", ("One fact.",), **common, **to),
    }


def html_of(message: Message) -> str:
    part = message.mail.get_body(("html",))
    assert isinstance(part, EmailMessage)
    return str(part.get_content())


KINDS = ("alert", "group", "digest", "overview", "self-test")


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_in_a_mail_is_dropped_by_outlook_or_gmail(kind: str, mails: Mails) -> None:
    assert Looked(html_of(mails[kind])).faults == []


@pytest.mark.parametrize("kind", KINDS)
def test_gmail_reads_the_styles_and_shows_the_mail_whole(kind: str, mails: Mails) -> None:
    html = html_of(mails[kind])
    (style,) = re.findall(r"<style>(.*?)</style>", html, re.DOTALL)
    assert len(style.encode()) <= GMAIL_STYLE
    assert len(html.encode()) <= GMAIL_CLIPS
    assert '<!--[if mso]><table role="presentation" width="600"' in html


@pytest.mark.parametrize("kind", KINDS)
def test_every_mail_says_what_the_service_is_not(kind: str, mails: Mails) -> None:
    part = mails[kind].mail.get_body(("plain",))
    assert part is not None
    text = " ".join(part.get_content().split())
    if kind == "self-test":
        return
    assert "ot an emergency service" in text
    assert "999" in text
    assert "filtering and monitoring" in text


def words(text: str) -> list[str]:
    return re.findall(r"[a-z]{3,}|\d{2,}", text.lower())


@pytest.mark.parametrize("rules", [SMTP, SMTPUTF8], ids=["ascii", "utf-8"])
@pytest.mark.parametrize("kind", KINDS)
def test_what_goes_over_the_line_is_what_the_standard_library_writes(
    kind: str, rules: EmailPolicy[Any], mails: Mails
) -> None:
    mail = mails[kind].mail
    content = envelope.written(mail, rules)
    assert content == mail.as_bytes(policy=rules)
    read = message_from_bytes(content, policy=default)
    assert [part.get_content_type() for part in read.walk()] == [
        "multipart/alternative", "text/plain", "text/html",
    ]  # fmt: skip
    assert max(map(len, content.split(b"\r\n"))) < 1000
    assert b"\n" not in content.replace(b"\r\n", b"")


@pytest.mark.parametrize("kind", ["digest", "overview"])
def test_the_text_leaves_out_nothing_that_the_picture_says(kind: str, mails: Mails) -> None:
    """Who hears it read misses nothing."""
    hidden = r"<(style|title)>.*?</\1>|<!--.*?-->|<div[^>]*mso-hide.*?</div>"
    html = unescape(re.sub(hidden, "", html_of(mails[kind]), flags=re.DOTALL))
    part = mails[kind].mail.get_body(("plain",))
    assert part is not None
    said = words(part.get_content())
    assert [one for one in words(re.sub(r"<[^>]+>", " ", html)) if one not in said] == []


def test_a_mail_that_breaks_the_rules_is_found() -> None:
    bad = (
        '<div style="padding:3px;position:absolute">x</div><img src="x">'
        '<td style="width:calc(1px)">'
        '<p style="background-color:url(x)" onclick="x">'
    )
    assert len(Looked(bad).faults) == 7


def test_the_overview_says_what_the_service_itself_needs_and_no_head_is_bothered_with_it(
    mails: Mails,
) -> None:
    sentence = "2 mentions could not be assessed and must be read by a person."
    assert sentence in html_of(mails["overview"])
    assert sentence not in html_of(mails["digest"])
