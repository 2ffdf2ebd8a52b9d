"""What stands around a mention: asked when somebody looks, masked, and kept by a case alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from typing import get_args

import httpx
import pytest
from pydantic import SecretStr

from classifiers.pipeline import Classifier
from config.sources import Acceptance, Source
from connectors.archive import Archive
from connectors.fetch.client import Fetcher
from connectors.types import Author, Mention
from monitor.cases import casework
from monitor.outside import Outside
from monitor.sample.platforms.mastodon import Mastodon, status
from monitor.store import audit, evidence, mentions, sources
from monitor.store import cases as case_rows
from monitor.store.scope import EVERYTHING
from monitor.web import captures
from monitor.web.app import create_app
from tests.doubles.consoles import NOW, Scene, served
from tests.doubles.loopback import Asked, Reply, Site, as_json, serving
from tests.web.conftest import client

Token = Callable[[httpx.Client], str]
HOUR = timedelta(hours=1)
SAID = "Shut again, what a joke this place is"
COPIES = [
    ["timestamp", "original", "statuscode"],
    ["20261120101500", "https://tidepool.example/@wren/7", "200"],
    ["20261121101500", "https://tidepool.example/@wren/7", "404"],
]


class Wayback:
    """The archive's two interfaces, with an account."""

    def __init__(self) -> None:
        self.state = "pending"

    def __call__(self, asked: Asked) -> Reply:
        if asked.path == "/cdx/search/cdx":
            return as_json(COPIES if "wren" in asked.query["url"] else [])
        if asked.headers.get("Authorization") != "LOW access:secret":
            return as_json({"message": "You need to be logged in"}, status=401)
        if asked.path == "/save":
            assert asked.sent.startswith(b"url=https%3A%2F%2Ftidepool.example%2F")
            return as_json({"url": "https://tidepool.example/@wren/7", "job_id": "spn2-1f"})
        return as_json({
            "status": self.state, "job_id": "spn2-1f", "timestamp": "20261123162000",
            "original_url": "https://tidepool.example/@wren/7",
            "status_ext": "error:blocked-url" if self.state == "error" else None,
        })  # fmt: skip


@contextmanager
def looking(
    scene: Scene, classifier: Classifier, *servers: Callable[[Asked], Reply], signed: bool = False
) -> Iterator[tuple[httpx.Client, int, list[Site]]]:
    """The console over one reply on Mastodon; its number, and the servers that may be asked."""
    with serving(servers[0]) as social, serving(servers[-1]) as wayback:
        source = Source(
            id="masto", kind="mastodon", name="Mastodon", allow=(social.place,),
            options={"servers": [social.address]}, place_hints=("Averford",),
        )  # fmt: skip
        accepted = Acceptance(kind="save_page_now", by="A", on=date(2026, 11, 1), reason="B")
        settings = scene.settings.model_copy(
            update={
                "sources": (source,),
                "accepted": (accepted,) if signed else (),
                "secrets": {"archive_keys": SecretStr("access:secret")},
            }
        )
        one = Mention(
            platform="mastodon", external_id=f"{social.address}/users/wren/statuses/7",
            url="https://tidepool.example/@wren/7", text=SAID, kind="comment",
            published_at=NOW - HOUR, fetched_at=NOW, author=Author(handle="wren@tidepool.example"),
        )  # fmt: skip
        with scene.store.begin() as tx:
            sources.sync(tx, (source,), NOW)
            mentions.ingest(tx, source.id, [one], NOW)
            number = mentions.pending(tx, 1000)[-1].mention_id
        fetcher = Fetcher(settings.fetch, allow=frozenset({wayback.place}))
        archive = Archive(fetcher, settings.secrets["archive_keys"], wayback.address)
        outside = Outside(settings=settings, fetcher=fetcher, clock=scene.clock, archive=archive)
        console = replace(
            scene.console(outside=outside), classifier=lambda: classifier, whole=settings
        )
        with served(create_app(console)) as address, client(address) as browser:
            yield browser, number, [social, wayback]


def mastodon() -> Mastodon:
    server = Mastodon()
    other = {"acct": "lark@tidepool.example", "display_name": "Lark Feather"}
    server.around["7"] = (
        [status(1, NOW - 2 * HOUR, "<p>Is Harbour Academy open?</p>", account=other)],
        [
            status(8, NOW, "<p>Ask Jasmin Okparaebo in Year 9</p>", account=other),
            status(9, NOW, "<p>No idea</p>"),
        ],
    )
    return server


def test_a_conversation_is_asked_for_masked_and_not_kept(
    empty: Scene, classifier: Classifier, token: Token
) -> None:
    with looking(empty, classifier, mastodon()) as (browser, number, (social, _)):
        page = browser.get(f"/mentions/{number}")
        assert "Show the conversation" in page.text
        assert social.asked == []  # nobody is asked before somebody looks
        shown = browser.post(f"/mentions/{number}/conversation", data={"token": token(browser)})
    assert shown.status_code == 200
    assert "Is Harbour Academy open?" in shown.text
    assert "Person A" in shown.text
    assert "The author of the mention" in shown.text
    assert "Lark Feather" not in shown.text
    assert "Okparaebo" not in shown.text  # policy 6.10
    with empty.store.read() as tx:
        actions = [one.action for one in audit.listing(tx, 20, subject=f"mention {number}")]
        assert "mention.conversation_viewed" in actions
        assert not evidence.of_mention(tx, number)


def test_a_case_keeps_the_conversation_sealed_and_nothing_else_does(
    empty: Scene, classifier: Classifier, token: Token
) -> None:
    with looking(empty, classifier, mastodon()) as (browser, number, _):
        form = {"token": token(browser), "what": "conversation"}
        refused = browser.post(f"/mentions/{number}/around/keep", data=form)
        assert "Only a case keeps" in refused.text
        with empty.store.begin() as tx:
            detail = mentions.detail(tx, EVERYTHING, number)
            assert detail is not None
            assert not evidence.of_mention(tx, number)
            case_id = case_rows.begin(tx, {"title": "Bus"}, by="Odile", now=NOW)
            casework.hold(tx, case_id, detail, by="Odile", now=NOW)
        kept = browser.post(f"/mentions/{number}/around/keep", data=form)
        assert kept.status_code == 303
        again = browser.get(f"/mentions/{number}").text
        case = browser.get(f"/cases/{case_id}").text
    assert "saved: what stands around it" in case
    assert "The conversation around it as it stood then: 3 posts." in again
    with empty.store.read() as tx:
        (capture,) = evidence.of_mention(tx, number)
        part = evidence.part(tx, capture.number, "conversation.json")
        assert part is not None
        assert b"Is Harbour Academy open?" in part.body
        assert evidence.verify(tx) is None


def test_the_archive_says_what_it_has_and_saves_only_what_is_signed_for(
    empty: Scene, classifier: Classifier, token: Token
) -> None:
    server = Wayback()
    with looking(empty, classifier, mastodon(), server) as (browser, number, (_, wayback)):
        form = {"token": token(browser)}
        shown = browser.post(f"/mentions/{number}/archive", data=form)
        assert (
            f"{wayback.address}/web/20261121101500/https://tidepool.example/@wren/7" in shown.text
        )
        asked = len(wayback.asked)
        refused = browser.post(f"/mentions/{number}/archive/save", data=form | {"confirmed": "1"})
        assert "save_page_now in accepted.toml" in refused.text
        assert len(wayback.asked) == asked


def test_a_copy_is_asked_for_confirmed_and_followed_to_its_end(
    empty: Scene, classifier: Classifier, token: Token
) -> None:
    server = Wayback()
    with looking(empty, classifier, mastodon(), server, signed=True) as (browser, number, _):
        form = {"token": token(browser)}
        path = f"/mentions/{number}/archive/save"
        assert browser.post(path, data=form).status_code == 422
        working = browser.post(path, data=form | {"confirmed": "true"}).text
        assert "spn2-1f" in working
        job = form | {"job": "spn2-1f"}
        assert "Is it saved?" in browser.post(f"{path}d", data=job).text
        server.state = "success"
        assert "/web/20261123162000/" in browser.post(f"{path}d", data=job).text
        server.state = "error"
        assert "error:blocked-url" in browser.post(f"{path}d", data=job).text


@pytest.mark.parametrize("what", ["conversation", "archive"])
def test_who_cannot_answer_is_named_in_words(
    empty: Scene, classifier: Classifier, token: Token, what: str
) -> None:
    down: Callable[[Asked], Reply] = lambda _: Reply(status=503)  # noqa: E731
    with looking(empty, classifier, down) as (browser, number, _):
        shown = browser.post(f"/mentions/{number}/{what}", data={"token": token(browser)})
    assert shown.status_code == 200
    assert "asked us to slow down" in shown.text or "fault of its own" in shown.text


def test_whatever_became_of_a_page_there_are_words_for_it() -> None:
    assert set(captures.PAGES) == set(get_args(evidence.PageState))
