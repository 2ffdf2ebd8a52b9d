"""Rules and mutes: tried on the past, applied to what comes, ended and brought back."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

import httpx
import pytest
from markupsafe import escape

from classifiers.expressions import parse
from classifiers.types import Label
from monitor import rules
from monitor.store import mentions
from monitor.store import rules as rows
from monitor.store.rules import Aim
from monitor.store.scope import EVERYTHING
from tests.doubles.consoles import Scene
from tests.doubles.written_posts import Written

Browsing = Callable[..., httpx.Client]
Token = Callable[[httpx.Client], str]
SURE: Mapping[Label, float] = {"reputation": 0.9}
HEATING = "{reputation|The heating failed} at {@oakenhall|Oakenhall} and pupils sat in coats"


def post(console: httpx.Client, token: Token, **form: object) -> httpx.Response:
    filled = {name: str(value) for name, value in form.items()}
    return console.post("/rules", data={"token": token(console), **filled})


def comes(scene: Scene, text: str, sure: Mapping[Label, float] = SURE) -> int:
    """A post that is collected, judged and held against the rules."""
    number = scene.add(Written(text=text, sure=sure))
    with scene.store.begin() as tx:
        detail = mentions.detail(tx, EVERYTHING, number)
        assert detail
        assert detail.story_id
        rules.apply(tx, number, detail.mention.url, detail.story_id, now=scene.now)
    return number


def state(scene: Scene, number: int) -> str:
    with scene.store.read() as tx:
        detail = mentions.detail(tx, EVERYTHING, number)
    assert detail
    return detail.state


def begin(scene: Scene, action: rows.Action, aim: Aim) -> int:
    return rules.begin(
        scene.store, action, aim, name="Heating", by="A", reason="", until=None, now=scene.now
    )


@pytest.mark.parametrize(
    ("lists", "written"),
    [
        (("Coton Green", "fire, evacuat*", "Coton Green Road"),
         '"Coton Green" AND (fire OR evacuat*) NOT "Coton Green Road"'),
        (("", "fire", "drill, alarm test"), 'fire NOT (drill OR "alarm test")'),
        (('bus, "late', "", ""), "bus AND late"),
        (("not, NOT, near/2 , NEAR/2", "", ""), 'not AND "NOT" AND "near/2" AND "NEAR/2"'),
        (("", " , ,", "fire"), ""),
        (("a) OR (b", "x", ""), '"a) OR (b" AND x'),
    ],
    ids=["all three", "one of few", "a stray mark", "operators are words", "nothing", "brackets"],
)  # fmt: skip
def test_plain_words_are_put_together(
    console: httpx.Client, lists: tuple[str, str, str], written: str
) -> None:
    asked = dict(zip(("needed", "some", "never"), lists, strict=True))
    page = console.get("/rules", params=asked).text
    assert f'name="words" value="{escape(written)}"' in page
    if written:
        parse(written)


def test_words_are_tried_on_the_past_before_the_rule_begins(
    full: Scene, browsing: Browsing, token: Token
) -> None:
    number = full.add(Written(text=HEATING, sure=SURE))
    console = browsing(full)
    words = "heating AND coat*"
    tried = post(console, token, words=words, step="save", name="Heating")
    assert "Would have matched 1 mention; here are 1" in tried.text
    with full.store.read() as tx:
        assert rows.active(tx, full.now) == []
    assert post(console, token, words=words, tried=words, step="save").status_code == 303
    later = comes(full, HEATING.replace("pupils", "everybody"))
    assert f'data-id="{later}"' in console.get("/?state=all&rule=1").text
    assert f'data-id="{number}"' not in console.get("/?state=all&rule=1").text


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"words": "coats AND (x"}, "never closed"),
        ({"words": "oliver smith"}, "never a person"),
        ({"step": "save"}, "either words or a site"),
        ({"site": "not a site", "action": "mute", "step": "save"}, "as its address begins"),
        ({"site": "a.example", "action": "tag", "step": "save"}, "can be muted only"),
        ({"site": "a.example", "action": "mute", "step": "save", "reason": "x"}, "for how long"),
        ({"site": "a.example", "action": "mute", "step": "save", "lasting": "day"}, "Say why"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_begins(
    full: Scene, browsing: Browsing, token: Token, form: dict[str, str], said: str
) -> None:
    answer = post(browsing(full), token, **form)
    assert answer.status_code == 422
    assert said in answer.text
    with full.store.read() as tx:
        assert rows.active(tx, full.now) == []


def test_a_mute_clears_what_waits_and_ending_it_brings_that_back(
    full: Scene, browsing: Browsing, token: Token
) -> None:
    number = full.add(Written(text=HEATING, sure=SURE))
    console = browsing(full)
    form = {"action": "mute", "site": "https://natter.averford.example/x", "lasting": "week"}
    assert post(console, token, **form, step="save", reason="Known").status_code == 303
    assert state(full, number) == "quiet"
    later = comes(full, "{reputation|Awful parking} at {@oakenhall|Oakenhall} again")
    assert state(full, later) == "quiet"
    page = console.get("/rules").text
    assert re.search(r"\d+ muted", page)
    assert "Known" in page
    assert "Muted: natter.averford.example" in console.get("/?state=quiet").text
    assert console.post("/rules/1/end", data={"token": token(console)}).status_code == 303
    assert (state(full, number), state(full, later)) == ("open", "open")


def test_what_is_grave_is_never_muted(full: Scene) -> None:
    begin(full, "mute", Aim(words="oakenhall"))
    grave = comes(full, "{threat|We know where you park} {@oakenhall|Oakenhall}", {"threat": 0.97})
    assert state(full, grave) == "open"


def test_a_rule_raises_what_was_not_flagged(full: Scene) -> None:
    begin(full, "raise", Aim(words="coats NOT sale"))
    raised = comes(full, "Please label all coats at {@oakenhall|Oakenhall} this week", {})
    other = comes(full, "A sale of coats at {@oakenhall|Oakenhall} on Saturday", {})
    assert (state(full, raised), state(full, other)) == ("open", "quiet")


def test_a_story_is_muted_from_its_mention(full: Scene, browsing: Browsing, token: Token) -> None:
    number = full.add(Written(text=HEATING, sure=SURE))
    console = browsing(full)
    with full.store.read() as tx:
        detail = mentions.detail(tx, EVERYTHING, number)
    assert detail
    answer = post(
        console, token, action="mute", story=detail.story_id, mention=number,
        lasting="day", reason="Closed since", step="save",
    )  # fmt: skip
    assert answer.headers["location"] == f"/mentions/{number}"
    assert state(full, number) == "quiet"


@pytest.mark.parametrize(
    ("written", "host"),
    [
        ("https://www.Gazette.example/a?b", "gazette.example"),
        ("gazette.example", "gazette.example"),
        ("javascript:alert(1)", None),
        ("http://[", None),
        ("localhost", None),
        ("", None),
    ],
)
def test_a_site_is_a_host(written: str, host: str | None) -> None:
    assert rules.site(written) == host


def test_a_site_holds_its_parts_and_no_other() -> None:
    assert rules.is_of_site("https://news.gazette.example/1", "gazette.example")
    assert not rules.is_of_site("https://notgazette.example/1", "gazette.example")
