"""The facts an operator may change, as frozen models. Reading them is `config.loading`.

Every model refuses unknown keys. Durations are `timedelta`, written in the files as
"15m", "6h", "30d". Secrets come only from the environment or a secrets directory
(`config.secrets`) and never stand in a file.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import date, timedelta
from hashlib import blake2b
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    Field,
    SecretStr,
    StrictBool,
    StrictInt,
)

from config import forms
from config.base import (
    AllegationName,
    Duration,
    HostAndPort,
    Hours,
    Identifier,
    IncidentName,
    LogOdds,
    LongerThanNone,
    MailAddress,
    Model,
    Name,
    OneLine,
    Port,
    Positive,
    PupilLevelName,
    TimeOfDay,
)
from config.base import LabelName as LabelName
from config.base import RoleName as RoleName
from config.base import SeverityName as SeverityName
from config.decision import ProcessingDecision, Retention
from config.evidence import EvidenceSettings
from config.people import People
from config.playbook import Clock, Helpline, LetterTemplate, Platform, PlaybookStep, RelatedPolicy
from config.selfcheck import SelfCheckSettings
from config.watching import WatchingSettings

DigestEvery = Literal["daily", "weekly", "never"]
WeekdayName = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]


class SchoolContacts(Model):
    """Mail addresses; empty means not yet given (then nothing is sent there)."""

    headteacher: MailAddress = ""
    safeguarding_lead: MailAddress = ""
    deputy_safeguarding_lead: MailAddress = ""


class School(Model):
    """A school and everything it is publicly called by."""

    id: Identifier
    name: Name
    urn: str = ""
    town: str = ""
    locality: str = ""
    postcode: str = ""
    la: str = ""
    phase: Literal["P", "S", "S6", "PS", "PS6", "N", "6", "16", ""] = ""
    """P primary, S secondary, 6 or 16 sixth form, N nursery; the register's letters."""
    website: str = ""
    roll: Annotated[StrictInt, Field(ge=1)] | None = None
    """Pupils on roll, for the anonymity estimate."""
    enabled: StrictBool = True
    """A school whose membership is not verified ships disabled and is never matched."""
    aliases: tuple[str, ...] = ()
    former_names: tuple[str, ...] = ()
    hashtags: tuple[str, ...] = ()
    handles: tuple[str, ...] = ()
    contacts: SchoolContacts = SchoolContacts()
    note: str = ""


class TrustContacts(Model):
    """Mail addresses; empty means not yet given."""

    head_of_pr: MailAddress = ""
    deputy_head_of_pr: MailAddress = ""
    executive: MailAddress = ""
    chair: MailAddress = ""
    it: MailAddress = ""
    dpo: MailAddress = ""
    """The data protection officer: gets the end of the record each week, and answers for rights."""
    safeguarding_lead: MailAddress = ""
    """Told when a school has no safeguarding lead of its own, or no school is certain."""


class SharedAlias(Model):
    """An alias that several schools use; it always ends as *possible* for each."""

    alias: Name
    schools: tuple[str, ...] = Field(min_length=2)


class Trust(Model):
    """The Trust and its schools. Files give `schools` and `shared_aliases` beside `[trust]`."""

    id: Identifier
    name: Name
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
    """One question to one place, asked again and again."""

    id: Identifier
    kind: Identifier
    """A key of `connectors.registry.CONNECTORS`."""
    name: Name
    enabled: StrictBool = True
    every: LongerThanNone = timedelta(minutes=30)
    school: str | None = None
    """The school whose own page or feed this is."""
    official: StrictBool = False
    place_hints: tuple[str, ...] = ()
    terms: tuple[str, ...] = ()
    """What a search connector asks; empty means the names of the Trust and its schools. Once
    loaded, a name that a person could have as well stands with the word "school"."""
    canary: Annotated[str, Field(max_length=80)] = ""
    """Words of a post that the operator plants there from time to time: it must come through,
    and is never a mention."""
    canary_every: LongerThanNone = timedelta(days=7)
    """How often it is planted."""
    allow: tuple[HostAndPort, ...] = ()
    """Exact "host:port" on the operator's own network that this source may reach."""
    options: Mapping[str, Any] = Field(default_factory=dict)
    """Validated by the connector's own Options model when the service is wired."""
    approved_by: OneLine = ""
    approved_on: date | None = None
    why: OneLine = ""
    """Who approved that it is asked, when and what for, where the first decision does not cover
    it."""

    @property
    def mark(self) -> str:
        """What the decision covers: the source as it asks. It changes with kind, terms and
        options, and not with how often it asks or what it is called."""
        asked = json.dumps([self.kind, self.terms, self.options], sort_keys=True, default=str)
        return f"{self.id}:{blake2b(asked.encode(), digest_size=6).hexdigest()}"

    @property
    def is_approved(self) -> bool:
        return all(
            str(value or "").strip().lower() not in forms.NOT_RECORDED
            for value in (self.approved_by, self.approved_on, self.why)
        )


class Acceptance(Model):
    """Somebody answers for asking a kind of source whose terms want that (accepted.toml)."""

    kind: Identifier
    by: Annotated[Name, AfterValidator(forms.filled_in)]
    on: date
    reason: Annotated[Name, AfterValidator(forms.filled_in)]


class LabelPolicy(Model):
    """What the policy says of a label; `threshold` is a calibrated probability."""

    title: Name
    threshold: float = Field(gt=0, lt=1)
    clauses: tuple[str, ...] = Field(min_length=1)
    """Numbers of the policy's clauses, or "intent"."""
    meaning: Name
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
    immediate: StrictBool | None = None
    """Words of a time or a means that make it urgent ("tonight", "knife")."""
    incident: tuple[IncidentName, ...] = ()


class SeverityRule(Model):
    """The first rule whose condition holds gives the severity; none gives "none"."""

    level: SeverityName
    when: Condition
    because: Name


class Route(Model):
    """Who is told, in which order. All routes whose conditions hold apply; for one
    recipient the strictest disclosure wins."""

    name: Name
    when: tuple[Condition, ...] = ()
    """Any of these; empty means always."""
    min_severity: SeverityName = "high"
    tell: tuple[RoleName, ...] = Field(min_length=1)
    disclosure: Literal["masked_excerpt", "link_only"]
    why: Name
    clauses: tuple[str, ...] = Field(min_length=1)


class Step(Model):
    """Who is told next when nobody has acknowledged for `after` since the first telling."""

    after: LongerThanNone
    tell: tuple[RoleName, ...] = Field(min_length=1)


class Escalation(Model):
    """The chain of an alert that nobody acknowledges; the first whose conditions hold counts."""

    name: Name
    when: tuple[Condition, ...] = ()
    """Any of these; empty means always."""
    min_severity: SeverityName = "high"
    steps: tuple[Step, ...] = Field(min_length=1)


class Grouping(Model):
    """How stories share a message, and how one that grows is told of: in the same thread, never
    as a new alarm."""

    wait: Duration = timedelta(minutes=2)
    """What is not critical waits so long for what belongs into the same message ..."""
    interval: Duration = timedelta(hours=6)
    """... and comes to one person at most so often. None: each has a message of its own."""
    grows_by: Annotated[float, Field(gt=1, le=100)] = 3
    """Told again when it has so many times the posts of the last telling ..."""
    every: LongerThanNone = timedelta(hours=2)
    """... and this time has passed."""
    raises_at: Annotated[StrictInt, Field(ge=2)] = 8
    """Posts from which a story is one level graver, once ..."""
    platforms: Annotated[StrictInt, Field(ge=1)] = 2
    """... when they stand in so many places at least."""


class PupilPolicy(Model):
    """What the policy says of posts that could identify a pupil."""

    title: Name
    clauses: tuple[str, ...] = Field(min_length=1)
    meaning: Name
    do: tuple[str, ...] = ()
    dont: tuple[str, ...] = ()


class Policy(Model):
    """The Social Media Policy as the service carries it out."""

    labels: Mapping[LabelName, LabelPolicy]
    matching: Mapping[str, LogOdds] = Field(default_factory=dict)
    """Weights of evidence that a name means one of our schools, in log-odds, as reviewers'
    verdicts taught them; laid over the shipped ones."""
    pupil: PupilPolicy
    severity: tuple[SeverityRule, ...]
    routes: tuple[Route, ...]
    escalation: tuple[Escalation, ...] = ()
    grouping: Grouping = Grouping()
    news: LongerThanNone = timedelta(days=60)
    """An older post, unless critical, is told of by the queue and the digest alone."""
    clocks: tuple[Clock, ...] = ()
    playbook: tuple[PlaybookStep, ...] = ()
    """In the order of the policy."""
    letters: tuple[LetterTemplate, ...] = ()
    platforms: tuple[Platform, ...] = ()
    helplines: tuple[Helpline, ...] = ()
    complaints: RelatedPolicy | None = None
    retention: Retention = Retention()
    decision: ProcessingDecision = ProcessingDecision()
    version: OneLine = ""
    """Of the Social Media Policy that the clauses are of ..."""
    review_due: date | None = None
    """... and when the Trust meant to review it; past that, the console says so."""
    never: tuple[str, ...]
    """Said in every alert: never reply (6.8, 9.3); not an emergency service."""


class Days(Model):
    """A stretch of days, first and last included."""

    since: date
    until: date


class Quiet(Model):
    """When only what cannot wait is told; the rest follows when the hours are over."""

    hours: Hours = ""
    weekends: StrictBool = False
    """True: Saturday and Sunday are quiet all day."""
    broken_by: tuple[Condition, ...] = ()
    """Any of these is told at once all the same, as everything critical is."""


class Digests(Model):
    """How often headteachers have their digest, and whom a reply to one reaches."""

    every: DigestEvery = "daily"
    weekly_on: WeekdayName = "monday"
    reply_to: MailAddress = ""
    """A person's; empty: the Head of PR & Communications."""


class Person(Model):
    """What is known of one person's reachability, by mail address."""

    who: Annotated[MailAddress, Field(min_length=1)]
    deputy: MailAddress = ""
    """Told in their place while they are away."""
    quiet: Hours | None = None
    """Instead of everybody's hours."""
    digest: DigestEvery | None = None
    """Instead of everybody's choice."""
    away: tuple[Days, ...] = ()


class Holiday(Days):
    """A school holiday: the Trust's safeguarding lead is told beside the schools' own."""

    name: Name


class Rota(Model):
    """Who is reachable when. What follows from it is in `alerts.duty`."""

    quiet: Quiet = Quiet()
    digests: Digests = Digests()
    people: tuple[Person, ...] = ()
    holidays: tuple[Holiday, ...] = ()


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
