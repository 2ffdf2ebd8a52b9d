"""Writing what must not be lost though somebody else holds the database for a while.

A poll has read a source by then, and would have to ask it again once its lease is over.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

from monitor.store.database import Store, Tx
from monitor.store.errors import StoreBusy

PAUSES_SECONDS = (0.5, 1.5)
"""Between the tries, each of which waits as long as the database's own patience."""
Result = TypeVar("Result")


def insisting(
    store: Store, work: Callable[[Tx], Result], *, wait: Callable[[float], object] = time.sleep
) -> Result:
    """What `work` gives in a transaction of its own, which is begun anew where the store is busy;
    so it does nothing beside it. Raises StoreError, and what `work` raises."""
    for pause in PAUSES_SECONDS:
        try:
            with store.begin() as tx:
                return work(tx)
        except StoreBusy:
            wait(pause)
    with store.begin() as tx:
        return work(tx)
