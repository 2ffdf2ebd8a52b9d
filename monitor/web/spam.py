"""What keeps machines from the public form without asking anybody else: stamps and allowances.

A stamp says when a form was handed out and that it was handed out here; a form that comes back
faster than a person can read, or a day later, is shown once more with what was written in it.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections import OrderedDict, deque
from collections.abc import Callable
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address, ip_network

FASTEST = timedelta(seconds=3)
OLDEST = timedelta(hours=24)
WINDOW = timedelta(hours=1)
MOST_OF_ONE = 30
"""Reports of one address in a window: a whole school may share it."""
MOST_OF_ALL = 300
MOST_ADDRESSES = 10_000


class Stamps:
    """Signed times; the key lives as long as the process."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._key = secrets.token_bytes(32)

    def new(self) -> str:
        made = f"{self._clock().timestamp():.3f}.{secrets.token_urlsafe(9)}"
        return f"{made}.{self._signature(made)}"

    def is_fresh(self, stamp: str) -> bool:
        """Whether it is ours, and neither too young nor too old."""
        made, _, signature = stamp.rpartition(".")
        if not hmac.compare_digest(signature.encode(), self._signature(made).encode()):
            return False
        age = self._clock().timestamp() - float(made.rpartition(".")[0])
        return FASTEST.total_seconds() <= age <= OLDEST.total_seconds()

    def reference(self, stamp: str, content: str) -> str:
        """Eight letters and digits that the same form with the same words always gets."""
        digest = hmac.digest(self._key, f"{stamp}\0{content}".encode(), hashlib.sha256)
        letters = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
        chosen = "".join(letters[byte % 32] for byte in digest[:8])
        return f"{chosen[:4]}-{chosen[4:]}"

    def _signature(self, made: str) -> str:
        return hmac.new(self._key, made.encode("utf-8", "replace"), hashlib.sha256).hexdigest()


class Allowance:
    """How many reports an address, and all together, may send in an hour; kept in memory."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._of: OrderedDict[str, deque[datetime]] = OrderedDict()
        self._all: deque[datetime] = deque()

    def take(self, address: str) -> bool:
        """Whether one more may come from there; it is counted if so."""
        now = self._clock()
        own = self._of.setdefault(_network(address), deque())
        self._of.move_to_end(_network(address))
        while len(self._of) > MOST_ADDRESSES:
            self._of.popitem(last=False)
        for times in (own, self._all):
            while times and times[0] <= now - WINDOW:
                times.popleft()
        if len(own) >= MOST_OF_ONE or len(self._all) >= MOST_OF_ALL:
            return False
        own.append(now)
        self._all.append(now)
        return True


def _network(address: str) -> str:
    """An IPv6 customer holds a whole /64."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, IPv6Address):
        return str(ip_network((parsed, 64), strict=False))
    return address
