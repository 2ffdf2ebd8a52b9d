"""Markup to plain text, with the line breaks a reader would see."""

from __future__ import annotations

import re

from selectolax.lexbor import LexborHTMLParser, LexborNode

from connectors.parse.items import MAX_TEXT
from connectors.parse.markup import is_monstrous

MAX_MARKUP = 1_000_000
"""Characters of markup looked at."""
_UNSEEN = ["script", "style", "template", "noscript", "iframe", "object", "svg", "head"]
_BLOCKS = "p, br, div, li, tr, h1, h2, h3, h4, h5, h6, blockquote, section, article, dd, dt, hr"
_EMOJI = "img.wp-smiley, img.emoji, img.smilies, img.smilie"
"""Feeds of WordPress, Discourse and boards draw as pictures what their authors typed."""
_SPACES = re.compile(r"[ \t\r\f\v\xa0]+")
_ANY_TAG = re.compile(r"<[^<>]*>")
_LINES = re.compile(r" ?\n ?(?:\s*\n)*")


def html_to_text(markup: str) -> str:
    """The visible text of a fragment or a page; plain text comes back as it is."""
    if "<" not in markup and "&" not in markup:
        return tidy(markup[:MAX_TEXT])
    if is_monstrous(markup.encode("utf-8", "replace")):
        return tidy(_ANY_TAG.sub(" ", markup)[:MAX_TEXT])
    tree = LexborHTMLParser(markup[:MAX_MARKUP])
    if tree.body is None:
        return ""
    return visible_text(tree.body)


def visible_text(node: LexborNode) -> str:
    """The text below a node, which is changed on the way."""
    node.strip_tags(_UNSEEN)
    for emoji in node.css(_EMOJI):
        emoji.insert_before(emoji.attributes.get("alt") or "")
    for cell in node.css("td, th"):
        cell.insert_after(" ")
    for block in node.css(_BLOCKS):
        block.insert_before("\n")
        block.insert_after("\n")
    return tidy(node.text(deep=True)[:MAX_TEXT])


def tidy(text: str) -> str:
    """One space between words, one break between lines."""
    return _LINES.sub("\n", _SPACES.sub(" ", text)).strip()
