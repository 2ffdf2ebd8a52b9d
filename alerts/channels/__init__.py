"""Ways to a person: one channel, one file. A channel says what became of a message, never
raises for what the other side does, and keeps addresses and text out of its reasons."""

from __future__ import annotations

from typing import Protocol

from alerts.types import Brief, Delivery, Message

MAIL = "smtp"
CHANNELS: dict[str, str] = {
    MAIL: "alerts.channels.smtp:SmtpChannel",
    "apprise": "alerts.channels.apprise:AppriseChannel",
    "webhook": "alerts.channels.webhook:WebhookChannel",
}
"""Kind -> "module:class"; loaded by whoever wires the service."""


class Channel(Protocol):
    """Takes one message for one recipient and comes back within its own deadline."""

    def send(self, message: Message) -> Delivery: ...


class BriefChannel(Protocol):
    """Takes one brief for the one place that it leads to, within its own deadline."""

    def send(self, brief: Brief) -> Delivery: ...
