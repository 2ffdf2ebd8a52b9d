"""Google Alerts: what the search engine newly finds, by feeds whose addresses are secrets."""

from __future__ import annotations

import hashlib
from datetime import datetime

from pydantic import BaseModel, ConfigDict

from connectors.fetch.client import Fetcher
from connectors.keys import key_of
from connectors.severalfeeds import poll_feeds
from connectors.types import Batch, Coverage, Cursor, Query

KEY = "google_alerts"


class GoogleAlertsOptions(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class GoogleAlerts:
    """Whoever knows the address of an alert's feed can read it, so that it stands in no file."""

    kind = "google_alerts"
    searches = False
    coverage = Coverage(
        platforms=(
            "Blogs and websites",
            "News",
            "Netmums, Mumsnet, The Student Room",
            "Reviews and petitions",
            "X (Twitter)",
            "Reddit",
            "Threads",
        ),
        sees="what Google newly finds: title, address, a few words",
        misses="what Google has not indexed, the page beyond those words",
        delay="hours to days until Google has found a page, then the interval",
    )
    key = KEY
    Options: type[BaseModel] = GoogleAlertsOptions

    async def poll(
        self,
        query: Query,
        cursor: Cursor,
        *,
        options: GoogleAlertsOptions,
        fetch: Fetcher,
        now: datetime,
    ) -> Batch:
        """The feeds of the secret, parted by spaces; the cursor knows them by a digest."""
        addresses = key_of(query, KEY).split()
        feeds = {hashlib.sha256(one.encode()).hexdigest()[:16]: one for one in addresses}
        return await poll_feeds(feeds, cursor, fetch=fetch, now=now, kind="page")


CONNECTOR = GoogleAlerts()
