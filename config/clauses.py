"""The clauses of the Social Media Policy (version 02) that can be cited."""

from __future__ import annotations

_COUNTS = {1: 7, 2: 2, 3: 3, 4: 2, 5: 1, 6: 19, 7: 6, 8: 5, 9: 9, 10: 1}
"""Section -> number of its clauses."""

INTENT = "intent"
CLAUSES = frozenset(
    [INTENT, *(f"{part}.{one}" for part, count in _COUNTS.items() for one in range(1, count + 1))]
)
