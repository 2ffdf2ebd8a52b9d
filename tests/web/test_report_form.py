"""The form for everybody: what it takes, what it refuses, and what becomes of a report."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape

import pytest
from httpx import Client, Response

from alerts.types import Sent
from config.decision import ProcessingDecision
from monitor import messages, tasks
from monitor.context import Context
from monitor.rights.retention import forget
from monitor.store import audit, blocks, delivered, mentions, queue, reports, sending
from monitor.store.scope import EVERYTHING
from monitor.store.views import DeliveryView, QueueFilter, QueueRow
from monitor.web.spam import MOST_OF_ONE
from tests.doubles.consoles import Scene

Browsing = Callable[..., Client]
Working = Callable[[Scene], Context]
Token = Callable[[Client], str]

REPORT = {
    "reporter": "pupil",
    "kind": "contact",
    "doer": "outside",
    "platform": "Snapchat",
    "text": "a man i dont know keeps messaging me and wants to know where i live",
    "affected": "Marnie Okonjo-Veldt, 7B",
    "reply_to": "marnie@home.example",
    "on_premises": "true",
}


def stamp_of(page: str) -> str:
    found = re.search(r'name="stamp" value="([^"]+)"', page)
    assert found
    return found[1]


@pytest.fixture
def tell(browsing: Browsing, empty: Scene) -> Callable[..., Response]:
    """Fill the form in as a person does, taking half a minute."""
    client = browsing(empty)

    def send(
        school: str = "oakenhall", headers: dict[str, str] | None = None, **more: str
    ) -> Response:
        stamp = more.pop("stamp", "") or stamp_of(client.get(f"/report/{school}").text)
        empty.now += timedelta(seconds=30)
        form = {**REPORT, "stamp": stamp, **more}
        return client.post(f"/report/{school}", data=form, headers=headers)

    return send


def open_rows(scene: Scene) -> tuple[QueueRow, ...]:
    with scene.store.read() as tx:
        return queue.page(tx, EVERYTHING, QueueFilter(), after=None, limit=50).rows


def told(scene: Scene) -> dict[str, DeliveryView]:
    with scene.store.read() as tx:
        return {one.recipient: one for one in delivered.listing(tx, 50)}


def waiting(scene: Scene) -> int:
    with scene.store.read() as tx:
        return len(mentions.pending(tx, 1000))


def test_a_report_is_received_judged_queued_and_told_by_its_kind(
    empty: Scene, tell: Callable[..., Response], working: Working
) -> None:
    answer = tell()
    assert answer.status_code == 303
    assert re.fullmatch(r"/report/oakenhall/received/\w{4}-\w{4}", answer.headers["Location"])
    assert tasks.assess(working(empty)) == 1
    (row,) = open_rows(empty)
    assert row.school_ids == ("oakenhall",)
    assert row.platform == "snapchat"
    assert row.source_name == "report form"
    people = told(empty)
    assert {"dsl@oakenhalljunior.example", "head@oakenhalljunior.example"} <= set(people)
    head = people["head@oakenhalljunior.example"]
    assert "reported to the headteacher" in head.why
    assert "premises" in head.why


def test_the_receipt_gives_the_reference_and_says_what_not_to_do(
    browsing: Browsing, empty: Scene, tell: Callable[..., Response]
) -> None:
    place = tell().headers["Location"]
    page = browsing(empty).get(place).text
    assert place.rpartition("/")[2] in page
    assert "do not reply" in page
    assert browsing(empty).get("/report/oakenhall/received/<b>x").status_code == 404


@pytest.mark.parametrize(
    ("kind", "more", "called"),
    [
        ("block", {}, "it@harrowmere.example"),
        ("unblock", {"school_computer": "true"}, "it@harrowmere.example"),
        ("content", {"school_computer": "true"}, "it@harrowmere.example"),
        ("content", {}, "head@oakenhalljunior.example"),
        ("bullying", {}, "dsl@oakenhalljunior.example"),
    ],
)
def test_each_kind_calls_whom_the_policy_names(
    empty: Scene,
    tell: Callable[..., Response],
    working: Working,
    kind: str,
    more: dict[str, str],
    called: str,
) -> None:
    tell(kind=kind, text="please have a look at this page", **more)
    tasks.assess(working(empty))
    assert called in told(empty)


def test_its_mail_says_that_there_is_a_report_and_nothing_of_it(
    empty: Scene, tell: Callable[..., Response], working: Working
) -> None:
    tell(kind="unblock", text="the maths site is blocked", link="https://sums.example/12")
    with empty.store.read() as tx:
        (asked,) = blocks.listing(tx)
    assert (asked.kind, asked.address) == ("unblock", "https://sums.example/12")
    ctx = working(empty)
    tasks.assess(ctx)
    with empty.store.begin() as tx:
        due = sending.claim_due(tx, now=empty.now, lease=timedelta(minutes=1), limit=9)
    sent = [messages.message(ctx, claimed) for claimed in due]
    assert {one.recipient for one in sent if one} == {
        "it@harrowmere.example", "head@oakenhalljunior.example"
    }  # fmt: skip
    for one in sent:
        assert one
        subject = "Report: something blocked by mistake - Oakenhall Junior School"
        assert one.mail["Subject"] == subject
        body = one.mail.get_body(("plain",))
        assert body
        text = body.get_content()
        assert "/mentions/1" in text
        for secret in ("maths", "sums.example", "Marnie", "marnie@", "NOT FLAGGED", "/seen/"):
            assert secret not in text


def test_what_may_concern_the_head_never_reaches_that_head(
    empty: Scene, tell: Callable[..., Response], working: Working
) -> None:
    tell(doer="head", text="he keeps sending messages to my daughter in the evening")
    tasks.assess(working(empty))
    people = told(empty)
    assert "head@oakenhalljunior.example" not in people
    assert "chair@harrowmere.example" in people


def test_two_reports_in_the_same_words_are_two(
    empty: Scene, tell: Callable[..., Response], working: Working
) -> None:
    tell()
    tell(affected="Somebody else")
    tasks.assess(working(empty))
    assert len(open_rows(empty)) == 2


def test_the_same_form_sent_twice_is_one(empty: Scene, browsing: Browsing) -> None:
    client = browsing(empty)
    form = {**REPORT, "stamp": stamp_of(client.get("/report/oakenhall").text)}
    empty.now += timedelta(seconds=30)
    places = {client.post("/report/oakenhall", data=form).headers["Location"] for _ in range(3)}
    assert len(places) == 1
    assert waiting(empty) == 1


def test_a_report_for_the_whole_trust_has_no_school_and_is_told_all_the_same(
    empty: Scene, tell: Callable[..., Response], working: Working
) -> None:
    assert tell(empty.settings.trust.id).status_code == 303
    tasks.assess(working(empty))
    (row,) = open_rows(empty)
    assert row.school_ids == ()
    assert "safeguarding@harrowmere.example" in told(empty)


def test_who_is_affected_shows_on_request_only_and_the_request_is_on_record(
    empty: Scene,
    tell: Callable[..., Response],
    working: Working,
    browsing: Browsing,
    token: Token,
) -> None:
    tell()
    tasks.assess(working(empty))
    client = browsing(empty)
    (row,) = open_rows(empty)
    address = f"/mentions/{row.mention_id}"
    assert "Reported by a person" in (page := client.get(address).text)
    assert "Marnie" not in page
    assert "marnie@" not in page
    shown = client.post(f"{address}/affected", data={"token": token(client)}).text
    assert "Marnie Okonjo-Veldt, 7B" in shown
    assert "marnie@home.example" in shown
    with empty.store.read() as tx:
        actions = [entry.action for entry in audit.listing(tx, 10)]
    assert actions[0] == "report.affected_shown"


def test_a_form_that_comes_too_fast_too_late_or_from_elsewhere_is_shown_once_more(
    empty: Scene, browsing: Browsing
) -> None:
    client = browsing(empty)
    fresh = stamp_of(client.get("/report/oakenhall").text)
    stamps = [(fresh, 1), (fresh, 90_000), ("1.x.y", 5), ("", 5), (f"{fresh}0", 5), ("é", 5)]
    for stamp, seconds in stamps:
        empty.now += timedelta(seconds=seconds)
        answer = client.post("/report/oakenhall", data={**REPORT, "stamp": stamp})
        assert answer.status_code == 422
        assert REPORT["text"] in answer.text
        assert "once more" in answer.text
    assert waiting(empty) == 0
    again = stamp_of(answer.text)
    empty.now += timedelta(seconds=5)
    assert client.post("/report/oakenhall", data={**REPORT, "stamp": again}).status_code == 303


def test_what_only_machines_fill_in_holds_a_report_back(
    empty: Scene, tell: Callable[..., Response]
) -> None:
    answer = tell(website="https://casino.example")
    assert answer.status_code == 422
    assert "casino" not in answer.text
    assert waiting(empty) == 0


def test_an_address_may_send_so_many_an_hour(empty: Scene, tell: Callable[..., Response]) -> None:
    first = {"X-Forwarded-For": "203.0.113.7"}
    for number in range(MOST_OF_ONE):
        assert tell(text=f"report {number}", headers=first).status_code == 303
    refused = tell(text="one too many", headers=first)
    assert refused.status_code == 429
    assert "one too many" in refused.text
    assert tell(headers={"X-Forwarded-For": "203.0.113.8"}).status_code == 303
    empty.now += timedelta(hours=1)
    assert tell(headers=first).status_code == 303


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"reporter": "god"}, "Say who you are"),
        ({"kind": ""}, "Say what it is about"),
        ({"text": "  ", "link": ""}, "in your own words"),
        ({"text": "x" * 8001}, "in your own words"),
        ({"seen_at": "yesterday"}, "no date and time"),
        ({"affected": "x" * 501}, "500 letters"),
    ],
)
def test_what_is_missing_is_said_and_nothing_written_is_lost(
    empty: Scene, tell: Callable[..., Response], change: dict[str, str], said: str
) -> None:
    answer = tell(**{"reply_to": "my form tutor", **change})
    assert answer.status_code == 422
    assert said in unescape(answer.text)
    assert "my form tutor" in answer.text
    assert waiting(empty) == 0


def test_the_form_is_the_only_page_that_a_proxy_reaches(empty: Scene, browsing: Browsing) -> None:
    client = browsing(empty)
    through = {"X-Forwarded-For": "203.0.113.7"}
    for path in ("/", "/mentions/1", "/audit", "/healthz", "/reports", "/report/../audit"):
        assert client.get(path, headers=through).status_code == 403
    for path in ("/report", "/report/oakenhall", "/static/report.css"):
        assert client.get(path, headers=through).status_code == 200


def test_no_public_page_gives_away_the_consoles_token_or_its_reviewer(
    empty: Scene, browsing: Browsing, token: Token
) -> None:
    client = browsing(empty)
    secret, reviewer = token(client), client.get("/").text
    found = re.search(r'class="who"><span class="hidden">You are </span>([^<]+)', reviewer)
    assert found
    for path in ("/report", "/report/oakenhall", "/report/x", "/static/nothing", "/report/x/y/z"):
        page = client.get(path).text
        assert secret not in page
        assert found[1] not in page


def test_before_the_decision_is_recorded_no_report_is_taken(
    empty: Scene, browsing: Browsing
) -> None:
    policy = empty.settings.policy.model_copy(update={"decision": ProcessingDecision()})
    empty.settings = empty.settings.model_copy(update={"policy": policy})
    client = browsing(empty, is_sample=False)
    assert client.get("/report").status_code == 503
    assert "safeguarding lead" in client.get("/report/oakenhall").text
    assert client.post("/report/oakenhall", data=REPORT).status_code == 503


def test_with_its_mention_a_report_is_forgotten(
    empty: Scene, tell: Callable[..., Response], working: Working
) -> None:
    tell()
    ctx = working(empty)
    tasks.assess(ctx)
    (row,) = open_rows(empty)
    empty.deliver([Sent()] * 50)
    empty.now += timedelta(days=400)
    assert dict(forget(ctx)) == {"unreviewed": 1}
    with empty.store.read() as tx:
        assert reports.protected(tx, row.mention_id) is None
