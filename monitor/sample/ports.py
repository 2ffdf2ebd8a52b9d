"""Ports of the little internet: the written one where it is free, else any free one."""

from __future__ import annotations

import json
import re
import socket
from collections.abc import Mapping
from pathlib import Path
from typing import TypeVar

from pydantic import SecretStr

from config.selfcheck import SearchProvider
from config.settings import Settings
from config.sources import Source

AskedT = TypeVar("AskedT", Source, SearchProvider)

HOST = "127.0.0.1"
FILE = "ports.json"
_ADDRESS = re.compile(rf"{re.escape(HOST)}:(\d+)")


def bind(port: int) -> socket.socket:
    """A listening loopback socket on this port, or on a free one where it is taken.

    Listening starts here, so that whoever connects early waits instead of being refused. That it
    is of TCP is said as in `monitor.web.serving`: what is asked is answered at once.
    """
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((HOST, port))
    except OSError:
        listening.bind((HOST, 0))
    listening.listen(128)
    listening.setblocking(False)
    return listening


def number(listening: socket.socket) -> int:
    """The port that a bound socket has."""
    port: int = listening.getsockname()[1]
    return port


def remembered(folder: Path) -> dict[int, int]:
    """Written port -> the port it had last; empty where nothing was remembered."""
    try:
        kept = json.loads((folder / FILE).read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return {}
    return {int(written): int(actual) for written, actual in kept.items()}


def remember(folder: Path, actual: Mapping[int, int]) -> None:
    """Keep the ports for the next start and for commands that join this one."""
    partial = folder / f"{FILE}.part"
    partial.write_text(json.dumps(dict(actual)), encoding="utf-8")
    partial.replace(folder / FILE)


def moved(settings: Settings, actual: Mapping[int, int]) -> Settings:
    """The settings with every loopback port of `actual` replaced by the one it really has."""
    port = actual.get(settings.mail.port, settings.mail.port)
    mail = settings.mail.model_copy(update={"port": port})
    sources = tuple(_moved_source(source, actual) for source in settings.sources)
    providers = tuple(_moved_source(one, actual) for one in settings.self_check.providers)
    self_check = settings.self_check.model_copy(update={"providers": providers})
    secrets = {
        name: SecretStr(_moved_text(one.get_secret_value(), actual))
        for name, one in settings.secrets.items()
    }
    changed = {"mail": mail, "sources": sources, "self_check": self_check, "secrets": secrets}
    return settings.model_copy(update=changed)


def _moved_source(source: AskedT, actual: Mapping[int, int]) -> AskedT:
    options = {key: _moved_value(value, actual) for key, value in source.options.items()}
    allow = tuple(_moved_text(address, actual) for address in source.allow)
    return source.model_copy(update={"options": options, "allow": allow})


def _moved_value(value: object, actual: Mapping[int, int]) -> object:
    if isinstance(value, list | tuple):
        return [_moved_value(one, actual) for one in value]
    return _moved_text(value, actual) if isinstance(value, str) else value


def _moved_text(text: str, actual: Mapping[int, int]) -> str:
    def address(found: re.Match[str]) -> str:
        port = int(found[1])
        return f"{HOST}:{actual.get(port, port)}"

    return _ADDRESS.sub(address, text)
