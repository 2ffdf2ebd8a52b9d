"""How long a start takes, step by step, each in a process that has nothing loaded yet.

Of several turns the quickest counts, as what else runs on the machine only ever adds. Seconds of
the processor, the start of Python itself included.
"""

from __future__ import annotations

import resource
import subprocess
import sys
from typing import Any

LOADED = "from config.loading import load; settings = load(None, {})"
STEPS = {
    "monitor --help": "from monitor.cli import cli; cli(['--help'])",
    "national lists read": (
        "from config import national as lists; lists.register(); lists.first_names();"
        " lists.surnames()"
    ),
    "settings read and checked": LOADED,
    "classifiers loaded": (
        f"{LOADED}; from classifiers.pipeline import build; build(settings.trust, settings.policy)"
    ),
    "pages of the console loaded": "import monitor.web.app",
}
TURNS = 3


def run() -> dict[str, Any]:
    """Seconds of the processor of each step."""
    return {name: min(_spent(program) for _ in range(TURNS)) for name, program in STEPS.items()}


def _spent(program: str) -> float:
    before = _of_children()
    subprocess.run([sys.executable, "-c", program], check=True, stdout=subprocess.DEVNULL)  # noqa: S603 - our own
    return _of_children() - before


def _of_children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
