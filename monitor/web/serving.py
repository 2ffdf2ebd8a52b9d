"""How a process serves the console: with little looking after its memory, and without waiting."""

from __future__ import annotations

import gc
import socket

YOUNG = 50_000
"""Objects made before cycles among them are looked for. A page makes some ten thousand, nearly
all free of cycles: with Python's 700, a fifth of its time went into looking."""


def collect_seldom() -> None:
    """To be called once, when everything that stays has been loaded: it is not looked at again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, *gc.get_threshold()[1:])


def free_port() -> socket.socket:
    """Bound to a free port of loopback. It says that it is of TCP, by which an event loop knows to
    send the last piece of an answer at once: else it waits 40 ms for the browser's leave."""
    bound = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    bound.bind(("127.0.0.1", 0))
    bound.listen()
    return bound
