"""A timestamp service confirms the newest seal, and so all before it (RFC 3161)."""

from __future__ import annotations

import asyncio
from pathlib import Path

import structlog
from rfc3161_client import (
    HashAlgorithm,
    TimeStampRequest,
    TimestampRequestBuilder,
    TimeStampResponse,
    decode_timestamp_response,
)

from config.readiness import may_collect
from connectors.errors import ConnectorError
from monitor.context import Context
from monitor.evidence.stamped import GRANTED, NotSigned, check_signer
from monitor.schedule import LONGEST_BACKOFF, backoff
from monitor.store import evidence_stamps

ASK, REPLY = "application/timestamp-query", "application/timestamp-reply"

log = structlog.get_logger()


class NoStamp(Exception):
    """The service gave no timestamp on what it was asked for."""


def stamp_next(ctx: Context) -> int:
    """Have the newest seal confirmed, where a service is set up; the number tried (0 or 1)."""
    if not ctx.settings.evidence.timestamp_url or not may_collect(ctx.settings):
        return 0
    now = ctx.clock()
    with ctx.store.read() as tx:
        seal = evidence_stamps.next_due(tx, now)
    if seal is None:
        return 0
    token, error = b"", ""
    try:
        token = _asked(ctx, seal.digest.encode())
    except (ConnectorError, NoStamp, OSError) as failed:
        error = str(failed)
    wait = backoff(seal.attempts + 1, longest=LONGEST_BACKOFF)
    with ctx.store.begin() as tx:
        evidence_stamps.note(
            tx,
            seal,
            token=token,
            is_checked=bool(token and ctx.settings.evidence.timestamp_certificates),
            error=error,
            now=now,
            next_attempt_at=now + wait,
        )
    log.info("timestamp", seal=seal.number, error=error)
    return 1


def _asked(ctx: Context, message: bytes) -> bytes:
    """The service's reply on the SHA-256 of this, checked. Raises ConnectorError or NoStamp."""
    settings = ctx.settings.evidence
    request = TimestampRequestBuilder().data(message).hash_algorithm(HashAlgorithm.SHA256).build()
    answer = asyncio.run(
        ctx.fetcher.query(settings.timestamp_url, request.as_bytes(), accept=REPLY, kind=ASK)
    )
    try:
        reply = decode_timestamp_response(answer.body)
    except ValueError:
        raise NoStamp("The service's reply cannot be read.") from None
    _check(request, reply)
    if settings.timestamp_certificates:
        try:
            check_signer(reply, message, Path(settings.timestamp_certificates).read_bytes())
        except NotSigned:
            why = "The timestamp is not signed by the service that is set up."
            raise NoStamp(why) from None
    return answer.body


def _check(request: TimeStampRequest, reply: TimeStampResponse) -> None:
    if reply.status not in GRANTED:
        raise NoStamp(f"The service refuses (status {reply.status}).")
    stamped = reply.tst_info
    same = stamped.message_imprint.message == request.message_imprint.message
    if not same or stamped.nonce != request.nonce:
        raise NoStamp("The service stamped something else than it was asked for.")
