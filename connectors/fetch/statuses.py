"""What an HTTP status means for a source (RFC 9110)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from itertools import zip_longest

from connectors.errors import (
    AuthLost,
    Blocked,
    ConnectorError,
    Gone,
    Malformed,
    Throttled,
    Unreachable,
)
from connectors.fetch import usage
from connectors.fetch.politeness import renewal_seconds, retry_after_seconds

ALLOWANCES = ("x-ratelimit", "ratelimit", "x-rate-limit")
"""How the headers begin that tell of an allowance: Mastodon and Brave, Bluesky, X."""

_COUNTS = ("remaining", "limit")


def asked_to_wait(status: int, headers: Mapping[str, str], now: datetime) -> float | None:
    """The seconds that a server wants to be left alone for; None when it asks for none."""
    if status not in (429, 503):
        return None
    wait = retry_after_seconds(headers.get("retry-after"), now)
    return used_up(headers, now) if wait is None else wait


def used_up(headers: Mapping[str, str], now: datetime) -> float | None:
    """The seconds until a new allowance, when the headers say that this one is used up;
    None while something is left. A refusal without a count is not taken for one."""
    for name in ALLOWANCES:
        if waits := list(_renewals(name, headers, now)):
            return max(waits)
    return usage.regained_seconds(headers)


def left(headers: Mapping[str, str]) -> str:
    """What of an allowance remains, in words; empty when the headers do not say."""
    for name in ALLOWANCES:
        told = (headers.get(f"{name}-{what}", "").split(",")[-1].strip() for what in _COUNTS)
        remaining, limit = (one.partition(".")[0] for one in told)
        if remaining.isdecimal():
            of = f" of {limit}" if limit.isdecimal() and limit != "0" else ""
            return f"{remaining[:12]}{of[:16]} requests left"
    return ""


def _renewals(name: str, headers: Mapping[str, str], now: datetime) -> Iterator[float]:
    """Brave counts by the second and by the month in one header, with 0 as the limit of what
    is not limited."""
    told = (headers.get(f"{name}-{what}", "") for what in ("remaining", "limit", "reset"))
    for left, limit, reset in zip_longest(*(one.split(",") for one in told), fillvalue=""):
        if left.strip() in ("0", "0.0") and limit.strip() != "0":
            seconds = renewal_seconds(reset, now)
            if seconds is not None:
                yield seconds


def refusal(status: int, wait: float | None, headers: Mapping[str, str]) -> ConnectorError:
    """The error that a status other than success is; `wait` as `asked_to_wait` says. A wall
    against robots that wants a person to solve something (Cloudflare's says so in a header,
    with whatever status) is a refusal, to be asked again seldom."""
    if headers.get("cf-mitigated", "").strip().lower() == "challenge":
        return Blocked(
            f"The site's wall against robots (Cloudflare) wants a person to pass it ({status}): "
            "ask the site's owner to let this service through."
        )
    if status == 429 or wait is not None:
        return Throttled(f"The source asked us to slow down ({status}).", retry_after=wait)
    if status == 401:
        return AuthLost("The source refused our credentials (401).")
    if status in (403, 451):
        return Blocked(f"The source refuses to be read by us ({status}).")
    if status in (404, 410):
        return Gone(f"The address no longer exists ({status}).")
    if status >= 500 or status == 408:
        return Unreachable(f"The source has a fault of its own ({status}).")
    return Malformed(f"The source answered with status {status}.")
