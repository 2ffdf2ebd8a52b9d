"""The page that says how good the judgement was."""

import re
from collections.abc import Callable
from datetime import timedelta

from httpx import Client, Response

from monitor.store import decisions, judged, verdicts
from monitor.store.scope import EVERYTHING
from tests.doubles.consoles import Scene

Browsing = Callable[..., Client]
Decide = Callable[..., Response]


def row(page: str, name: str) -> list[str]:
    """The cells of one label's row in the first table."""
    found = re.search(rf">{name}</a></th>(.*?)</tr>", page, re.DOTALL)
    assert found
    return re.findall(r"<td[^>]*>([^<]*)</td>", found[1])


def verdict_row(page: str, name: str) -> list[str]:
    """The numbers of one label's verdicts, and what is said of their share."""
    table = page.split("right-title")[2]
    found = re.search(rf">{name}</th>(.*?)</tr>", table, re.DOTALL)
    assert found
    return re.findall(r'class="num">(\d+)<', found[1]) + re.findall(
        r"<small>(.*?)</small>", found[1]
    )


def test_what_people_decided_is_held_against_each_label(
    full: Scene, browsing: Browsing, decide: Decide
) -> None:
    client = browsing(full)
    before = row(client.get("/judgement").text, "Hate")
    decide(client, full.number_of("Send them all"), "open_case")
    after = row(client.get("/judgement").text, "Hate")
    assert (before[3:], after[3:]) == (["0", "0", "–"], ["1", "0", "1 of 1"])
    assert before[:3] == after[:3]


def test_a_share_is_told_only_of_enough_verdicts_and_with_how_sure_it_is(
    full: Scene, browsing: Browsing
) -> None:
    threat, hate = full.number_of("gates 3.15"), full.number_of("Send them all")
    with full.store.begin() as tx:
        verdicts.give(tx, hate, {"hate": True}, by="a", now=full.now)
        verdicts.give(tx, threat, {"hate": True, "threat": False}, by="a", now=full.now)
    page = browsing(full).get("/judgement").text
    assert verdict_row(page, "Hate") == ["1", "0", "1", "1 of 1: too few to say"]
    assert verdict_row(page, "Threat") == ["0", "1", "0", "0 of 1: too few to say"]
    assert verdict_row(page, "Bullying") == ["0", "0", "0", "no verdict yet"]


def test_how_soon_things_were_decided_is_told_by_severity(
    full: Scene, browsing: Browsing, decide: Decide
) -> None:
    client = browsing(full)
    decide(client, full.number_of("Send them all"), "open_case")
    page = client.get("/judgement").text
    row = re.search(r">High and critical</th>(.*?)</tr>", page, re.DOTALL)
    assert row
    assert "1 within a day" in row[1]
    assert "too few to say" in row[1]
    assert full.settings.console.reviewer not in page.split("<main")[1]


def test_the_threshold_in_use_is_shown_among_the_others(full: Scene, browsing: Browsing) -> None:
    page = browsing(full).get("/judgement?label=sexual").text
    used = full.settings.policy.labels["sexual"].threshold
    assert f"{used:.0%} (in use)" in page
    assert page.count('<th role="rowheader" scope="row">') - page.count("</a></th>") >= 19
    assert "[labels.sexual]" in page


def test_no_word_of_any_post_stands_on_it(full: Scene, browsing: Browsing) -> None:
    page = browsing(full).get("/judgement").text
    assert not any(beginning[:12] in page for beginning in full.numbers)


def test_an_unknown_label_is_refused(full: Scene, browsing: Browsing) -> None:
    assert browsing(full).get("/judgement?label=anger").status_code == 400


def test_with_nothing_judged_the_page_says_what_it_is_for(empty: Scene, browsing: Browsing) -> None:
    assert "Nothing was judged in the last 30 days" in browsing(empty).get("/judgement").text


def test_decisions_taken_back_and_copies_do_not_count(full: Scene) -> None:
    number = full.number_of("Send them all")
    month = full.now - timedelta(days=30)
    with full.store.begin() as tx:
        before = judged.since(tx, EVERYTHING, month)
        first = decisions.record(tx, number, "no_action", "", seen="open", by="a", now=full.now)
        assert first is not None
        decisions.record(tx, number, "watch", "", seen="decided", by="b", now=full.now)
        outcomes = [one.outcome for one in judged.since(tx, EVERYTHING, month) if one.outcome]
        assert outcomes == ["watch"]
        assert decisions.undo(tx, first + 1, by="b", now=full.now)
        outcomes = [one.outcome for one in judged.since(tx, EVERYTHING, month) if one.outcome]
        assert outcomes == ["no_action"]
        assert (
            len(judged.since(tx, EVERYTHING, month))
            == len(before)
            < full.written + len(full.numbers)
        )
        assert judged.since(tx, EVERYTHING, full.now + timedelta(seconds=1)) == []
