"""An OpenID Connect provider of ours on loopback, with real keys and signatures made without the
library that reads them. `Slips` is how it, or somebody in its name, may do wrong."""

from __future__ import annotations

import hashlib
import json
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from hmac import digest
from typing import Any
from urllib.parse import parse_qs, urlencode

from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256

from tests.doubles.loopback import Asked, Reply, Site, as_json, serving

CLIENT, SECRET, TENANT = "trust-monitor", "s3cret-of-ours", "a-tenant-of-ours"
CALLBACK = "http://127.0.0.1:8000/sign-in/done"
Claims = dict[str, Any]


@cache
def key_of(name: str) -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@dataclass
class Slips:
    claims: Claims = field(default_factory=dict)
    """Laid over the right ones; None leaves one out."""
    header: Claims = field(default_factory=dict)
    key: str = "own"
    issuer: str = ""
    """What the discovery document calls itself, where not rightly."""
    down: bool = False


@dataclass
class OpenId:
    """`subject` is who sits at the browser."""

    clock: Callable[[], datetime]
    site: Site = field(init=False)
    subject: str = "subject-pr"
    callback: str = CALLBACK
    device: list[str] | None = field(default_factory=list)
    """Why a code of a device is not good yet, answer by answer; None: it knows no such sign-in."""
    leaving: str | None = None
    """Where one signs out there, instead of its own place; empty: it has none."""
    slips: Slips = field(default_factory=Slips)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)

    @property
    def issuer(self) -> str:
        return self.site.address

    def answer(self, asked: Asked) -> Reply:
        if self.slips.down:
            return Reply(status=503)
        match asked.path:
            case "/.well-known/openid-configuration":
                return as_json(self._discovery())
            case "/authorize":
                return self._authorized(asked.query)
            case "/token":
                sent = parse_qs(asked.sent.decode())
                return self._token({name: found[-1] for name, found in sent.items()})
            case "/device_authorization" if self.device is not None:
                return as_json(self._device_code())
            case "/keys":
                return as_json({"keys": [_public(key_of("own"))]})
        return Reply(status=404)

    def _discovery(self) -> Claims:
        known = {
            "issuer": self.slips.issuer or self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
            "end_session_endpoint": f"{self.issuer}/end" if self.leaving is None else self.leaving,
        }
        device = {"device_authorization_endpoint": f"{self.issuer}/device_authorization"}
        return known if self.device is None else known | device

    def _device_code(self) -> Claims:
        place = f"{self.issuer}/device"
        shown = {"user_code": "WXYZ-1234", "verification_uri": place}
        return shown | {"device_code": "d-of-ours", "expires_in": 900, "interval": 5}

    def _confirmed(self, form: dict[str, str]) -> Reply:
        """What a device that waits is told (RFC 8628, section 3.5)."""
        right = {"client_id": CLIENT, "client_secret": SECRET, "device_code": "d-of-ours"}
        if self.device is None or any(form.get(name) != value for name, value in right.items()):
            return as_json({"error": "invalid_grant"}, status=400)
        if self.device:
            return as_json({"error": self.device.pop(0)}, status=400)
        claims = {name: value for name, value in self._claims("").items() if name != "nonce"}
        return as_json({"token_type": "Bearer", "id_token": self._signed(claims)})

    def _authorized(self, query: Any) -> Reply:
        right = {"client_id": CLIENT, "redirect_uri": self.callback, "response_type": "code"}
        is_right = all(query.get(name) == value for name, value in right.items())
        if not is_right or query.get("code_challenge_method") != "S256":
            return Reply(status=400)
        code = secrets.token_urlsafe(16)
        self.codes[code] = dict(query)
        back = urlencode({"code": code, "state": query["state"], "iss": self.issuer})
        return Reply(status=302, headers={"Location": f"{self.callback}?{back}"})

    def _token(self, form: dict[str, str]) -> Reply:
        """A code is good once, for who began, and shows that by the verifier (RFC 7636 4.6)."""
        if form.get("grant_type", "").endswith(":device_code"):
            return self._confirmed(form)
        begun = self.codes.pop(form.get("code", ""), None)
        right = {"client_id": CLIENT, "client_secret": SECRET, "redirect_uri": self.callback}
        if begun is None or any(form.get(name) != value for name, value in right.items()):
            return as_json({"error": "invalid_grant"}, status=400)
        challenge = _base64(hashlib.sha256(form["code_verifier"].encode()).digest())
        if challenge != begun["code_challenge"]:
            return as_json({"error": "invalid_grant"}, status=400)
        token = self._signed(self._claims(begun["nonce"]))
        return as_json({"access_token": "unused", "token_type": "Bearer", "id_token": token})

    def _claims(self, nonce: str) -> Claims:
        now = int(self.clock().timestamp())
        claims: Claims = {
            "iss": self.issuer,
            "aud": CLIENT,
            "sub": self.subject,
            "tid": TENANT,
            "nonce": nonce,
            "iat": now,
            "exp": now + 300,
            "email": "somebody@elsewhere.example",
        }
        return {
            name: value for name, value in (claims | self.slips.claims).items() if value is not None
        }

    def _signed(self, claims: Claims) -> str:
        header = {"alg": "RS256", "kid": "own", "typ": "JWT"} | self.slips.header
        signed = ".".join(_base64(json.dumps(part).encode()) for part in (header, claims))
        match header["alg"]:
            case "none":
                signature = b""
            case "HS256":
                signature = digest(SECRET.encode(), signed.encode(), "sha256")
            case _:
                key = key_of(self.slips.key)
                signature = key.sign(signed.encode(), padding.PKCS1v15(), SHA256())
        return f"{signed}.{_base64(signature)}"


@contextmanager
def provider(clock: Callable[[], datetime]) -> Iterator[OpenId]:
    made = OpenId(clock)
    with serving(made.answer) as made.site:
        yield made


def _public(key: rsa.RSAPrivateKey) -> Claims:
    numbers = key.public_key().public_numbers()
    modulus = numbers.n.to_bytes(256, "big")
    exponent = numbers.e.to_bytes(3, "big")
    return {
        "kty": "RSA",
        "kid": "own",
        "use": "sig",
        "alg": "RS256",
        "n": _base64(modulus),
        "e": _base64(exponent),
    }


def _base64(raw: bytes) -> str:
    return urlsafe_b64encode(raw).decode().rstrip("=")
