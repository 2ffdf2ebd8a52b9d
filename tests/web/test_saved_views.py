"""Kept choices, what is somebody's to see to, who looks at what, and what was decided before."""

import re
from collections.abc import Callable

from httpx import Client, Response

from monitor import triage
from monitor.store import remarks, saved_views
from tests.doubles.consoles import REVIEWER, Scene
from tests.doubles.written_posts import Written

Browsing = Callable[..., Client]
Token = Callable[[Client], str]
Decide = Callable[..., Response]
HATE = "label=hate&school=brackenford"


def keep(client: Client, token: Token, name: str, at: str, **more: str) -> Response:
    return client.post("/views", data={"token": token(client), "name": name, "at": at, **more})


def kept(page: str) -> dict[str, str]:
    """Name and address of the kept choices."""
    found = re.findall(r'class="view[^>]*><a href="([^"]*)"[^>]*>([^<]*)', page)
    return {name: address.replace("&amp;", "&") for address, name in found}


def test_a_choice_is_kept_under_a_name_and_given_up(
    full: Scene, browsing: Browsing, token: Token
) -> None:
    client = browsing(full)
    answer = keep(client, token, "Hate at Brackenford", f"{HATE}&evil=1&p=3.1.1")
    assert answer.headers["location"] == "/?school=brackenford&label=hate"
    assert kept(client.get("/").text) == {"Hate at Brackenford": answer.headers["location"]}
    keep(client, token, "Hate at Brackenford", "label=hate")
    page = client.get("/").text
    assert kept(page) == {"Hate at Brackenford": "/?label=hate"}
    place = re.search(r'action="(/views/\d+/remove)"', page)
    assert place
    client.post(place[1], data={"token": token(client)})
    assert kept(client.get("/").text) == {}


def test_colleagues_see_what_is_shared_and_cannot_give_it_up(
    full: Scene, browsing: Browsing, token: Token
) -> None:
    with full.store.begin() as tx:
        shared = saved_views.keep(tx, "Bede", "Ours", "label=hate", shared=True, now=full.now)
        saved_views.keep(tx, "Bede", "His", "label=threat", shared=False, now=full.now)
    client = browsing(full)
    page = client.get("/").text
    assert list(kept(page)) == ["Ours"]
    assert "/remove" not in page.split('class="view-list"')[1].split("</ul>")[0]
    assert client.post(f"/views/{shared}/remove", data={"token": token(client)}).status_code == 404


def test_nobody_keeps_more_than_may_be(full: Scene, browsing: Browsing, token: Token) -> None:
    with full.store.begin() as tx:
        for number in range(saved_views.MOST):
            saved_views.keep(tx, REVIEWER, f"V{number}", "", shared=False, now=full.now)
    client = browsing(full)
    answer = keep(client, token, "One more", HATE)
    assert "full=1" in answer.headers["location"]
    assert "Give one up first" in client.get(answer.headers["location"]).text
    assert "full=1" not in keep(client, token, "V3", HATE).headers["location"]


def test_what_somebody_is_to_see_to_is_found_by_their_name(full: Scene, browsing: Browsing) -> None:
    first, second = full.number_of("Send them all"), full.number_of("gates 3.15")
    with full.store.begin() as tx:
        for number, who in ((first, "Bede"), (second, "Bede"), (second, "Ada")):
            remarks.write(
                tx, number, "please", by=REVIEWER, colleague=who, assigns=True, now=full.now
            )
    client = browsing(full)
    rows = {
        who: re.findall(r'data-id="(\d+)"', client.get(f"/?for={who}").text)
        for who in ("Bede", "Ada", "Nobody")
    }
    assert rows == {"Bede": [str(first)], "Ada": [str(second)], "Nobody": []}


def test_who_looks_at_what_is_told_while_one_reads(full: Scene, browsing: Browsing) -> None:
    number = full.number_of("Send them all")
    client = browsing(full)
    assert client.get("/queue/new?after=0").json()["looking"] == {}
    triage.look(full.store, number, by="Bede", now=full.now)
    triage.look(full.store, number + 1, by=REVIEWER, now=full.now)
    assert client.get("/queue/new?after=0").json()["looking"] == {str(number): "Bede"}


def test_a_mention_says_what_was_decided_on_one_like_it(
    full: Scene, browsing: Browsing, decide: Decide
) -> None:
    said = "{@oakenhall|Oakenhall} coach left the {reputation|netball team stranded} at Wexcombe"
    first = full.add(Written(text=said, sure={"reputation": 0.8}))
    again = full.add(
        Written(
            text="Netball team stranded by the {@oakenhall|Oakenhall} coach: {reputation|shame}, "
            "third time this term, nobody picks up the telephone",
            sure={"reputation": 0.8},
        )
    )
    client = browsing(full)
    assert "Like this before" not in client.get(f"/mentions/{again}").text
    decide(client, first, "watch", note="Transport are dealing with it")
    card = client.get(f"/mentions/{again}").text.split('id="alike-title"')[1].split("</section>")[0]
    assert f'href="/mentions/{first}"' in card
    assert "Transport are dealing with it" in card
    assert "netball" in card
