"""The facts an operator may change, as frozen models. Reading them is `config.loading`.

Every model refuses unknown keys. Durations are `timedelta`, written in the files as
"15m", "6h", "30d". Secrets come only from the environment or a secrets directory
(`config.secrets`) and never stand in a file.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, SecretStr

LabelName = Literal["reputation", "bullying", "threat", "hate", "sexual", "self_harm"]
PupilLevelName = Literal["none", "class", "indirect", "direct"]
SeverityName = Literal["none", "low", "medium", "high", "critical"]
RoleName = Literal["head_of_pr", "executive", "headteacher", "safeguarding_lead", "chair", "it"]
AllegationName = Literal["staff", "head"]

_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


def _duration(value: object) -> object:
    """ "15m" as a timedelta; anything else is left to the validator."""
    if isinstance(value, str) and (match := re.fullmatch(r"(\d+)([smhd])", value.strip())):
        return timedelta(**{_UNITS[match[2]]: int(match[1])})
    if isinstance(value, timedelta):
        return value
    raise ValueError('a duration is a number and a unit: "30s", "15m", "6h", "30d"')


Duration = Annotated[timedelta, BeforeValidator(_duration)]


class Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=False)


class SchoolContacts(Model):
    """Mail addresses; empty means not yet given (then nothing is sent there)."""

    headteacher: str = ""
    safeguarding_lead: str = ""
    deputy_safeguarding_lead: str = ""


class School(Model):
    id: str
    name: str
    urn: str = ""
    town: str = ""
    locality: str = ""
    postcode: str = ""
    la: str = ""
    phase: Literal["P", "S", "S6", "PS", "PS6", "N", "16", ""] = ""
    website: str = ""
    roll: int | None = None
    """Pupils on roll, for the anonymity estimate."""
    enabled: bool = True
    """A school whose membership is not verified ships disabled and is never matched."""
    aliases: tuple[str, ...] = ()
    former_names: tuple[str, ...] = ()
    hashtags: tuple[str, ...] = ()
    handles: tuple[str, ...] = ()
    contacts: SchoolContacts = SchoolContacts()
    note: str = ""


class TrustContacts(Model):
    head_of_pr: str = ""
    executive: str = ""
    chair: str = ""
    it: str = ""
    safeguarding_lead: str = ""
    """Told when a school has no safeguarding lead of its own, or no school is certain."""


class SharedAlias(Model):
    """An alias that several schools use; it always ends as *possible* for each."""

    alias: str
    schools: tuple[str, ...] = Field(min_length=2)


class Trust(Model):
    id: str
    name: str
    aliases: tuple[str, ...] = ()
    hashtags: tuple[str, ...] = ()
    handles: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    contacts: TrustContacts = TrustContacts()
    shared_aliases: tuple[SharedAlias, ...] = ()
    schools: tuple[School, ...] = Field(min_length=1)
    decoys: tuple[str, ...] = ()
    """Names of nearby schools outside the Trust; a mention of one is not ours."""

    @property
    def enabled_schools(self) -> tuple[School, ...]:
        return tuple(school for school in self.schools if school.enabled)

    def school(self, school_id: str) -> School | None:
        return next((school for school in self.schools if school.id == school_id), None)


class Source(Model):
    id: str
    kind: str
    """A key of `connectors.registry.CONNECTORS`."""
    name: str
    enabled: bool = True
    every: Duration = timedelta(minutes=30)
    school: str | None = None
    """The school whose own page or feed this is."""
    official: bool = False
    place_hints: tuple[str, ...] = ()
    terms: tuple[str, ...] = ()
    """What a search connector asks; empty means the names of the Trust and its schools."""
    self_check: bool = False
    """May be asked by a member of staff for their own name (policy 6.15); search kinds only."""
    allow: tuple[str, ...] = ()
    """Exact "host:port" on the operator's own network that this source may reach."""
    options: Mapping[str, Any] = Field(default_factory=dict)
    """Validated by the connector's own Options model when the service is wired."""


class LabelPolicy(Model):
    title: str
    threshold: float = Field(gt=0, lt=1)
    clauses: tuple[str, ...]
    meaning: str
    do: tuple[str, ...] = ()
    """What the policy says to do, shown in alerts and on the mention page."""
    dont: tuple[str, ...] = ()


class Condition(Model):
    """True when every given part holds. `any_label` needs a flagged label at or over
    `at_least` (default: its threshold)."""

    any_label: tuple[LabelName, ...] = ()
    at_least: float | None = Field(default=None, ge=0, le=1)
    pupil: tuple[PupilLevelName, ...] = ()
    allegation: tuple[AllegationName, ...] = ()
    immediate: bool | None = None
    """Words of a time or a means that make it urgent ("tonight", "knife")."""


class SeverityRule(Model):
    """The first rule whose condition holds gives the severity; none gives "none"."""

    level: SeverityName
    when: Condition
    because: str


class Route(Model):
    """Who is told, in which order. All routes whose conditions hold apply; for one
    recipient the strictest disclosure wins."""

    name: str
    when: tuple[Condition, ...] = ()
    """Any of these; empty means always."""
    min_severity: SeverityName = "high"
    tell: tuple[RoleName, ...]
    disclosure: Literal["masked_excerpt", "link_only"]
    why: str
    clauses: tuple[str, ...]


class PupilPolicy(Model):
    title: str
    clauses: tuple[str, ...]
    meaning: str
    do: tuple[str, ...] = ()
    dont: tuple[str, ...] = ()


class Retention(Model):
    """Proposals until the data protection officer confirms them."""

    unreviewed: Duration = timedelta(days=180)
    dismissed: Duration = timedelta(days=30)
    closed: Duration = timedelta(days=365)
    author_handles: Duration = timedelta(days=30)
    audit: Duration = timedelta(days=2190)


class ProcessingDecision(Model):
    """Recorded before anything is collected or sent (design decision 8)."""

    purpose: str = ""
    lawful_basis: str = ""
    dpia_reference: str = ""
    retention: str = ""
    approver: str = ""
    approved_on: date | None = None

    @property
    def missing(self) -> tuple[str, ...]:
        """Names of the keys still empty; collection and mail stay off until none is."""
        keys = ("purpose", "lawful_basis", "dpia_reference", "retention", "approver", "approved_on")
        return tuple(key for key in keys if not getattr(self, key))


class Policy(Model):
    labels: Mapping[LabelName, LabelPolicy]
    pupil: PupilPolicy
    severity: tuple[SeverityRule, ...]
    routes: tuple[Route, ...]
    retention: Retention = Retention()
    decision: ProcessingDecision = ProcessingDecision()
    never: tuple[str, ...]
    """Said in every alert: never reply (6.8, 9.3); not an emergency service."""


class ConsoleSettings(Model):
    host: str
    port: int
    url: str
    """The console's address as people reach it, used in mails."""
    reviewer: str
    """Name recorded with decisions until sign-in exists; empty means the login name."""


class DatabaseSettings(Model):
    url: str
    busy_timeout: Duration


class MailSettings(Model):
    host: str
    port: int
    security: Literal["none", "starttls", "tls"]
    username: str
    sender: str
    sender_name: str
    deadline: Duration
    max_attempts: int


class FetchSettings(Model):
    """Limits of the one door to the network; sizes in bytes."""

    contact: str
    """Put into the User-Agent, so that a site's owner can reach the operator."""
    max_body_bytes: int
    max_headers: int
    max_redirects: int
    deadline: Duration
    host_spacing: Duration
    parse_deadline: Duration
    parse_memory_bytes: int


class ClockSettings(Model):
    tick: Duration
    lease: Duration
    """How long a claimed row stays claimed before another may take it."""
    poll_slots: int
    digest_at: str
    """HH:MM in Europe/London, outside 01:00 to 02:00 (the hour that daylight saving repeats)."""


class Settings(Model):
    trust: Trust
    sources: tuple[Source, ...]
    policy: Policy
    console: ConsoleSettings
    database: DatabaseSettings
    mail: MailSettings
    fetch: FetchSettings
    clock: ClockSettings
    secrets: Mapping[str, SecretStr] = Field(default_factory=dict, repr=False)
    directory: Path
