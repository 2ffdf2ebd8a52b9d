"""The mail templates, with their styles put inline once when a template is first loaded.

In the HTML templates Jinja's blocks are written as HTML comments (`<!--% if x %-->`), which
an HTML parser leaves where they stand, so the styles can be put into the *template* and not
into each of thousands of mails. Two things follow: expressions hold no "<", ">" or "&", and
every table says <tbody>.
"""

from __future__ import annotations

import textwrap
from collections.abc import Callable
from functools import cache
from importlib.resources import files

import css_inline
from jinja2 import BaseLoader, Environment, StrictUndefined, Template, TemplateNotFound

_TEMPLATES = files("alerts") / "templates"
_TEXT_WIDTH = 72


class _Inlined(BaseLoader):
    """Template sources; the HTML ones with mail.css put into their elements."""

    def __init__(self) -> None:
        self._css = _read("mail.css")
        self._inliner = css_inline.CSSInliner(
            inline_style_tags=False,
            keep_style_tags=True,
            load_remote_stylesheets=False,
            extra_css=self._css,
        )

    def get_source(
        self, environment: Environment, template: str
    ) -> tuple[str, str | None, Callable[[], bool] | None]:
        source = _read(template)
        if not template.endswith(".html"):
            return source, None, None
        if source.lstrip().startswith("<!doctype"):
            return self._inliner.inline(source), None, None
        return self._inliner.inline_fragment(source, self._css), None, None


def _read(name: str) -> str:
    entry = _TEMPLATES / name
    if not entry.is_file():
        raise TemplateNotFound(name)
    return entry.read_text(encoding="utf-8")


@cache
def _html() -> Environment:
    return Environment(
        loader=_Inlined(),
        autoescape=True,
        undefined=StrictUndefined,
        block_start_string="<!--%",
        block_end_string="%-->",
        comment_start_string="<!--#",
        comment_end_string="#-->",
        trim_blocks=True,
        lstrip_blocks=True,
    )


@cache
def _text() -> Environment:
    environment = Environment(  # noqa: S701 - plain text; escaping would show as "&amp;"
        loader=_Inlined(), undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters["wrapped"] = _wrapped
    return environment


def template(name: str) -> Template:
    """A template by file name; ".html" ones escape what they are given."""
    return (_html() if name.endswith(".html") else _text()).get_template(name)


def _wrapped(text: str, first: str = "", rest: str | None = None) -> str:
    """`text` in lines of 72 characters; web addresses are not cut."""
    return textwrap.fill(
        text,
        _TEXT_WIDTH,
        initial_indent=first,
        subsequent_indent=first if rest is None else rest,
        break_long_words=False,
        break_on_hyphens=False,
    )
