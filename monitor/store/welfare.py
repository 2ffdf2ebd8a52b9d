"""How a reviewer wants grave matter shown, and how much of it they saw today. Only today's number
is kept, and it is theirs alone: no page shows it to anybody else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import delete, insert, select

from monitor.store.database import Tx
from monitor.store.queue_tables import WelfareRow

_table: Any = WelfareRow.__table__  # type: ignore[attr-defined]
_c = _table.c
PAUSE_AFTER = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Welfare:
    is_veiled: bool = True
    pause_after: int = PAUSE_AFTER
    """Grave mentions in a day after which a pause is suggested; 0 for never."""
    seen: int = 0
    """Grave mentions opened today."""

    @property
    def needs_pause(self) -> bool:
        return 0 < self.pause_after <= self.seen and self.seen % self.pause_after == 0


def of(tx: Tx, person: str, today: date) -> Welfare:
    row = tx.execute(select(_table).where(_c.person == person)).mappings().one_or_none()
    if row is None:
        return Welfare()
    seen = row["seen"] if row["day"] == today.isoformat() else 0
    return Welfare(is_veiled=row["is_veiled"], pause_after=row["pause_after"], seen=seen)


def keep(tx: Tx, person: str, welfare: Welfare, today: date) -> None:
    tx.execute(delete(_table).where(_c.person == person))
    tx.execute(
        insert(_table).values(
            person=person,
            is_veiled=welfare.is_veiled,
            pause_after=welfare.pause_after,
            day=today.isoformat(),
            seen=welfare.seen,
        )
    )
