"""A term that is a person's name is refused wherever it comes from."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner
from httpx import Client

from config.errors import ConfigError
from config.loading import load
from monitor.cli import cli
from monitor.sample import CONFIG
from tests.doubles.consoles import Scene

Browsing = Callable[..., Client]
Token = Callable[[Client], str]
NAMES = ("Oliver Smith", "#OliverSmith", "Khadija Begum", "@oliver.smith", "Mr Smith")


@pytest.mark.parametrize("name", NAMES[:3])
def test_no_page_looks_for_a_person(
    empty: Scene, browsing: Browsing, token: Token, name: str
) -> None:
    client = browsing(empty)
    said = "looks like a person"
    assert said in client.get("/", params={"q": name}).text
    assert client.get("/export.csv", params={"q": name}).status_code in (400, 422)
    form = {"token": token(client), "reason": "because", "until": "today"}
    silence = client.post("/silences", data={**form, "phrase": f"snow day, {name}"})
    assert silence.status_code == 422
    assert said in silence.text
    rule = {"action": "tag", "words": name, "lasting": "always", "step": "save"}
    refused = client.post("/rules", data={**form, **rule})
    assert refused.status_code == 422
    assert said in refused.text
    for path in ("/authors", "/authors/oliver", "/people", "/search"):
        assert client.get(path, params={"q": name}).status_code == 404


def source(terms: str = "", options: str = "", kind: str = "gdelt") -> str:
    return (
        f'\n[[sources]]\nid = "asks-for-somebody"\nkind = "{kind}"\nname = "Asks"\n'
        f"terms = [{terms}]\n[sources.options]\n{options}\n"
    )


FILES = {
    **{f"a term: {name}": ("sources.toml", source(f'"{name}"')) for name in NAMES},
    "a term with a school": ("sources.toml", source('"Oliver Smith Oakenhall Junior School"')),
    "a query parameter": (
        "sources.toml", source(options='url = "https://feeds.example/s?q=oliver+smith"', kind="rss")
    ),
    "a person's own page": (
        "sources.toml", source(options='url = "https://social.example/@oliver"', kind="rss")
    ),
    "an alias of a school": (
        "trust.toml",
        '\n[[schools]]\nid = "another"\nname = "Another School"\naliases = ["Oliver Smith"]\n',
    ),
}  # fmt: skip


@pytest.mark.parametrize(("file", "more"), FILES.values(), ids=list(FILES))
def test_no_file_asks_for_a_person_and_no_command_starts_with_it(
    tmp_path: Path, file: str, more: str
) -> None:
    folder = tmp_path / "config"
    shutil.copytree(CONFIG, folder)
    with (folder / file).open("a", encoding="utf-8") as written:
        written.write(more)
    with pytest.raises(ConfigError, match="person"):
        load(folder, {})
    done = CliRunner().invoke(cli, ["sources", "--config", str(folder)])
    assert isinstance(done.exception, ConfigError)
