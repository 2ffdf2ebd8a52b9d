"""Access tokens for the mail server (OAuth 2.0, RFC 6749), got for the operator's own app.

With the secret `mail_refresh_token` it is asked for in the name of who gave that (section 6, as
Google wants it), without in the app's own name (section 4.4, as Microsoft 365 wants it).
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from pydantic import SecretStr

from config.settings import MailSettings
from connectors.errors import Malformed
from connectors.fetch.client import Fetcher

EARLY_S = 60.0
"""A token is taken for over so long before it is."""
SHORTEST_S, LONGEST_S = 0.0, 86_400.0
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


class Tokens:
    """Keeps the last token until it is over or forgotten."""

    def __init__(
        self, settings: MailSettings, secrets: Mapping[str, SecretStr], door: Fetcher
    ) -> None:
        self._settings = settings
        self._secrets = secrets
        self._door = door
        self._token = ""
        self._until = 0.0

    @property
    def is_kept(self) -> bool:
        return bool(self._token) and time.monotonic() < self._until

    def forget(self) -> None:
        """The server refuses it: the next one is a new one."""
        self._token = ""

    async def token(self) -> str:
        """A token that should still hold. Raises ConnectorError."""
        if not self.is_kept:
            began = time.monotonic()
            form = urlencode(self._asked()).encode()
            answer = await self._door.deliver(self._settings.token_url, form, FORM)
            self._token, seconds = _understood(answer.body)
            self._until = began + seconds - EARLY_S
        return self._token

    def _asked(self) -> dict[str, str]:
        asked = {
            "grant_type": "client_credentials",
            "client_id": self._settings.client_id,
            "client_secret": self._secret("mail_client_secret"),
            "scope": self._settings.scope,
        }
        if refresh := self._secret("mail_refresh_token"):
            asked |= {"grant_type": "refresh_token", "refresh_token": refresh}
            del asked["scope"]
        return asked

    def _secret(self, name: str) -> str:
        found = self._secrets.get(name)
        return found.get_secret_value() if found else ""


def _understood(body: bytes) -> tuple[str, float]:
    """The token and the seconds it holds (RFC 6749 5.1). Raises Malformed."""
    try:
        said: Any = json.loads(body)
        token, seconds = said["access_token"], float(said.get("expires_in", EARLY_S))
    except (ValueError, TypeError, KeyError):
        raise Malformed("The source gave no token.") from None
    if not isinstance(token, str) or not token.isascii() or not token.isprintable():
        raise Malformed("The source gave no token.")
    return token, min(max(seconds, SHORTEST_S), LONGEST_S)
