"""A signed webhook, as Standard Webhooks 1.0 describes it: any of its libraries verifies it.

One POST of JSON over https. `webhook-signature` is "v1," and the base64 of HMAC-SHA256 over
"{webhook-id}.{webhook-timestamp}.{body}" with the bytes of the key "whsec_<base64>". The id
stays the same over retries: what a receiver has seen already it leaves alone. Any 2xx is a yes;
a redirect is not followed.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Mapping

from pydantic import SecretStr

from alerts.types import Brief, Delivery, Retry, Sent
from config.settings import ChannelSettings, FetchSettings
from connectors.errors import ConnectorError
from connectors.fetch.client import Fetcher

PREFIX = "whsec_"
KEY_BYTES = range(24, 65)
"""How long a key may be, by the standard."""
LARGEST_ANSWER = 64 * 1024


class WebhookChannel:
    """Tells the receiver at `target`, an https address that is a secret as it often holds one."""

    def __init__(
        self,
        settings: ChannelSettings,
        target: SecretStr | None,
        key: SecretStr | None,
        door: Fetcher,
    ) -> None:
        self._settings = settings
        self._target = target
        self._key = key
        self._door = door.reaching(settings.allow)

    def send(self, brief: Brief) -> Delivery:
        """Try once, within the door's deadline. What stays unanswered is tried again."""
        if self._target is None:
            return Retry(f"The secret {self._settings.target_secret} is missing.")
        key = signing_key(self._key)
        if key is None:
            return Retry(f"The secret {self._settings.key_secret} is no key of a webhook.")
        body = document(brief)
        headers = {"Content-Type": "application/json", **signed(brief, body, key)}
        try:
            asyncio.run(self._door.deliver(self._target.get_secret_value(), body, headers))
        except ConnectorError as error:
            return Retry(str(error).replace("source", "receiver"), error.retry_after)
        return Sent()


def bounded(settings: FetchSettings) -> FetchSettings:
    """The limits of the door for a receiver, who has little to say."""
    return settings.model_copy(update={"max_body_bytes": LARGEST_ANSWER})


def signing_key(secret: SecretStr | None) -> bytes | None:
    """The bytes of "whsec_<base64>"; None when it is not written so, or too short."""
    written = secret.get_secret_value() if secret else ""
    try:
        key = base64.b64decode(written.removeprefix(PREFIX), validate=True)
    except binascii.Error:
        return None
    return key if written.startswith(PREFIX) and len(key) in KEY_BYTES else None


def document(brief: Brief) -> bytes:
    """What is posted: one JSON object."""
    said = {
        "type": f"trust_monitor.{brief.event}",
        "timestamp": brief.at.isoformat(),
        "data": {
            "occasion": brief.occasion,
            "severity": brief.severity,
            "kind": brief.kind,
            "place": brief.place,
            "clauses": list(brief.clauses),
            "link": brief.link,
        },
    }
    return json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()


def signed(brief: Brief, body: bytes, key: bytes) -> Mapping[str, str]:
    """The headers by which a receiver knows that it is from us, untouched, and when it was sent."""
    moment = str(int(brief.at.timestamp()))
    content = b".".join((brief.brief_id.encode(), moment.encode(), body))
    digest = base64.b64encode(hmac.new(key, content, hashlib.sha256).digest()).decode()
    return {
        "webhook-id": brief.brief_id,
        "webhook-timestamp": moment,
        "webhook-signature": f"v1,{digest}",
    }
