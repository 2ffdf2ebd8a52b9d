"""Which clocks of cases have passed and were told of: entries of their timelines."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import select

from monitor.store.case_tables import CaseEntryRow
from monitor.store.database import Tx

_e: Any = CaseEntryRow.__table__.c  # type: ignore[attr-defined]


def passed(tx: Tx, case_ids: Collection[int]) -> frozenset[tuple[int, str]]:
    """Case and mark of each that is on a timeline already."""
    query = select(_e.case_id, _e.facts).where(_e.case_id.in_(case_ids), _e.kind == "clock_passed")
    return frozenset((row.case_id, str(row.facts["mark"])) for row in tx.execute(query))
