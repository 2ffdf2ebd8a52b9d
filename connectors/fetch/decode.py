"""Bodies, bounded: at most so many bytes arrive and at most so many come out.

Only one layer of gzip is asked for and only that is unpacked. Counting after decompression is
too late with a library that unpacks a whole chunk at once: 0.4 kB can become 512 MB.
"""

from __future__ import annotations

import time
import zlib
from collections.abc import AsyncIterator, Callable

from connectors.errors import Malformed, TooLarge, Unreachable

GZIP_OR_ZLIB = 32 + zlib.MAX_WBITS
_STEP = 64 * 1024
PATIENCE_SECONDS = 4.0
SLOWEST_BYTES_PER_SECOND = 1024
_PLAIN = ("", "identity")
_PACKED = ("gzip", "x-gzip", "deflate")


async def hurried(
    chunks: AsyncIterator[bytes], *, clock: Callable[[], float] = time.monotonic
) -> AsyncIterator[bytes]:
    """The chunks, as long as they keep coming: a body that drips only to hold us ends after
    four seconds. Raises Unreachable."""
    began, arrived = clock(), 0
    async for chunk in chunks:
        arrived += len(chunk)
        waited = clock() - began
        if waited > PATIENCE_SECONDS and arrived < waited * SLOWEST_BYTES_PER_SECOND:
            raise Unreachable("The answer comes too slowly.")
        yield chunk


async def body(chunks: AsyncIterator[bytes], encoding: str, *, max_bytes: int) -> bytes:
    """The decoded body. Raises TooLarge past `max_bytes`, Malformed for what was not asked."""
    name = encoding.strip().lower()
    if name in _PLAIN:
        return await _plain(chunks, max_bytes)
    if name in _PACKED:
        return await _packed(chunks, max_bytes)
    raise Malformed("The answer is packed in a way that was not asked for.")


async def _plain(chunks: AsyncIterator[bytes], max_bytes: int) -> bytes:
    out = bytearray()
    async for chunk in chunks:
        if len(out) + len(chunk) > max_bytes:
            raise TooLarge
        out += chunk
    return bytes(out)


async def _packed(chunks: AsyncIterator[bytes], max_bytes: int) -> bytes:
    out = bytearray()
    unpacker = zlib.decompressobj(GZIP_OR_ZLIB)
    async for chunk in chunks:
        data = chunk
        while data:
            try:
                out += unpacker.decompress(data, _STEP)
            except zlib.error:
                raise Malformed("The packed answer cannot be unpacked.") from None
            if len(out) > max_bytes:
                raise TooLarge
            data = unpacker.unconsumed_tail
    if not unpacker.eof:
        raise Malformed("The packed answer ends too early.")
    return bytes(out)
