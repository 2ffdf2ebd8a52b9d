"""The platforms of the little internet, each by the interface that the real one has.

The servers are those that the connectors' contract tests ask (`monitor.sample.platforms`); here
they are given what people of the sample wrote.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from html import escape
from time import monotonic
from typing import Any
from urllib.parse import quote

from pydantic import SecretStr
from starlette.requests import Request
from starlette.responses import Response

from monitor.sample.feeds import plain_text
from monitor.sample.platforms import (
    bluesky,
    gdelt,
    graph,
    linkedin,
    mastodon,
    meta_pages,
    reddit,
    threads,
    trustpilot,
    websearch,
    x,
    youtube,
)
from monitor.sample.platforms.desk import Asked, Reply
from monitor.sample.sites import Published, PublishedComment, Site


@dataclass(frozen=True, slots=True, kw_only=True)
class Out:
    """What is out on a site, newest first, with what stands below each post; `base` is the
    site's address without a slash at the end."""

    site: Site
    posts: Sequence[Published]
    comments: Mapping[str, Sequence[PublishedComment]]
    base: str
    now: datetime


Server = Callable[[Asked], Reply | None]
Fill = Callable[[Any, Out], None]
_TAG = re.compile(r"#(\w+)")
_SIGNS = re.compile(r"[^a-z0-9]+")
FIRST_NUMBER = 1_600_000_000
"""Posts are numbered by the second in which they were written, as platforms number them by time."""


async def asked(request: Request) -> Asked:
    """A request as the platforms' servers take it."""
    path = request.scope["raw_path"].decode("ascii", "replace")
    target = f"{path}?{request.url.query}" if request.url.query else path
    return Asked(
        path=path,
        query=dict(request.query_params),
        headers=request.headers,
        at=monotonic(),
        sent=await request.body(),
        target=target,
    )


def answered(reply: Reply | None) -> Response:
    if reply is None:
        return Response(status_code=503)
    return Response(reply.body, reply.status, headers=dict(reply.headers))


def _text(entry: Published) -> str:
    return plain_text(entry.post.html)


def _said(said: PublishedComment) -> str:
    return plain_text(said.comment.html)


def _number(at: datetime) -> int:
    return int(at.timestamp()) - FIRST_NUMBER


def _slug(name: str) -> str:
    return _SIGNS.sub("-", name.casefold()).strip("-") or "somebody"


def _bluesky(server: bluesky.Bluesky, out: Out) -> None:
    server.posts = [_sky(one.post.id, one.at, one.post.author, _text(one)) for one in out.posts]
    server.threads = {
        str(post["uri"]): {
            "post": post,
            "replies": [
                {"post": _sky(said.comment.id, said.at, said.comment.author, _said(said))}
                for said in reversed(out.comments.get(one.post.id, ()))
            ],
        }
        for post, one in zip(server.posts, out.posts, strict=True)
    }


def _sky(key: str, at: datetime, author: str, text: str) -> bluesky.Post:
    name = _slug(author)
    told = {"did": f"did:plc:{name}", "handle": f"{name}.example", "displayName": author}
    return bluesky.post(
        key, at, text, author=told, uri=f"at://did:plc:{name}/app.bsky.feed.post/{key}"
    )


def _mastodon(server: mastodon.Mastodon, out: Out) -> None:
    server.tags, server.around = {}, {}
    for one in out.posts:
        told = _status(out, one.post.id, one.at, one.post.author, one.post.html)
        below = [
            _status(out, one.post.id, said.at, said.comment.author, said.comment.html)
            for said in reversed(out.comments.get(one.post.id, ()))
        ]
        server.around[str(told["id"])] = ([], below)
        for tag in {found.casefold() for found in _TAG.findall(_text(one))}:
            server.tags.setdefault(tag, []).append(told)


def _status(out: Out, page: str, at: datetime, author: str, html: str) -> mastodon.Status:
    number, name = _number(at), _slug(author)
    return mastodon.status(
        number, at, html,
        uri=f"{out.base}/users/{name}/statuses/{number}", url=f"{out.base}/{page}/",
        account={"acct": name, "display_name": author, "noindex": False},
    )  # fmt: skip


def _youtube(server: youtube.YouTube, out: Out) -> None:
    server.videos = [
        youtube.video(one.post.id, one.at, one.post.title, _text(one), channelTitle=out.site.name)
        for one in out.posts
    ]
    server.threads = {
        one.post.id: [
            youtube.thread(
                youtube.comment(
                    said.comment.id,
                    said.at,
                    _said(said),
                    authorDisplayName=f"@{_slug(said.comment.author)}",
                )
            )
            for said in out.comments.get(one.post.id, ())
        ]
        for one in out.posts
    }


def _gdelt(server: gdelt.Gdelt, out: Out) -> None:
    server.articles = [
        (
            gdelt.article(f"{out.base}/{one.post.id}/", one.at, one.post.title),
            f"{one.post.title} {_text(one)}",
        )
        for one in out.posts
    ]


def _threads(server: threads.Threads, out: Out) -> None:
    server.posts = [
        threads.post(_number(one.at), one.at, _text(one), by=_slug(one.post.author))
        for one in out.posts
    ]


def _facebook(server: meta_pages.FacebookPage, out: Out) -> None:
    server.name = out.site.name
    ours = {"from": {"id": meta_pages.PAGE, "name": out.site.name}}
    server.lists["feed"] = [
        meta_pages.post(
            _number(one.at), one.at, _text(one),
            *(
                meta_pages.comment(_number(said.at), said.at, _said(said))
                for said in out.comments.get(one.post.id, ())
            ),
            **ours,
        )
        for one in out.posts
    ]  # fmt: skip


def _instagram(server: meta_pages.Instagram, out: Out) -> None:
    server.name = out.site.name
    server.lists["media"] = [
        meta_pages.picture(
            _number(one.at), one.at, _text(one),
            *(
                meta_pages.remark(
                    _number(said.at), said.at, _said(said),
                    by=_slug(said.comment.author),
                )
                for said in out.comments.get(one.post.id, ())
            ),
        )
        for one in out.posts
    ]  # fmt: skip


def _linkedin(server: linkedin.LinkedIn, out: Out) -> None:
    server.name = out.site.name
    server.notifications = [linkedin.mention(_number(one.at), one.at) for one in out.posts]
    server.words = {str(_number(one.at)): _text(one) for one in out.posts}


def _trustpilot(server: trustpilot.Trustpilot, out: Out) -> None:
    server.name = out.site.name
    server.reviews = [
        trustpilot.review(
            _number(one.at), one.at, _text(one), title=one.post.title,
            consumer={"id": "c1", "displayName": one.post.author},
        )
        for one in out.posts
    ]  # fmt: skip


def _pages(server: Any, out: Out) -> None:
    """Of either search engine of the web."""
    server.pages = [
        websearch.Page(
            url=f"{out.base}/{one.post.id}/", title=one.post.title, said=_text(one), at=one.at
        )
        for one in out.posts
    ]


def _reddit(server: reddit.Reddit, out: Out) -> None:
    server.posts = [
        reddit.post(one.post.id, one.at, one.post.title, _text(one), author=_slug(one.post.author))
        for one in out.posts
    ]


def _x(server: x.X, out: Out) -> None:
    server.now = out.now
    server.posts = [x.post(_number(one.at), one.at, _text(one)) for one in out.posts]


class Alerts:
    """A search engine's alerts, each a feed at an address that is a secret; links lead by the
    engine's own page."""

    def __init__(self) -> None:
        self.entries: list[str] = []

    def __call__(self, asked: Asked) -> Reply:
        if not asked.path.startswith("/alerts/feeds/"):
            return Reply(status=404)
        feed = '<feed xmlns="http://www.w3.org/2005/Atom"><title>Alert</title>{}</feed>'
        body = feed.format("".join(self.entries)).encode()
        return Reply(body=body, headers={"Content-Type": "application/atom+xml"})


def _alerts(server: Alerts, out: Out) -> None:
    server.entries = [
        f"<entry><id>tag:google.com,2013:googlealerts/feed:{_number(one.at)}</id>"
        f"<title type='html'>{escape(one.post.title)}</title>"
        f"<link href='https://www.google.com/url?url={quote(f'{out.base}/{one.post.id}/')}'/>"
        f"<published>{one.at.isoformat()}</published><updated>{one.at.isoformat()}</updated>"
        f"<content type='html'>{escape(_text(one)[:200])}</content></entry>"
        for one in out.posts
    ]


PLATFORMS: Mapping[str, tuple[Callable[[], Any], Fill]] = {
    "bluesky": (bluesky.Bluesky, _bluesky),
    "mastodon": (mastodon.Mastodon, _mastodon),
    "youtube": (youtube.YouTube, _youtube),
    "gdelt": (gdelt.Gdelt, _gdelt),
    "threads": (threads.Threads, _threads),
    "facebook": (meta_pages.FacebookPage, _facebook),
    "instagram": (meta_pages.Instagram, _instagram),
    "linkedin": (linkedin.LinkedIn, _linkedin),
    "trustpilot": (trustpilot.Trustpilot, _trustpilot),
    "brave": (websearch.Brave, _pages),
    "mojeek": (websearch.Mojeek, _pages),
    "reddit": (reddit.Reddit, _reddit),
    "google_alerts": (Alerts, _alerts),
    "x": (lambda: x.X(datetime.now(UTC)), _x),
}
KEYS: Mapping[str, SecretStr] = {
    "bluesky_password": SecretStr(bluesky.PASSWORD),
    "youtube_key": SecretStr(youtube.KEY),
    "threads_token": SecretStr(graph.TOKEN),
    "meta_token": SecretStr(graph.TOKEN),
    "linkedin_token": SecretStr(linkedin.TOKEN),
    "trustpilot_key": SecretStr(trustpilot.KEY),
    "brave_key": SecretStr(websearch.KEY),
    "mojeek_key": SecretStr(websearch.KEY),
    "reddit_secret": SecretStr(reddit.SECRET),
    "x_token": SecretStr(x.TOKEN),
    "google_alerts": SecretStr("http://127.0.0.1:8663/alerts/feeds/1/2"),
}
"""What the sample's sources ask these servers with; it opens nothing else."""
