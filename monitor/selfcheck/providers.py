"""The places that may be asked for a name: what each learns, and how it is asked where to look."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import BaseModel, ValidationError

from config.errors import Fault
from config.faults import faults as form_faults
from config.selfcheck import Look, SearchProvider, SelfCheckSettings
from config.sources import Source
from connectors.registry import UnknownKind, connector

LOOKS: Mapping[str, Mapping[Look, Mapping[str, Any]]] = {
    "searxng": {
        "web": {"category": "general"},
        "news": {"category": "news"},
        "images": {"category": "images"},
        "forums": {"category": "social media"},
    },
    "brave": {"web": {"look": "web"}, "news": {"look": "news"}, "images": {"look": "images"}},
}
"""How a kind is told where to look; every other kind looks in one place of its own ("web")."""
_ONE_PLACE: Mapping[Look, Mapping[str, Any]] = {"web": {}}
_LEARNS: Mapping[str, tuple[int, str]] = {
    "searxng": (
        0,
        "Your Trust's own search service. It passes your name on to search engines in its own "
        "name: they see the words, and not who or where you are.",
    ),
    "mojeek": (
        2,
        "Mojeek, a British search engine, sees the words, and that your Trust asks.",
    ),
    "brave": (
        3,
        "Brave Search sees the words, and that your Trust asks with its account.",
    ),
}
_SITE = (1, "The site itself sees the words, and that your Trust asks.")
LOOK_WORDS: Mapping[Look, str] = {
    "web": "the web", "news": "news", "images": "titles of pictures", "forums": "forums",
}  # fmt: skip


def by_privacy(settings: SelfCheckSettings) -> list[SearchProvider]:
    """Those that learn least first."""
    return sorted(settings.providers, key=lambda one: _LEARNS.get(one.kind, _SITE)[0])


def learns(provider: SearchProvider) -> str:
    """What it gets to know, to be said before it is asked."""
    return _LEARNS.get(provider.kind, _SITE)[1]


def question(provider: SearchProvider, look: Look) -> Source:
    """The provider as something that can be asked, of any time, for as much as a check may ask."""
    places = LOOKS.get(provider.kind, _ONE_PLACE)
    fields = connector(provider.kind).Options.model_fields
    usual = {"freshness": "any", "searches": 20}
    options = {name: value for name, value in usual.items() if name in fields}
    return Source(
        id=provider.id,
        kind=provider.kind,
        name=provider.name,
        allow=provider.allow,
        options={**options, **provider.options, **places.get(look, {})},
    )


def faults(settings: SelfCheckSettings) -> Iterator[Fault]:
    """What is wrong with the kinds, looks and options of the providers."""
    for at, provider in enumerate(settings.providers):
        try:
            kind = connector(provider.kind)
        except UnknownKind as error:
            yield Fault(("providers", at, "kind"), str(error), "Use one of these that searches")
            continue
        if not kind.searches:
            message = "reads a place and cannot search it"
            yield Fault(("providers", at, "kind"), message, "Use a kind that searches")
            continue
        yield from _look_faults(at, provider)
        yield from _option_faults(at, provider, kind.Options)


def _look_faults(at: int, provider: SearchProvider) -> Iterator[Fault]:
    able = LOOKS.get(provider.kind, _ONE_PLACE)
    if unable := [look for look in provider.looks if look not in able]:
        mend = f"It can look at {', '.join(able)}: write of these"
        yield Fault(("providers", at, "looks"), f"cannot look at {unable[0]}", mend)


def _option_faults(at: int, provider: SearchProvider, form: type[BaseModel]) -> Iterator[Fault]:
    try:
        form.model_validate(dict(question(provider, provider.looks[0]).options))
    except ValidationError as error:
        for fault in form_faults(error, form):
            yield fault._replace(path=("providers", at, "options", *fault.path))
