"""What must hold of the sources: schools that exist, terms that watch nobody, no secrets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from urllib.parse import parse_qsl, urlsplit

from config.checks import repeated
from config.errors import Fault, KeyPath
from config.faults import is_secret_like, secret_in_a_file
from config.sources import Source
from config.terms import (
    ACCOUNT,
    BARE,
    Known,
    Refusal,
    is_bare,
    known,
    term_refusal,
    words,
)
from config.trust import Trust

SHORTEST_EVERY = timedelta(minutes=1)
SHORTEST_CANARY = 8
"""Letters: words that no other post holds."""
QUERY_KEYS = frozenset(
    ("keyword", "keywords", "phrase", "q", "query", "search", "s", "term", "terms", "text")
)
"""Names of options and of URL parameters whose value is asked for as a term."""
PERSON_PAGES = frozenset(
    ("author", "authors", "people", "profile", "profiles", "u", "user", "users")
)
"""Path segments after which the next names an account."""


def source_faults(sources: Sequence[Source], trust: Trust | None) -> Iterator[Fault]:
    """`trust` is None where it could not be read: then what refers to it is not checked."""
    for at in repeated([source.id for source in sources]):
        yield Fault(("sources", at, "id"), "is used twice", "Give each source its own id")
    names = known(trust) if trust else None
    for at, source in enumerate(sources):
        path: KeyPath = ("sources", at)
        if trust and source.school is not None and trust.school(source.school) is None:
            mend = "Write the id of a school of trust.toml"
            yield Fault((*path, "school"), "is no school of trust.toml", mend)
        if source.every < SHORTEST_EVERY and not source.allow:
            yield Fault(
                (*path, "every"),
                "is shorter than a minute, which other people's servers need not bear",
                'Write at least "1m"; only a source with `allow` may be asked more often',
            )
        if source.canary and len(source.canary) < SHORTEST_CANARY:
            mend = "Write words that stand in the planted post and nowhere else"
            yield Fault((*path, "canary"), "is so short that other posts may hold it", mend)
        yield from _terms(source, path, names)
        yield from _options(source.options, (*path, "options"), names)


def _terms(source: Source, path: KeyPath, names: Known | None) -> Iterator[Fault]:
    if names is None:
        return
    for at, term in enumerate(source.terms):
        if refusal := term_refusal(term, names):
            yield Fault((*path, "terms", at), *refusal)


def _options(value: object, path: KeyPath, names: Known | None) -> Iterator[Fault]:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            if is_secret_like(str(key)):
                yield secret_in_a_file((*path, str(key)))
            else:
                yield from _options(inner, (*path, str(key)), names)
    elif isinstance(value, list | tuple):
        for at, inner in enumerate(value):
            yield from _options(inner, (*path, at), names)
    elif isinstance(value, str):
        yield from _text_option(value, path, names)


def _text_option(value: str, path: KeyPath, names: Known | None) -> Iterator[Fault]:
    if "://" in value:
        yield from _address(value, path, names)
    elif names and _asks(path) and (refusal := _fixed_refusal(value, names)):
        yield Fault(path, *refusal)


def _asks(path: KeyPath) -> bool:
    return any(str(part).lower() in QUERY_KEYS for part in path[3:])


def _address(value: str, path: KeyPath, names: Known | None) -> Iterator[Fault]:
    try:
        address = urlsplit(value)
        userinfo = address.username or address.password
    except ValueError:
        yield Fault(path, "is not an address", 'Write it as "https://host/path"')
        return
    if userinfo:
        mend = "Remove what stands before the @, and give it as a secret"
        yield Fault(path, "holds a name or password before its host", mend)
    if names and (refusal := _followed(address.path, names) or _asked(address.query, names)):
        yield Fault(path, *refusal)


def _asked(query: str, names: Known) -> Refusal | None:
    """What a search address asks for in its query parameters."""
    for key, value in parse_qsl(query, keep_blank_values=False, max_num_fields=100):
        if key.lower() in QUERY_KEYS and (refusal := _fixed_refusal(value, names)):
            return refusal
        if is_secret_like(key):
            return Refusal(
                "holds a secret in its query", "Remove it and give it as an environment secret"
            )
    return None


def _fixed_refusal(term: str, names: Known) -> Refusal | None:
    """Of a term that is sent as it stands: nobody adds a school word to it."""
    return term_refusal(term, names) or (BARE if is_bare(term) else None)


def _followed(path: str, names: Known) -> Refusal | None:
    """An address that is a person's own page."""
    segments = [segment for segment in path.split("/") if segment]
    for before, segment in zip(["", *segments], segments, strict=False):
        own = "".join(words(segment.partition(".")[0])) in names.joined
        if not own and (before.lower() in PERSON_PAGES or segment.startswith("@")):
            return ACCOUNT
    return None
