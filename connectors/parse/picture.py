"""Screenshots that people bring: decoded, drawn anew, made legible. For the killable child."""

from __future__ import annotations

import io

from PIL import Image, ImageFilter, ImageOps, UnidentifiedImageError

from connectors.errors import Malformed, TooLarge
from connectors.parse.child import MAX_ANSWER_BYTES, Limits
from connectors.parse.items import Picture

LIMITS = Limits(seconds=10, memory_bytes=640 * 1024 * 1024)
FORMATS = ("PNG", "JPEG", "WEBP")
MAX_PIXELS = 25_000_000
LONGEST_SIDE = 3_000
MAX_CLEAN_BYTES = MAX_ANSWER_BYTES - 256 * 1024
VEIL_SIDE = 12
LEGIBLE_WIDTH = 1_200
"""Letters of a small phone's screen are read better when they are twice as large."""


def parse_picture(body: bytes) -> Picture:
    """The picture, turned upright and drawn anew.

    Raises Malformed for what is no PNG, JPEG or WebP, TooLarge for too many pixels.
    """
    drawn = _upright(body)
    drawn.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    veil = drawn.resize((VEIL_SIDE, VEIL_SIDE), Image.Resampling.BOX)
    media_type, clean = _written(drawn)
    return Picture(
        media_type=media_type,
        width=drawn.width,
        height=drawn.height,
        clean=clean,
        veil=_as_png(veil.resize((240, 240 * drawn.height // drawn.width or 1)).filter(_SOFT)),
    )


_SOFT = ImageFilter.GaussianBlur(12)


def legible(clean: bytes) -> bytes:
    """A copy for reading its letters: grey, and large enough."""
    grey = _upright(clean).convert("L")
    if grey.width < LEGIBLE_WIDTH:
        times = min(3, -(-LEGIBLE_WIDTH // grey.width))
        grey = grey.resize((grey.width * times, grey.height * times), Image.Resampling.LANCZOS)
    return _as_png(grey)


def _upright(body: bytes) -> Image.Image:
    try:
        with Image.open(io.BytesIO(body), formats=FORMATS) as opened:
            if opened.width * opened.height > MAX_PIXELS:
                raise TooLarge("The picture has more pixels than are allowed.")
            opened.load()
            turned = ImageOps.exif_transpose(opened)
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError):
        raise Malformed("That is no picture that can be read: PNG, JPEG or WebP.") from None
    except Image.DecompressionBombError:
        raise TooLarge("The picture has more pixels than are allowed.") from None
    flat = Image.new("RGB", turned.size, "white")
    flat.paste(turned, mask=turned.getchannel("A") if "A" in turned.getbands() else None)
    return flat


def _written(drawn: Image.Image) -> tuple[str, bytes]:
    """PNG keeps letters sharp; what is too large for it is written as JPEG."""
    png = _as_png(drawn)
    if len(png) <= MAX_CLEAN_BYTES:
        return "image/png", png
    for quality in (88, 70, 50):
        out = io.BytesIO()
        drawn.save(out, "JPEG", quality=quality)
        if out.tell() <= MAX_CLEAN_BYTES:
            return "image/jpeg", out.getvalue()
    raise TooLarge("The picture has more pixels than are allowed.")


def _as_png(drawn: Image.Image) -> bytes:
    out = io.BytesIO()
    drawn.save(out, "PNG")
    return out.getvalue()
