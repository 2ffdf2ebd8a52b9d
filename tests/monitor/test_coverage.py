"""What the coverage page says follows from the connectors, and what is asked is what is shown."""

from __future__ import annotations

from pathlib import Path
from typing import get_args
from urllib.parse import parse_qs

import pytest

from config.sources import Source
from connectors.registry import CONNECTORS, coverage
from connectors.types import Platform
from monitor import sample
from monitor.health.coverage import BY_PEOPLE, asked, platforms
from tests.connectors.asking import asked as poll
from tests.doubles.loopback import Asked, Reply, as_json, serving


def test_every_kind_leads_to_a_platform_and_every_platform_has_a_road_or_people(
    tmp_path: Path,
) -> None:
    shown = platforms(sample.settings({}, tmp_path))
    roads = {road.kind for one in shown for road in one.roads}
    assert roads == set(CONNECTORS)
    assert [one.name for one in shown] == list(get_args(Platform))
    assert all(one.roads or one.by_people for one in shown)
    assert {one.name for one in shown if not one.roads} <= set(BY_PEOPLE)


@pytest.mark.parametrize("kind", CONNECTORS)
def test_every_kind_says_what_it_sees_what_it_does_not_and_when(kind: str) -> None:
    said = coverage(kind)
    assert all((said.platforms, said.sees, said.misses, said.delay))


def test_a_road_that_is_off_says_what_must_come_first(tmp_path: Path) -> None:
    bare = sample.settings({}, tmp_path).model_copy(
        update={"sources": (), "accepted": (), "secrets": {}}
    )
    shown = {one.name: one for one in platforms(bare)}
    (x,) = (road for road in shown["X (Twitter)"].roads if road.kind == "x")
    (trustpilot,) = shown["Trustpilot"].roads
    assert "somebody answers for it" in x.hindrance
    assert "key" in trustpilot.hindrance


def test_in_the_sample_every_kind_leads_to_every_platform_that_has_a_road(tmp_path: Path) -> None:
    settings = sample.settings({}, tmp_path)
    assert {one.kind for one in settings.sources if one.enabled} == set(CONNECTORS)
    assert [one.name for one in platforms(settings) if one.roads and not one.is_seen] == []


def test_what_is_shown_as_asked_is_what_is_sent(tmp_path: Path) -> None:
    settings = sample.settings({}, tmp_path)

    def answer(request: Asked) -> Reply:
        return as_json({"articles": []})

    with serving(answer) as site:
        options = {"address": f"{site.address}/doc"}
        source = Source(id="news", kind="gdelt", name="News", options=options)
        (shown,) = asked(settings.model_copy(update={"sources": (source,)}))
        poll("gdelt", options, site, terms=tuple(one.name for one in settings.trust.schools[:2]))
        sent = parse_qs(site.asked[0].target.partition("?")[2])["query"][0]
    assert shown.hosts == (site.place,)
    assert sent.split(") ")[-1] == shown.questions[0].split(") ")[-1]
    assert sent.split(" OR ")[0].strip("(") in " ".join(shown.questions)
