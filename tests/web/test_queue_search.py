"""Finding things: words, further choices, and what is wrong with them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

import httpx

from classifiers.types import Label
from monitor.store import verdicts
from tests.doubles.consoles import Scene
from tests.doubles.written_posts import Written

SURE: Mapping[Label, float] = {"reputation": 0.9}
Browsing = Callable[..., httpx.Client]
Token = Callable[[httpx.Client], str]


def numbers(answer: httpx.Response) -> list[int]:
    return [int(number) for number in re.findall(r'data-id="(\d+)"', answer.text)]


def test_words_are_found_in_the_chosen_state_and_in_everything(
    full: Scene, browsing: Browsing
) -> None:
    number = full.add(
        Written(
            text="{reputation|Evacuated again}: fire alarm at {@oakenhall|Oakenhall}", sure=SURE
        )
    )
    console = browsing(full)
    found = console.get("/", params={"q": '"fire alarm" AND evacuat* NOT drill'})
    assert numbers(found) == [number]
    assert numbers(console.get("/", params={"q": '"fire alarm" NOT oakenhall'})) == []
    assert numbers(console.get("/", params={"q": "fire alarm", "state": "quiet"})) == []
    assert numbers(console.get("/", params={"q": "fire alarm", "state": "all"})) == [number]


def test_a_problem_is_shown_with_its_place_and_nothing_is_looked_for(console: httpx.Client) -> None:
    answer = console.get("/", params={"q": "school AND (fire OR"})
    assert "Nothing was looked for." in answer.text
    assert numbers(answer) == []
    assert "never a person" in console.get("/", params={"q": "oliver smith"}).text


def test_what_is_written_is_shown_as_text_only(console: httpx.Client) -> None:
    for written in ('"><script>alert(1)</script>', '" onfocus="x', "{{ 7*7 }}", "a" * 5000):
        answer = console.get("/", params={"q": written})
        assert answer.status_code == 200
        assert "<script>alert" not in answer.text
        assert ' onfocus="x' not in answer.text


def test_sources_days_and_size_narrow_the_queue(full: Scene, browsing: Browsing) -> None:
    said = (
        "{reputation|The heating failed} at {@oakenhall|Oakenhall} and pupils sat in coats all day"
    )
    first = full.add(Written(text=said, sure=SURE, source="coastal-mums"))
    full.add(Written(text=said, sure=SURE, source="harbour-radio"))
    console = browsing(full)
    assert numbers(console.get("/?source=coastal-mums&q=coats")) == [first]
    assert numbers(console.get("/?source=harbour-radio&q=coats")) == []
    assert numbers(console.get("/?size=2&q=heating")) == [first]
    assert first not in numbers(console.get("/?size=5"))
    assert first in numbers(console.get("/?from=2026-11-23&to=2026-11-23"))
    assert numbers(console.get("/?from=2026-11-24&q=coats")) == []
    assert numbers(console.get("/?platform=bluesky")) == []


def test_the_spread_of_a_story_is_drawn_and_said(full: Scene, browsing: Browsing) -> None:
    said = (
        "{reputation|The heating failed} at {@oakenhall|Oakenhall} and pupils sat in coats all day"
    )
    for _ in range(3):
        full.add(Written(text=said, sure=SURE))
    assert "3 posts within an hour</span>" in browsing(full).get("/?size=3").text


def test_a_verdict_on_a_label_is_kept_and_taken_back(
    full: Scene, browsing: Browsing, token: Token
) -> None:
    console = browsing(full)
    number = numbers(console.get("/"))[0]
    form = {"token": token(console), "label": "threat", "holds": "no"}
    assert console.post(f"/mentions/{number}/verdict", data=form).status_code == 303
    with full.store.read() as tx:
        assert not verdicts.of_mention(tx, number)["threat"].holds
    assert "Said whether a label holds of" in console.get("/audit").text
    console.post(f"/mentions/{number}/verdict", data={**form, "holds": "back"})
    with full.store.read() as tx:
        assert verdicts.of_mention(tx, number) == {}
    assert console.post("/mentions/999/verdict", data=form).status_code == 404
