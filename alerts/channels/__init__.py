"""Ways to a person: one channel, one file. A channel says what became of a message, never
raises for what the other side does, and keeps addresses and text out of its reasons."""

from __future__ import annotations

from typing import Protocol

from alerts.types import Delivery, Message

CHANNELS: dict[str, str] = {"smtp": "alerts.channels.smtp:SmtpChannel"}
"""Name in `Notice.channel` -> "module:class"; loaded by whoever wires the service."""


class Channel(Protocol):
    """Takes one message for one recipient and comes back within its own deadline."""

    def send(self, message: Message) -> Delivery: ...
