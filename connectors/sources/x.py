"""X: public posts of the last days that name us, by its recent search, which is paid by the post.

What is read is counted, page by page; a month reads no more posts than the operator allows.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Annotated
from urllib.parse import urlencode

from pydantic import BaseModel, ConfigDict, Field

from connectors.errors import AuthLost, Blocked, ConnectorError, Throttled
from connectors.feeds import Address, read
from connectors.fetch.client import Fetcher
from connectors.keys import key_of, reason, secret
from connectors.parse.items import Feed
from connectors.parse.x import parse_posts, parse_problem
from connectors.posts import Found, ask_in_turn, each, posted
from connectors.queries import bundled
from connectors.types import Batch, Coverage, Cursor, Query, Terms

PLATFORM = "x"
KEY = "x_token"
LONGEST_QUERY = 512
PAGE, SMALLEST_PAGE = 100, 10
PAGES = 3
FIRST_LOOK = timedelta(days=1)
FURTHEST_BACK = timedelta(days=6, hours=23)
"""It searches the last seven days."""
KEPT = timedelta(days=30)
"""What was deleted there is to be dropped, and is not looked at again."""
FIELDS = "created_at,lang,referenced_tweets,note_tweet"


class XOptions(BaseModel):
    """`posts_per_month` is the most that is ever read (UTC months); `price` is that of one in
    dollars. `language` may be empty for all."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    posts_per_month: Annotated[int, Field(ge=SMALLEST_PAGE, le=1_000_000)]
    price: Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)] = 0.005
    language: Annotated[str, Field(pattern=r"^([a-z]{2})?$")] = "en"
    address: Address = "https://api.x.com/2"

    @property
    def cost(self) -> str:
        """The most that a month may cost, in words."""
        most = self.posts_per_month * self.price
        return f"at most ${most:,.2f} a month ({self.posts_per_month:,} posts at ${self.price:g})"


class X:
    """`_read` are the posts of each month by question, for the polls that did not come to keep
    their count."""

    kind = "x"
    searches = True
    coverage = Coverage(
        platforms=("X (Twitter)",),
        sees="public posts of the last days that name you, replies",
        misses="who wrote them (that costs extra), reposts, older posts, protected accounts",
        delay="the interval",
    )
    key = KEY
    terms = Terms(
        say="X forbids surveillance, profiling and the tracking of people by what it gives, and "
        "every post that is read is paid for.",
        risk="It may end the contract; the cost is limited by `posts_per_month`.",
    )
    Options: type[BaseModel] = XOptions

    def __init__(self) -> None:
        self._read: dict[tuple[XOptions, tuple[str, ...], str], int] = {}

    def asks(self, terms: Sequence[str], options: XOptions) -> tuple[str, ...]:
        """Several terms to a search, without reposts."""
        language = f" lang:{options.language}" if options.language else ""
        around = f"{{}} -is:retweet{language}"
        return bundled(terms, longest=LONGEST_QUERY, around=around)

    async def poll(
        self,
        query: Query,
        cursor: Cursor,
        *,
        options: XOptions,
        fetch: Fetcher,
        now: datetime,
    ) -> Batch:
        """Several terms to a search, the newest posts first, while the month's posts last."""
        token = key_of(query, KEY)
        month = now.astimezone(UTC).strftime("%Y-%m")
        name = (options, query.terms, month)
        kept = _Kept.of(cursor, month)
        self._read[name] = max(self._read.get(name, 0), kept.read)
        budget = _Budget(self._read, name, now)
        search = _Search(options.address, fetch, now, budget, token)
        questions = each(self.asks(query.terms, options), of=options.address, ask=search.posts)
        batch = await ask_in_turn(questions, replace(cursor, high_water=kept.turn))
        state = {"month": month, "read": budget.read, "turn": batch.cursor.high_water}
        left = max(options.posts_per_month - budget.read, 0)
        return replace(
            batch,
            cursor=replace(batch.cursor, high_water=json.dumps(state)),
            allowance=f"{left} of {options.posts_per_month} posts left this month",
        )


@dataclass(frozen=True, slots=True)
class _Kept:
    """What the cursor holds: the posts read this month, and where the questions go on."""

    read: int = 0
    turn: str | None = None

    @classmethod
    def of(cls, cursor: Cursor, month: str) -> _Kept:
        try:
            state = json.loads(cursor.high_water or "{}")
            read = int(state["read"]) if state["month"] == month else 0
            return cls(read, state["turn"])
        except (ValueError, LookupError, TypeError):
            return cls()


@dataclass(frozen=True, slots=True)
class _Budget:
    """What the month still has."""

    counts: dict[tuple[XOptions, tuple[str, ...], str], int]
    name: tuple[XOptions, tuple[str, ...], str]
    now: datetime

    @property
    def read(self) -> int:
        return self.counts[self.name]

    @property
    def page(self) -> int:
        """How many posts the next page may have; 0 when not even the smallest page fits."""
        left = self.name[0].posts_per_month - self.read
        return min(PAGE, left) if left >= SMALLEST_PAGE else 0

    def note(self, posts: int) -> None:
        self.counts[self.name] += posts

    def used_up(self) -> Throttled:
        most = self.name[0].posts_per_month
        wait = _next_month(self.now) - self.now
        return Throttled(
            f"The {most:,} posts of this month (posts_per_month) are read.",
            retry_after=wait.total_seconds(),
        )


def _next_month(now: datetime) -> datetime:
    first = now.astimezone(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    return (first + timedelta(days=32)).replace(day=1)


@dataclass(frozen=True, slots=True)
class _Search:
    address: str
    fetch: Fetcher
    now: datetime
    budget: _Budget
    token: str = field(repr=False)

    async def posts(self, asked: str, mark: str | None) -> Found:
        """The posts since `mark`, the number of the newest one read before and the time of that
        poll. What was read is told, though a later page failed. Raises ConnectorError."""
        pages = [await self._page(asked, mark)]
        trouble = ""
        while pages[-1].next and len(pages) < PAGES and not trouble:
            try:
                pages.append(await self._page(asked, mark, pages[-1].next))
            except ConnectorError as error:
                trouble = str(error)
        items = [item for page in pages for item in page.items]
        newest = max((int(item.id) for item in items), default=None)
        told = (posted(item, platform=PLATFORM, now=self.now) for item in items)
        return Found(
            mentions=tuple(replace(one, expires_at=self.now + KEPT) for one in told),
            mark=self._mark(newest, mark),
            trouble=trouble or max((page.partial for page in pages), key=len),
            possible_gap=bool(pages[-1].next),
        )

    def _mark(self, newest: int | None, mark: str | None) -> str | None:
        if newest is None:
            newest = int(mark.split()[0]) if mark else 0
        return f"{newest} {self.now.isoformat()}"

    async def _page(self, asked: str, mark: str | None, after: str = "") -> Feed:
        size = self.budget.page
        if not size:
            raise self.budget.used_up()
        terms = {
            "query": asked,
            "max_results": str(size),
            "tweet.fields": FIELDS,
            "next_token": after,
            **self._since(mark),
        }
        query = urlencode({name: value for name, value in terms.items() if value})
        bearer = {"Authorization": f"Bearer {self.token}"}
        try:
            answer = await self.fetch.ask(f"{self.address}/tweets/search/recent?{query}", bearer)
        except ConnectorError as refusal:
            raise await self._meant(refusal) from None
        page = await read(answer, parse_posts, self.fetch)
        self.budget.note(len(page.items))
        return page

    def _since(self, mark: str | None) -> dict[str, str]:
        """By number while the search still knows it, else by time."""
        number, _, polled = (mark or "").partition(" ")
        known = datetime.fromisoformat(polled) if polled else None
        if known and self.now - known < FURTHEST_BACK and number != "0":
            return {"since_id": number}
        since = max(known or self.now - FIRST_LOOK, self.now - FURTHEST_BACK)
        return {"start_time": since.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")}

    async def _meant(self, refusal: ConnectorError) -> ConnectorError:
        problem = await reason(refusal, parse_problem, self.fetch) or ""
        if problem == "usage-capped":
            wait = (_next_month(self.now) - self.now).total_seconds()
            return Throttled("The limit set at X itself is reached.", retry_after=wait)
        if problem in ("credits", "client-forbidden", "client-not-enrolled"):
            return Blocked(
                f"X refuses the application ({problem}): look in its developer console whether "
                "credit is left and recent search belongs to the plan."
            )
        if isinstance(refusal, AuthLost):
            return AuthLost(f"X does not take the token: set {secret(KEY)} anew.")
        return refusal


CONNECTOR = X()
