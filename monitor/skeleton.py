"""The skeleton of a name: what is left of it to the eye (Unicode Technical Standard 39, section 4).

Names that are drawn alike have one skeleton, whatever letters they are made of: "Harbour",
"HARB0UR", "Нarbоur" with Cyrillic letters, "\u029c\u1d00\u0280\u0299\u1d0f\u1d1c\u0280" in small
capitals. Skeletons are for comparing with each other and for nothing else.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from pathlib import Path

_FILE = Path(__file__).with_name("confusables.txt")
_FIGURES = str.maketrans("013457$@!|i", "oleastsalll")
"""Figures and signs that are drawn for letters, and "I" that looks like "l"."""
_PAIRS = (("rn", "m"), ("vv", "w"))
_NO_LETTER = re.compile(r"[^a-z0-9]")


@cache
def _alike() -> dict[int, str]:
    """By character: the letter or figure of ours that it is drawn like."""
    lines = _FILE.read_text(encoding="utf-8").splitlines()
    rows = (line.split(" ", 1) for line in lines if not line.startswith("#"))
    return {ord(one): ours for ours, drawn in rows for one in drawn}


def skeleton(text: str) -> str:
    """Letters and figures alone."""
    plain = unicodedata.normalize("NFKD", text).translate(_alike())
    letters = _NO_LETTER.sub("", plain.casefold().translate(_FIGURES))
    for pair, one in _PAIRS:
        letters = letters.replace(pair, one)
    return letters
