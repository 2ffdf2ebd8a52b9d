"""The handbook: the Markdown pages of `monitor/handbook`, as linked from the README."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path

from fastapi import HTTPException, Request
from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup, escape
from starlette.responses import HTMLResponse

from config.people import CONSOLE_ROLES
from monitor.web.deps import Current
from monitor.web.rendering import badges, page
from monitor.web.viewer import room

HANDBOOK = Path(__file__).parents[2] / "handbook"
ORDER = ("reviewers", "headteachers", "staff", "dpo", "it", "larger", "sources", "architecture")
"""Readers in the order of their number; a page that is not named here comes last."""
FIRST = ORDER[0]
_SIBLING = re.compile(r"([a-z-]+)\.md(#[\w-]+)?")

router = room(*CONSOLE_ROLES)


@dataclass(frozen=True, slots=True, kw_only=True)
class Chapter:
    """A page of the handbook. `html` is made by us from our own file: raw HTML is not allowed."""

    name: str
    title: str
    html: Markup


@router.get("/help")
@router.get("/help/{name}")
def show(request: Request, console: Current, name: str = FIRST) -> HTMLResponse:
    chapters = handbook()
    if name not in chapters:
        raise HTTPException(404)
    return page(
        request,
        "help.html",
        counts=badges(request),
        chapter=chapters[name],
        chapters=tuple(chapters.values()),
    )


@cache
def handbook() -> dict[str, Chapter]:
    """Every page by its name, in the order of its readers."""
    places = {name: place for place, name in enumerate(ORDER)}
    files = sorted(
        HANDBOOK.glob("*.md"), key=lambda file: (places.get(file.stem, len(ORDER)), file.stem)
    )
    return {file.stem: _chapter(file.stem, file.read_text(encoding="utf-8")) for file in files}


def _chapter(name: str, text: str) -> Chapter:
    markdown = MarkdownIt("commonmark", {"html": False}).enable("table")
    markdown.add_render_rule("table_open", _open_table)
    markdown.add_render_rule("table_close", _close_table)
    markdown.add_render_rule("fence", _lines)
    tokens = markdown.parse(text)
    _give_anchors(tokens)
    for token in tokens:
        _turn_links(token.children or [])
    # The renderer escapes all text, and html=False lets no tag of the file through.
    html = Markup(markdown.renderer.render(tokens, markdown.options, {}))  # noqa: S704
    return Chapter(name=name, title=_title(tokens) or name, html=html)


def _open_table(*_: object) -> str:
    """A wide table scrolls in a frame of its own that the keyboard reaches."""
    return '<div class="wide" role="group" aria-label="Table" tabindex="0"><table>'


def _close_table(*_: object) -> str:
    return "</table></div>"


def _lines(_: object, tokens: Sequence[Token], at: int, *__: object) -> str:
    """Long lines scroll in a frame that the keyboard reaches."""
    frame = '<pre role="group" aria-label="Lines to copy" tabindex="0">'
    return f"{frame}<code>{escape(tokens[at].content)}</code></pre>\n"


def _give_anchors(tokens: list[Token]) -> None:
    for heading, inline in pairwise(tokens):
        if heading.type == "heading_open":
            heading.attrSet("id", slug(inline.content))


def slug(heading: str) -> str:
    """ "Keys, in short" -> "keys-in-short"."""
    return re.sub(r"[^\w]+", "-", heading.lower()).strip("-")


def _turn_links(tokens: list[Token]) -> None:
    """Links between the files become links between the pages."""
    for token in tokens:
        found = _SIBLING.fullmatch(str(token.attrGet("href") or ""))
        if found:
            token.attrSet("href", f"/help/{found[1]}{found[2] or ''}")


def _title(tokens: list[Token]) -> str:
    for heading, inline in pairwise(tokens):
        if heading.type == "heading_open" and heading.tag == "h1":
            return inline.content
    return ""
