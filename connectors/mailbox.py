"""A mailbox by IMAP (RFC 9051): what came since the last look, and a bell when more comes.

It is only looked at: nothing is marked, moved, deleted or answered. The line is always
encrypted, and the server's certificate is checked.
"""

from __future__ import annotations

import re
import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Event

from imapclient import IMAPClient
from imapclient.exceptions import IMAPClientError, LoginError
from pydantic import SecretStr

from config.settings import MailboxSettings
from connectors.errors import AuthLost, Gone, Malformed, Unreachable
from connectors.types import Cursor

MOST = 20
"""Mails of one look."""
LOOK_SECONDS = 20.0
"""After so long the rest is left for the next look."""
IDLE_SECONDS = 10 * 60
"""An idle line is begun anew after so long; servers and routers drop older ones (RFC 2177)."""
CHECK_SECONDS = 2.0
_CURSOR = re.compile(r"(\d{1,20})\.(\d{1,20})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrived:
    """`too_large` counts what was left in the mailbox; `more` waits for the next look."""

    mails: tuple[bytes, ...]
    too_large: int
    more: bool
    cursor: Cursor


def look(settings: MailboxSettings, password: SecretStr | None, cursor: Cursor) -> Arrived:
    """The mails after `cursor`, oldest first.

    Raises AuthLost, Gone when there is no such folder, Malformed, Unreachable.
    """
    with _opened(settings, password) as (client, validity):
        began = time.monotonic()
        last = _last_seen(cursor, validity)
        new = sorted(uid for uid in client.search(["UID", f"{last + 1}:*"]) if uid > last)
        mails: list[bytes] = []
        too_large = 0
        for uid in new[:MOST]:
            if mails and time.monotonic() - began > LOOK_SECONDS:
                break
            body = _body(client, uid, settings.max_bytes)
            if body is None:
                too_large += 1
            elif body:
                mails.append(body)
            last = uid
    return Arrived(
        mails=tuple(mails),
        too_large=too_large,
        more=bool(new) and last < new[-1],
        cursor=Cursor(high_water=f"{validity}.{last}"),
    )


def listen(
    settings: MailboxSettings,
    password: SecretStr | None,
    *,
    ring: Callable[[], None],
    stop: Event,
) -> bool:
    """Ring once when the line is up and at every new mail, until `stop`; False where the server
    has no IDLE. Raises as `look` does when the line is lost."""
    with _opened(settings, password) as (client, _):
        if not client.has_capability("IDLE"):
            return False
        ring()
        while not stop.is_set():
            client.idle()
            until = time.monotonic() + IDLE_SECONDS
            while not stop.is_set() and time.monotonic() < until:
                if any(b"EXISTS" in said for said in _heard(client)):
                    ring()
            client.idle_done()
    return True


def _heard(client: IMAPClient) -> list[tuple[object, ...]]:
    """What the server said within two seconds; Unreachable when the line was closed."""
    began = time.monotonic()
    said: list[tuple[object, ...]] = client.idle_check(timeout=CHECK_SECONDS)
    if not said and time.monotonic() - began < CHECK_SECONDS / 2:
        raise Unreachable("The mail server closed the line.")
    return said


@contextmanager
def _opened(
    settings: MailboxSettings, password: SecretStr | None
) -> Iterator[tuple[IMAPClient, int]]:
    """Signed in, the folder chosen for reading only; its UIDVALIDITY. Hung up at the end."""
    if password is None:
        raise AuthLost("No password is given: set the secret mailbox_password.")
    try:
        client = _connected(settings)
        try:
            client.login(settings.username, password.get_secret_value())
            chosen = _chosen(client, settings.folder)
            yield client, int(chosen[b"UIDVALIDITY"])
        finally:
            client.shutdown()
    except LoginError as error:
        if "UNAVAILABLE" in str(error).upper():
            raise Unreachable("The mail server asks to sign in later.") from None
        raise AuthLost("The mail server refused user name or password.") from None
    except ssl.SSLCertVerificationError:
        raise Unreachable("The mail server's certificate is not trusted.") from None
    except (IMAPClientError, OSError) as error:
        raise Unreachable(f"The mail server did not answer ({type(error).__name__}).") from None
    except (KeyError, ValueError, TypeError):
        raise Malformed("The mail server's answer cannot be read.") from None


def _connected(settings: MailboxSettings) -> IMAPClient:
    context = ssl.create_default_context()
    is_tls = settings.security == "tls"
    client = IMAPClient(
        settings.host,
        settings.port,
        ssl=is_tls,
        ssl_context=context if is_tls else None,
        timeout=settings.deadline.total_seconds(),
    )
    if not is_tls:
        client.starttls(context)
    return client


def _chosen(client: IMAPClient, folder: str) -> dict[bytes, int]:
    if not client.folder_exists(folder):
        raise Gone("There is no such folder in the mailbox.")
    chosen: dict[bytes, int] = client.select_folder(folder, readonly=True)
    return chosen


def _last_seen(cursor: Cursor, validity: int) -> int:
    """The last number looked at; where the server counts anew, from the beginning."""
    found = _CURSOR.fullmatch(cursor.high_water or "")
    return int(found[2]) if found and int(found[1]) == validity else 0


def _body(client: IMAPClient, uid: int, max_bytes: int) -> bytes | None:
    """The mail as it came; None when it is too large, empty when it is gone meanwhile."""
    size = client.fetch([uid], ["RFC822.SIZE"]).get(uid, {}).get(b"RFC822.SIZE", 0)
    if size > max_bytes:
        return None
    body: bytes = client.fetch([uid], ["BODY.PEEK[]"]).get(uid, {}).get(b"BODY[]", b"")
    return body if len(body) <= max_bytes else None
