"""How evidence is captured and sealed (policy 9.4)."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StrictInt

from config.base import LongerThanNone, Model, OneLine


class EvidenceSettings(Model):
    """`browser` is the program that draws pages, empty to look for Chromium where Debian and
    Google put it; `timestamp_url` a service by RFC 3161, empty for none."""

    browser: OneLine
    deadline: LongerThanNone
    memory_bytes: Annotated[StrictInt, Field(ge=256 * 1024 * 1024)]
    timestamp_url: OneLine
    timestamp_certificates: OneLine
    """A PEM file with the root that the service's certificates lead to; empty: the reply is
    checked for what it stamps, not for who signed it."""
