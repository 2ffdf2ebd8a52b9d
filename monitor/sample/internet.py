"""The little internet: every site answers on its own port, so that a slow one delays no other."""

from __future__ import annotations

import asyncio
import hashlib
import shlex
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime, parsedate_to_datetime
from http import HTTPStatus

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import Receive, Scope, Send

from monitor.sample import feeds, pages, streams
from monitor.sample.feeds import Document
from monitor.sample.networks import PLATFORMS
from monitor.sample.out import Out, answered, asked, number
from monitor.sample.sites import (
    FOLDER,
    Published,
    PublishedComment,
    Site,
    published,
    published_comments,
)

RETRY_AFTER_SECONDS = 120
LONGEST_HANG_SECONDS = 600
SEARCH_RESULTS = 10
"""As many as WordPress shows on a page."""
PICTURES = FOLDER / "static" / "pictures"
Answer = Callable[[Request], Awaitable[Response]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What every site shares: the first start, the clock, and the signal that all is closing."""

    epoch: datetime
    clock: Callable[[], datetime]
    closing: asyncio.Event


class Internet:
    """An ASGI application that hands each request to the site of the port it came in on."""

    def __init__(self, apps: Mapping[int, Starlette]) -> None:
        self._apps = apps

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._apps[scope["server"][1]](scope, receive, send)


def site_app(site: Site, around: Surroundings) -> Starlette:
    """One site: its front page, its posts, its feed and its robots.txt."""
    if site.form in PLATFORMS:
        catch_all = Route("/{path:path}", _platform(site, around), methods=["GET", "POST"])
        shore = streams.Shore(
            entries=lambda: _entries(site, around), clock=around.clock, closing=around.closing
        )
        own = [*streams.routes(site.form, shore), *_common_routes(site, around)]
        return Starlette(routes=[*own, catch_all])
    if site.trouble:
        feed: Answer = _in_trouble(site, around)
    elif site.form == "wordpress":
        return Starlette(routes=[*_wordpress_routes(site, around), _pictures()])
    else:
        feed = _feed(site, around)
    paths = (feeds.PATHS[site.form], *site.also_at)
    return Starlette(
        routes=[*(Route(path, feed) for path in paths), *_common_routes(site, around), _pictures()]
    )


def _common_routes(site: Site, around: Surroundings) -> list[Route]:
    async def front(request: Request) -> Response:
        return HTMLResponse(pages.front(site, _entries(site, around)))

    async def post(request: Request) -> Response:
        wanted = request.path_params["post_id"]
        entry = next((e for e in _entries(site, around) if e.post.id == wanted), None)
        if entry is None:
            return HTMLResponse(pages.not_found(site), status_code=404)
        comments = published_comments(site, epoch=around.epoch, now=around.clock())
        below = [comment for comment in comments if comment.post.id == wanted]
        return HTMLResponse(pages.post(site, entry, below))

    async def robots(request: Request) -> Response:
        lines = [f"Disallow: {path}" for path in site.disallow] or ["Disallow:"]
        return PlainTextResponse("\n".join(["User-agent: *", *lines, ""]))

    async def topic(request: Request) -> Response:
        """As a forum numbers its topics."""
        wanted = request.path_params["topic"]
        named = (e.post.id for e in _entries(site, around) if number(e.at) == wanted)
        request.path_params["post_id"] = next(named, "")
        return await post(request)

    return [
        Route("/robots.txt", robots),
        Route("/", front),
        Route("/{post_id}/", post),
        Route("/t/{slug}/{topic:int}/{place:int}", topic),
    ]


def _pictures() -> Mount:
    return Mount("/pictures", StaticFiles(directory=PICTURES))


def _wordpress_routes(site: Site, around: Surroundings) -> list[Route]:
    common = {route.path: route for route in _common_routes(site, around)}
    front = common.pop("/").endpoint

    async def comments(request: Request) -> Response:
        entries = published_comments(site, epoch=around.epoch, now=around.clock())
        newest = entries[0].at if entries else around.epoch
        return _conditional(request, feeds.comments_feed(site, entries, _base(request)), newest)

    async def front_or_search(request: Request) -> Response:
        query = request.query_params.get("s", "")
        if request.query_params.get("feed") != "rss2":
            answer: Response = await front(request)
            return answer
        found = feeds.matching(_entries(site, around), _words(query), SEARCH_RESULTS)
        newest = found[0].at if found else around.epoch
        return _conditional(request, feeds.search_feed(site, found, _base(request), query), newest)

    return [
        Route("/feed/", _feed(site, around)),
        Route("/comments/feed/", comments),
        Route("/", front_or_search),
        *common.values(),
    ]


def _platform(site: Site, around: Surroundings) -> Answer:
    """The interface of a platform, over what is out there now."""
    make, fill = PLATFORMS[site.form]
    server = make()

    async def answer(request: Request) -> Response:
        now = around.clock()
        comments: dict[str, list[PublishedComment]] = {}
        for one in published_comments(site, epoch=around.epoch, now=now):
            comments.setdefault(one.post.id, []).append(one)
        fill(
            server,
            Out(
                site=site, posts=_entries(site, around), comments=comments,
                base=_base(request), now=now,
            ),
        )  # fmt: skip
        return answered(server(await asked(request)))

    return answer


def _feed(site: Site, around: Surroundings) -> Answer:
    async def answer(request: Request) -> Response:
        entries = _entries(site, around)
        newest = entries[0].at if entries else around.epoch
        return _conditional(request, feeds.feed(site, entries, _base(request)), newest)

    return answer


def _in_trouble(site: Site, around: Surroundings) -> Answer:
    """The feed of a site that misbehaves, each in its own way."""

    async def throttled(request: Request) -> Response:
        return PlainTextResponse(
            "Too many requests.\n", 429, headers={"Retry-After": str(RETRY_AFTER_SECONDS)}
        )

    async def failing(request: Request) -> Response:
        return HTMLResponse(pages.server_error(site), HTTPStatus.INTERNAL_SERVER_ERROR)

    async def hanging(request: Request) -> Response:
        with suppress(TimeoutError):
            await asyncio.wait_for(around.closing.wait(), LONGEST_HANG_SECONDS)
        return Response(status_code=HTTPStatus.GATEWAY_TIMEOUT)

    async def broken_xml(request: Request) -> Response:
        whole = feeds.feed(site, _entries(site, around), _base(request))
        return Response(pages.broken(whole.body), media_type="application/rss+xml")

    async def login_page(request: Request) -> Response:
        return HTMLResponse(pages.login(site))

    answers: dict[str, Answer] = {
        "throttled": throttled,
        "failing": failing,
        "hanging": hanging,
        "broken_xml": broken_xml,
        "login_page": login_page,
    }
    return answers[site.trouble or "failing"]


def _entries(site: Site, around: Surroundings) -> tuple[Published, ...]:
    return published(site, epoch=around.epoch, now=around.clock())


def _base(request: Request) -> str:
    return f"http://{request.url.netloc}"


def _words(query: str) -> list[str]:
    """Words and "quoted phrases" of a search."""
    try:
        return shlex.split(query.replace("'", "\\'"))
    except ValueError:  # an odd number of quotation marks
        return query.replace('"', " ").split()


def _conditional(request: Request, document: Document, newest: datetime) -> Response:
    """The document with its validators, or 304 when the reader has it (RFC 9110, 13.2.2)."""
    etag = f'"{hashlib.sha256(document.body).hexdigest()[:20]}"'
    last_modified = format_datetime(newest.replace(microsecond=0), usegmt=True)
    headers = {"ETag": etag, "Last-Modified": last_modified, "Cache-Control": "max-age=0"}
    if _unchanged(request, etag, newest):
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    return Response(document.body, media_type=document.content_type, headers=headers)


def _unchanged(request: Request, etag: str, newest: datetime) -> bool:
    if known := request.headers.get("if-none-match"):
        return etag in (tag.strip().removeprefix("W/") for tag in known.split(","))
    since = request.headers.get("if-modified-since", "")
    try:
        return parsedate_to_datetime(since) >= newest.replace(microsecond=0)
    except ValueError:
        return False
