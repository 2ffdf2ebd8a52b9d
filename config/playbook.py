"""What the policy has people do in a case, as an operator may word it: the steps of the playbook,
letters, platforms and their ways of reporting, helplines, and how soon somebody must act."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StrictBool

from config.base import (
    AllegationName,
    Duration,
    Identifier,
    LabelName,
    LongerThanNone,
    Model,
    Name,
    OneLine,
    PupilLevelName,
    RoleName,
    SeverityName,
)

DoerName = Literal["unknown", "pupil", "colleague", "adult"]
"""Who did it, as people found out (policy 9.5, 9.6)."""
StepKind = Literal["do", "evidence", "letter", "take_down", "question", "hand_over"]
"""What a step is done with: a tick, what was captured, a letter, a report to a platform, a
recorded answer, a receipt."""


class Clock(Model):
    """How soon a mention of a severity is to be seen and decided on, counted from when it was
    collected; how soon a case of it is to have its first step and its end, from when it was
    opened; and who is told when one of these has passed."""

    level: SeverityName
    seen: LongerThanNone
    action: LongerThanNone
    closed: LongerThanNone | None = None
    """None: a case may stay open."""
    tell: tuple[RoleName, ...] = ()
    """Empty: the queue shows it, and nobody is told."""


class CaseCondition(Model):
    """True when every given part holds of a case; of a list, when any of it does."""

    labels: tuple[LabelName, ...] = ()
    pupil: tuple[PupilLevelName, ...] = ()
    allegation: tuple[AllegationName, ...] = ()
    min_severity: SeverityName = "none"
    doer: tuple[DoerName, ...] = ()
    safeguarding: StrictBool | None = None
    """A pupil may be at risk or could be identified."""


class PlaybookStep(Model):
    """One step that the policy names; offered where any of `when` holds, or always."""

    id: Identifier
    clauses: tuple[str, ...] = Field(min_length=1)
    title: Name
    text: Name
    kind: StepKind = "do"
    when: tuple[CaseCondition, ...] = ()
    within: Duration | None = None
    """After the case was opened; None: no time is set."""
    letters: tuple[Identifier, ...] = ()
    question: Identifier | None = None
    """What is asked and answered on record, for the kind "question": police, lado."""
    links: tuple[Name, ...] = ()
    """Where help is, each "words: address or number"."""


class LetterTemplate(Model):
    """A letter to begin with. What stands in braces is filled in: {trust}, {school}, {date},
    {case}, {posts}, {signed}; {affected} and {doer} only when it is printed."""

    id: Identifier
    title: Name
    clauses: tuple[str, ...] = Field(min_length=1)
    text: Annotated[str, Field(min_length=1, max_length=8000)]


class Platform(Model):
    """How a platform takes reports of what breaches its terms (policy 9.7)."""

    id: Identifier
    """As mentions name the platform; "web" is every other site."""
    name: Name
    route: Name
    """In words, as a person finds it."""
    url: OneLine = ""
    """Its form, where it has one for everybody."""
    asks: OneLine = ""
    """What it wants to know."""


class RelatedPolicy(Model):
    """Another policy of the Trust that people are pointed to; nothing is lodged by that."""

    title: Name
    clauses: tuple[str, ...] = Field(min_length=1)
    said: Name
    url: OneLine = ""
    """Where it is published."""


class Helpline(Model):
    """Who helps when a platform does not (policy 9.7)."""

    id: Literal["posh", "rhc"]
    name: Name
    what: Name
    url: Name
    phone: OneLine = ""
    after: LongerThanNone
    """Of silence, since the platform was asked."""
    at_once: tuple[Literal["safeguarding", "refused"], ...] = ()
    """What makes the waiting needless."""
    text: Annotated[str, Field(min_length=1, max_length=8000)]
    """What to tell them, filled in as a letter is: {platform}, {asked}, {reference}, {reply}."""
