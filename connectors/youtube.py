"""YouTube's Data API v3, as its videos and their comments are asked for with one's own key."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from connectors.errors import AuthLost, ConnectorError, Throttled
from connectors.feeds import Parser, read
from connectors.fetch.client import Fetcher
from connectors.keys import reason, secret, until_midnight
from connectors.parse.items import Feed, Item
from connectors.parse.youtube import parse_refusal
from connectors.posts import posted
from connectors.types import Mention

PLATFORM = "youtube"
KEY = "youtube_key"
KEPT = timedelta(days=30)
"""What the interface gave may be kept for so long (developer policies, III.E.4)."""
LONGEST_QUERY = 200
QUOTA_ZONE = ZoneInfo("America/Los_Angeles")
"""The day's allowance begins anew at midnight there."""
_USED_UP = {"quotaExceeded", "dailyLimitExceeded"}
_TOO_FAST = {"rateLimitExceeded", "userRateLimitExceeded", "RATE_LIMIT_EXCEEDED"}
_NO_KEY = {"keyInvalid", "keyExpired", "accessNotConfigured", "SERVICE_DISABLED", "forbidden"}


@dataclass(frozen=True, slots=True)
class DataApi:
    address: str
    fetch: Fetcher
    now: datetime
    key: str = field(repr=False)

    async def get(
        self, what: str, terms: dict[str, str], parser: Parser, *, nothing: Collection[str] = ()
    ) -> Feed:
        """One page. What is refused for a reason among `nothing` has nothing to show. Raises
        ConnectorError."""
        query = urlencode({name: value for name, value in terms.items() if value})
        key = {"X-Goog-Api-Key": self.key}
        try:
            answer = await self.fetch.ask(f"{self.address}/{what}?{query}", key)
        except ConnectorError as refusal:
            said = await reason(refusal, parse_refusal, self.fetch) or ""
            if said in nothing:
                return Feed(items=())
            raise self._meant(refusal, said) from None
        return await read(answer, parser, self.fetch)

    def told(self, item: Item) -> Mention:
        """An item as a mention, for as long as the terms let it be kept."""
        return replace(posted(item, platform=PLATFORM, now=self.now), expires_at=self.now + KEPT)

    def _meant(self, refusal: ConnectorError, said: str) -> ConnectorError:
        if said in _USED_UP:
            wait = until_midnight(self.now, QUOTA_ZONE)
            return Throttled("The day's allowance is used up.", retry_after=wait)
        if said in _TOO_FAST:
            return Throttled(retry_after=refusal.retry_after)
        if said in _NO_KEY or said.startswith("API_KEY_"):
            return AuthLost(
                f"YouTube does not take the key ({said}): look in Google's console whether it "
                f"may ask the YouTube Data API v3 from here, or set {secret(KEY)} anew."
            )
        return refusal
