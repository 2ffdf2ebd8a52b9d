"""Whether people can sign in: the provider is asked as the console asks it, and what is wrong is
said with its mend."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from config.people import SignIn
from config.secrets import PREFIX
from config.settings import Settings
from connectors.errors import ConnectorError
from connectors.fetch.client import Fetcher
from monitor.access.signin import ALGORITHMS, DISCOVERY, DONE, SECRET

ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri")


@dataclass(frozen=True, slots=True)
class Said:
    """One line: `mend` is empty where all is well."""

    subject: str
    state: str
    mend: str = ""


def check(settings: Settings, fetcher: Fetcher) -> Iterator[Said]:
    """What holds of the sign-in; nothing where nobody signs in."""
    sign_in = settings.people.sign_in
    if sign_in is None:
        return
    if SECRET in settings.secrets:
        yield Said("sign-in", f"the secret {SECRET} is there")
    else:
        yield Said("sign-in", f"the secret {SECRET} is missing", f"set {PREFIX}{SECRET.upper()}")
    if not settings.people.people and not settings.people.groups:
        mend = "send them the address of the console, then see its page Sessions"
        yield Said("sign-in", "people.toml names nobody yet", mend)
    yield from _provider(sign_in, fetcher.reaching(sign_in.allow))
    yield Said("sign-in", f"the provider must know the way back: {settings.console.url}{DONE}")


def _provider(sign_in: SignIn, fetcher: Fetcher) -> Iterator[Said]:
    address = f"{sign_in.issuer}{DISCOVERY}"
    found, why = _asked(fetcher, address)
    if found is None:
        mend = f"open {address} in a browser on this machine, and mend issuer or the network"
        yield Said("sign-in", f"the provider does not tell of itself ({why})", mend)
        return
    faults = list(_faults(sign_in, found))
    if not faults:
        faults = list(_key_faults(*_asked(fetcher, found["jwks_uri"])))
    for state, mend in faults:
        yield Said("sign-in", state, mend)
    if not faults:
        yield Said("sign-in", f"{sign_in.issuer} answers, and says what it must")


def _asked(fetcher: Fetcher, address: str) -> tuple[dict[str, Any] | None, str]:
    """The object at an address, or None and why."""

    async def body() -> bytes:
        return (await fetcher.ask(address, {})).body

    try:
        found = json.loads(asyncio.run(body()))
    except ConnectorError as error:
        return None, f"{type(error).__name__}: {error}"
    except (ValueError, RecursionError):
        return None, "what came is no JSON"
    return (found, "") if isinstance(found, dict) else (None, "what came is no JSON object")


def _faults(sign_in: SignIn, found: dict[str, Any]) -> Iterator[tuple[str, str]]:
    said = found.get("issuer")
    if said != sign_in.issuer:
        shown = said if isinstance(said, str) and said.isprintable() else "nothing"
        mend = "write issuer in people.toml exactly so, if that is your provider"
        yield f"the provider calls itself {shown[:200]}", mend
    for name in ENDPOINTS:
        if not isinstance(found.get(name), str):
            yield f"the provider names no {name}", "ask for a provider of OpenID Connect"
    offers = (
        ("response_types_supported", ("code",), "the code flow"),
        ("id_token_signing_alg_values_supported", tuple(ALGORITHMS), "a signature we check"),
    )
    for name, wanted, what in offers:
        given = found.get(name)
        if isinstance(given, list) and not any(one in given for one in wanted):
            yield f"the provider does not offer {what}", f"switch on {' or '.join(wanted)} there"
    challenge = found.get("code_challenge_methods_supported")
    if isinstance(challenge, list) and "S256" not in challenge:
        yield "the provider knows no PKCE by S256", "switch it on there (RFC 7636)"


def _key_faults(keys: dict[str, Any] | None, why: str) -> Iterator[tuple[str, str]]:
    if keys is None or not keys.get("keys"):
        state = f"the keys of the provider cannot be read ({why or 'there are none'})"
        yield state, "look at the provider's jwks_uri"
