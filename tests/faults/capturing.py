"""Capture one page and have a case receive it, dying by SIGKILL at a numbered step.

    python -c "from tests.faults.capturing import main; main()" DB PLACE WORK FIRST STRIDE LIMIT

As `tests.faults.chain`, of whose steps these are: for n = FIRST, FIRST + STRIDE, ... a copy of
DB, in which a capture is ordered, is worked on by a process that is killed at its n-th step,
then by one that is not. One JSON line says what stands there afterwards.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

from monitor import logs, sample
from monitor.evidence.capture import capture_next
from monitor.store import cases, evidence, evidence_orders
from monitor.store.database import Store
from tests.doubles.consoles import Scene
from tests.evidence.conftest import context
from tests.faults.chain import FINISHED, Steps, in_child

MENTION, CASE = 1, 1


def work(database: Path, place: str, kill_at: int | None) -> None:
    """As the engine would after a start: free what a dead process held, then all that is due."""
    Steps(kill_at).install()
    store = opened(database)
    scene = Scene(store=store, settings=sample.settings({}, database.parent))
    ctx = context(scene, (place,), browser="/nowhere/chromium")
    with store.begin() as tx:
        evidence_orders.release_leases(tx)
    while capture_next(ctx):
        pass
    store.close()


def opened(database: Path) -> Store:
    return Store(f"sqlite:///{database}", busy_timeout=timedelta(seconds=5))


def contents(database: Path) -> dict[str, Any]:
    store = opened(database)
    with store.read() as tx:
        case = cases.find(tx, CASE)
        found = {
            "fault": str(evidence.verify(tx) or ""),
            "pages": [one.page for one in evidence.of_mention(tx, MENTION)],
            "orders": [one.state for one in evidence_orders.of_mention(tx, MENTION)],
            "receipts": [one.facts["seal"] for one in case.evidence] if case else [],
            "broken_case": str(cases.verify(tx) or ""),
        }
    store.close()
    return found


def main() -> None:
    logs.configure()
    database, place, folder = Path(sys.argv[1]), sys.argv[2], Path(sys.argv[3])
    first, stride, limit = (int(argument) for argument in sys.argv[4:7])
    for trial in range(limit):
        at = first + trial * stride
        copy = folder / f"{at}.db"
        shutil.copy(database, copy)
        killed = os.WIFSIGNALED(in_child(partial(work, copy, place, at)))
        if killed and in_child(partial(work, copy, place, None)) != FINISHED:
            said: dict[str, Any] = {"step": at, "failed": "the restart did not end well"}
        else:
            said = {"step": at, "killed": killed, **contents(copy)}
        sys.stdout.write(json.dumps(said) + "\n")
        sys.stdout.flush()
        if not killed:
            break
