"""Options of a source that its kind cannot use are told with the key and a way to mend them."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path

import pytest

from config.sources import Source
from connectors.polling import faults
from connectors.registry import CONNECTORS, connector, coverage, secret_name

HANDBOOK = Path(__file__).parents[2] / "monitor" / "handbook" / "sources.md"


def told(kind: str, options: Mapping[str, object]) -> list[tuple[object, ...]]:
    source = Source(id="tried", kind=kind, name="Tried", options=dict(options))
    return [(*fault.path[2:], fault.message, fault.mend) for fault in faults((source,))]


@pytest.mark.parametrize(
    ("options", "key", "mend"),
    [
        ({"contry": "UK"}, "contry", 'Did you mean "country"?'),
        ({"language": 3}, "language", "quotes"),
        ({"address": "ftp://news.example/"}, "address", "shipped file"),
        ({"api_key": "s3cret"}, "api_key", "TRUST_MONITOR_SECRET_API_KEY"),
    ],
)
def test_a_wrong_option_is_told_without_its_value(
    options: Mapping[str, object], key: str, mend: str
) -> None:
    ((table, named, *words),) = told("gdelt", options)
    assert (table, named) == ("options", key)
    assert mend in str(words)
    assert not any(str(value) in str(words) for value in options.values() if value != 3)


def test_a_kind_that_is_none_is_told_with_those_there_are() -> None:
    ((key, message, _),) = told("gdlt", {})
    assert key == "kind"
    assert "gdelt" in str(message)


def test_options_that_fit_are_no_fault() -> None:
    assert told("rss", {"url": "https://news.example/feed"}) == []


@pytest.mark.parametrize("kind", CONNECTORS)
def test_the_handbook_has_a_row_for_each_kind_with_every_option_and_its_key(kind: str) -> None:
    page = HANDBOOK.read_text(encoding="utf-8")
    (row,) = (line for line in page.splitlines() if line.startswith(f"| `{kind}` | "))
    fields = connector(kind).Options.model_fields
    # The address of a platform's own interface is the same for everybody.
    for_operators = [name for name, field in fields.items() if "://" not in str(field.default)]
    assert [name for name in for_operators if f"`{name}`" not in row] == []
    if key := secret_name(kind):
        assert f"TRUST_MONITOR_SECRET_{key.upper()}" in page


@pytest.mark.parametrize("kind", CONNECTORS)
def test_each_kind_can_be_set_up_by_its_paragraph(kind: str) -> None:
    """Its kind is named there, and the options shown with it are such as it takes."""
    paragraphs = HANDBOOK.read_text(encoding="utf-8").partition("## Each platform")[2]
    shown = re.findall(rf'kind = "{kind}"`[^`\n]{{0,40}}(?:`(options = [^`]*)`)?', paragraphs)
    assert shown
    for example in filter(None, shown):
        options = tomllib.loads(example.replace("...", "1"))
        connector(kind).Options.model_validate(options["options"])


@pytest.mark.parametrize("kind", CONNECTORS)
def test_the_handbook_says_of_each_kind_what_the_coverage_page_says(kind: str) -> None:
    page = HANDBOOK.read_text(encoding="utf-8")
    said = coverage(kind)
    (row,) = (line for line in page.splitlines() if line.startswith(f"| `{kind}` | "))
    assert f"| {said.sees} | {said.misses} |" in row
    assert said.platforms


@pytest.mark.parametrize("kind", [one for one in CONNECTORS if connector(one).searches])
def test_what_searches_tells_what_it_asks(kind: str) -> None:
    assert hasattr(connector(kind), "asks")
