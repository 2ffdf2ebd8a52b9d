"""What is rare among much is found page by page, each page at a bounded cost."""

from __future__ import annotations

import pytest

from monitor.store import queue
from monitor.store.database import Store
from monitor.store.scope import EVERYTHING
from monitor.store.views import QueueFilter, QueueKey
from tests.store.conftest import judged, post, queued


@pytest.mark.parametrize("state", ["open", "all"])
def test_every_rare_mention_is_found_once(
    store: Store, state: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queue, "LOOKED_THROUGH", 10)
    monkeypatch.setattr(queue, "STRIDES", (3, 7))
    with store.begin() as tx:
        rare = [
            number
            for n in range(60)
            for number, _ in [
                queued(tx, post(str(n), platform="x" if n % 13 == 0 else "web"), judged())
            ]
            if n % 13 == 0
        ]
        found: list[int] = []
        after: QueueKey | None = None
        pages = 0
        chosen = QueueFilter(state=state, platform="x")  # type: ignore[arg-type]
        while True:
            page = queue.page(tx, EVERYTHING, chosen, after=after, limit=2)
            found += [row.mention_id for row in page.rows]
            pages += 1
            after = page.next
            if after is None:
                break
    assert sorted(found) == rare
    assert len(found) == len(set(found))
    assert pages > 3
