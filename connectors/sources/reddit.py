"""Reddit: public posts that name us, by its search and an application that Reddit has approved."""

from __future__ import annotations

import asyncio
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Annotated
from urllib.parse import urlencode

from pydantic import BaseModel, ConfigDict, Field

from connectors.errors import AuthLost, Blocked
from connectors.feeds import Address, read
from connectors.fetch.client import Fetcher, Response
from connectors.keys import key_of, secret
from connectors.parse.child import Limits, parse
from connectors.parse.items import Feed
from connectors.parse.reddit import parse_posts, parse_token
from connectors.posts import Found, ask_in_turn, each, posted
from connectors.queries import bundled
from connectors.types import Batch, Coverage, Cursor, Query, Terms

PLATFORM = "reddit"
KEY = "reddit_secret"
LONGEST_QUERY = 500
"""Characters; 512 are taken."""
PAGE = 100
PAGES = 3
FIRST_LOOK = timedelta(days=7)
OVERLAP = timedelta(hours=1)
"""Read again each time: posts come into the search late."""
Name = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,60}$")]


class RedditOptions(BaseModel):
    """`client_id` of the Trust's own application and the `account` it belongs to, which Reddit
    wants to be told with every question. `kept_hours`: Reddit asks to drop what was deleted
    there, which is not looked at again, so that nothing is kept for longer."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    client_id: Name
    account: Name
    kept_hours: Annotated[int, Field(ge=1, le=24 * 30)] = 48
    sign_in: Address = "https://www.reddit.com/api/v1/access_token"
    address: Address = "https://oauth.reddit.com"

    @property
    def agent(self) -> str:
        return f"linux:trust-monitor:v1 (by /u/{self.account})"


class Reddit:
    """Tokens last a day and are kept in memory alone."""

    kind = "reddit"
    searches = True
    coverage = Coverage(
        platforms=("Reddit",),
        sees="posts whose title or text names you",
        misses="comments, communities for members, what its author deleted",
        delay="minutes until a post comes into the search, then the interval",
    )
    key = KEY
    terms = Terms(
        say="Reddit lets only approved applications read it, and wants a contract for what it "
        "thinks commercial; what was deleted there must be dropped.",
        risk="It may withdraw the approval, or refuse your server, at any time.",
    )
    Options: type[BaseModel] = RedditOptions

    def __init__(self) -> None:
        self._tokens: dict[tuple[str, str], str] = {}

    def asks(self, terms: Sequence[str], options: RedditOptions) -> tuple[str, ...]:
        """Several terms to a search."""
        return bundled(terms, longest=LONGEST_QUERY)

    async def poll(
        self,
        query: Query,
        cursor: Cursor,
        *,
        options: RedditOptions,
        fetch: Fetcher,
        now: datetime,
    ) -> Batch:
        """Several terms to a search, the newest posts first."""
        app = _App(options, fetch, self._tokens, key_of(query, KEY))
        await app.sign_in()
        search = _Search(app, now)
        questions = each(self.asks(query.terms, options), of=options.address, ask=search.posts)
        return await ask_in_turn(questions, cursor)


@dataclass(slots=True)
class _App:
    """The application during one poll."""

    options: RedditOptions
    fetch: Fetcher
    tokens: dict[tuple[str, str], str]
    password: str = field(repr=False)
    is_fresh: bool = False
    """Whether this poll has signed in; it does so once at most."""

    @property
    def _name(self) -> tuple[str, str]:
        return self.options.sign_in, self.options.client_id

    async def sign_in(self) -> None:
        """A token, where there is none yet. Raises ConnectorError."""
        if self._name in self.tokens:
            return
        both = f"{self.options.client_id}:{self.password}".encode()
        key = {"Authorization": f"Basic {b64encode(both).decode()}"}
        form = {"grant_type": "client_credentials"}
        try:
            answer = await self.fetch.post_form(self.options.sign_in, form, self._told(key))
        except AuthLost:
            raise AuthLost(
                "Reddit does not take the application: look whether it is approved and "
                f"`client_id` is right, or set {secret(KEY)} anew."
            ) from None
        limits = Limits.of(self.fetch.settings)
        self.tokens[self._name] = await asyncio.to_thread(
            parse, parse_token, answer.body, limits=limits
        )
        self.is_fresh = True

    async def get(self, path: str) -> Response:
        """As the application; a token that has run out is renewed once. Raises ConnectorError."""
        try:
            return await self._get(path)
        except AuthLost:
            self.tokens.pop(self._name, None)
            if self.is_fresh:
                raise
        await self.sign_in()
        return await self._get(path)

    async def _get(self, path: str) -> Response:
        bearer = {"Authorization": f"Bearer {self.tokens[self._name]}"}
        try:
            return await self.fetch.ask(f"{self.options.address}{path}", self._told(bearer))
        except Blocked:
            raise Blocked(
                "Reddit refuses this server or application (403): ask Reddit, and do not evade."
            ) from None

    def _told(self, key: dict[str, str]) -> dict[str, str]:
        return {"User-Agent": self.options.agent, **key}


@dataclass(frozen=True, slots=True)
class _Search:
    app: _App
    now: datetime

    async def posts(self, asked: str, mark: str | None) -> Found:
        """The posts from the newest back to `mark`, the time up to which they were read before.
        Raises ConnectorError."""
        since = datetime.fromisoformat(mark) - OVERLAP if mark else self.now - FIRST_LOOK
        pages = [await self._page(asked)]
        while len(pages) < PAGES and self._goes_on(pages[-1], since):
            pages.append(await self._page(asked, pages[-1].next))
        items = [item for page in pages for item in page.items]
        times = [item.published_at for item in items if item.published_at]
        expires_at = self.now + timedelta(hours=self.app.options.kept_hours)
        told = (posted(item, platform=PLATFORM, now=self.now) for item in items)
        return Found(
            mentions=tuple(
                replace(one, expires_at=expires_at) for one in told if one.published_at >= since
            ),
            mark=min(max(times), self.now).isoformat() if times else mark,
            trouble=max((page.partial for page in pages), key=len),
            possible_gap=mark is not None and self._goes_on(pages[-1], since),
        )

    def _goes_on(self, page: Feed, since: datetime) -> bool:
        """Whether what follows a page may be new."""
        times = [item.published_at for item in page.items if item.published_at]
        return bool(page.next) and (not times or min(times) >= since)

    async def _page(self, asked: str, after: str = "") -> Feed:
        terms = {
            "q": asked,
            "sort": "new",
            "t": "month",
            "type": "link",
            "limit": str(PAGE),
            "raw_json": "1",
            "after": after,
        }
        query = urlencode({name: value for name, value in terms.items() if value})
        return await read(await self.app.get(f"/search?{query}"), parse_posts, self.app.fetch)


CONNECTOR = Reddit()
