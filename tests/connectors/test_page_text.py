"""Of a page only its main text counts: what surrounds it never makes a mention of anybody."""

from __future__ import annotations

import pytest

from connectors.errors import Malformed
from connectors.parse.child import parse
from connectors.parse.page import parse_page

SAID = "The council will mend the bridge at Larkmere."
NAME = "Larkmere Hill School"
SURROUNDINGS = [
    f"<nav><a href='/'>{NAME}</a></nav>",
    f"<header>{NAME}</header>",
    f"<footer>{NAME}</footer>",
    f"<aside>Most read: {NAME}</aside>",
    f"<div class='cookie-banner'>{NAME} wants cookies</div>",
    f"<div id='CybotCookieConsent' class='consent'>{NAME}</div>",
    f"<section class='sidebar-right'><p>{NAME}</p></section>",
    f"<ul class='main-menu'><li>{NAME}</li></ul>",
    f"<div role='dialog'>{NAME}</div>",
    f"<div role='navigation'>{NAME}</div>",
    f"<div class='c-related'><p>{NAME} in row</p></div>",
    f"<div class='share'>Share {NAME}</div>",
    f"<div hidden>{NAME}</div>",
    f"<div aria-hidden='true'>{NAME}</div>",
    f"<form>{NAME}</form>",
    f"<script>'{NAME}'</script>",
]


def text_of(markup: str) -> str:
    return parse(parse_page, markup.encode()).text


@pytest.mark.parametrize("surrounding", SURROUNDINGS)
@pytest.mark.parametrize("around", ["<article>{}</article>", "<main>{}</main>", "<div>{}</div>"])
def test_what_surrounds_the_text_is_no_part_of_it(surrounding: str, around: str) -> None:
    page = f"<title>Bridge</title><body>{around.format(f'<p>{SAID}</p>{surrounding}')}</body>"
    assert text_of(page) == SAID


@pytest.mark.parametrize(
    "name", ["unrelated", "menuet", "shareholder", "article-body", "post-content"]
)
def test_a_text_is_not_lost_for_a_name_that_only_sounds_like_surroundings(name: str) -> None:
    assert text_of(f"<title>B</title><div class='{name}'><p>{SAID}</p></div>") == SAID


@pytest.mark.parametrize(
    "title",
    ["404 Not Found", "Page not found", "Just a moment...", "Access Denied",
     "503 Service Temporarily Unavailable", "Attention Required! | Cloudflare",
     "Please sign in to continue"],
)  # fmt: skip
def test_a_page_of_an_error_is_never_content(title: str) -> None:
    with pytest.raises(Malformed):
        text_of(f"<title>{title}</title><main><p>{NAME} is not here.</p></main>")


def test_a_headline_with_a_number_is_content() -> None:
    assert text_of(f"<title>410 pupils sing</title><p>{SAID}</p>") == SAID


def test_surroundings_within_surroundings_are_taken_away_too() -> None:
    inner = f"<ul class='menu'><li><div class='share'><nav>{NAME}</nav></div></li></ul>"
    deep = f"<aside><div class='sidebar'><header>{inner * 20}</header></div></aside>"
    assert text_of(f"<title>B</title><main><p>{SAID}</p>{deep}</main>") == SAID
