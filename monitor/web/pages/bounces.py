"""Where a mail provider tells of mails that came back: for machines, by a secret of theirs."""

from __future__ import annotations

import base64
import binascii
from hmac import compare_digest

from fastapi import HTTPException, Request
from pydantic import SecretStr
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from connectors.errors import ConnectorError
from connectors.parse.child import parse
from connectors.parse.told import parse_told
from monitor import bounces
from monitor.web.deps import Console, Current
from monitor.web.viewer import open_room

SECRET = "bounces"  # noqa: S105  the name of the secret
SHORTEST = 24
LARGEST_BYTES = 256 * 1024

router = open_room()


@router.post("/bounces")
async def told(request: Request, console: Current) -> Response:
    """Take what is told. What is about no mail of ours changes nothing, and is answered alike."""
    secret = console.whole.secrets.get(SECRET)
    if secret is None or len(secret.get_secret_value()) < SHORTEST:
        raise HTTPException(404)
    if not _knows(request.headers.get("authorization", ""), secret):
        return Response(status_code=401, headers={"WWW-Authenticate": 'Basic realm="bounces"'})
    body = await _body(request)
    return await run_in_threadpool(_note, console, body)


def _knows(header: str, secret: SecretStr) -> bool:
    """By the password of HTTP Basic, whatever the user's name, or as a bearer token."""
    scheme, _, given = header.partition(" ")
    if scheme.lower() == "basic":
        try:
            given = base64.b64decode(given, validate=True).decode().partition(":")[2]
        except (binascii.Error, ValueError):
            return False
    elif scheme.lower() != "bearer":
        return False
    return compare_digest(given.encode(), secret.get_secret_value().encode())


async def _body(request: Request) -> bytes:
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > LARGEST_BYTES:
            raise HTTPException(413)
    return body


def _note(console: Console, body: bytes) -> Response:
    try:
        found = parse(parse_told, body)
    except ConnectorError:
        return Response(status_code=400)
    if found:
        with console.store.begin() as tx:
            bounces.note(tx, found, console.clock())
    return Response(status_code=204)
