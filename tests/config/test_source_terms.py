"""Persons do not come in by another door: addresses, options and aliases are checked as well."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from config.errors import ConfigError
from config.loading import load
from config.source_checks import source_faults
from config.sources import Source
from config.terms import ACCOUNT, PERSON
from config.trust import Trust
from config.trust_checks import trust_faults

TRUST = Trust.model_validate(
    {
        "id": "penrowan",
        "name": "Penrowan Learning Trust",
        "schools": [{"id": "mill-green", "name": "Mill Green Primary School"}],
    }
)


def messages(**parts: object) -> list[str]:
    source = Source.model_validate({"id": "one", "kind": "rss", "name": "One", **parts})
    return [fault.message for fault in source_faults([source], TRUST)]


@pytest.mark.parametrize(
    "options",
    [
        {"url": "https://search.example/rss?q=Oliver+Smith"},
        {"url": "https://search.example/rss?lang=en&query=%22Oliver%20Smith%22"},
        {"url": "https://paper.example/?s=oliver+smith&feed=rss2"},
        {"query": "Oliver Smith"},
        {"search": {"terms": ["Mill Green Primary School", "Oliver Smith"]}},
        {"keywords": ["Oliver Smith"]},
    ],
)
def test_a_query_in_the_options_is_a_term(options: dict[str, object]) -> None:
    assert messages(options=options) == [PERSON.message]


def test_a_school_named_after_somebody_is_asked_for_with_a_school_word(
    folder: Path, change: Callable[[str, str, str], None]
) -> None:
    terms = 'terms = ["Edith Pennick", "#EdithPennick", "Edith Pennick School", "Thorle Green"]'
    change("sources.toml", 'kind = "rss"', f'kind = "rss"\n{terms}')
    assert load(folder, {}).sources[0].terms == (
        "Edith Pennick school", "#EdithPennick school", "Edith Pennick School", "Thorle Green",
    )  # fmt: skip


def test_an_address_that_asks_for_such_a_name_must_hold_the_school_word_itself(
    folder: Path, change: Callable[[str, str, str], None]
) -> None:
    change("sources.toml", "/feed", "/rss?q=Edith+Pennick")
    with pytest.raises(ConfigError, match="without a school word"):
        load(folder, {})
    change("sources.toml", "Edith+Pennick", "%22Edith+Pennick%22+school")
    assert load(folder, {}).sources


@pytest.mark.parametrize(
    "url",
    [
        "https://paper.example/author/jane-doe/feed/",
        "https://social.example/@janedoe.rss",
        "https://forum.example/u/janedoe",
    ],
)
def test_the_page_of_a_person_is_not_followed(url: str) -> None:
    assert messages(options={"url": url}) == [ACCOUNT.message]


@pytest.mark.parametrize(
    "options",
    [
        {"url": "https://search.example/rss?q=%22Mill+Green+Primary+School%22+Ofsted"},
        {"url": "https://paper.example/tag/schools/feed/"},
        {"url": "https://social.example/@millgreenprimaryschool.rss"},
        {"url": "https://paper.example/feed?format=atom"},
        {"site": "https://paper.example", "view": "comments"},
        {"site": "https://paper.example", "pages": 3, "flags": [True]},
    ],
)
def test_what_asks_for_the_school_passes(options: dict[str, object]) -> None:
    assert messages(options=options) == []


@pytest.mark.parametrize(
    "options",
    [
        {"api_key": "k-123"},
        {"login": {"password": "hunter2"}},
        {"url": "https://api.example/feed?access_token=k-123"},
        {"url": "https://me:hunter2@api.example/feed"},
    ],
)
def test_a_secret_among_the_options_is_refused_and_not_repeated(
    options: dict[str, object],
) -> None:
    (message,) = messages(options=options)
    assert "secret" in message or "password" in message
    assert "hunter2" not in message
    assert "k-123" not in message


def test_an_address_that_is_none_is_told() -> None:
    assert messages(options={"url": "https://[broken"}) == ["is not an address"]


def faults(**school: object) -> list[tuple[object, ...]]:
    whole = {"id": "one", "name": "Mill Green Primary School", **school}
    trust = TRUST.model_dump() | {"schools": [whole]}
    return [fault.path for fault in trust_faults(Trust.model_validate(trust))]


def test_an_alias_may_hold_a_persons_name_that_the_schools_own_name_holds() -> None:
    assert faults(name="Edith Pennick School", aliases=["Edith Pennick"]) == []
    assert faults(former_names=["Oliver Marston School"], aliases=["Oliver Marston"]) == []


def test_an_alias_that_is_somebody_else_is_refused() -> None:
    assert faults(aliases=["Oliver Smith"]) == [("schools", 0, "aliases", 0)]
    assert faults(aliases=["Оliver"]) == [("schools", 0, "aliases", 0)]
    assert faults(hashtags=["#OliverSmith"]) == [("schools", 0, "hashtags", 0)]


def test_a_former_name_is_no_back_door() -> None:
    assert faults(former_names=["Oliver Smith"])[0] == ("schools", 0, "former_names", 0)
    assert faults(name="Oliver Smith")[0] == ("schools", 0, "name")


def test_a_name_that_the_national_register_knows_is_a_schools() -> None:
    assert faults(name="Austin Friars") == [("schools", 0, "name")]
    assert faults(name="Austin Friars", urn="112453") == []


def test_the_trust_is_no_person_either() -> None:
    trust = TRUST.model_dump() | {"name": "Oliver Smith"}
    assert [fault.path for fault in trust_faults(Trust.model_validate(trust))] == [("name",)]
