"""A captured page: its words, whether the post is still among them, what stands before it."""

from __future__ import annotations

import re

from selectolax.lexbor import LexborHTMLParser

from connectors.parse.html import MAX_MARKUP, html_to_text, tidy, visible_text
from connectors.parse.items import Looked
from connectors.parse.markup import is_monstrous

LONGEST_TITLE = 300
RUN = 4
"""Words in a row that are looked for; fewer in a shorter post."""
ENOUGH = 0.5
"""From this share of its runs on, the post stands on the page."""
FEW_LETTERS = 200
_WORD = re.compile(r"\w+")
_SIGN_IN = re.compile(
    r"\b(?:log|sign) ?in (?:to|or|now)\b|\bplease (?:log|sign) ?in\b|\byou must (?:be|have) "
    r"(?:logged|signed) in\b|\b(?:log|sign) ?in required\b|\bmembers only\b|"
    r"\bcreate (?:an )?account to\b",
    re.IGNORECASE,
)
_CONSENT = (
    '[id*="cookie" i], [class*="cookie" i], [id*="consent" i], [class*="consent" i], '
    '[id*="onetrust" i], [id*="cybot" i], [id*="didomi" i], [class*="gdpr" i], [id*="gdpr" i]'
)
_COOKIES = re.compile(r"\bcookies?\b|\byour privacy\b|\bconsent\b", re.IGNORECASE)


def look(body: bytes, said: str) -> Looked:
    """The page in its own words, and how much of what was `said` stands on it."""
    markup = body.decode("utf-8", "replace")[:MAX_MARKUP]
    if is_monstrous(body):
        return _plain(html_to_text(markup), said)
    tree = LexborHTMLParser(markup)
    title = tree.css_first("title")
    has_password = tree.css_first('input[type="password" i]') is not None
    has_scripts = tree.css_first("script") is not None
    dialog = any(_COOKIES.search(node.text() or "") for node in tree.css(_CONSENT)[:20])
    text = visible_text(tree.body) if tree.body is not None else ""
    shows = share(said, text)
    is_shown = shows >= ENOUGH
    return Looked(
        title=tidy(title.text())[:LONGEST_TITLE] if title is not None else "",
        text=text,
        shows=shows,
        asks_to_sign_in=not is_shown and (has_password or bool(_SIGN_IN.search(text[:20_000]))),
        has_cookie_dialog=dialog,
        needs_scripts=not is_shown and has_scripts and len(text) < FEW_LETTERS,
    )


def _plain(text: str, said: str) -> Looked:
    return Looked(
        title="",
        text=text,
        shows=share(said, text),
        asks_to_sign_in=False,
        has_cookie_dialog=False,
        needs_scripts=False,
    )


def share(said: str, text: str) -> float:
    """Of the runs of words of `said`, the share that stands in `text`; 0 to 1, 0 of nothing."""
    words = _WORD.findall(said.casefold())
    long = min(RUN, len(words))
    if not long:
        return 0.0
    there = " ".join(_WORD.findall(text.casefold()))
    runs = {" ".join(words[at : at + long]) for at in range(len(words) - long + 1)}
    return sum(f" {run} " in f" {there} " for run in runs) / len(runs)
