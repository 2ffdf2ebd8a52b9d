"""LinkedIn: comments on a page of one's own, and posts that mention it or share from it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from typing import Annotated
from urllib.parse import quote, urlsplit

from pydantic import BaseModel, ConfigDict, Field

from connectors.errors import AuthLost, Blocked, ConnectorError, Gone, Throttled
from connectors.feeds import Address, read
from connectors.fetch.client import Fetcher, Response
from connectors.keys import key_of, reason, secret, until_midnight
from connectors.parse.child import Limits, parse
from connectors.parse.items import Feed, Item
from connectors.parse.linkedin import parse_name, parse_notifications, parse_refusal, parse_words
from connectors.posts import POLL, Found, Question, ask_in_turn, posted
from connectors.types import Batch, Coverage, Cursor, Mention, Query

PLATFORM = "linkedin"
KEY = "linkedin_token"
ACTIONS = "COMMENT,SHARE,SHARE_MENTION"
PAGE = 50
PAGES = 3
OPENED = 6
"""Whose words are asked for at one poll; the others come with the next."""
FIRST_LOOK = timedelta(days=14)
OVERLAP = timedelta(hours=1)
KEPT = timedelta(hours=48)
"""What members wrote may be kept for so long (data storage requirements)."""


class LinkedInOptions(BaseModel):
    """`organization` is the number of the page, `version` the interface's of a year and month;
    each is answered for about a year."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    organization: Annotated[str, Field(pattern=r"^[0-9]{1,20}$")]
    version: Annotated[str, Field(pattern=r"^20[0-9]{4}$")] = "202607"
    address: Address = "https://api.linkedin.com/rest"


class LinkedIn:
    kind = "linkedin"
    searches = False
    coverage = Coverage(
        platforms=("LinkedIn",),
        sees="comments on it, posts that mention it or share from it",
        misses="posts that name you without mentioning the page, profiles, groups",
        delay="the interval",
    )
    key = KEY
    Options: type[BaseModel] = LinkedInOptions

    async def poll(
        self,
        query: Query,
        cursor: Cursor,
        *,
        options: LinkedInOptions,
        fetch: Fetcher,
        now: datetime,
    ) -> Batch:
        """What the page was notified of; posts cannot be searched."""
        reader = _Reader(options, fetch, now, frozenset(cursor.seen), key_of(query, KEY))
        host = urlsplit(options.address).netloc
        question = Question(key=options.organization, host=host, ask=reader.notified)
        return await ask_in_turn([question], cursor, patience=POLL)


@dataclass(frozen=True, slots=True)
class _Reader:
    options: LinkedInOptions
    fetch: Fetcher
    now: datetime
    seen: frozenset[str]
    token: str = field(repr=False)

    @property
    def _own(self) -> str:
        return f"urn:li:organization:{self.options.organization}"

    async def notified(self, mark: str | None) -> Found:
        """What is new since `mark`, the time up to which everything was opened. Raises
        ConnectorError."""
        before = datetime.fromisoformat(mark) if mark else self.now - FIRST_LOOK
        pages = [await self._page(before - OVERLAP, 0)]
        while pages[-1].next and len(pages) < PAGES:
            pages.append(await self._page(before - OVERLAP, len(pages) * PAGE))
        items = {item.id: item for page in pages for item in page.items}
        reached = self._reached(list(items.values()), before)
        name = await self._name() if reached else ""
        whole = [await self._with_words(item) for item in reached]
        return Found(
            mentions=tuple(self._told(one, name) for one in whole if one.text),
            mark=max([before, *map(self._at, reached)]).isoformat(),
            trouble=max((page.partial for page in pages), key=len),
            possible_gap=mark is not None and bool(pages[-1].next),
        )

    def _reached(self, items: list[Item], before: datetime) -> list[Item]:
        """Those by others that were not told yet, the oldest first and late ones after them,
        until too many would have to be opened."""
        fresh = [one for one in items if one.id not in self.seen and one.handle != self._own]
        fresh.sort(key=lambda one: (self._at(one) <= before, self._at(one)))
        opened = accumulate(not one.text for one in fresh)
        return [one for one, count in zip(fresh, opened, strict=True) if count <= OPENED]

    def _told(self, item: Item, name: str) -> Mention:
        """Below the page's name, since it seldom says where it was; without the author, of
        whom only a number is known."""
        whole = replace(item, handle="", title=name)
        plain = posted(whole, platform=PLATFORM, now=self.now)
        return replace(plain, expires_at=self.now + KEPT)

    def _at(self, item: Item) -> datetime:
        return min(item.published_at or self.now, self.now)

    async def _with_words(self, item: Item) -> Item:
        """What was deleted meanwhile has none."""
        if item.text:
            return item
        try:
            return replace(item, text=await self._read(item.position, parse_words))
        except Gone:
            return item

    async def _name(self) -> str:
        return await self._read(f"organizations/{self.options.organization}", parse_name)

    async def _read(self, path: str, parser: Callable[[bytes], str]) -> str:
        answer = await self._get(path)
        limits = Limits.of(self.fetch.settings)
        return await asyncio.to_thread(parse, parser, answer.body, limits=limits)

    async def _page(self, since: datetime, start: int) -> Feed:
        """The address is put together by hand: LinkedIn wants the brackets as they are."""
        window = f"(start:{_milliseconds(since)},end:{_milliseconds(self.now)})"
        path = (
            f"organizationalEntityNotifications?q=criteria&actions=List({ACTIONS})"
            f"&organizationalEntity={quote(self._own, safe='')}&timeRange={window}"
            f"&start={start}&count={PAGE}"
        )
        return await read(await self._get(path), parse_notifications, self.fetch)

    async def _get(self, path: str) -> Response:
        headers = {
            "Authorization": f"Bearer {self.token}",
            "LinkedIn-Version": self.options.version,
            "X-Restli-Protocol-Version": "2.0.0",
        }
        try:
            return await self.fetch.ask(f"{self.options.address}/{path}", headers)
        except ConnectorError as refusal:
            raise await self._meant(refusal) from None

    async def _meant(self, refusal: ConnectorError) -> ConnectorError:
        said = await reason(refusal, parse_refusal, self.fetch) or ""
        if "VERSION" in said:
            return Gone(
                f"LinkedIn no longer answers as of {self.options.version}: set a newer `version`."
            )
        if isinstance(refusal, AuthLost):
            return AuthLost(f"The token has run out (401): set the secret {secret(KEY)} anew.")
        if isinstance(refusal, Blocked):
            return AuthLost(
                "The token may not read the page (403): its member must be an administrator "
                f"there, and the application approved; then set {secret(KEY)} anew."
            )
        if isinstance(refusal, Throttled):
            wait = refusal.retry_after or until_midnight(self.now, UTC)
            return Throttled("The day's allowance is used up.", retry_after=wait)
        return refusal


def _milliseconds(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)


CONNECTOR = LinkedIn()
