"""A mail server that takes everything and keeps nothing, in a process of its own.

python -m monitor.bench.mailserver     # prints its port
"""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from aiosmtpd.smtp import SMTP, Envelope, Session


class Nobody:
    """The handler that aiosmtpd calls with each mail."""

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        return "250 Taken" if envelope.content else "554 Empty"


@contextmanager
def served() -> Iterator[int]:
    """Its port, while it serves."""
    command = [sys.executable, "-m", __name__]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as server:  # noqa: S603
        try:
            yield int(server.stdout.readline() if server.stdout else 0)
        finally:
            server.kill()


async def _serve() -> None:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(Nobody(), loop=loop), "127.0.0.1", 0)
    sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(_serve())
