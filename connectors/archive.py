"""The Internet Archive: what it has of a page, and asking it to save one (Wayback CDX server,
Save Page Now 2).

Whoever asks tells it the address. What it saves is public for good, so that is asked for one page
at a time, by a person, and never of posts that could single somebody out (`monitor.outside`).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlencode

from pydantic import SecretStr

from connectors.errors import Malformed, Throttled
from connectors.feeds import read
from connectors.fetch.client import Fetcher, Response
from connectors.keys import key_of
from connectors.parse.archive import parse_captures, parse_job
from connectors.parse.items import Item
from connectors.posts import ACCEPT
from connectors.types import Query, Terms

ARCHIVE = "https://web.archive.org"
KEY = "archive_keys"
"""The account's two keys, joined with a colon."""
MOST = 50
TERMS = Terms(
    say="Save Page Now makes a copy that everybody can read, for good, under the Trust's account.",
    risk="It cannot be taken back by us, and the post's author may be named in it.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Saved:
    """A copy of a page: when it was made, where it can be read, and the status that the page was
    answered with; empty where the archive does not say."""

    at: datetime
    url: str
    status: str = ""


@dataclass(frozen=True, slots=True)
class Archive:
    fetch: Fetcher
    keys: SecretStr | None = field(default=None, repr=False)
    address: str = ARCHIVE

    async def captures(self, url: str) -> tuple[Saved, ...]:
        """The newest copies of a page, one for each that differs, newest first. Raises
        ConnectorError."""
        asked = {
            "url": url, "output": "json", "collapse": "digest", "limit": str(-MOST),
            "fl": "timestamp,original,statuscode",
        }  # fmt: skip
        answer = await self.fetch.get(
            f"{self.address}/cdx/search/cdx?{urlencode(asked)}", accept=ACCEPT
        )
        found = await read(answer, parse_captures, self.fetch)
        saved = (self._saved(item) for item in found.items)
        return tuple(sorted(saved, key=lambda one: one.at, reverse=True))

    def _saved(self, item: Item) -> Saved:
        at = item.published_at
        if at is None:
            raise Malformed
        return Saved(at=at, url=f"{self.address}/web/{item.id}/{item.url}", status=item.text)

    async def save(self, url: str) -> str:
        """Ask for a copy; the number of the job. Raises ConnectorError."""
        form = {"url": url, "if_not_archived_within": "1d", "skip_first_archive": "1"}
        answer = await self.fetch.post_form(f"{self.address}/save", form, self._authorised())
        return (await self._job(answer)).position

    async def saved(self, job: str) -> Saved | None:
        """The copy that a job made; None while it is at work. Raises ConnectorError, with the
        archive's own reason where it could not save the page."""
        answer = await self.fetch.ask(f"{self.address}/save/status/{job}", self._authorised())
        item = await self._job(answer)
        return self._saved(item) if item.published_at else None

    async def _job(self, answer: Response) -> Item:
        told = await read(answer, parse_job, self.fetch)
        if told.partial:
            error = Throttled if "too-many" in told.partial else Malformed
            raise error(f"The archive could not save the page ({told.partial}).")
        return told.items[0]

    def _authorised(self) -> dict[str, str]:
        return {"Authorization": f"LOW {key_of(Query(secret=self.keys), KEY)}"}
