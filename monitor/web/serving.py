"""How the process that serves the console minds its memory."""

from __future__ import annotations

import gc

YOUNG = 50_000
"""Objects made before cycles among them are looked for. A page makes some ten thousand, nearly
all free of cycles: with Python's 700, a fifth of its time went into looking."""


def collect_seldom() -> None:
    """To be called once, when everything that stays has been loaded: it is not looked at again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, *gc.get_threshold()[1:])
