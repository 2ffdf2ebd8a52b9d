"""What a mention means, as far as a machine can say; a person decides.

Offsets are code points of `assessed_text(mention)`, end exclusive.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, get_args

Label = Literal["reputation", "bullying", "threat", "hate", "sexual", "self_harm"]
LABELS: tuple[Label, ...] = get_args(Label)

PupilLevel = Literal["none", "class", "indirect", "direct"]
PUPIL_LEVELS: tuple[PupilLevel, ...] = get_args(PupilLevel)

Severity = Literal["none", "low", "medium", "high", "critical"]
SEVERITIES: tuple[Severity, ...] = get_args(Severity)

Certainty = Literal["certain", "possible"]

Allegation = Literal["none", "staff", "head"]
"""Whether the text says that a member of staff, or a head, harmed a child: such a matter is
never told first to PR or to its subject."""

Incident = Literal["none", "scandal", "harm"]
"""What the press would lead with: somebody of a school came to harm; or police, a court, an
inspector's worst word, a leak or missing money is reported of one."""

PupilSpanLabel = Literal[
    "PUPIL_FULL", "PUPIL_FIRST", "PUPIL_NICK", "PUPIL_INITIALS", "PUPIL_SURNAME", "PUPIL_HANDLE",
    "UPN", "DOB", "AGE", "YEAR", "FORM", "TEAM", "KIN", "ROLE", "DESCRIPTOR", "ADDRESS", "PHONE",
    "EMAIL", "SCHOOL",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of the assessed text."""

    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """One named term of evidence and its weight in log-odds, kept with what it supports."""

    name: str
    weight: float
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SchoolLink:
    """A school (or the Trust itself) the text is about. `score` is a probability."""

    school_id: str
    certainty: Certainty
    score: float
    spans: tuple[Span, ...] = ()
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelScore:
    """A label's calibrated probability beside the threshold it was held against."""

    label: Label
    probability: float
    threshold: float

    @property
    def flagged(self) -> bool:
        return self.probability >= self.threshold


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """A stretch of text that carries a label, with its weight; at most three a label."""

    label: Label
    span: Span
    weight: float


@dataclass(frozen=True, slots=True, kw_only=True)
class PupilSpan:
    """A stretch that could help single out a pupil; the same spans drive masking."""

    span: Span
    label: PupilSpanLabel


@dataclass(frozen=True, slots=True, kw_only=True)
class PupilGrade:
    """How far the text could identify a pupil (policy 6.10)."""

    level: PupilLevel = "none"
    spans: tuple[PupilSpan, ...] = ()
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """Everything the classifiers say of one text.

    `not_judged` is set when the labels could not be judged (another language, nothing but a
    link); then `scores` and `flags` are empty, which is no error.
    """

    schools: tuple[SchoolLink, ...] = ()
    scores: tuple[LabelScore, ...] = ()
    explanations: tuple[Explanation, ...] = ()
    pupil: PupilGrade = field(default_factory=PupilGrade)
    allegation: Allegation = "none"
    immediate: bool = False
    """A time or a means is named ("tonight", "a knife"): raises severity."""
    incident: Incident = "none"
    gravity: float = 1.0
    """How sure a second reading is that the post is grave, beside all ordinary talk; 1 where it was
    not asked, so that no rule is held back by its absence."""
    severity: Severity = "none"
    not_judged: str | None = None
    model_version: str = ""

    @property
    def flags(self) -> tuple[Label, ...]:
        return tuple(score.label for score in self.scores if score.flagged)
