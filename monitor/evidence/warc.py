"""What went over the line as a WARC (ISO 28500), which the tools of web archives replay."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from urllib.parse import urlsplit

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from connectors.fetch.exchange import Exchange, Headers

MEDIA_TYPE = "application/warc"
_OF_THE_LINE = ("transfer-encoding",)
"""Chunks are joined when they arrive; a reader of the archive must not look for them."""


def written(exchanges: Sequence[Exchange], *, made_at: datetime) -> bytes:
    """Each request with its answer, compressed record by record; empty for no exchange."""
    if not exchanges:
        return b""
    out = io.BytesIO()
    writer = WARCWriter(out, gzip=True)
    info = {
        "software": f"Trust Monitor {version('trust-monitor')}",
        "format": "WARC File Format 1.0",
        "conformsTo": "http://bibnum.bnf.fr/WARC/WARC_ISO_28500_version1_latestdraft.pdf",
    }
    warcinfo = writer.create_warcinfo_record("page.warc.gz", info)
    warcinfo.rec_headers.replace_header("WARC-Date", _date(made_at))
    writer.write_record(warcinfo)
    for exchange in exchanges:
        _write(writer, exchange)
    return out.getvalue()


def _write(writer: WARCWriter, exchange: Exchange) -> None:
    parts = urlsplit(exchange.url)
    path = parts.path or "/"
    target = f"{path}?{parts.query}" if parts.query else path
    at = {"WARC-Date": _date(exchange.asked_at)}
    truncated = {"WARC-Truncated": "unspecified"} if exchange.is_left or exchange.is_cut else {}
    response = writer.create_warc_record(
        exchange.url,
        "response",
        payload=io.BytesIO(exchange.packed),
        length=len(exchange.packed),
        http_headers=StatusAndHeaders(
            f"{exchange.status} {exchange.reason}".strip(),
            _plain(exchange.headers),
            protocol="HTTP/1.1",
        ),
        warc_headers_dict={**at, **truncated},
    )
    request = writer.create_warc_record(
        exchange.url,
        "request",
        http_headers=StatusAndHeaders(
            f"GET {target} HTTP/1.1", list(exchange.asked), is_http_request=True
        ),
        warc_headers_dict=at,
    )
    writer.write_request_response_pair(request, response)


def _plain(headers: Headers) -> list[tuple[str, str]]:
    return [
        (f"X-Archive-Orig-{name}" if name.lower() in _OF_THE_LINE else name, value)
        for name, value in headers
    ]


def _date(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
