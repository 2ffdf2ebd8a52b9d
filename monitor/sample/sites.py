"""The sites of the little internet and what people wrote on them, read from static text."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from html import escape
from pathlib import Path
from typing import Any, Literal

from monitor.sample.moments import moment

FOLDER = Path(__file__).parent
Form = Literal["rss", "atom", "jsonfeed", "wordpress"]
Network = Literal[
    "bluesky", "mastodon", "youtube", "gdelt", "threads", "facebook", "instagram", "linkedin",
    "trustpilot", "brave", "mojeek", "reddit", "x", "google_alerts", "searxng", "news_search",
    "discourse",
]  # fmt: skip
"""Platforms, asked by their own interfaces (`monitor.sample.networks`)."""
Trouble = Literal["throttled", "failing", "hanging", "broken_xml", "login_page"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Comment:
    id: str
    at: str
    author: str
    html: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """One piece of writing. `id` never changes; `at` is relative (see `moments`)."""

    id: str
    at: str
    author: str
    title: str
    html: str
    audio: str = ""
    """Name of the recording, where the site is a podcast."""
    comments: tuple[Comment, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """One site on its own port. `window` is how many items its feed shows."""

    id: str
    port: int
    name: str
    form: Form | Network
    tagline: str
    accent: str
    """Colour of its pages, as #rrggbb."""
    window: int = 60
    trouble: Trouble | None = None
    disallow: tuple[str, ...] = ()
    """Paths that its robots.txt closes."""
    also_at: tuple[str, ...] = ()
    """Further paths of its feed, as its software has them."""
    posts: tuple[Post, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """A post that is out, with the time it has in this run (UTC)."""

    post: Post
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedComment:
    """A comment that is out, with the post it stands under."""

    comment: Comment
    post: Post
    at: datetime


def published(site: Site, *, epoch: datetime, now: datetime) -> tuple[Published, ...]:
    """What the site has published by `now`, newest first."""
    dated = [Published(post=post, at=moment(post.at, epoch)) for post in site.posts]
    out = [entry for entry in dated if entry.at <= now]
    return tuple(sorted(out, key=lambda entry: (entry.at, entry.post.id), reverse=True))


def published_comments(
    site: Site, *, epoch: datetime, now: datetime
) -> tuple[PublishedComment, ...]:
    """The comments under published posts, newest first."""
    dated = [
        PublishedComment(comment=comment, post=entry.post, at=moment(comment.at, epoch))
        for entry in published(site, epoch=epoch, now=now)
        for comment in entry.post.comments
    ]
    out = [entry for entry in dated if entry.at <= now]
    return tuple(sorted(out, key=lambda entry: (entry.at, entry.comment.id), reverse=True))


@cache
def sites() -> tuple[Site, ...]:
    """All sites with their posts, from sites.toml and posts/<site id>.toml."""
    with (FOLDER / "sites.toml").open("rb") as file:
        entries: list[dict[str, Any]] = tomllib.load(file)["site"]
    return tuple(_site(entry) for entry in entries)


def _site(entry: dict[str, Any]) -> Site:
    disallow, also_at = (tuple(entry.pop(name, ())) for name in ("disallow", "also_at"))
    return Site(**entry, disallow=disallow, also_at=also_at, posts=tuple(_posts(entry["id"])))


def _posts(site_id: str) -> Iterator[Post]:
    path = FOLDER / "posts" / f"{site_id}.toml"
    if not path.exists():  # a site in trouble may have nothing to show
        return
    with path.open("rb") as file:
        for entry in tomllib.load(file)["post"]:
            yield Post(
                id=entry["id"],
                at=entry["at"],
                author=entry.get("by", ""),
                title=entry.get("title", ""),
                html=_html(entry),
                audio=entry.get("audio", ""),
                comments=tuple(_comment(comment) for comment in entry.get("comment", ())),
            )


def _comment(entry: dict[str, Any]) -> Comment:
    return Comment(id=entry["id"], at=entry["at"], author=entry["by"], html=_html(entry))


def _html(entry: dict[str, Any]) -> str:
    """The markup as written, or plain text with a blank line between paragraphs."""
    if "html" in entry:
        return str(entry["html"]).strip()
    paragraphs = entry["text"].strip().split("\n\n")
    return "\n".join(f"<p>{escape(' '.join(p.split()), quote=False)}</p>" for p in paragraphs)
