"""Bodies, bounded: at most so many bytes arrive and at most so many come out.

Only one layer of gzip is asked for and only that is unpacked. Counting after decompression is
too late with a library that unpacks a whole chunk at once: 0.4 kB can become 512 MB.
"""

from __future__ import annotations

import io
import zlib
from collections.abc import AsyncIterator

from connectors.errors import Malformed, TooLarge

GZIP_OR_ZLIB = 32 + zlib.MAX_WBITS
_STEP = 64 * 1024
_PLAIN = ("", "identity")
_PACKED = ("gzip", "x-gzip", "deflate")


async def body(chunks: AsyncIterator[bytes], encoding: str, *, max_bytes: int) -> bytes:
    """The decoded body. Raises TooLarge past `max_bytes`, Malformed for what was not asked."""
    name = encoding.strip().lower()
    if name in _PLAIN:
        return await _plain(chunks, max_bytes)
    if name in _PACKED:
        return await _packed(_bounded(chunks, max_bytes), max_bytes)
    raise Malformed("The answer is packed in a way that was not asked for.")


async def _bounded(chunks: AsyncIterator[bytes], max_bytes: int) -> AsyncIterator[bytes]:
    """Packed bytes that unpack to nothing are bounded too."""
    arrived = 0
    async for chunk in chunks:
        arrived += len(chunk)
        if arrived > max_bytes:
            raise TooLarge
        yield chunk


async def _plain(chunks: AsyncIterator[bytes], max_bytes: int) -> bytes:
    out = io.BytesIO()  # gives its bytes away without a second copy
    async for chunk in _bounded(chunks, max_bytes):
        out.write(chunk)
    return out.getvalue()


async def _packed(chunks: AsyncIterator[bytes], max_bytes: int) -> bytes:
    out = io.BytesIO()
    unpacker = zlib.decompressobj(GZIP_OR_ZLIB)
    async for chunk in chunks:
        data = chunk
        while data:
            try:
                out.write(unpacker.decompress(data, _STEP))
            except zlib.error:
                raise Malformed("The packed answer cannot be unpacked.") from None
            if out.tell() > max_bytes:
                raise TooLarge
            data = unpacker.unconsumed_tail
        if unpacker.eof:  # what follows would pile up unread in the unpacker
            return out.getvalue()
    raise Malformed("The packed answer ends too early.")
