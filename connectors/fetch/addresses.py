"""Which addresses may be reached: public ones, and exactly what an operator allows.

`ipaddress.is_global` lets IPv4 hide inside IPv6 (`::127.0.0.1`), so IPv6 is held to the
global unicast range less what is carved out of it for tunnels and documentation.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network

import httpx

from connectors.errors import Forbidden, Unreachable

Resolver = Callable[[str, int], Sequence[str]]
"""(host, port) to IP literals. Raises Unreachable."""

_UNICAST = IPv6Network("2000::/3")
_CARVED_OUT = tuple(
    IPv6Network(network) for network in ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")
)
_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """One hop: where it goes, before it is resolved."""

    scheme: str
    host: str
    port: int

    @property
    def place(self) -> str:
        """ "host:port", the unit of pacing and of the operator's allow-list."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


def target(url: httpx.URL, allow: frozenset[str]) -> Target:
    """The target of a URL that may be tried at all. Raises Forbidden.

    Read from the same parsed URL that is connected to, so that no two parsers can disagree.
    """
    host = url.raw_host.decode("ascii").strip("[]")
    if url.scheme not in _PORTS or not host:
        raise Forbidden("Only http and https addresses are fetched.")
    if url.userinfo:
        raise Forbidden("The address carries a user name, which hides where it leads.")
    chosen = Target(scheme=url.scheme, host=host, port=url.port or _PORTS[url.scheme])
    if chosen.port not in _PORTS.values() and chosen.place not in allow:
        raise Forbidden(f"Port {chosen.port} is not one that may be fetched.")
    return chosen


def is_public(literal: str) -> bool:
    """Whether an IP address belongs to the public internet."""
    try:
        address: IPv4Address | IPv6Address = ipaddress.ip_address(literal.partition("%")[0])
    except ValueError:
        return False
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped is not None:
            return is_public(str(address.ipv4_mapped))
        if address not in _UNICAST or any(address in network for network in _CARVED_OUT):
            return False
    return address.is_global and not address.is_multicast


def checked(host: str, port: int, *, allow: frozenset[str], resolve: Resolver) -> list[str]:
    """The IP literals to connect to: every one that the name has must be public.

    Connecting to the literal leaves no second look-up for a name to change its mind in.
    Raises Forbidden or Unreachable.
    """
    literals = list(resolve(host, port))
    if not literals:
        raise Unreachable("The name of the site is not known.")
    place = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    if place not in allow and not all(is_public(literal) for literal in literals):
        raise Forbidden("The address leads into a private network.")
    return literals


def system_resolver(host: str, port: int) -> Sequence[str]:
    """What the operating system says; it also reads 127.1 and 0x7f000001."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise Unreachable("The name of the site is not known.") from None
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))
