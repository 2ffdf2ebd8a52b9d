"""SearXNG's connector against a real SearXNG: what its engines find, which of them failed, and a
format that its owner has not allowed."""

from __future__ import annotations

import pytest

from connectors.types import Batch, Cursor
from tests.connectors.asking import NEVER_ASKED, asked, not_measured, partly
from tests.doubles.loopback import Asked, Reply, Site, as_json, serving
from tests.peers.searxng import missing, searxng

pytestmark = pytest.mark.skipif(bool(missing()), reason=f"NOT TESTED: no {missing()}")
TERMS = ("Oak Hill School",)


def found(request: Asked) -> Reply:
    """An engine with fifteen pages, ten at a time."""
    if request.path == "/broken":
        return as_json({"error": "no"}, status=503)
    assert request.query["q"] == '"Oak Hill School"'
    start = (int(request.query["page"]) - 1) * 10
    shown = [
        {
            "url": f"https://blog.example/{at}",
            "title": f"Oak Hill School {at}",
            "said": f"Part {at}",
        }
        for at in range(start, min(start + 10, 15))
    ]
    return as_json({"results": shown})


def ask(place: str, cursor: Cursor = NEVER_ASKED) -> Batch:
    options = {"address": f"http://{place}"}
    return asked("searxng", options, Site(place), terms=TERMS, cursor=cursor)


def test_what_its_engines_find_is_told_page_by_page_and_who_failed_by_name() -> None:
    with (
        serving(found) as engine,
        searxng({"heron": f"{engine.address}/find", "gull": f"{engine.address}/broken"}) as place,
    ):
        first = ask(place)
        second = ask(place, first.cursor)
    assert "gull" in partly(first)
    titles = [{one.title for one in batch.mentions} for batch in (first, second)]
    assert titles[0] == {f"Oak Hill School {at}" for at in range(10)}
    assert titles[1] == {f"Oak Hill School {at}" for at in range(10, 15)}
    assert {one.text for one in second.mentions} == {f"Part {at}" for at in range(10, 15)}


def test_nothing_from_engines_that_all_failed_is_no_silence_and_json_must_be_allowed() -> None:
    with serving(found) as engine:
        broken = {"gull": f"{engine.address}/broken"}
        with searxng(broken) as place:
            assert not_measured(ask(place)).kind == "Unreachable"
        with searxng(broken, formats=("html",)) as place:
            health = not_measured(ask(place))
    assert health.kind == "Blocked"
    assert "search.formats" in health.reason
