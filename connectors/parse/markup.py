"""How monstrous markup is, seen by one linear look before a parser touches it.

feedparser needs time that grows with the square of a tag's attributes, HTML tree builders with
the square of the depth; no honest document comes near either limit.
"""

from __future__ import annotations

import re

MAX_TAG_BYTES = 64 * 1024
MAX_DEPTH = 500

# Possessive throughout, so that nothing is looked at twice; a quote may hold ">".
_TAG = re.compile(
    rb"<!\[CDATA\[(?:[^\]]++|\](?!\]>))*+"
    rb"|<(?P<end>/?)(?P<name>[A-Za-z][^\s/<>\"']*+)"
    rb"(?P<rest>(?:[^<>\"']++|\"[^\"]*+\"|'[^']*+')*+)>"
)
_NEVER_CLOSED = frozenset(
    b"area base br col dd dt embed hr img input li link meta option p source td th tr wbr".split()
)


def is_monstrous(markup: bytes) -> bool:
    """Whether a tag is longer, or the nesting deeper, than any honest one."""
    depth = 0
    for tag in _TAG.finditer(markup):
        if tag["name"] is None:
            continue
        if tag.end() - tag.start() > MAX_TAG_BYTES:
            return True
        if tag["name"].lower() in _NEVER_CLOSED:
            continue
        if tag["end"]:
            depth = max(depth - 1, 0)
        elif not tag["rest"].endswith(b"/"):
            depth += 1
            if depth > MAX_DEPTH:
                return True
    return False
