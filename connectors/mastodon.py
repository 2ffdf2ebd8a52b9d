"""Servers of Mastodon and its like, as every source asks them: hashtags and how posts stand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import quote, urlencode, urlsplit

from pydantic import SecretStr

from connectors.conversations import conversed, told_around
from connectors.errors import AuthLost, Blocked, ConnectorError, Forbidden, Gone
from connectors.feeds import read
from connectors.fetch.client import Fetcher
from connectors.keys import secret
from connectors.parse.items import Feed, Item
from connectors.parse.mastodon import (
    parse_access,
    parse_context,
    parse_search,
    parse_status,
    parse_statuses,
)
from connectors.posts import ACCEPT, Found, posted
from connectors.types import Conversation, Mention, Standing

PLATFORM = "mastodon"
TOKENS = "mastodon_tokens"
PAGE = 40
"""The most posts that a server gives at once."""
PAGES = 5
"""Read of one hashtag at once; more than that between two polls is told as a gap."""
FIRST_LOOK = timedelta(days=7)
OVERLAP = timedelta(hours=1)
"""Read again each time: a post from another server may arrive late and is sorted in by its date."""


async def standing(posts: Sequence[Mention], fetch: Fetcher) -> Standing:
    """Each is asked of the server it was written on; one that is silent is asked another time."""
    found: dict[str, str | None] = {}
    for one in posts:
        if address := _origin(one.external_id):
            try:
                answer = await fetch.get(address, accept=ACCEPT)
                items = (await read(answer, parse_status, fetch)).items
            except Gone:
                found[one.external_id] = None
            except ConnectorError:
                continue
            else:  # one that is no longer public is gone for us
                found[one.external_id] = items[0].text if items and items[0].id else None
    return found


async def conversation(post: Mention, fetch: Fetcher, now: datetime) -> Conversation:
    """Asked of the server it was written on. Raises ConnectorError."""
    address = _origin(post.external_id)
    if not address:
        raise Forbidden("The post stands on a server that tells of conversations in no known way.")
    answer = await fetch.get(f"{address}/context", accept=ACCEPT)
    around = await told_around(answer, parse_context, fetch)
    return conversed(around, lambda one: posted(one, platform=PLATFORM, now=now))


def _origin(uri: str) -> str:
    """Where the server that a post was written on tells of it; empty for other software's."""
    server, mark, number = uri.partition("/statuses/")
    parts = urlsplit(server)
    known = mark and number.isalnum() and parts.path.startswith("/users/")
    return f"{parts.scheme}://{parts.netloc}/api/v1/statuses/{number}" if known else ""


def servers(
    addresses: Sequence[str], given: SecretStr | None, fetch: Fetcher, now: datetime
) -> list[Server]:
    """Those at the addresses, with the tokens that the secret has for them; it may have others
    for other sources. Raises AuthLost when it has some, and none for any of these."""
    keys = _tokens(given)
    found = [
        Server(address.rstrip("/"), fetch, now, keys.get(urlsplit(address).netloc))
        for address in addresses
    ]
    if keys and not any(server.token for server in found):
        where = ", ".join(sorted(keys))
        raise AuthLost(f"{secret(TOKENS)} names {where}, which is not among the servers.")
    return found


def _tokens(given: SecretStr | None) -> dict[str, str]:
    """The secret's "host=token" parts. Raises AuthLost."""
    found: dict[str, str] = {}
    for part in given.get_secret_value().split() if given else ():
        host, mark, token = part.partition("=")
        if not (host and mark and token):
            raise AuthLost(f"{secret(TOKENS)} wants host=token, parted by spaces.")
        found[host] = token
    return found


@dataclass(slots=True)
class Server:
    """One server during one poll."""

    address: str
    fetch: Fetcher
    now: datetime
    token: str | None = field(default=None, repr=False)
    believed: bool = False
    """Whether nothing under a hashtag means nothing."""
    numbers: dict[str, str] = field(default_factory=dict)
    """Of posts that were read: the server's own number of each, and its one address."""
    host: str = field(init=False)

    def __post_init__(self) -> None:
        self.host = urlsplit(self.address).netloc

    async def answers(self, asked: str, mark: str | None) -> Found:
        """What a hashtag or a phrase finds. Raises ConnectorError."""
        if asked.startswith("#"):
            return await self.tagged(asked.removeprefix("#"), mark)
        return await self.naming(asked, mark)

    async def naming(self, asked: str, mark: str | None) -> Found:
        """The posts with a phrase since `mark`, the time up to which they were read before. Their
        order is not promised, so pages are read until one is not full. Raises ConnectorError."""
        since = datetime.fromisoformat(mark) if mark else self.now - FIRST_LOOK
        items: list[Item] = []
        more = True
        for number in range(PAGES):
            page = await self._search(asked, since, number * PAGE)
            items += page.items
            more = len(page.items) >= PAGE
            if not more:
                break
        fresh = {item.id: item for item in items if item.id}
        return Found(
            mentions=tuple(posted(one, platform=PLATFORM, now=self.now) for one in fresh.values()),
            mark=(self.now - OVERLAP).isoformat(),
            possible_gap=more and mark is not None,
        )

    async def _search(self, asked: str, since: datetime, offset: int) -> Feed:
        day = (since - timedelta(days=1)).strftime("%Y-%m-%d")  # "after" leaves out its own day
        terms = {
            "q": f"{asked} in:public after:{day}",
            "type": "statuses",
            "limit": str(PAGE),
            "offset": str(offset),
        }
        bearer = {"Authorization": f"Bearer {self.token}"}
        try:
            answer = await self.fetch.ask(
                f"{self.address}/api/v2/search?{urlencode(terms)}", bearer
            )
        except AuthLost:
            raise AuthLost(
                f"{self.host} does not take the token: make a new one there (Preferences, "
                f"Development, read:search) and set {secret(TOKENS)} anew."
            ) from None
        return await read(answer, parse_search, self.fetch)

    async def tagged(self, tag: str, since: str | None) -> Found:
        """The posts with a hashtag, from the newest back to `since`, the server's id of one
        that was read before, empty when none is old enough; one page at the first look. Ids are
        compared with nothing: some servers' are no numbers. Raises ConnectorError."""
        path = f"/api/v1/timelines/tag/{quote(tag, safe='')}"
        items: list[Item] = []
        troubles: list[str] = []
        more = True
        for _ in range(1 if since is None else PAGES):
            asked = {"limit": str(PAGE), "since_id": since, "max_id": _last(items)}
            page, continues = await self._page(path, asked)
            troubles.append(page.partial)
            known = {item.position for item in items}
            fresh = [item for item in page.items if item.position not in known]
            items += fresh
            more = bool(fresh) and continues
            if not more:
                break
        posts = [item for item in items if item.id]
        self.numbers |= {item.position: item.id for item in posts}
        return Found(
            mentions=tuple(posted(one, platform=PLATFORM, now=self.now) for one in posts),
            mark=self._settled(items) or since or "",
            trouble=max(troubles, key=len),
            possible_gap=more and since is not None,
        )

    async def _page(self, path: str, asked: dict[str, str | None]) -> tuple[Feed, bool]:
        """One page, and whether there may be another. Raises ConnectorError."""
        query = urlencode({name: value for name, value in asked.items() if value})
        try:
            answer = await self.fetch.get(f"{self.address}{path}?{query}", accept=ACCEPT)
            page = await read(answer, parse_statuses, self.fetch)
        except AuthLost:
            reason = "The server shows hashtags to people with an account only (401)."
            raise Blocked(reason) from None
        except Gone:  # how some servers say that nobody used the hashtag yet
            await self._believe(may_be_missing=False)
            return Feed(items=()), False
        if not page.items:
            await self._believe(may_be_missing=True)
        return page, answer.continues or len(page.items) >= PAGE

    async def _believe(self, *, may_be_missing: bool) -> None:
        """An empty timeline may mean that the server shows hashtags to nobody, so it is asked;
        not all servers tell of themselves. Raises ConnectorError."""
        if self.believed:
            return
        try:
            answer = await self.fetch.get(f"{self.address}/api/v2/instance", accept=ACCEPT)
            access = await read(answer, parse_access, self.fetch)
        except Gone:
            if not may_be_missing:
                raise
        else:
            if access.partial:
                raise Blocked(access.partial)
        self.believed = True

    def _settled(self, items: list[Item]) -> str | None:
        """The newest post before which none can be late any more."""
        before = self.now - OVERLAP
        old = (item for item in items if item.published_at and item.published_at <= before)
        return next((item.position for item in old), None)


def _last(items: list[Item]) -> str | None:
    return items[-1].position if items else None
