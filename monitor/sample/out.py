"""What is out on a site of the little internet, as its platform's server is given it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from time import monotonic
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from monitor.sample.feeds import plain_text
from monitor.sample.platforms.desk import Asked, Reply
from monitor.sample.sites import Published, PublishedComment, Site

_SIGNS = re.compile(r"[^a-z0-9]+")
FIRST_NUMBER = 1_600_000_000
"""Posts are numbered by the second in which they were written, as platforms number them by time."""


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


def written(entry: Published) -> str:
    return plain_text(entry.post.html)


def answer(said: PublishedComment) -> str:
    return plain_text(said.comment.html)


def number(at: datetime) -> int:
    return int(at.timestamp()) - FIRST_NUMBER


def slug(name: str) -> str:
    return _SIGNS.sub("-", name.casefold()).strip("-") or "somebody"
