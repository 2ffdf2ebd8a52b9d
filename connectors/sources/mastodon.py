"""Mastodon and servers like it: the public posts that carry a hashtag, server by server, and those
that name us where the Trust has an account."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from connectors.feeds import Address
from connectors.fetch.client import Fetcher
from connectors.mastodon import TOKENS, conversation, servers, standing
from connectors.posts import Question, ask_in_turn
from connectors.queries import hashtags, phrase
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


class MastodonOptions(BaseModel):
    """`servers` are asked one after the other, each for every hashtag."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    servers: Annotated[tuple[Address, ...], Field(min_length=1, max_length=20)]


class Mastodon:
    kind = "mastodon"
    searches = True
    coverage = Coverage(
        platforms=("Mastodon",),
        sees="public posts that carry a hashtag made of your names; with an account's token, those "
        "that name you and whose authors let themselves be found",
        misses="what is for followers only; without a token posts without the hashtag",
        delay="the interval; with more questions than one poll can ask, the rest comes with the "
        "next",
    )
    further_key = TOKENS
    rechecks = Rechecks(every=timedelta(days=1), most=10)
    Options: type[BaseModel] = MastodonOptions

    def asks(self, terms: Sequence[str], options: MastodonOptions) -> tuple[str, ...]:
        """Each hashtag by itself: a server that does not know the first of several answers with
        nothing at all. The phrases are asked where there is a token."""
        return tuple(f"#{tag}" for tag in hashtags(terms)) + tuple(
            dict.fromkeys(map(phrase, terms))
        )

    async def poll(
        self,
        query: Query,
        cursor: Cursor,
        *,
        options: MastodonOptions,
        fetch: Fetcher,
        now: datetime,
    ) -> Batch:
        """Every hashtag at every server, and every phrase where we have an account."""
        asked_of = servers(options.servers, query.secret, fetch, now)
        questions = [
            Question(
                key=f"{server.host}{asked}", host=server.host, ask=partial(server.answers, asked)
            )
            for asked in self.asks(query.terms, options)
            for server in asked_of
            if asked.startswith("#") or server.token
        ]
        return await ask_in_turn(questions, cursor)

    async def standing(
        self,
        posts: Sequence[Mention],
        query: Query,
        *,
        options: MastodonOptions,
        fetch: Fetcher,
        now: datetime,
    ) -> Standing:
        return await standing(posts, fetch)

    async def conversation(
        self,
        post: Mention,
        query: Query,
        *,
        options: MastodonOptions,
        fetch: Fetcher,
        now: datetime,
    ) -> Conversation:
        """What it answers, and what answers it. Raises ConnectorError."""
        return await conversation(post, fetch, now)


CONNECTOR = Mastodon()
