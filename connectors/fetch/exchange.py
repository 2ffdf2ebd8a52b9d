"""One request and its answer, kept as they went over the line: what evidence is made of."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime

import httpx

Headers = tuple[tuple[str, str], ...]
"""In the order of the line, names as they were written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """`packed` is the body as it came, still compressed where it was; `body` the same unpacked.
    `is_left` when the body was of a kind that nobody asked for, and not read."""

    url: str
    asked_at: datetime
    """UTC."""
    asked: Headers
    status: int
    reason: str
    headers: Headers
    packed: bytes = field(repr=False)
    body: bytes = field(repr=False)
    is_left: bool = False
    is_cut: bool = False
    """Something was taken out of the body after it came."""

    def header(self, name: str) -> str:
        """The last of that name, whatever its case; empty when there is none."""
        return next((text for key, text in reversed(self.headers) if key.lower() == name), "")

    @property
    def media_type(self) -> str:
        """In lower case, without parameters."""
        return self.header("content-type").partition(";")[0].strip().lower()


@dataclass(slots=True)
class Tape:
    """What is recorded while an address is asked; bodies only of the media types that begin as
    told, as what was not asked for may be a picture."""

    kinds: tuple[str, ...]
    exchanges: list[Exchange] = field(default_factory=list)
    packed: list[bytes] = field(default_factory=list)

    def wants(self, answer: httpx.Response) -> bool:
        kind: str = answer.headers.get("content-type", "text/plain").strip().lower()
        return kind.startswith(self.kinds)

    async def teed(self, chunks: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
        self.packed = []
        async for chunk in chunks:
            self.packed.append(chunk)
            yield chunk

    def add(self, answer: httpx.Response, body: bytes, *, asked_at: datetime) -> None:
        """The answer to one request, with its body as `teed` saw it."""
        self.exchanges.append(
            Exchange(
                url=str(answer.request.url),
                asked_at=asked_at,
                asked=_written(answer.request.headers),
                status=answer.status_code,
                reason=answer.reason_phrase,
                headers=_written(answer.headers),
                packed=b"".join(self.packed),
                body=body,
                is_left=not self.wants(answer),
            )
        )
        self.packed = []


def _written(headers: httpx.Headers) -> Headers:
    return tuple(
        (name.decode("ascii", "replace"), value.decode("latin-1")) for name, value in headers.raw
    )
