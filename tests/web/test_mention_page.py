import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from httpx import Client

from connectors.types import MentionKind
from monitor.store import audit, mentions
from tests.doubles.consoles import REVIEWER, Scene
from tests.doubles.written_posts import Written

Browsing = Callable[..., Client]
Token = Callable[[Client], str]


def text_of(page: str) -> str:
    """What a page says, without its tags."""
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def glance(page: str) -> str:
    """What stands at its top."""
    return text_of(page[page.index('<dl class="glance">') : page.index("</dl>")])


@pytest.mark.parametrize(
    ("source", "kind", "more", "said"),
    [
        ("averford-gazette", "article", {}, "By The press"),
        ("wendshire-live-comments", "comment", {}, "By Not said by the source"),
        ("averford-natter", "post", {"official": True}, "By An official account of ours"),
        ("gone-source", "post", {}, "By Not said by the source"),
    ],
    ids=["press", "readers' comment", "official", "source is gone"],
)
def test_the_kind_of_author_is_what_the_source_declares(
    full: Scene, browsing: Browsing, source: str, kind: MentionKind, more: Any, said: str
) -> None:
    written = Written(
        text="{@oakenhall|Oakenhall} is {reputation|a shambles}, says the Gazette",
        source=source, kind=kind, more=more, sure={"reputation": 0.8},
    )  # fmt: skip
    top = glance(browsing(full).get(f"/mentions/{full.add(written)}").text)
    assert said in top
    assert "Reach One post" in top
    assert "Reputation 80% from 50%" in top


def test_it_answers_what_where_when_which_school_and_why(full: Scene, browsing: Browsing) -> None:
    page = text_of(browsing(full).get(f"/mentions/{full.number_of('gates 3.15')}").text)
    for words in (
        "Possible threat",
        "Lindmouth Harbour Academy",
        "Back of the Bus (Website)",
        "9 min ago",
        "Mon 23 Nov 2026, 16:11",
        "96% flagged",
        "Full name",
        "speaks strongly for it",
        "A pupil may be singled out by details together (policy 6.10)",
        "A name and the school",
        "A title before a name speaks against a pupil",
        "natter.averford.example",
    ):
        assert words in page
    threat = full.settings.policy.labels["threat"]
    for line in (*threat.do, *threat.dont, *full.settings.policy.never):
        assert line.replace("'", "&#39;") in page or line in page


def test_the_rule_that_gave_the_severity_is_named(full: Scene, browsing: Browsing) -> None:
    page = text_of(browsing(full).get(f"/mentions/{full.number_of('gates 3.15')}").text)
    rule = next(rule for rule in full.settings.policy.severity if rule.level == "critical")
    assert any(
        rule.because.rstrip(".").lower() in page.lower() for rule in full.settings.policy.severity
    ), rule


def test_names_are_masked_and_the_author_is_hidden_until_asked(
    full: Scene, browsing: Browsing, token: Token
) -> None:
    client = browsing(full)
    number = full.number_of("everyone at LHA")
    masked = client.get(f"/mentions/{number}").text
    assert "Fenella" not in masked
    assert "Thrupp" not in masked
    assert "@backseat" not in masked
    assert "F.T." in masked
    revealed = client.post(f"/mentions/{number}/reveal", data={"token": token(client)}).text
    assert "Fenella Thrupp" in revealed
    assert "@backseat" in revealed


def test_a_look_and_asking_for_names_are_on_record(
    full: Scene, browsing: Browsing, token: Token
) -> None:
    client = browsing(full)
    number = full.number_of("everyone at LHA")
    client.get(f"/mentions/{number}")
    client.post(f"/mentions/{number}/reveal", data={"token": token(client)})
    with full.store.read() as tx:
        kept = [(one.actor, one.action, one.subject) for one in audit.listing(tx, 2)]
    assert kept == [
        (REVIEWER, "mention.names_revealed", f"mention {number}"),
        (REVIEWER, "mention.viewed", f"mention {number}"),
    ]


def test_no_link_or_reload_reveals_names(full: Scene, browsing: Browsing) -> None:
    number = full.number_of("everyone at LHA")
    assert browsing(full).get(f"/mentions/{number}/reveal").status_code == 405


def test_evidence_that_would_name_a_pupil_is_left_out(full: Scene, browsing: Browsing) -> None:
    client = browsing(full)
    for number in full.numbers.values():
        page = client.get(f"/mentions/{number}").text
        for name in ("Fenella", "Thrupp", "Kester", "Ottoline"):
            assert name not in page


def test_an_allegation_against_staff_says_whose_it_is(full: Scene, browsing: Browsing) -> None:
    page = text_of(browsing(full).get(f"/mentions/{full.number_of('What happened in')}").text)
    assert "This may say that a member of staff harmed a child" in page
    other = text_of(browsing(full).get(f"/mentions/{full.number_of('Send them all')}").text)
    assert "harmed a child" not in other


def test_who_was_told_is_listed_first_told_first(full: Scene, browsing: Browsing) -> None:
    page = text_of(browsing(full).get(f"/mentions/{full.number_of('i can')}").text)
    told = page[page.index("Who was told") :]
    assert told.index("Safeguarding lead") < told.index("Head of PR")


def test_who_could_not_be_told_is_said(empty: Scene, browsing: Browsing) -> None:
    contacts = empty.settings.trust.contacts.model_copy(update={"head_of_pr": ""})
    trust = empty.settings.trust.model_copy(update={"contacts": contacts})
    empty.settings = empty.settings.model_copy(update={"trust": trust})
    number = empty.add(
        Written(text="{threat|we will burn} {@oakenhall|Oakenhall}", sure={"threat": 0.9})
    )
    assert "Not told: Head of PR" in text_of(browsing(empty).get(f"/mentions/{number}").text)


def test_the_copies_of_a_story_are_linked(full: Scene, browsing: Browsing) -> None:
    page = browsing(full).get(f"/mentions/{full.number_of('everyone at LHA')}").text
    assert "The same story elsewhere" in page
    assert page.count('<li class="member"><span><a href="/mentions/') == 2


def test_there_is_no_way_to_answer_a_post(full: Scene, browsing: Browsing) -> None:
    page = browsing(full).get(f"/mentions/{full.number_of('gates 3.15')}").text
    actions = set(re.findall(r'<form[^>]*action="([^"?]+)', page))
    ours = re.compile(
        r"/mentions/\d+/(decision|reveal|seen|verdict|claim|skip|merge|split|hold|remarks|screen-print"
        r"|evidence|evidence/\d+/picture#evidence-title)|/silences|/rules"
    )
    assert all(ours.fullmatch(action) for action in actions)


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "data:text/html,x", "//evil.example/", "ftp://a.example/", "x"]
)
def test_only_web_addresses_become_links(empty: Scene, browsing: Browsing, url: str) -> None:
    number = empty.add(
        Written(
            text="{reputation|a shambles} at {@oakenhall|Oakenhall}",
            url=url,
            sure={"reputation": 0.9},
        )
    )
    page = browsing(empty).get(f"/mentions/{number}").text
    assert "No address that can be opened" in page
    assert f'href="{url}"' not in page


def test_the_original_opens_without_telling_where_one_came_from(
    full: Scene, browsing: Browsing
) -> None:
    page = browsing(full).get(f"/mentions/{full.number_of('gates 3.15')}").text
    links = re.findall(r'<a href="https?://[^"]+"[^>]*>', page)
    assert links
    assert all("noopener" in link or 'rel="noreferrer"' in link for link in links)


def test_what_has_not_been_assessed_says_so_and_cannot_be_decided(
    empty: Scene, browsing: Browsing
) -> None:
    number = empty.add_pending(Written(text="news of {@oakenhall|Oakenhall}"))
    page = text_of(browsing(empty).get(f"/mentions/{number}").text)
    assert "It has not been assessed yet" in page
    assert "It can be decided once it has been assessed" in page


def test_what_could_not_be_assessed_says_so_and_can_be_decided(
    empty: Scene, browsing: Browsing
) -> None:
    number = empty.add_pending(Written(text="news of {@oakenhall|Oakenhall}"))
    with empty.store.begin() as tx:
        mentions.set_aside(tx, number, "the process died eight times", empty.now)
    client = browsing(empty)
    assert "Not assessed" in client.get("/?state=set_aside").text
    page = client.get(f"/mentions/{number}").text
    assert "It needs a person" in text_of(page)
    assert 'name="state" value="set_aside"' in page


def test_what_was_not_judged_says_why(full: Scene, browsing: Browsing) -> None:
    page = text_of(browsing(full).get(f"/mentions/{full.number_of('nie wiem')}").text)
    assert "Not judged: written in another language (pl)" in page


def test_a_date_that_the_source_did_not_give_is_not_made_up(
    empty: Scene, browsing: Browsing
) -> None:
    number = empty.add(
        Written(
            text="{reputation|a shambles} at {@oakenhall|Oakenhall}",
            sure={"reputation": 0.9},
            ago=timedelta(hours=2),
            more={"published_known": False},
        )
    )
    assert "Posted Not said by the source" in text_of(
        browsing(empty).get(f"/mentions/{number}").text
    )


def test_it_leads_back_to_the_queue_one_came_from(full: Scene, browsing: Browsing) -> None:
    number = full.number_of("Send them all")
    page = browsing(full).get(f"/mentions/{number}?from=school%3Dsaltmarsh-lane%26label%3Dhate")
    assert f'href="/?school=saltmarsh-lane&amp;label=hate#m-{number}"' in page.text
