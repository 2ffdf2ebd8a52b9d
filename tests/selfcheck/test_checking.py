"""A check at engines of ours over HTTP: what is asked, what is shown, what is never shown."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any

import pytest
from pydantic import SecretStr

from classifiers.pipeline import Classifier
from config.loading import load
from config.selfcheck import SearchProvider, SelfCheckSettings
from config.sources import Source
from connectors import polling
from connectors.fetch.client import Fetcher
from connectors.types import Batch, Cursor, Query
from monitor.sample.platforms.websearch import KEY, Brave, Mojeek, Page, Searxng
from monitor.selfcheck import providers
from monitor.selfcheck.asking import Round, searches
from monitor.selfcheck.checking import Checked, answered, assessing, check
from monitor.selfcheck.limits import Limits, TooMuch
from monitor.selfcheck.person import Person
from tests.doubles.loopback import Asked, Reply, Site, serving

NOW = datetime(2026, 11, 29, 12, 0, tzinfo=UTC)
EMMA = Person(
    name="Emma Clarke",
    schools=("Thornbeck Academy",),
    towns=("Marlowdale",),
    role="teacher",
    subject="chemistry",
    also=("Emma Dovey",),
    handles=("emmac_chem",),
)
PAGES = (
    Page(
        url="https://post.example/rockets",
        title="Rockets over Marlowdale",
        said="Emma Clarke, a teacher at Thornbeck Academy, counted down",
    ),
    Page(
        url="https://chat.example/t/1",
        title="Thornbeck Academy science",
        said="Emma Clarke is a useless teacher, she shouted at my son in Marlowdale",
    ),
    Page(
        url="https://echo.example/courts",
        title="Woman admits theft",
        said="Emma Clarke, 51, of Portlea, stole from a care home",
    ),
    Page(
        url="https://thornbeck.example/star",
        title="Star of the week: Emma Clarke",
        said="Emma Clarke of 8C read eleven books",
    ),
    Page(
        url="https://pony.example/1994",
        title="Pony club 1994",
        said="Emma Dovey on Biscuit",
    ),
    Page(url="https://case.example/1", title="Emma Clarke teacher Thornbeck", said="Held"),
)


@dataclass
class Engines:
    """Three engines of ours and what they were asked."""

    asked: list[Asked] = field(default_factory=list)
    stack: ExitStack = field(default_factory=ExitStack)

    def provider(self, kind: str, answer: Callable[[Asked], Reply], **more: Any) -> SearchProvider:
        def heard(asked: Asked) -> Reply:
            self.asked.append(asked)
            return answer(asked)

        site: Site = self.stack.enter_context(serving(heard))
        paths = {"brave": "/res/v1/web/search", "mojeek": "/search", "searxng": ""}
        options = {"address": f"{site.address}{paths[kind]}", **more.pop("options", {})}
        place = site.address.removeprefix("http://")
        values = {
            "id": kind,
            "kind": kind,
            "name": kind.title(),
            "accepted_by": "A. Tester, IT",
            "accepted_on": date(2026, 9, 1),
            "terms": "https://engine.example/terms",
            "allow": (place,),
            "options": options,
        }
        return SearchProvider.model_validate({**values, **more})


@pytest.fixture
def engines() -> Iterator[Engines]:
    made = Engines()
    with made.stack:
        yield made


async def ask(fetcher: Fetcher, source: Source, query: Query) -> Batch:
    keys = {"brave_key": SecretStr(KEY), "mojeek_key": SecretStr(KEY)}
    return await polling.poll(source, query, Cursor(), fetcher=fetcher, now=NOW, secrets=keys)


def checked(
    classifier: Classifier,
    *chosen: SearchProvider,
    withheld: frozenset[str] = frozenset(),
    grant: Callable[[SearchProvider, int], int] = lambda _, wanted: wanted,
) -> Checked:
    fetch = load(None, {}).fetch.model_copy(
        update={"host_spacing": timedelta(0), "deadline": timedelta(seconds=20)}
    )
    return check(
        Round(EMMA, chosen, 12),
        ask=partial(ask, Fetcher(fetch)),
        grant=grant,
        assess=assessing(classifier),
        withheld=withheld,
        today=NOW.date(),
    )


class Loosely:
    """An engine that looks for the first phrase of what it is asked, as engines do."""

    def __init__(self, engine: Callable[[Asked], Reply]) -> None:
        self._engine = engine

    def __call__(self, asked: Asked) -> Reply:
        first = asked.query["q"].split('" "')[0]
        return self._engine(replace(asked, query={**asked.query, "q": first}))


def test_the_name_is_asked_with_place_school_subject_and_role_of_any_time(
    engines: Engines, classifier: Classifier
) -> None:
    checked(classifier, engines.provider("searxng", Searxng(*PAGES)))
    wanted = {one.query["q"] for one in engines.asked}
    assert '"Emma Clarke" "Marlowdale"' in wanted
    assert '"Emma Clarke" "Thornbeck Academy"' in wanted
    assert '"Emma Clarke" "chemistry"' in wanted
    assert '"Emma Dovey"' in wanted
    assert '"emmac_chem"' in wanted
    assert all("time_range" not in one.query for one in engines.asked)
    assert len(searches(EMMA)) >= 7


def test_what_is_negative_comes_first_and_namesakes_last(
    engines: Engines, classifier: Classifier
) -> None:
    found = checked(classifier, engines.provider("searxng", Loosely(Searxng(*PAGES))))
    mine = [item.url for item in found.of("you")]
    assert mine[0] == "https://chat.example/t/1"
    assert "https://post.example/rockets" in mine
    assert "https://echo.example/courts" not in {item.url for item in found.of("you")}


def test_a_pupil_of_the_same_name_is_counted_and_never_shown(
    engines: Engines, classifier: Classifier
) -> None:
    found = checked(classifier, engines.provider("searxng", Loosely(Searxng(*PAGES))))
    assert "https://thornbeck.example/star" not in {item.url for item in found.items}
    assert found.children == 1


def test_nothing_in_a_case_or_routed_elsewhere_is_shown(
    engines: Engines, classifier: Classifier
) -> None:
    held = frozenset({"https://www.case.example/1/"})
    provider = engines.provider("searxng", Loosely(Searxng(*PAGES)))
    found = checked(classifier, provider, withheld=held)
    assert "https://case.example/1" not in {item.url for item in found.items}
    assert found.items


def test_one_failing_provider_is_said_and_the_rest_is_shown(
    engines: Engines, classifier: Classifier
) -> None:
    well = engines.provider("searxng", Loosely(Searxng(*PAGES)))
    ill = engines.provider("mojeek", Mojeek(allowance=0))
    found = checked(classifier, well, ill)
    assert found.read == ("Searxng",)
    assert [(name, state) for name, _, state in found.troubles] == [("Mojeek", "failed")]
    assert found.items


def test_the_same_page_of_two_providers_is_one_result(
    engines: Engines, classifier: Classifier
) -> None:
    one = engines.provider("searxng", Loosely(Searxng(*PAGES)))
    other = engines.provider("mojeek", Loosely(Mojeek(*PAGES)))
    found = checked(classifier, one, other)
    rockets = [item for item in found.items if item.url == "https://post.example/rockets"]
    assert [item.where for item in rockets] == [("Searxng", "Mojeek")]


@pytest.mark.parametrize(
    ("kind", "engine", "looks"),
    [
        ("brave", Brave, ("web", "news", "images")),
        ("searxng", Searxng, ("web", "news", "images", "forums")),
    ],
)
def test_news_pictures_titles_and_forums_are_looked_at_where_the_provider_can(
    engines: Engines,
    classifier: Classifier,
    kind: str,
    engine: Callable[..., Callable[[Asked], Reply]],
    looks: tuple[str, ...],
) -> None:
    provider = engines.provider(kind, Loosely(engine(*PAGES)), looks=looks)
    found = checked(classifier, provider)
    assert found.read == (provider.name,)
    if kind == "brave":
        assert {one.path.split("/")[3] for one in engines.asked} == set(looks)
    else:
        places = {"general", "news", "images", "social media"}
        assert {one.query["categories"] for one in engines.asked} == places
    rockets = next(item for item in found.items if item.url == "https://post.example/rockets")
    assert rockets.looks == looks


def test_this_is_me_and_not_me_move_a_result(engines: Engines, classifier: Classifier) -> None:
    found = checked(classifier, engines.provider("searxng", Loosely(Searxng(*PAGES))))
    moved = answered(found, "https://echo.example/courts", is_me=True)
    assert "https://echo.example/courts" in {item.url for item in moved.of("you")}
    assert moved.answers == {"https://echo.example/courts": True}
    assert answered(found, "https://nowhere.example", is_me=True).answers == {}


def settings(**more: Any) -> SelfCheckSettings:
    return SelfCheckSettings(**{"runs_a_day": 2, "names_a_day": 3, **more})


def test_many_runs_and_many_names_are_refused_until_the_next_day() -> None:
    moment = [NOW]
    limits = Limits(settings(), lambda: moment[0])
    limits.begin("emma", ["Emma Clarke"])
    with pytest.raises(TooMuch, match="running"):
        limits.begin("emma", ["Emma Clarke"])
    limits.end("emma")
    with pytest.raises(TooMuch, match="names"):
        limits.begin("emma", ["Emma Clarke", "Emma A", "Emma B", "Emma C"])
    limits.begin("emma", ["EMMA CLARKE", "Emma A", "Emma B"])
    limits.end("emma")
    with pytest.raises(TooMuch, match="tomorrow"):
        limits.begin("emma", ["Emma Clarke"])
    limits.begin("another", ["Ann Other"])
    moment[0] = NOW + timedelta(days=1)
    limits.begin("emma", ["Emma Clarke"])


def test_nobody_uses_up_a_provider_for_the_others(engines: Engines) -> None:
    provider = engines.provider("searxng", Searxng(), a_day=20)
    limits = Limits(settings(), lambda: NOW)
    assert limits.grant("emma", provider, 12) == 5
    assert limits.grant("emma", provider, 12) == 0
    assert [limits.grant(f"p{n}", provider, 12) for n in range(4)] == [5, 5, 5, 0]


def test_a_provider_whose_day_is_used_up_is_said(engines: Engines, classifier: Classifier) -> None:
    provider = engines.provider("searxng", Searxng(*PAGES))
    found = checked(classifier, provider, grant=lambda _, wanted: 0)
    assert [(name, state) for name, _, state in found.troubles] == [("Searxng", "used up")]
    assert engines.asked == []


def test_what_learns_least_is_asked_first_and_says_what_it_learns(engines: Engines) -> None:
    brave = engines.provider("brave", Brave())
    own = engines.provider("searxng", Searxng())
    ordered = providers.by_privacy(SelfCheckSettings(providers=(brave, own)))
    assert [one.kind for one in ordered] == ["searxng", "brave"]
    assert "see the words, and not who" in providers.learns(own)


def test_a_provider_that_cannot_be_asked_so_is_refused_by_key(engines: Engines) -> None:
    odd = engines.provider("mojeek", Mojeek(), looks=("images",), options={"colour": "red"})
    feed = SearchProvider.model_validate({**odd.model_dump(), "id": "f", "kind": "rss"})
    found = list(providers.faults(SelfCheckSettings(providers=(odd, feed))))
    assert [fault.path[2:] for fault in found] == [("looks",), ("options", "colour"), ("kind",)]
