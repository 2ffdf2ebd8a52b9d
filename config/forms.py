"""How single values are written: durations, addresses, times of day.

Each function gives the value back or raises `Misspelt`, which names the mend and never
repeats the value.
"""

from __future__ import annotations

import re
from datetime import timedelta
from ipaddress import IPv6Address, ip_address
from urllib.parse import urlsplit

NOT_RECORDED = frozenset(("", "-", "?", "n/a", "none", "tba", "tbc", "tbd", "todo", "xxx"))
"""What stands in a form that nobody filled in."""
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
_MAX_DAYS = 36_500
_MAIL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
_HOST = re.compile(r"(?=.{1,253}$)[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*")
_MAIL_LENGTH = 254  # RFC 5321, less the angle brackets


class Misspelt(ValueError):
    """A value is not written as it must be."""

    def __init__(self, message: str, mend: str) -> None:
        super().__init__(message)
        self.mend = mend


def duration(value: object) -> object:
    """ "15m" as a timedelta; a timedelta stays what it is."""
    if isinstance(value, timedelta):
        return value
    if isinstance(value, str) and (match := re.fullmatch(r"(\d{1,9})([smhd])", value.strip())):
        span = timedelta(**{_UNITS[match[2]]: int(match[1])})
        if span.days <= _MAX_DAYS:
            return span
    raise Misspelt("is not a duration", 'Write a number and a unit: "30s", "15m", "6h" or "30d"')


def one_line(value: str) -> str:
    if not value.isprintable():
        raise Misspelt("holds a line break or a control character", "Write it on one line")
    return value


def name(value: str) -> str:
    if not value.strip():
        raise Misspelt("is empty", "Write what people shall read there")
    return one_line(value)


def filled_in(value: str) -> str:
    if value.strip().lower() in NOT_RECORDED:
        raise Misspelt("is not filled in", "Write who, or why, so that it can be asked later")
    return value


def identifier(value: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}", value):
        raise Misspelt(
            "is not an identifier",
            "Use letters, digits, dots and hyphens only, at most 64, a letter or digit first",
        )
    return value


def mail_address(value: str) -> str:
    if value and (len(value) > _MAIL_LENGTH or not _MAIL.fullmatch(value)):
        raise Misspelt(
            "is not a mail address",
            "Write one plain address (name@school.example) or leave it blank",
        )
    return value


def host_and_port(value: str) -> str:
    """An address that stands for many machines, or for none, is refused."""
    host, colon, port = value.rpartition(":")
    bare = host[1:-1] if host.startswith("[") and host.endswith("]") else host
    is_port = port.isascii() and port.isdigit() and 1 <= int(port[:6]) <= 65535
    if not colon or not is_port or not _is_one_host(bare, bracketed=bare != host):
        raise Misspelt(
            'is not one exact "host:port"',
            'Name a single host and port, such as "10.0.0.5:8080": no wildcard, range or scheme',
        )
    return value


def _is_one_host(host: str, *, bracketed: bool) -> bool:
    try:
        address = ip_address(host)
    except ValueError:
        looks_numeric = re.fullmatch(r"[0-9.]+|0[xX][0-9a-fA-F]*", host.rpartition(".")[2])
        return not bracketed and bool(_HOST.fullmatch(host)) and not looks_numeric
    if address.is_unspecified or address.is_multicast or address.is_link_local:
        return False
    return isinstance(address, IPv6Address) == bracketed


def web_address(value: str) -> str:
    """The address of a site, without a slash at its end."""
    try:
        address = urlsplit(value)
        is_site = address.scheme in ("http", "https") and bool(address.hostname)
        is_plain = not (address.username or address.query or address.fragment)
    except ValueError:
        is_site = is_plain = False
    if not is_site or not is_plain or not value.isprintable() or " " in value:
        raise Misspelt(
            "is not the address of a site", 'Write it as "https://monitor.school.example"'
        )
    return value.rstrip("/")


def time_of_day(value: str) -> str:
    """HH:MM, but not in the hour that exists twice or never when the clocks change."""
    if not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", value):
        raise Misspelt("is not a time of day", 'Write hours and minutes: "07:00"')
    if value.startswith("01:"):
        raise Misspelt(
            "lies between 01:00 and 02:00, the hour that the change to summer time leaves out "
            "and the change back repeats",
            "Choose a time outside it",
        )
    return value


def hours(value: str) -> str:
    """HH:MM-HH:MM, over midnight where the end is earlier; empty for none."""
    since, dash, until = value.partition("-")
    if not value:
        return value
    if not dash or since == until:
        raise Misspelt("is no stretch of hours", 'Write "21:00-07:00", or "" for none')
    time_of_day(since)
    time_of_day(until)
    return value


def without_password(value: str) -> str:
    try:
        password = urlsplit(value).password
    except ValueError as error:
        raise Misspelt("is not an address", "Write it as in defaults.toml") from error
    if password:
        raise Misspelt(
            "holds a password",
            "Leave it out of the file; PostgreSQL takes it from PGPASSWORD or a password file",
        )
    return value
