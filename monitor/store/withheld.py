"""What a self-check never shows, though a search may find it: it is somebody's to deal with."""

from __future__ import annotations

from typing import Any

from sqlalchemy import or_, select

from monitor.store.case_tables import CaseMentionRow
from monitor.store.database import Tx
from monitor.store.scope import WELFARE_ROLES
from monitor.store.tables import DeliveryRow, MentionRow

_mentions: Any = MentionRow.__table__.c  # type: ignore[attr-defined]
_held: Any = CaseMentionRow.__table__.c  # type: ignore[attr-defined]
_deliveries: Any = DeliveryRow.__table__.c  # type: ignore[attr-defined]
CONDUCT_ROLES = ("headteacher", "chair")
"""Who is told of what is said of a member of staff, or of a head."""


def addresses(tx: Tx) -> frozenset[str]:
    """Addresses of all mentions in a case, about a head, or routed to safeguarding or conduct.

    All of them, whoever asks: a question for single addresses would tell the database what
    somebody found.
    """
    told = select(_deliveries.mention_id).where(
        _deliveries.role.in_((*WELFARE_ROLES, *CONDUCT_ROLES)), _deliveries.mention_id.is_not(None)
    )
    query = select(_mentions.url).where(
        or_(
            _mentions.about_head.is_(True),
            _mentions.id.in_(select(_held.mention_id)),
            _mentions.id.in_(told),
        )
    )
    return frozenset(row.url for row in tx.execute(query))
