"""The Social Media Policy as the service carries it out: policy.toml."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, StrictBool, StrictInt

from config.base import (
    AllegationName,
    Duration,
    IncidentName,
    LabelName,
    LogOdds,
    LongerThanNone,
    Model,
    Name,
    OneLine,
    PupilLevelName,
    RoleName,
    SeverityName,
)
from config.decision import ProcessingDecision, Retention
from config.playbook import Clock, Helpline, LetterTemplate, Platform, PlaybookStep, RelatedPolicy


class LabelPolicy(Model):
    """What the policy says of a label; `threshold` is a calibrated probability."""

    title: Name
    threshold: float = Field(gt=0, lt=1)
    clauses: tuple[str, ...] = Field(min_length=1)
    """Numbers of the policy's clauses, or "intent"."""
    meaning: Name
    do: tuple[str, ...] = ()
    """What the policy says to do, shown in alerts and on the mention page."""
    lead: tuple[str, ...] = ()
    """Said to the safeguarding lead in place of `do`; empty: the same."""
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
    grave_at_least: float | None = Field(default=None, ge=0, le=1)
    """A second reading, learnt beside ordinary talk, is so sure that it is grave."""
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


def _as_several(given: object) -> object:
    return given if isinstance(given, list | tuple) else (given,)


Ladder = Annotated[
    tuple[Duration, ...], Field(min_length=1, max_length=10), BeforeValidator(_as_several)
]
"""One duration or several, for the first time, the second ... and all further ones."""


class Grouping(Model):
    """How stories share a message, and how one that grows is told of: in the same thread, never
    as a new alarm."""

    wait: Duration = timedelta(minutes=2)
    """What is not critical waits so long for what belongs into the same message ..."""
    interval: Ladder = (timedelta(hours=4), timedelta(days=1))
    """... and comes to one person no sooner than so long after the first such message, after the
    second, and after each further one while they keep coming. None: each has its own."""
    grows_by: Annotated[float, Field(gt=1, le=100)] = 3
    """Told again when it has so many times the posts of the last telling ..."""
    every: LongerThanNone = timedelta(hours=2)
    """... and this time has passed."""
    raises_at: Annotated[StrictInt, Field(ge=2)] = 8
    """Posts from which a story is one level graver, once ..."""
    platforms: Annotated[StrictInt, Field(ge=1)] = 2
    """... when they stand in so many places at least."""

    @property
    def gathers(self) -> bool:
        return any(self.interval)


class Closures(Model):
    """What a shut school explains."""

    words: tuple[Name, ...] = ()
    """A post that says one of these of a school that is shut that day, and is flagged for nothing
    but reputation, tells nobody at once."""


class PupilPolicy(Model):
    """What the policy says of posts that could identify a pupil."""

    title: Name
    clauses: tuple[str, ...] = Field(min_length=1)
    meaning: Name
    do: tuple[str, ...] = ()
    lead: tuple[str, ...] = ()
    """As for a label."""
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
    closures: Closures = Closures()
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
