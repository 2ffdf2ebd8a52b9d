"""What others write on a page or account of the Trust's own, as Facebook and Instagram give it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial

from connectors.feeds import Parser
from connectors.graph import Graph
from connectors.parse.items import Feed, Item
from connectors.parse.values import moment
from connectors.posts import Found, Question, ask_in_turn, posted
from connectors.types import Batch, Cursor

PAGES = 2
FIRST_LOOK = timedelta(days=30)
OVERLAP = timedelta(days=1)
"""Looked at again each time: comments that were hidden first are shown later."""


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """One list that a page has, newest first."""

    name: str
    fields: str
    limit: int
    parser: Parser


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnPage:
    """A page during one poll. `own` is what stands as `handle` in what it wrote itself; `name`
    stands as title over what others did, which seldom says where it was."""

    graph: Graph
    platform: str
    place: str
    own: str
    name: str
    now: datetime

    async def poll(self, views: tuple[View, ...], cursor: Cursor) -> Batch:
        """Each view by itself: a token may lack the permission for one of them."""
        questions = [
            Question(key=view.name, host=view.name, ask=partial(self._look, view)) for view in views
        ]
        return await ask_in_turn(questions, cursor)

    async def _look(self, view: View, mark: str | None) -> Found:
        """What others wrote since `mark`, the time of the newest that was read before. Below
        older posts than the view shows, nothing is seen. Raises ConnectorError."""
        since = datetime.fromisoformat(mark) - OVERLAP if mark else self.now - FIRST_LOOK
        pages = [await self._page(view)]
        while len(pages) < PAGES and pages[-1].next:
            pages.append(await self._page(view, pages[-1].next))
        items = [item for page in pages for item in page.items]
        times = [item.published_at for item in items if item.published_at]
        return Found(
            mentions=tuple(
                posted(
                    replace(one, handle="", title=self.name), platform=self.platform, now=self.now
                )
                for one in items
                if self._is_told(one, since)
            ),
            mark=min(max(times), self.now).isoformat() if times else mark,
            trouble=max((page.partial for page in pages), key=len),
            possible_gap=mark is not None and any(_cut_after(one, since) for one in items),
        )

    def _is_told(self, item: Item, since: datetime) -> bool:
        """By others, with something to read or see."""
        is_new = item.published_at is None or item.published_at >= since
        return is_new and item.handle != self.own and bool(item.text or item.media)

    async def _page(self, view: View, after: str = "") -> Feed:
        terms = {"fields": view.fields, "limit": str(view.limit), "after": after}
        return await self.graph.list(f"{self.place}/{view.name}", terms, view.parser)


def _cut_after(item: Item, since: datetime) -> bool:
    """Whether there are more comments than were shown, and those that were are all new; the
    time of the oldest shown is the item's position."""
    oldest = moment(item.position)
    return oldest is not None and oldest > since
