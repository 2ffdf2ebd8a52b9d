"""The platforms of the little internet, each by the interface that the real one has.

The servers are those that the connectors' contract tests ask (`monitor.sample.platforms`); here
they are given what people of the sample wrote.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from pydantic import SecretStr

from monitor.sample import finders
from monitor.sample.out import Fill, Out, answer, number, slug, written
from monitor.sample.platforms import (
    bluesky,
    discourse,
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
from monitor.sample.platforms.feedsites import Channels, NewsDesk
from monitor.sample.sites import Published

MASTODON_TOKEN = "token-of-the-sample"  # noqa: S105  it opens the sample's own server
_TAG = re.compile(r"#(\w+)")


def _bluesky(server: bluesky.Bluesky, out: Out) -> None:
    server.is_open = True
    server.posts = [sky(one.post.id, one.at, one.post.author, written(one)) for one in out.posts]
    server.threads = {
        str(post["uri"]): {
            "post": post,
            "replies": [
                {"post": sky(said.comment.id, said.at, said.comment.author, answer(said))}
                for said in reversed(out.comments.get(one.post.id, ()))
            ],
        }
        for post, one in zip(server.posts, out.posts, strict=True)
    }


def sky(key: str, at: datetime, author: str, text: str) -> bluesky.Post:
    name = slug(author)
    told = {"did": f"did:plc:{name}", "handle": f"{name}.example", "displayName": author}
    return bluesky.post(
        key, at, text, author=told, uri=f"at://did:plc:{name}/app.bsky.feed.post/{key}"
    )


def _mastodon(server: mastodon.Mastodon, out: Out) -> None:
    server.tags, server.around, server.token = {"": []}, {}, MASTODON_TOKEN
    server.allowance = 300
    for one in out.posts:
        told = status(out.base, one.post.id, one.at, one.post.author, one.post.html)
        below = [
            status(out.base, one.post.id, said.at, said.comment.author, said.comment.html)
            for said in reversed(out.comments.get(one.post.id, ()))
        ]
        server.around[str(told["id"])] = ([], below)
        for tag in ("", *tags_of(one)):
            server.tags.setdefault(tag, []).append(told)


def tags_of(entry: Published) -> set[str]:
    return {found.casefold() for found in _TAG.findall(written(entry))}


def status(base: str, page: str, at: datetime, author: str, html: str) -> mastodon.Status:
    position, name = number(at), slug(author)
    return mastodon.status(
        position, at, html,
        uri=f"{base}/users/{name}/statuses/{position}", url=f"{base}/{page}/",
        account={"acct": name, "display_name": author, "noindex": False},
    )  # fmt: skip


class Tube:
    """Videos by their interface, and the feed of the channel that has them."""

    def __init__(self) -> None:
        self.videos = youtube.YouTube()
        self.channels = Channels()

    def __call__(self, asked: Asked) -> Reply:
        if asked.path == "/feeds/videos.xml":
            return self.channels(asked)
        return self.videos(asked)


def _tube(tube: Tube, out: Out) -> None:
    server = tube.videos
    tube.channels.channels["UCtried"] = [(one.post.id, one.post.title, one.at) for one in out.posts]
    server.videos = [
        youtube.video(one.post.id, one.at, one.post.title, written(one), channelTitle=out.site.name)
        for one in out.posts
    ]
    server.threads = {
        one.post.id: [
            youtube.thread(
                youtube.comment(
                    said.comment.id,
                    said.at,
                    answer(said),
                    authorDisplayName=f"@{slug(said.comment.author)}",
                )
            )
            for said in out.comments.get(one.post.id, ())
        ]
        for one in out.posts
    }


def _threads(server: threads.Threads, out: Out) -> None:
    server.posts = [
        threads.post(number(one.at), one.at, written(one), by=slug(one.post.author))
        for one in out.posts
    ]


def _facebook(server: meta_pages.FacebookPage, out: Out) -> None:
    server.name = out.site.name
    ours = {"from": {"id": meta_pages.PAGE, "name": out.site.name}}
    server.lists["feed"] = [
        meta_pages.post(
            number(one.at), one.at, written(one),
            *(
                meta_pages.comment(number(said.at), said.at, answer(said))
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
            number(one.at), one.at, written(one),
            *(
                meta_pages.remark(
                    number(said.at), said.at, answer(said),
                    by=slug(said.comment.author),
                )
                for said in out.comments.get(one.post.id, ())
            ),
        )
        for one in out.posts
    ]  # fmt: skip


def _linkedin(server: linkedin.LinkedIn, out: Out) -> None:
    server.name = out.site.name
    server.notifications = [linkedin.mention(number(one.at), one.at) for one in out.posts]
    server.words = {str(number(one.at)): written(one) for one in out.posts}


def _trustpilot(server: trustpilot.Trustpilot, out: Out) -> None:
    server.name = out.site.name
    server.reviews = [
        trustpilot.review(
            number(one.at), one.at, written(one), title=one.post.title,
            consumer={"id": "c1", "displayName": one.post.author},
        )
        for one in out.posts
    ]  # fmt: skip


def _reddit(server: reddit.Reddit, out: Out) -> None:
    server.posts = [
        reddit.post(one.post.id, one.at, one.post.title, written(one), author=slug(one.post.author))
        for one in out.posts
    ]


def _x(server: x.X, out: Out) -> None:
    server.now = out.now
    server.posts = [x.post(number(one.at), one.at, written(one)) for one in out.posts]


def _discourse(server: discourse.Discourse, out: Out) -> None:
    """Each post begins a topic of its own."""
    server.posts = []
    for one in out.posts:
        said = [(one.at, one.post.author, written(one))]
        below = sorted(out.comments.get(one.post.id, ()), key=lambda found: found.at)
        said += [(found.at, found.comment.author, answer(found)) for found in below]
        server.posts += [
            discourse.post(
                number(one.at), place, at, words, title=one.post.title, username=slug(author)
            )
            for place, (at, author, words) in enumerate(said, 1)
        ]


PLATFORMS: Mapping[str, tuple[Callable[[], Any], Fill]] = {
    "bluesky": (bluesky.Bluesky, _bluesky),
    "mastodon": (mastodon.Mastodon, _mastodon),
    "youtube": (Tube, _tube),
    "gdelt": (gdelt.Gdelt, finders.papers),
    "threads": (threads.Threads, _threads),
    "facebook": (meta_pages.FacebookPage, _facebook),
    "instagram": (meta_pages.Instagram, _instagram),
    "linkedin": (linkedin.LinkedIn, _linkedin),
    "trustpilot": (trustpilot.Trustpilot, _trustpilot),
    "brave": (websearch.Brave, finders.pages),
    "mojeek": (websearch.Mojeek, finders.pages),
    "searxng": (websearch.Searxng, finders.pages),
    "news_search": (NewsDesk, finders.news),
    "discourse": (discourse.Discourse, _discourse),
    "reddit": (reddit.Reddit, _reddit),
    "google_alerts": (finders.Alerts, finders.alerts),
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
    "mastodon_tokens": SecretStr(f"127.0.0.1:8651={MASTODON_TOKEN}"),
    "google_alerts": SecretStr("http://127.0.0.1:8663/alerts/feeds/1/2"),
}
"""What the sample's sources ask these servers with; it opens nothing else."""
