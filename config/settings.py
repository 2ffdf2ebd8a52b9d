"""The facts an operator may change, as frozen models. Reading them is `config.loading`.

Every model refuses unknown keys. Durations are `timedelta`, written in the files as
"15m", "6h", "30d". Secrets come only from the environment or a secrets directory
(`config.secrets`) and never stand in a file. The models of each file stand in the module of its
name; here are those of monitor.toml, and `Settings`, which holds them all.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, SecretStr, StrictInt

from config import forms
from config.base import (
    Duration,
    HostAndPort,
    Identifier,
    LongerThanNone,
    MailAddress,
    Model,
    Name,
    OneLine,
    Port,
    Positive,
    RoleName,
    SeverityName,
    TimeOfDay,
)
from config.evidence import EvidenceSettings
from config.people import People
from config.policy import Policy
from config.rota import Rota
from config.selfcheck import SelfCheckSettings
from config.sources import Acceptance, Source
from config.trust import Trust
from config.watching import WatchingSettings


class ConsoleSettings(Model):
    host: Name
    port: Port
    url: Annotated[str, AfterValidator(forms.web_address)]
    """The console's address as people reach it, used in mails."""
    reviewer: OneLine
    """Name recorded with decisions where nobody signs in; empty means the login name."""


class DatabaseSettings(Model):
    url: Annotated[str, AfterValidator(forms.without_password)]
    """An SQLAlchemy address. A password never stands in it."""
    busy_timeout: LongerThanNone


class MailSettings(Model):
    """The server that takes the mail. It is signed in to with the secret `mail_password`, or
    with a token that `token_url` gives for the secret `mail_client_secret` (OAuth 2.0)."""

    host: OneLine
    """Empty means no mail can leave."""
    port: Port
    security: Literal["none", "starttls", "tls"]
    username: OneLine
    """Empty means that the server asks for none."""
    token_url: OneLine
    """Empty means to sign in with a password."""
    client_id: OneLine
    """What the operator's own app is called at the token's service."""
    scope: OneLine
    sender: MailAddress
    sender_name: OneLine
    deadline: LongerThanNone
    max_attempts: Positive
    max_per_minute: Positive
    """What the provider takes; a third of it is kept for critical alerts."""
    self_test_at: TimeOfDay
    """HH:MM in Europe/London: when IT gets a mail each day by the way that alerts go."""
    alarm_after: LongerThanNone
    """Told by another channel when something was due for so long and nothing has left."""


class ChannelSettings(Model):
    """A way beside the mail by which some people are told, with no more than kind, school,
    severity, clause and link. Where it leads is a secret (`target_secret`)."""

    id: Identifier
    kind: Literal["apprise", "webhook"]
    """A key of `alerts.channels.CHANNELS`."""
    roles: tuple[RoleName, ...] = ()
    recipients: tuple[MailAddress, ...] = ()
    """Mail addresses: told here as well when they, or who holds one of `roles`, get a mail."""
    min_severity: SeverityName = "high"
    allow: tuple[HostAndPort, ...] = ()
    """Exact "host:port" on the operator's own network that it may reach."""

    @property
    def target_secret(self) -> str:
        return f"channel_{re.sub(r'[^a-z0-9]+', '_', self.id.lower())}"

    @property
    def key_secret(self) -> str:
        """What a webhook is signed with."""
        return f"{self.target_secret}_key"


class MailboxSettings(Model):
    """The mailbox that people write and forward to; its password is `mailbox_password`."""

    host: OneLine
    """Empty means that no mail is taken in."""
    port: Port
    security: Literal["tls", "starttls"]
    username: OneLine
    folder: Name
    authserv: OneLine
    """The name by which your own server signs Authentication-Results (RFC 8601); what others
    wrote there is not believed."""
    every: LongerThanNone
    """How often it is looked at where the server does not say by itself that mail came."""
    max_bytes: Positive
    deadline: LongerThanNone


class FetchSettings(Model):
    """Limits of the one door to the network; sizes in bytes."""

    contact: MailAddress
    """Put into the User-Agent, so that a site's owner can reach the operator."""
    max_body_bytes: Positive
    max_headers: Positive
    max_redirects: Annotated[StrictInt, Field(ge=0, le=20)]
    deadline: LongerThanNone
    host_spacing: Duration
    parse_deadline: LongerThanNone
    parse_memory_bytes: Positive


class ClockSettings(Model):
    tick: LongerThanNone
    lease: LongerThanNone
    """How long a claimed row stays claimed before another may take it."""
    poll_slots: Positive
    digest_at: TimeOfDay
    """HH:MM in Europe/London, outside 01:00 to 02:00 (the hour that daylight saving repeats)."""


class Settings(Model):
    """Everything, read and checked once at start."""

    trust: Trust
    sources: tuple[Source, ...]
    accepted: tuple[Acceptance, ...] = ()
    policy: Policy
    rota: Rota = Rota()
    people: People = People()
    self_check: SelfCheckSettings = SelfCheckSettings()
    console: ConsoleSettings
    database: DatabaseSettings
    mail: MailSettings
    channels: tuple[ChannelSettings, ...] = ()
    mailbox: MailboxSettings
    fetch: FetchSettings
    evidence: EvidenceSettings
    clock: ClockSettings
    watching: WatchingSettings
    secrets: Mapping[str, SecretStr] = Field(default_factory=dict, repr=False)
    """By name in lower case, such as "mail_password"."""
    directory: Path
    """Where the files were read from."""
