"""The templates: styles inline, nothing fetched, blocks left where they stood."""

from __future__ import annotations

import re
from importlib.resources import files

import pytest
from jinja2 import TemplateNotFound, UndefinedError

from alerts.templating import template
from alerts.tones import TONES

HTML = sorted(
    one.name for one in (files("alerts") / "templates").iterdir() if one.name.endswith(".html")
)


@pytest.mark.parametrize("name", HTML)
def test_every_class_has_its_style_inline(name: str) -> None:
    environment = template(name).environment
    assert environment.loader is not None
    source, _, _ = environment.loader.get_source(environment, name)
    assert not re.findall(r"<[a-z][^>]*class=\"[^\"]+\"(?![^>]*style=)[^>]*>", source)


@pytest.mark.parametrize("name", HTML)
def test_a_table_says_tbody_so_that_no_parser_moves_a_block(name: str) -> None:
    raw = (files("alerts") / "templates" / name).read_text(encoding="utf-8")
    for table in re.findall(r"<table[^>]*>\s*(<[^>]+>)", raw):
        assert table == "<tbody>" or name == "layout.html"


def test_a_template_that_does_not_exist_is_named() -> None:
    with pytest.raises(TemplateNotFound, match=r"none\.html"):
        template("none.html")


def test_a_missing_value_is_an_error_and_never_an_empty_place() -> None:
    with pytest.raises(UndefinedError):
        template("alert.txt").render()


def _luminance(colour: str) -> float:
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [one / 12.92 if one <= 0.03928 else ((one + 0.055) / 1.055) ** 2.4 for one in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("tone", TONES.values())
def test_white_letters_can_be_read_on_every_tone(tone: str) -> None:
    assert 1.05 / (_luminance(tone) + 0.05) >= 4.5
