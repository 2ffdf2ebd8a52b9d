"""YouTube: comments on the videos of one's own channels, or on others' videos that name us."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from connectors.feeds import Address
from connectors.fetch.client import Fetcher
from connectors.keys import key_of
from connectors.parse.items import Feed, Item
from connectors.parse.youtube import parse_comments, parse_replies, parse_videos
from connectors.posts import POLL, Found, Question, ask_in_turn, each
from connectors.queries import bundled
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
from connectors.youtube import KEY, LONGEST_QUERY, DataApi

PAGE = 100
PAGES = 3
LISTED = 50
WATCHED = 5
"""Of the videos that a search finds, the newest."""
FIRST_LOOK = timedelta(days=14)
"""How far back comments are read at first, and how old a video of others' may be."""
OVERLAP = timedelta(days=1)
"""Looked at again each time: comments held for review are shown later."""
DISABLED = "commentsDisabled"
TAKEN_DOWN = "videoNotFound"
Channel = Annotated[str, Field(pattern=r"^UC[A-Za-z0-9_-]{1,40}$")]


class YouTubeCommentsOptions(BaseModel):
    """`channels` are one's own. Without any, others' videos are searched for, and `searches` at
    one poll times the polls of a day come out of the same 100 as those of `youtube`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    address: Address = "https://www.googleapis.com/youtube/v3"
    channels: Annotated[tuple[Channel, ...], Field(max_length=50)] = ()
    region: Annotated[str, Field(pattern=r"^[A-Z]{2}$")] = "GB"
    searches: Annotated[int, Field(ge=1, le=100)] = 1


class YouTubeComments:
    kind = "youtube_comments"
    searches = True
    coverage = Coverage(
        platforms=("YouTube",),
        sees="comments and the first replies, below the video's title",
        misses="replies after the fifth, late replies to old comments, live chat",
        delay="the interval",
    )
    key = KEY
    rechecks = Rechecks(every=timedelta(days=7), most=50, strict=True)
    Options: type[BaseModel] = YouTubeCommentsOptions

    def asks(self, terms: Sequence[str], options: YouTubeCommentsOptions) -> tuple[str, ...]:
        """Of videos that name us; nothing of channels of our own."""
        if options.channels:
            return ()
        return bundled(terms, longest=LONGEST_QUERY, either="|")

    async def poll(
        self,
        query: Query,
        cursor: Cursor,
        *,
        options: YouTubeCommentsOptions,
        fetch: Fetcher,
        now: datetime,
    ) -> Batch:
        """Each channel by itself, or so many searches in turn as one poll may make."""
        reader = _Reader(DataApi(options.address, fetch, now, key_of(query, KEY)), options.region)
        if options.channels:
            own = [
                Question(key=channel, host=channel, ask=partial(reader.on_channel, channel))
                for channel in options.channels
            ]
            return await ask_in_turn(own, cursor)
        found = each(self.asks(query.terms, options), of=options.address, ask=reader.on_found)
        return await ask_in_turn(found, cursor, most=options.searches, patience=POLL)

    async def standing(
        self,
        posts: Sequence[Mention],
        query: Query,
        *,
        options: YouTubeCommentsOptions,
        fetch: Fetcher,
        now: datetime,
    ) -> Standing:
        """What is missing of the answer was deleted, or its video was. Raises ConnectorError."""
        api = DataApi(options.address, fetch, now, key_of(query, KEY))
        ids = {one.external_id: one.external_id.rpartition("&lc=")[2] for one in posts}
        asked = {"part": "snippet", "id": ",".join(ids.values()), "textFormat": "plainText"}
        page = await api.get("comments", asked, parse_replies)
        if page.partial:
            return {}
        there = {item.position: item.text for item in page.items}
        return {whole: there.get(number) for whole, number in ids.items()}

    async def conversation(
        self,
        post: Mention,
        query: Query,
        *,
        options: YouTubeCommentsOptions,
        fetch: Fetcher,
        now: datetime,
    ) -> Conversation:
        """The thread of comments that it stands in. Raises ConnectorError."""
        api = DataApi(options.address, fetch, now, key_of(query, KEY))
        thread = post.external_id.rpartition("&lc=")[2].partition(".")[0]
        asked = {"part": "snippet,replies", "id": thread, "textFormat": "plainText"}
        page = await api.get("commentThreads", asked, parse_comments)
        others = [api.told(item) for item in page.items if item.id != post.external_id]
        before = tuple(one for one in others if not one.parent_id or "&lc=" not in one.parent_id)
        after = tuple(one for one in others if one not in before)
        return Conversation(before=before, after=after, partial=page.partial)


@dataclass(frozen=True, slots=True)
class _Reader:
    api: DataApi
    region: str

    async def on_channel(self, channel: str, mark: str | None) -> Found:
        """What is new since `mark`, the time of the newest comment read before, on all videos
        of a channel. Raises ConnectorError."""
        asked = {"allThreadsRelatedToChannelId": channel}
        pages = [await self._comments(asked)]
        while len(pages) < PAGES and self._goes_on(pages[-1], mark):
            pages.append(await self._comments(asked | {"pageToken": pages[-1].next}))
        items = [item for page in pages for item in page.items if self._is_new(item, mark)]
        titles = await self._titles(items)
        return self._found(items, titles, pages, mark, is_cut=self._goes_on(pages[-1], mark))

    async def on_found(self, asked: str, mark: str | None) -> Found:
        """What is new since `mark` on the newest videos that name us. Raises ConnectorError."""
        since = self.api.now - FIRST_LOOK
        terms = {
            "part": "snippet",
            "type": "video",
            "q": asked,
            "order": "date",
            "publishedAfter": since.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "regionCode": self.region,
            "safeSearch": "none",
            "maxResults": str(WATCHED),
        }
        videos = (await self.api.get("search", terms, parse_videos)).items
        pages = [await self._comments({"videoId": video.position}) for video in videos]
        items = [item for page in pages for item in page.items if self._is_new(item, mark)]
        titles = {video.position: video.title for video in videos}
        is_cut = any(self._goes_on(page, mark) for page in pages)
        return self._found(items, titles, pages, mark, is_cut=is_cut)

    async def _comments(self, asked: dict[str, str]) -> Feed:
        """One page, the newest first; none where comments are switched off."""
        terms = {
            "part": "snippet,replies",
            "order": "time",
            "maxResults": str(PAGE),
            "textFormat": "plainText",
        }
        nothing = (DISABLED, TAKEN_DOWN) if "videoId" in asked else (DISABLED,)
        return await self.api.get("commentThreads", terms | asked, parse_comments, nothing=nothing)

    async def _titles(self, items: list[Item]) -> dict[str, str]:
        """The names of the channel and the video, which alone tell what a comment is about."""
        ids = list(dict.fromkeys(item.position for item in items))[:LISTED]
        if not ids:
            return {}
        asked = {"part": "snippet", "id": ",".join(ids)}
        videos = await self.api.get("videos", asked, parse_videos)
        return {one.position: f"{one.author}: {one.title}" for one in videos.items}

    def _found(
        self,
        items: list[Item],
        titles: dict[str, str],
        pages: list[Feed],
        mark: str | None,
        *,
        is_cut: bool,
    ) -> Found:
        times = [item.published_at for item in items if item.published_at]
        titled = [replace(item, title=titles.get(item.position, "")) for item in items]
        return Found(
            mentions=tuple(map(self.api.told, titled)),
            mark=min(max(times), self.api.now).isoformat() if times else mark,
            trouble=max((page.partial for page in pages), key=len, default=""),
            possible_gap=mark is not None and is_cut,
        )

    def _is_new(self, item: Item, mark: str | None) -> bool:
        """A comment whose time cannot be read may be."""
        since = datetime.fromisoformat(mark) - OVERLAP if mark else self.api.now - FIRST_LOOK
        return item.published_at is None or item.published_at >= since

    def _goes_on(self, page: Feed, mark: str | None) -> bool:
        """Whether what follows a page may be new."""
        return bool(page.next) and all(self._is_new(item, mark) for item in page.items)


CONNECTOR = YouTubeComments()
