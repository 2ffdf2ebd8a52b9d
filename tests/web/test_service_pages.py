"""Sources, deliveries, the record, the handbook, and what monitors ask."""

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from httpx import Client

from alerts.types import Sent, Unknown
from connectors import errors
from connectors.registry import CONNECTORS
from connectors.types import NotMeasured
from monitor.cli import COMMANDS
from monitor.web import wording
from monitor.web.pages.help import HANDBOOK, handbook
from tests.doubles.consoles import REVIEWER, Scene
from tests.doubles.written_posts import Written

Browsing = Callable[..., Client]


def text_of(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def test_what_needs_a_person_stands_first_among_the_sources(console: Client) -> None:
    page = console.get("/sources").text
    states = re.findall(r'class="state state-(\w+)"', page)
    assert states[:3] == ["not_measured", "not_measured", "partial"]
    assert set(states[3:]) == {"ok"}


def test_a_source_that_was_not_read_says_why_and_what_to_do(console: Client) -> None:
    page = text_of(console.get("/sources").text)
    assert re.search(r"\b2 of \d\d sources could not be read", page)
    assert "A web page came where a feed should be." in page
    assert "Open the address in a browser and correct it in sources.toml" in page
    assert "Possible gap" in page


def test_every_kind_of_failure_has_its_mend() -> None:
    kinds = {error.__name__ for error in errors.ConnectorError.__subclasses__()}
    assert kinds == set(wording.MENDS)
    for kind in kinds:
        assert wording.mend(kind, "not_measured")
    assert wording.mend(None, "ok") == ""


def test_repeated_failures_are_counted(empty: Scene, browsing: Browsing) -> None:
    for _ in range(3):
        empty.read_sources({"averford-gazette": NotMeasured("Unreachable", "No answer.")})
    assert "Failed 3 times in a row" in text_of(browsing(empty).get("/sources").text)


def test_a_source_that_is_no_longer_configured_is_switched_off(
    empty: Scene, browsing: Browsing
) -> None:
    empty.switch_off("averford-gazette")
    page = browsing(empty).get("/sources").text
    assert page.rindex("Switched off") > page.rindex("Not read yet")


def test_what_could_not_be_sent_stands_on_top(console: Client) -> None:
    page = text_of(console.get("/deliveries").text)
    assert "1 message may not have reached anybody" in page
    assert page.index("The server does not know this address (550).") < page.index(
        "Waiting and sent"
    )
    assert 'class="count alarm" data-count="deliveries">1<' in console.get("/").text


def test_what_perhaps_arrived_is_on_top_too(empty: Scene, browsing: Browsing) -> None:
    empty.add(Written(text="{threat|we will burn} {@oakenhall|Oakenhall}", sure={"threat": 0.9}))
    for _ in range(3):
        empty.deliver([Unknown("The line dropped after the data."), Sent(), Sent(), Sent()])
        empty.now += timedelta(minutes=5)
    page = text_of(browsing(empty).get("/deliveries").text)
    assert "Perhaps arrived" in page
    assert "may not have reached anybody" in page


def test_before_anything_is_due_the_deliveries_say_so(empty: Scene, browsing: Browsing) -> None:
    assert "No message has been due yet" in browsing(empty).get("/deliveries").text


def test_the_record_says_who_did_what(full: Scene, browsing: Browsing) -> None:
    client = browsing(full)
    assert "Nothing on record yet" in client.get("/audit").text
    number = full.number_of("gates 3.15")
    client.get(f"/mentions/{number}")
    page = client.get("/audit").text
    assert f"{REVIEWER}" in page
    assert f'Opened <a href="/mentions/{number}">mention {number}</a>' in page


@pytest.mark.parametrize(
    ("action", "words"),
    [
        ("mention.viewed", "Opened"),
        ("mention.names_revealed", "Asked for the names in"),
        ("decision.open_case", "Decided “open case” on"),
        ("decision.undone", "Took back"),
        ("something.else_again", "something: else again"),
    ],
)
def test_actions_are_put_into_words(action: str, words: str) -> None:
    assert wording.action(action) == words


@pytest.mark.parametrize("name", sorted(path.stem for path in HANDBOOK.glob("*.md")))
def test_every_page_of_the_handbook_is_shown(console: Client, name: str) -> None:
    answer = console.get(f"/help/{name}")
    assert answer.status_code == 200
    assert f'href="/help/{name}" aria-current="page"' in answer.text


def test_links_between_the_handbooks_files_lead_to_its_pages(console: Client) -> None:
    for name, chapter in handbook().items():
        for href in re.findall(r'href="([^"]+)"', chapter.html):
            assert not href.endswith(".md"), (name, href)
            if href.startswith("/"):
                assert console.get(href).status_code == 200


def test_the_handbook_has_a_row_for_every_kind_of_source() -> None:
    text = (HANDBOOK / "sources.md").read_text(encoding="utf-8")
    for kind in CONNECTORS:
        assert f"| `{kind}` |" in text


def test_the_handbook_has_a_row_for_every_command() -> None:
    text = (HANDBOOK / "it.md").read_text(encoding="utf-8")
    for command in COMMANDS:
        assert f"| `monitor {command}` |" in text


def test_the_keys_of_the_handbook_are_the_keys_of_the_screen() -> None:
    text = (HANDBOOK / "reviewers.md").read_text(encoding="utf-8")
    for choice in wording.CHOICES:
        assert f"| `{choice.key}` | {choice.words} |" in text


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_monitors_are_told_that_all_is_well(console: Client, path: str) -> None:
    assert console.get(path).text == "ok\n"
    assert console.head(path).status_code == 200


def test_a_database_that_cannot_be_read_is_not_ready_but_alive(
    full: Scene, browsing: Browsing, tmp_path: Path
) -> None:
    client = browsing(full)
    full.store.close()
    (tmp_path / "monitor.db").write_bytes(b"this is no database" * 400)
    for rest in ("-wal", "-shm"):
        (tmp_path / f"monitor.db{rest}").unlink(missing_ok=True)
    assert client.get("/healthz").status_code == 200
    assert client.get("/readyz").status_code == 503
    assert client.get("/health").status_code == 503
