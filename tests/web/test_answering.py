"""Answering an alert by mail or on its page, and silences."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from httpx import Client
from sqlalchemy import text

from monitor.store import audit, mentions, silences
from monitor.store.scope import EVERYTHING
from monitor.store.views import MentionDetail
from tests.doubles.consoles import REVIEWER, Scene
from tests.doubles.written_posts import Written

Browsing = Callable[..., Client]
Token = Callable[[Client], str]


def detail(scene: Scene, number: int) -> MentionDetail:
    with scene.store.read() as tx:
        found = mentions.detail(tx, EVERYTHING, number)
    assert found
    return found


def reply_of(scene: Scene, number: int) -> str:
    with scene.store.read() as tx:
        query = text("select reply_token from delivery where mention_id = :m and role = :r")
        return str(tx.execute(query, {"m": number, "r": "head_of_pr"}).scalar_one())


def said(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def test_the_link_of_a_mail_asks_for_a_click_and_tells_nothing_of_the_post(
    full: Scene, browsing: Browsing, token: Token
) -> None:
    client = browsing(full)
    number = full.number_of("gates 3.15")
    address = f"/seen/{reply_of(full, number)}"
    asked = client.get(address)
    assert "gates" not in asked.text
    alarm = detail(full, number).alarm
    assert alarm is not None
    assert alarm.state == "open"  # a scanner that follows links answers nothing
    answered = client.post(address, data={"token": token(client)})
    assert "Seen by Head of PR & Communications, by mail" in said(answered.text).replace(
        "&amp;", "&"
    )
    alarm = detail(full, number).alarm
    assert alarm is not None
    assert (alarm.state, alarm.next_step_at) == ("acknowledged", None)
    with full.store.read() as tx:
        assert audit.listing(tx, 1)[0].action == "alarm.acknowledged"


@pytest.mark.parametrize("reply", ["A" * 22, "short", "../../etc", "A" * 200])
def test_a_token_that_nobody_was_sent_is_not_found(
    reply: str, full: Scene, browsing: Browsing, token: Token
) -> None:
    client = browsing(full)
    assert client.get(f"/seen/{reply}").status_code in (404, 422)
    data = {"token": token(client)}
    assert client.post(f"/seen/{reply}", data=data).status_code in (404, 422)


def test_a_click_without_the_token_of_our_page_answers_nothing(
    full: Scene, browsing: Browsing
) -> None:
    number = full.number_of("gates 3.15")
    assert browsing(full).post(f"/seen/{reply_of(full, number)}").status_code == 403
    alarm = detail(full, number).alarm
    assert alarm is not None
    assert alarm.state == "open"


def test_the_page_of_a_mention_says_who_is_told_next_and_takes_the_answer(
    full: Scene, browsing: Browsing, token: Token
) -> None:
    client = browsing(full)
    number = full.number_of("gates 3.15")
    before = said(client.get(f"/mentions/{number}").text)
    assert "Nobody has answered this alert yet." in before
    assert "it goes to: Deputy safeguarding lead" in before
    answer = client.post(
        f"/mentions/{number}/seen", data={"token": token(client), "at": "label=threat"}
    )
    assert answer.headers["location"] == f"/mentions/{number}?from=label%3Dthreat"
    assert f"Seen by {REVIEWER}" in said(client.get(f"/mentions/{number}").text)


def test_a_silence_wants_a_scope_and_a_reason_and_keeps_what_was_typed(
    empty: Scene, browsing: Browsing, token: Token
) -> None:
    client = browsing(empty)
    tried = {"token": token_of(client), "phrase": "snow day", "reason": " "}
    refused = client.post("/silences", data=tried)
    assert refused.status_code == 422
    assert "Say why" in refused.text
    assert 'value="snow day"' in refused.text
    bare = client.post("/silences", data={**tried, "phrase": "", "reason": "x"})
    assert "Say what is to be silent" in bare.text
    wrong = client.post("/silences", data={**tried, "school": "no-such", "reason": "x"})
    assert "Choose a school" in wrong.text
    with empty.store.read() as tx:
        assert silences.active(tx, empty.now) == []


def token_of(client: Client) -> str:
    found = re.search(r'name="token" value="([^"]+)"', client.get("/silences").text)
    assert found
    return found[1]


def test_a_silence_begins_is_counted_and_ends_by_hand(empty: Scene, browsing: Browsing) -> None:
    client = browsing(empty)
    form = {
        "token": token_of(client), "phrase": "snow day, school shut", "until": "tomorrow",
        "reason": "Closure day",
    }  # fmt: skip
    assert client.post("/silences", data=form).status_code == 303
    with empty.store.read() as tx:
        (silence,) = silences.active(tx, empty.now)
    assert (silence.author, silence.reason) == (REVIEWER, "Closure day")
    local = empty.now.date()
    assert silence.until == datetime(local.year, local.month, local.day + 2, tzinfo=UTC)
    empty.add(
        Written(
            text="{@edith-pennick|Edith Pennick School} shut today, the head lied, a disgrace",
            sure={"reputation": 0.97},
            ago=timedelta(),
        )
    )
    assert "1 alert" in said(client.get("/silences").text)
    ended = client.post(f"/silences/{silence.silence_id}/end", data={"token": token_of(client)})
    assert ended.status_code == 303
    page = said(client.get("/silences").text)
    assert "No silence holds" in page
    assert f"by {REVIEWER}" in page
    missing = client.post("/silences/999/end", data={"token": token_of(client)})
    assert missing.status_code == 404


def test_a_story_can_be_silenced_on_its_page(full: Scene, browsing: Browsing, token: Token) -> None:
    client = browsing(full)
    number = full.number_of("Send them all")
    story = detail(full, number).story_id
    form = {
        "token": token(client), "story": str(story), "mention": str(number), "until": "week",
        "reason": "Known",
    }  # fmt: skip
    answer = client.post("/silences", data=form)
    assert answer.headers["location"] == f"/mentions/{number}"
    with full.store.read() as tx:
        assert silences.active(tx, full.now)[0].scope.story_id == story
