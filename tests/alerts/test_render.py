"""The alert mail: what it says, and what must not be in it whatever a post says."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP, default
from html.parser import HTMLParser
from typing import Any

import pytest

from alerts import render, routing
from alerts.duty import Duty
from alerts.types import Message, Notice
from classifiers.types import Assessment, Explanation, Label, PupilGrade
from config.loading import load
from config.policy import Policy
from config.trust import Trust
from connectors.types import Author, Mention

Judged = Callable[..., Assessment]
Spotted = Callable[..., PupilGrade]
Carrying = Callable[[str, Label, str], Explanation]
Post = Callable[..., Mention]
Mails = Callable[..., dict[str, Message]]

CONSOLE = "http://127.0.0.1:8000"
THREAT = "Heard a lad at Ferncliffe School say he will bring a knife to the gates tonight."
PR = "pr@harrowmere.example"
HEAD = "head@ferncliffe.example"
LEAD = "dsl@ferncliffe.example"


@pytest.fixture
def mails(trust: Trust, policy: Policy, now: datetime) -> Mails:
    """The mails that an assessed mention causes, by recipient."""

    def make(mention: Mention, assessment: Assessment, **changes: Any) -> dict[str, Message]:
        ours = changes.get("trust", trust)
        rules = changes.get("policy", policy)
        return {
            notice.recipient: render.alert(
                notice,
                mention,
                assessment,
                trust=ours,
                policy=rules,
                console_url=CONSOLE,
                sender="Trust Monitor <monitor@harrowmere.example>",
                message_id="17@harrowmere.example",
                now=now,
            )
            for notice in routing.notices(7, 3, assessment, ours, rules)
        }

    return make


def body(message: Message, kind: str) -> str:
    part = message.mail.get_body((kind,))
    assert isinstance(part, EmailMessage)
    return str(part.get_content())


def everything(message: Message) -> str:
    """The raw mail and its decoded bodies, for looking for what must not be there."""
    raw = message.mail.as_bytes(policy=SMTP).decode("utf-8", "replace")
    return "\n".join((raw, body(message, "plain"), body(message, "html")))


class Parts(HTMLParser):
    """Tags, addresses and visible words of a mail's HTML."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.addresses: set[str] = set()
        self.words = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        values = dict(attrs)
        self.addresses |= {
            str(values[name])
            for name in ("href", "src", "background", "srcset", "action", "poster")
            if name in values
        }
        assert not any(name.startswith("on") for name in values)

    def handle_data(self, data: str) -> None:
        self.words += data


def test_a_reputation_mail_says_where_which_school_why_and_what_to_do(
    mails: Mails, judged: Judged, post: Post, carrying: Carrying
) -> None:
    assessment = judged(
        "threat",
        explanations=(carrying(THREAT, "threat", "bring a knife"),),
        possible=("aldergate",),
    )
    message = mails(post(THREAT), assessment)[PR]
    for kind in ("plain", "html"):
        text = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", body(message, kind)))
        assert "Ferncliffe School (certain, 97%)" in text
        assert "Aldergate Primary School (only possible, 61%)" in text
        assert "Website, news.harrowmere.example" in text
        assert "Mon 23 Nov 2026, 21:14" in text
        assert "very likely, 90% (flagged from 60%); policy 9.4, 9.8" in text
        assert "A threat." in text
        assert "Follow the steps for threat (policy 9.4)." in text
        assert "Do not reply, comment or react, not even in support (policy 6.8, 9.3)." in text
        assert "Take no threat matter into your own hands." in text
        assert "This is not an emergency service." in text
        assert "call 999" in text
        assert "Also told: Headteacher, Ferncliffe School." in text
        assert "a person decides" in text
    assert "<strong class" in body(message, "html")
    assert ">bring a knife</strong>" in body(message, "html")
    assert "*bring a knife*" in body(message, "plain")
    assert f"{CONSOLE}/mentions/7" in body(message, "plain")


def test_the_headers_are_those_of_a_machine_and_the_same_at_every_try(
    mails: Mails, judged: Judged, post: Post
) -> None:
    mail = mails(post(THREAT), judged("threat"))[PR].mail
    assert mail["Subject"] == "High: possible threat - Ferncliffe School"
    assert mail["From"] == "Trust Monitor <monitor@harrowmere.example>"
    assert mail["To"] == PR
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Message-ID"] == "<17@harrowmere.example>"
    assert mail["Date"] == "Mon, 23 Nov 2026 21:20:00 +0000"
    assert "<alerts.trust-monitor.harrowmere.example>" in mail["List-Id"]
    assert not {"X-Entity-Ref-ID", "List-Unsubscribe", "Disposition-Notification-To"} & set(
        mail.keys()
    )


def test_a_mail_holds_no_address_but_the_console_s_and_the_post_s(
    mails: Mails, judged: Judged, post: Post
) -> None:
    text = f"{THREAT} https://evil.example/a www.evil.example <img src=https://evil.example/p.gif>"
    mention = post(text)
    message = mails(mention, judged("threat"))[PR]
    parts = Parts(body(message, "html"))
    assert parts.addresses == {f"{CONSOLE}/mentions/7", mention.url}
    assert not {"img", "script", "iframe", "object", "form", "link", "video"} & parts.tags
    assert "evil.example" not in everything(message)
    in_text = set(re.findall(r"https?://\S+", body(message, "plain")))
    assert in_text == {f"{CONSOLE}/mentions/7", mention.url}
    html = body(message, "html")
    assert not re.search(r"url\(|@import|@font-face", html)
    assert set(re.findall(r"https?://[^\s\"'<]+", html)) == parts.addresses


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "https://user:secret@news.example/x",
        "https://news.example/\r\nBcc: all@example.org",
        "https://news.example/" + "x" * 3000,
        "https://[broken/",
        "https://news.example/ a",
        "https://éxample.example/x",
        "",
    ],
)
def test_an_address_that_is_not_plain_is_left_out(
    url: str, mails: Mails, judged: Judged, post: Post
) -> None:
    message = mails(post(THREAT, url=url), judged("threat"))[PR]
    assert Parts(body(message, "html")).addresses == {f"{CONSOLE}/mentions/7"}
    assert "The post itself" not in everything(message)


NAMED = "Jayden Smith of Year 9 said at Ferncliffe School that he will bring a knife. jayden did."


@pytest.mark.parametrize("recipient", [PR, LEAD])
@pytest.mark.parametrize("flags", [("self_harm",), ("sexual",), ("threat",)])
def test_a_welfare_mail_holds_nothing_of_the_post(
    recipient: str,
    flags: tuple[Label, ...],
    mails: Mails,
    judged: Judged,
    post: Post,
    spotted: Spotted,
    carrying: Carrying,
) -> None:
    mention = post(
        NAMED, title="Jayden Smith named", url="https://news.harrowmere.example/jayden-smith"
    )
    assessment = judged(
        *flags,
        pupil=spotted(NAMED, ("Jayden Smith", "PUPIL_FULL"), ("Year 9", "YEAR")),
        explanations=(carrying(NAMED, flags[0], "bring a knife"),),
    )
    message = mails(mention, assessment)[recipient]
    whole = everything(message).casefold()
    for word in ("jayden", "smith", "year 9", "knife", "news.harrowmere", "_else", "said at"):
        assert word not in whole
    assert "the post is not in this mail" in re.sub(r"\s+", " ", whole)
    assert Parts(body(message, "html")).addresses == {f"{CONSOLE}/mentions/7"}


def test_a_masked_mail_names_no_pupil_and_no_author(
    mails: Mails, judged: Judged, post: Post, spotted: Spotted
) -> None:
    mention = post(
        NAMED,
        title="Jayden Smith and the gates",
        url="https://news.harrowmere.example/JAYDEN-smith-and-the-gates",
        author=Author(name="Petra Vale", handle="@petravale"),
    )
    text = f"{mention.title}\n{NAMED}"
    assessment = judged("threat", pupil=spotted(text, ("Jayden Smith", "PUPIL_FULL")))
    class_level = judged("threat", pupil=PupilGrade(level="class", spans=assessment.pupil.spans))
    message = mails(mention, class_level)[PR]
    whole = everything(message).casefold()
    assert "j.s. of year 9" in re.sub(r"\s+", " ", body(message, "plain")).casefold()
    for word in ("jayden", "smith", "petra", "vale"):
        assert not re.search(rf"(?<![a-z]){word}", whole)
    assert mention.url not in whole


@pytest.mark.parametrize("newline", ["\r\n", "\n", "\r", "\u2028", "\x85", "\x0b"])
def test_no_header_can_be_smuggled_in(
    newline: str, mails: Mails, judged: Judged, post: Post, trust: Trust
) -> None:
    bad = f"Ferncliffe{newline}Bcc: all@example.org{newline}{newline}<b>"
    schools = (trust.schools[0].model_copy(update={"name": bad}), *trust.schools[1:])
    ours = trust.model_copy(update={"schools": schools, "name": f"Trust{newline}X: y"})
    mention = post(THREAT, title=bad, author=Author(name=bad), external_id=bad, platform=bad)
    mail = mails(mention, judged("threat"), trust=ours)[PR].mail
    seen = message_from_bytes(mail.as_bytes(policy=SMTP), policy=default)
    assert "Bcc" not in seen
    assert "X" not in seen
    assert seen["To"] == PR
    assert seen.is_multipart()


def test_markup_in_a_post_stays_words(
    mails: Mails, judged: Judged, post: Post, trust: Trust, policy: Policy
) -> None:
    evil = '"><script>alert(1)</script><img src=x onerror=alert(1)> {{ 7*7 }} <!--% if 1 %-->'
    schools = (trust.schools[0].model_copy(update={"name": f"School {evil}"}), *trust.schools[1:])
    never = (*policy.never, f"Never {evil}")
    message = mails(
        post(evil, platform=evil, author=Author(name=evil, handle=evil)),
        judged("threat"),
        trust=trust.model_copy(update={"schools": schools}),
        policy=policy.model_copy(update={"never": never}),
    )[PR]
    parts = Parts(body(message, "html"))
    assert not {"script", "img"} & parts.tags
    assert "<script>alert(1)</script>" in parts.words
    assert "{{ 7*7 }}" in parts.words


def test_the_mail_is_fit_for_any_server(mails: Mails, judged: Judged, post: Post) -> None:
    long = "wort" * 600 + " 🙂 ç\ud83d " + THREAT
    message = mails(post(long), judged("threat"))[PR]
    raw = message.mail.as_bytes(policy=SMTP)
    assert raw.isascii()
    assert max(len(line) for line in raw.split(b"\r\n")) <= 200
    assert b"\n" not in raw.replace(b"\r\n", b"")
    assert message.mail.get_content_type() == "multipart/alternative"
    assert max(len(line) for line in body(message, "plain").splitlines()) < 2500


def test_a_school_s_people_see_their_own_school_only(
    mails: Mails, judged: Judged, post: Post
) -> None:
    assessment = judged("threat", certain=("aldergate", "ferncliffe"), possible=("withy-lane",))
    found = mails(post("A threat"), assessment)
    text = re.sub(r"\s+", " ", body(found[HEAD], "plain"))
    assert "Ferncliffe School (certain, 97%) and 2 other schools of the Trust" in text
    assert found[HEAD].mail["Subject"] == "High: possible threat - Ferncliffe School"
    subject = found[PR].mail["Subject"]
    assert subject == "High: possible threat - Aldergate Primary School and 2 more"


def test_an_unsure_school_is_called_so_in_the_subject(
    mails: Mails, judged: Judged, post: Post
) -> None:
    unsure = judged("threat", certain=(), possible=("ferncliffe",))
    none = judged("threat", certain=())
    ours = judged("threat", certain=("harrowmere",))
    subjects = [mails(post(""), one)[PR].mail["Subject"] for one in (unsure, none, ours)]
    assert subjects == [
        "High: possible threat - possibly Ferncliffe School",
        "High: possible threat - Harrowmere Learning Trust",
        "High: possible threat - Harrowmere Learning Trust",
    ]


@pytest.mark.parametrize(
    ("flags", "parts", "kind"),
    [
        (("reputation",), {}, "reputational matter"),
        (("reputation", "hate"), {}, "possible hate"),
        (("bullying", "self_harm"), {}, "possible self-harm"),
        ((), {"pupil": PupilGrade(level="direct")}, "possible pupil identification"),
        (("threat",), {"allegation": "staff"}, "possible allegation about a member of staff"),
        ((), {}, "mention to look at"),
    ],
)
def test_the_subject_says_the_kind_and_nothing_of_the_text(
    flags: tuple[Label, ...],
    parts: dict[str, Any],
    kind: str,
    mails: Mails,
    judged: Judged,
    post: Post,
) -> None:
    found = mails(post("Secret words", title="Secret title"), judged(*flags, **parts))
    assert found[PR].mail["Subject"] == f"High: {kind} - Ferncliffe School"


@pytest.mark.parametrize(
    ("flags", "severity", "is_first"),
    [
        (("threat",), "high", True),
        (("reputation",), "critical", True),
        (("reputation",), "high", False),
    ],
)
def test_where_harm_is_near_the_line_about_999_stands_first(
    flags: tuple[Label, ...],
    severity: Any,
    is_first: bool,
    mails: Mails,
    judged: Judged,
    post: Post,
) -> None:
    text = body(mails(post(THREAT), judged(*flags, severity=severity))[PR], "plain")
    assert (text.index("999") < text.index("WHY IT WAS FLAGGED")) is is_first
    assert text.count("999") == 1


def test_a_policy_that_forgets_to_forbid_replies_is_reminded(
    mails: Mails, judged: Judged, post: Post, policy: Policy
) -> None:
    silent = policy.model_copy(update={"never": ()})
    text = body(mails(post(THREAT), judged("threat"), policy=silent)[PR], "plain")
    assert "(policy 6.8, 9.3)" in re.sub(r"\s+", " ", text)
    assert "999" in text


def test_a_post_without_a_date_says_when_it_was_collected(
    mails: Mails, judged: Judged, post: Post
) -> None:
    mention = post(THREAT, published_known=False)
    text = body(mails(mention, judged("threat"))[PR], "plain")
    assert "The source gives no time; collected Mon 23 Nov 2026, 21:20" in re.sub(r"\s+", " ", text)


def test_a_person_told_alone_is_told_so(mails: Mails, judged: Judged, post: Post) -> None:
    text = body(mails(post(THREAT), judged("reputation"))[PR], "plain")
    assert "Nobody else is told by Trust Monitor." in text


def test_a_link_only_notice_stays_so_even_if_the_assessment_is_mild(
    judged: Judged, post: Post, trust: Trust, policy: Policy, now: datetime
) -> None:
    notice = Notice(
        dedupe_key="k",
        role="head_of_pr",
        school_id=None,
        recipient=PR,
        channel="smtp",
        mention_id=7,
        why="Because.",
        clauses=(),
        urgency="immediate",
        disclosure="link_only",
    )
    message = render.alert(
        notice,
        post(THREAT),
        judged("reputation"),
        trust=trust,
        policy=policy,
        console_url=f"{CONSOLE}/",
        sender="monitor@harrowmere.example",
        message_id="<17@harrowmere.example>",
        now=now,
    )
    assert "knife" not in everything(message)
    assert "by link only" in everything(message)
    assert message.message_id == "<17@harrowmere.example>"
    assert f"{CONSOLE}/mentions/7" in body(message, "plain")


def test_who_leads_on_safeguarding_is_not_told_to_leave_it_to_themselves(
    mails: Mails, judged: Judged, post: Post
) -> None:
    shipped = load().policy
    found = mails(post("i want to die"), judged("self_harm"), policy=shipped)
    said = {who: body(one, "plain") for who, one in found.items()}
    assert "Leave it to the safeguarding lead" not in said[LEAD]
    assert "Act on it as your safeguarding procedures say" in said[LEAD]
    assert "Leave it to the safeguarding lead" in said[PR]


def test_a_mail_that_reminds_says_so_in_front_of_how_grave_it_is(
    trust: Trust, policy: Policy, judged: Judged, post: Post, now: datetime
) -> None:
    assessment = judged("threat")
    first = routing.notices(7, 3, assessment, trust, policy)[0]
    late = render.alert_page(
        replace(first, occasion="late", news="Nobody has looked."), post(THREAT), assessment,
        trust=trust, policy=policy, console_url=CONSOLE,
    )  # fmt: skip
    assert late.subject == "Past its time, high: possible threat - Ferncliffe School"


def test_who_is_named_by_the_story_is_not_said_to_be_told(
    trust: Trust, policy: Policy, judged: Judged, post: Post, now: datetime
) -> None:
    duty = Duty(rota=load().rota, now=now, barred=frozenset({PR}))
    assessment = judged("threat")
    (first, *_) = routing.notices(7, 3, assessment, trust, policy, duty)
    page = render.alert_page(
        first, post(THREAT), assessment,
        trust=trust, policy=policy, console_url=CONSOLE, duty=duty,
    )  # fmt: skip
    assert "Head of PR" not in page.others
    assert "Executive Team" in page.others + page.you
