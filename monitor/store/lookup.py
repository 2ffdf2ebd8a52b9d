"""Whether something was collected, asked by its address."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit, urlunsplit

from sqlalchemy import func, select

from monitor.store.database import Tx
from monitor.store.mentions import identity
from monitor.store.retention import FORGOTTEN
from monitor.store.scope import Scope, conditions
from monitor.store.tables import MentionRow

_m: Any = MentionRow.__table__.c  # type: ignore[attr-defined]
LATEST = 50_000
"""Mentions among which an address is looked for that is not itself the post's number."""


def by_address(tx: Tx, scope: Scope, address: str) -> int | None:
    """The newest mention of an address; http or https, "www." and a slash at its end count for
    nothing. None where there is none that may be seen."""
    ways = _ways(address)
    seen = (_m.state != FORGOTTEN, *conditions(scope))
    known = select(_m.id).where(_m.identity.in_([identity("web", way) for way in ways]), *seen)
    found: int | None = tx.scalar(known.order_by(_m.id.desc()).limit(1))
    if found is not None:
        return found
    newest = int(tx.scalar(select(func.max(_m.id))) or 0)
    among = select(_m.id).where(_m.id > newest - LATEST, _m.url.in_(ways), *seen)
    return tx.scalar(among.order_by(_m.id.desc()).limit(1))


def _ways(address: str) -> list[str]:
    parts = urlsplit(address)
    host = parts.netloc.removeprefix("www.")
    path = parts.path.rstrip("/")
    return [
        urlunsplit((scheme, f"{www}{host}", f"{path}{slash}", parts.query, ""))
        for scheme in ("https", "http")
        for www in ("", "www.")
        for slash in ("", "/")
    ]
