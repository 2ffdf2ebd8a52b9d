"""Signing in by OpenID Connect: the code flow with PKCE (RFC 7636), issuer, audience, nonce and
tenant checked, nobody matched by a mail address. Knows nothing of the web and of the database.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from threading import Lock
from typing import Any
from urllib.parse import urlencode

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from config.people import SignIn
from connectors.errors import ConnectorError
from connectors.fetch.client import Fetcher, Response

SECRET = "sign_in_client_secret"  # noqa: S105  the name of the secret, not a secret
DISCOVERY = "/.well-known/openid-configuration"
"""Below the issuer (OpenID Connect Discovery 1.0, section 4)."""
DONE = "/sign-in/done"
"""Where the provider sends people back to, below the address of the console."""
ALGORITHMS = ["RS256", "ES256", "PS256"]
"""Signed by a key of the provider's; never "none", never with the client's own secret."""
SCOPES = {"": "openid", "tid": "openid", "hd": "openid email"}
"""Google tells whose domain it is beside the mail address only, which is not looked at."""
LEEWAY = timedelta(minutes=2)
ATTEMPT = timedelta(minutes=10)
KNOWN_FOR = timedelta(hours=1)
"""So long a discovery document is taken as read, so that nobody can make us ask by asking us."""
LONGEST_NAME = 100
LONGEST_SUBJECT = 255
"""OpenID Connect Core, section 2."""


class NotAccepted(Exception):
    """Somebody could not be signed in; the message is for the log, not for the page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """Somebody has signed in."""

    subject: str
    """Who they are to the provider."""
    name: str = ""
    """What the provider calls them, where it says so in one line."""
    groups: tuple[str, ...] = ()
    """What the groups' claim holds."""
    groups_left_out: bool = False
    """They are in more groups than the provider writes into a token (Microsoft Entra: 200)."""
    onward: str
    """Where they wanted to go when they began, as it was given then."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One way to the provider and back. `key` stands in a cookie of the browser that began; all
    else follows from it and a secret of this process, so nothing has to be remembered, and no
    flood of beginnings can push out another's."""

    key: str
    secret: bytes

    @property
    def state(self) -> str:
        return self._derived("state")

    @property
    def nonce(self) -> str:
        return self._derived("nonce")

    @property
    def verifier(self) -> str:
        return self._derived("verifier")

    @property
    def challenge(self) -> str:
        return _base64(hashlib.sha256(self.verifier.encode()).digest())

    @property
    def begun_at(self) -> datetime:
        """To be believed once the state is known to follow from the key."""
        seconds = self.key.partition(".")[0]
        is_ours = seconds.isascii() and seconds.isdigit() and len(seconds) < 12
        return datetime.fromtimestamp(int(seconds) if is_ours else 0, UTC)

    @property
    def onward(self) -> str:
        """To be believed as above."""
        return urlsafe_b64decode(self.key.rpartition(".")[2].encode() + b"==").decode()

    def _derived(self, what: str) -> str:
        text = f"{what}.{self.key}".encode("utf-8", "replace")
        return _base64(hmac.digest(self.secret, text, "sha256"))


class Provider:
    """Raises NotAccepted whenever anything is not as it must be."""

    def __init__(
        self,
        settings: SignIn,
        *,
        secret: str,
        redirect_uri: str,
        fetcher: Fetcher,
        clock: Callable[[], datetime],
    ) -> None:
        self.settings = settings
        self._client_secret = secret
        self._redirect_uri = redirect_uri
        self._fetcher = fetcher.reaching(settings.allow)
        self._clock = clock
        self._own_secret = secrets.token_bytes(32)
        self._lock = Lock()
        self._used: dict[str, datetime] = {}
        self._found: tuple[datetime, Any] | None = None

    def begin(self, onward: str) -> tuple[str, str]:
        """Where to send the browser, and the key that it keeps until it comes back."""
        endpoint = _text(self._discovered(), "authorization_endpoint")
        seconds, chance = int(self._clock().timestamp()), secrets.token_urlsafe(32)
        key = f"{seconds}.{chance}.{_base64(onward.encode())}"
        attempt = Attempt(key, self._own_secret)
        asked = {
            "response_type": "code",
            "scope": self._asked_for,
            "client_id": self.settings.client_id,
            "redirect_uri": self._redirect_uri,
            "state": attempt.state,
            "nonce": attempt.nonce,
            "code_challenge": attempt.challenge,
            "code_challenge_method": "S256",
        }
        joint = "&" if "?" in endpoint else "?"
        return f"{endpoint}{joint}{urlencode(asked)}", key

    def finish(self, key: str, *, state: str, code: str, issuer: str) -> Arrival:
        """Who has signed in; an attempt is good once (state, RFC 6749 10.12). An
        answer that names another issuer is refused (RFC 9207)."""
        attempt = Attempt(key, self._own_secret)
        if not code or not secrets.compare_digest(attempt.state.encode(), _bytes(state)):
            raise NotAccepted("not the state of this browser's attempt")
        if issuer and issuer != self.settings.issuer:
            raise NotAccepted("another issuer has answered")
        self._use(attempt)
        found = self._discovered()
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self._redirect_uri,
            "client_id": self.settings.client_id,
            "client_secret": self._client_secret,
            "code_verifier": attempt.verifier,
        }
        endpoint = _text(found, "token_endpoint")
        token = _text(self._said(self._fetcher.post_form(endpoint, form, {})), "id_token")
        keys = self._said(self._fetcher.ask(_text(found, "jwks_uri"), {}))
        claims = self._claims(token, keys, nonce=attempt.nonce)
        return self._arrival(claims, attempt.onward)

    def way_out(self, back: str) -> str:
        """Where the browser ends its session at the provider too, and is sent `back` from (OpenID
        Connect RP-Initiated Logout 1.0, section 2); empty where the provider has no such place. No
        ID token is kept to be sent along, so the provider asks which account is meant."""
        endpoint = self._discovered().get("end_session_endpoint")
        scheme = f"{self.settings.issuer.partition('://')[0]}://"
        if not isinstance(endpoint, str) or not endpoint.startswith(scheme):
            return ""
        asked = {"client_id": self.settings.client_id, "post_logout_redirect_uri": back}
        return f"{endpoint}{'&' if '?' in endpoint else '?'}{urlencode(asked)}"

    def asks_for_device(self) -> dict[str, Any]:
        """Begin a sign-in that is confirmed in another browser (RFC 8628, section 3.1)."""
        form = {
            "client_id": self.settings.client_id,
            "client_secret": self._client_secret,
            "scope": self._asked_for,
        }
        endpoint = _text(self._discovered(), "device_authorization_endpoint")
        said = self._said(self._fetcher.post_form(endpoint, form, {}))
        if not isinstance(said, dict):
            raise NotAccepted("the provider gave no code")
        return said

    def device_answer(self, grant: str, code: str) -> Arrival | str:
        """Who has confirmed it, or the provider's word why nobody has (section 3.5)."""
        found = self._discovered()
        form = {
            "grant_type": grant,
            "device_code": code,
            "client_id": self.settings.client_id,
            "client_secret": self._client_secret,
        }
        endpoint = _text(found, "token_endpoint")
        try:
            token = _text(self._said(self._fetcher.post_form(endpoint, form, {})), "id_token")
        except NotAccepted as refused:
            word = _word(refused.__cause__)
            if word:
                return word
            raise
        keys = self._said(self._fetcher.ask(_text(found, "jwks_uri"), {}))
        return self._arrival(self._claims(token, keys, nonce=None), "/")

    @property
    def _asked_for(self) -> str:
        """Who is known by a group needs a name for the record."""
        profile = " profile" if self.settings.groups_claim else ""
        return f"{SCOPES[self.settings.tenant_claim]}{profile}"

    def _arrival(self, claims: dict[str, Any], onward: str) -> Arrival:
        named = self.settings.groups_claim
        found = claims.get(named) if named else None
        groups = found if isinstance(found, list) else []
        elsewhere = claims.get("_claim_names")
        return Arrival(
            subject=_text(claims, "sub", most=LONGEST_SUBJECT),
            name=_called(claims.get("name")),
            groups=tuple(one for one in groups if isinstance(one, str)),
            groups_left_out=bool(named) and isinstance(elsewhere, dict) and named in elsewhere,
            onward=onward,
        )

    def _use(self, attempt: Attempt) -> None:
        now = self._clock()
        with self._lock:
            self._used = {key: at for key, at in self._used.items() if now - at <= ATTEMPT}
            if attempt.key in self._used or now - attempt.begun_at > ATTEMPT:
                raise NotAccepted("the attempt was used before, or is too old")
            self._used[attempt.key] = attempt.begun_at

    def _claims(self, token: str, keys: Any, *, nonce: str | None) -> dict[str, Any]:
        """What an ID token says, when all that must hold does (OpenID Connect Core 3.1.3.7)."""
        settings = self.settings
        wanted: dict[str, Any] = {
            "iss": {"essential": True, "value": settings.issuer},
            "aud": {"essential": True, "value": settings.client_id},
            "exp": {"essential": True},
            "iat": {"essential": True},
            "sub": {"essential": True},
        }
        if nonce is not None:  # a code that is typed elsewhere carries none
            wanted["nonce"] = {"essential": True, "value": nonce}
        if settings.tenant_claim:
            wanted[settings.tenant_claim] = {"essential": True, "value": settings.tenant}
        now, leeway = int(self._clock().timestamp()), int(LEEWAY.total_seconds())
        try:
            read = jwt.decode(token, KeySet.import_key_set(keys), algorithms=ALGORITHMS)
            jwt.JWTClaimsRegistry(now=now, leeway=leeway, **wanted).validate(read.claims)
        except (JoseError, ValueError, TypeError, KeyError, AttributeError) as error:
            raise NotAccepted(f"the token is not good: {type(error).__name__}: {error}") from None
        claims = read.claims
        if claims["aud"] not in (settings.client_id, [settings.client_id]):
            raise NotAccepted("the token is for others too")
        if claims.get("azp", settings.client_id) != settings.client_id:
            raise NotAccepted("the token was given to another")
        return claims

    def _discovered(self) -> Any:
        issuer, now = self.settings.issuer, self._clock()
        if self._found and now - self._found[0] <= KNOWN_FOR:
            return self._found[1]
        found = self._said(self._fetcher.ask(f"{issuer}{DISCOVERY}", {}))
        if _text(found, "issuer") != issuer:
            raise NotAccepted("the discovery document is another issuer's")
        self._found = now, found
        return found

    def _said(self, asking: Awaitable[Response]) -> Any:
        async def body() -> bytes:
            return (await asking).body

        try:
            return json.loads(asyncio.run(body()))
        except (ConnectorError, ValueError, RecursionError) as error:
            message = f"the provider gave no answer: {type(error).__name__}"
            raise NotAccepted(message) from error


def _text(found: Any, name: str, *, most: int = 20_000) -> str:
    value = found.get(name) if isinstance(found, dict) else None
    if not isinstance(value, str) or not value or len(value) > most:
        raise NotAccepted(f"there is no {name}")
    return value


def _word(error: BaseException | None) -> str:
    """Why a token is refused (RFC 6749, section 5.2); empty where nothing is said."""
    try:
        said = json.loads(error.said) if isinstance(error, ConnectorError) else {}
    except (ValueError, RecursionError):
        return ""
    found = said.get("error") if isinstance(said, dict) else None
    return found if isinstance(found, str) and found.isprintable() else ""


def _called(name: Any) -> str:
    """A name that may stand in the record; empty where it is none."""
    is_name = isinstance(name, str) and name.isprintable() and len(name) <= LONGEST_NAME
    return " ".join(name.split()) if is_name else ""


def _base64(raw: bytes) -> str:
    return urlsafe_b64encode(raw).decode().rstrip("=")


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "replace")
