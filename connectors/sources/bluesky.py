"""Bluesky: public posts that name us, searched with an account of the Trust's own.

The search is made for a person's questions, not for collecting everything: few terms, seldom.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Annotated
from urllib.parse import urlencode, urlsplit

from pydantic import BaseModel, ConfigDict, Field, SecretStr

from connectors.conversations import conversed, told_around
from connectors.errors import AuthLost, Malformed
from connectors.feeds import Address, read
from connectors.fetch.client import Fetcher, Response
from connectors.keys import key_of
from connectors.parse.bluesky import parse_posts, parse_session, parse_thread
from connectors.parse.child import Limits, parse
from connectors.parse.items import Feed
from connectors.parse.values import moment
from connectors.posts import Found, ask_in_turn, each, posted
from connectors.queries import phrase
from connectors.types import (
    Batch,
    Conversation,
    Coverage,
    Cursor,
    Mention,
    Query,
    Rechecks,
    Standing,
)

PLATFORM = "bluesky"
THREAD = "/xrpc/app.bsky.feed.getPostThread"
PAGE = 100
PAGES = 3
"""Read of one term at once; more come with the next poll, which is told as a gap."""
FIRST_LOOK = timedelta(days=7)
OVERLAP = timedelta(minutes=10)
"""Read again each time: posts are indexed a little late."""


class BlueskyOptions(BaseModel):
    """`handle` of the Trust's own account; its app password is the secret `bluesky_password`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    handle: Annotated[str, Field(pattern=r"^[A-Za-z0-9.:-]+$", min_length=3, max_length=253)]
    address: Address = "https://bsky.social"


@dataclass(frozen=True, slots=True)
class _Session:
    server: str
    token: str = field(repr=False)


class Bluesky:
    """Sessions last hours and are kept in memory alone: there are few sign-ins a day to have."""

    kind = "bluesky"
    searches = True
    coverage = Coverage(
        platforms=("Bluesky",),
        sees="public posts that name you, replies, descriptions of pictures",
        misses="people who want to be seen by the signed-in only; whatever is not public",
        delay="the interval",
    )
    key = "bluesky_password"
    rechecks = Rechecks(every=timedelta(days=1), most=25)
    Options: type[BaseModel] = BlueskyOptions

    def __init__(self) -> None:
        self._sessions: dict[tuple[str, str], _Session] = {}

    def asks(self, terms: Sequence[str], options: BlueskyOptions) -> tuple[str, ...]:
        """Each term as a phrase."""
        return tuple(dict.fromkeys(map(phrase, terms)))

    async def poll(
        self,
        query: Query,
        cursor: Cursor,
        *,
        options: BlueskyOptions,
        fetch: Fetcher,
        now: datetime,
    ) -> Batch:
        """Each term by itself, as a phrase."""
        if query.secret is None:
            raise AuthLost(
                "Its app password is missing: set the secret TRUST_MONITOR_SECRET_BLUESKY_PASSWORD."
            )
        account = _Account(options, query.secret, fetch, self._sessions)
        await account.sign_in()
        search = _Search(account, fetch, now)
        questions = each(self.asks(query.terms, options), of=options.address, ask=search.posts)
        return await ask_in_turn(questions, cursor)

    async def standing(
        self,
        posts: Sequence[Mention],
        query: Query,
        *,
        options: BlueskyOptions,
        fetch: Fetcher,
        now: datetime,
    ) -> Standing:
        """What is missing of the answer was deleted. Raises ConnectorError."""
        if query.secret is None:
            return {}
        account = _Account(options, query.secret, fetch, self._sessions)
        await account.sign_in()
        uris = {one.external_id.removeprefix(f"{PLATFORM}:"): one.external_id for one in posts}
        path = f"/xrpc/app.bsky.feed.getPosts?{urlencode({'uris': list(uris)}, doseq=True)}"
        page = await read(await account.get(path), parse_posts, fetch)
        if page.partial:
            return {}
        there = {item.id: item.text for item in page.items if item.id}
        return {whole: there.get(uri) for uri, whole in uris.items()}

    async def conversation(
        self, post: Mention, query: Query, *, options: BlueskyOptions, fetch: Fetcher, now: datetime
    ) -> Conversation:
        """What it answers, and what answers it. Raises ConnectorError."""
        account = _Account(options, SecretStr(key_of(query, self.key)), fetch, self._sessions)
        await account.sign_in()
        uri = post.external_id.removeprefix(f"{PLATFORM}:")
        answer = await account.get(f"{THREAD}?{urlencode({'uri': uri, 'depth': 3})}")
        around = await told_around(answer, parse_thread, fetch)
        return conversed(around, lambda one: posted(one, platform=PLATFORM, now=now))


@dataclass(slots=True)
class _Account:
    """The account during one poll."""

    options: BlueskyOptions
    password: SecretStr
    fetch: Fetcher
    sessions: dict[tuple[str, str], _Session]
    is_fresh: bool = False
    """Whether this poll has signed in; it does so once at most."""

    @property
    def _name(self) -> tuple[str, str]:
        return self.options.address, self.options.handle

    async def sign_in(self) -> None:
        """A session, where there is none yet. Raises ConnectorError."""
        if self._name in self.sessions:
            return
        answer = await self.fetch.post(
            f"{self.options.address}/xrpc/com.atproto.server.createSession",
            {"identifier": self.options.handle, "password": self.password.get_secret_value()},
        )
        limits = Limits.of(self.fetch.settings)
        token, own = await asyncio.to_thread(parse, parse_session, answer.body, limits=limits)
        address = self.options.address
        is_as_safe = urlsplit(own).scheme == urlsplit(address).scheme  # no token over plain http
        self.sessions[self._name] = _Session(own if is_as_safe else address, token)
        self.is_fresh = True

    async def get(self, path: str) -> Response:
        """As the account; a session that has run out is told by 400 or 401 and renewed once.
        Raises ConnectorError."""
        try:
            return await self._get(path)
        except (AuthLost, Malformed):
            if self.is_fresh:
                raise
        self.sessions.pop(self._name, None)
        await self.sign_in()
        return await self._get(path)

    async def _get(self, path: str) -> Response:
        session = self.sessions[self._name]
        bearer = {"Authorization": f"Bearer {session.token}"}
        return await self.fetch.ask(f"{session.server}{path}", bearer)


@dataclass(frozen=True, slots=True)
class _Search:
    account: _Account
    fetch: Fetcher
    now: datetime

    async def posts(self, asked: str, mark: str | None) -> Found:
        """The posts with a phrase from the newest back to `mark`, the time up to which they
        were read before. Raises ConnectorError."""
        since = datetime.fromisoformat(mark) - OVERLAP if mark else self.now - FIRST_LOOK
        pages = [await self._page(asked, since)]
        while pages[-1].next and len(pages) < PAGES:
            pages.append(await self._page(asked, since, pages[-1].next))
        items = [item for page in pages for item in page.items]
        times = [time for item in items if (time := moment(item.position))]
        return Found(
            mentions=tuple(posted(one, platform=PLATFORM, now=self.now) for one in items if one.id),
            mark=min(max(times), self.now).isoformat() if times else mark or self.now.isoformat(),
            trouble=max((page.partial for page in pages), key=len),
            possible_gap=mark is not None and bool(pages[-1].next),
        )

    async def _page(self, asked: str, since: datetime, after: str = "") -> Feed:
        terms = {
            "q": asked,
            "sort": "latest",
            "limit": str(PAGE),
            "since": since.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "cursor": after,
        }
        query = urlencode({name: value for name, value in terms.items() if value})
        answer = await self.account.get(f"/xrpc/app.bsky.feed.searchPosts?{query}")
        return await read(answer, parse_posts, self.fetch)


CONNECTOR = Bluesky()
