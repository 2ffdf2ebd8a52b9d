"""What every platform shares that is asked with the operator's own key."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta, tzinfo
from typing import TypeVar

from config.secrets import PREFIX
from connectors.errors import AuthLost, ConnectorError, Malformed, TooLarge
from connectors.fetch.client import Fetcher
from connectors.parse.child import Limits, parse
from connectors.types import Query

Reason = TypeVar("Reason")


def key_of(query: Query, name: str) -> str:
    """What the operator was given to ask with. Raises AuthLost, with where it belongs."""
    if query.secret is None:
        raise AuthLost(f"Its key is missing: set the secret {secret(name)}.")
    return query.secret.get_secret_value()


def secret(name: str) -> str:
    """Under which name the environment gives a secret."""
    return f"{PREFIX}{name.upper()}"


def until_midnight(now: datetime, zone: tzinfo) -> float:
    """The seconds until a day's allowance begins anew there."""
    there = now.astimezone(zone)
    midnight = (there + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight.timestamp() - there.timestamp()


async def reason(
    refusal: ConnectorError, parser: Callable[[bytes], Reason], fetch: Fetcher
) -> Reason | None:
    """What an interface gave as its reason, read where hostile bytes may; None when it gave
    none that can be read."""
    limits = Limits.of(fetch.settings)
    try:
        return await asyncio.to_thread(parse, parser, refusal.said, limits=limits)
    except (Malformed, TooLarge):
        return None
