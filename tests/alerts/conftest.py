"""An invented trust of three schools, a policy, and short ways to make a mention and what
is made of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from alerts import envelope
from alerts.types import Message
from classifiers.types import (
    LABELS,
    Assessment,
    Explanation,
    Label,
    LabelScore,
    PupilGrade,
    PupilSpan,
    PupilSpanLabel,
    SchoolLink,
    Span,
)
from config.policy import Policy
from config.trust import Trust
from connectors.types import Author, Mention

NOW = datetime(2026, 11, 23, 21, 20, tzinfo=UTC)

TRUST = {
    "id": "harrowmere",
    "name": "Harrowmere Learning Trust",
    "contacts": {
        "head_of_pr": "pr@harrowmere.example",
        "executive": "executive@harrowmere.example",
        "chair": "chair@harrowmere.example",
        "it": "it@harrowmere.example",
        "safeguarding_lead": "safeguarding@harrowmere.example",
    },
    "schools": [
        {
            "id": school_id,
            "name": name,
            "contacts": {
                "headteacher": f"head@{school_id}.example",
                "safeguarding_lead": f"dsl@{school_id}.example",
                "deputy_safeguarding_lead": f"deputy@{school_id}.example",
            },
        }
        for school_id, name in (
            ("ferncliffe", "Ferncliffe School"),
            ("aldergate", "Aldergate Primary School"),
            ("withy-lane", "Withy Lane Academy"),
        )
    ],
}

_CLAUSES = {
    "reputation": ["intent", "1.1"],
    "bullying": ["6.17", "9.1"],
    "threat": ["9.4", "9.8"],
    "hate": ["6.13", "9.8"],
    "sexual": ["9.8"],
    "self_harm": ["4.1"],
}

POLICY = {
    "labels": {
        label: {
            "title": label.replace("_", "-").capitalize(),
            "threshold": 0.6,
            "clauses": clauses,
            "meaning": f"What the policy says of {label.replace('_', ' ')}.",
            "do": [f"Follow the steps for {label.replace('_', ' ')} (policy 9.4)."],
            "dont": [f"Take no {label.replace('_', ' ')} matter into your own hands."],
        }
        for label, clauses in _CLAUSES.items()
    },
    "pupil": {
        "title": "Pupil identification",
        "clauses": ["6.10"],
        "meaning": "The text may single out a pupil.",
        "do": ["Tell the safeguarding lead."],
        "dont": ["Do not repeat the name."],
    },
    "severity": [
        {
            "level": "critical",
            "when": {"any_label": ["threat"], "immediate": True},
            "because": "A threat that names a time or a means.",
        },
        {"level": "high", "when": {"any_label": ["threat"]}, "because": "A threat."},
    ],
    "routes": [
        {
            "name": "pr",
            "tell": ["head_of_pr"],
            "disclosure": "masked_excerpt",
            "why": "High and critical mentions reach PR.",
            "clauses": ["6.2"],
        },
        {
            "name": "school",
            "when": [{"any_label": ["threat", "hate", "bullying"]}],
            "tell": ["headteacher"],
            "disclosure": "masked_excerpt",
            "why": "The headteacher is responsible at their school.",
            "clauses": ["1.1"],
        },
        {
            "name": "welfare",
            "when": [
                {"any_label": ["self_harm", "sexual"]},
                {"pupil": ["indirect", "direct"]},
            ],
            "tell": ["safeguarding_lead", "head_of_pr"],
            "disclosure": "link_only",
            "why": "A child may be at risk.",
            "clauses": ["4.1"],
        },
        {
            "name": "critical",
            "min_severity": "critical",
            "tell": ["executive"],
            "disclosure": "masked_excerpt",
            "why": "Critical mentions reach the Executive Team.",
            "clauses": ["1.1"],
        },
    ],
    "never": [
        "Do not reply, comment or react, not even in support (policy 6.8, 9.3).",
        "Not an emergency service: in danger call 999.",
    ],
}


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture
def trust() -> Trust:
    return Trust.model_validate(TRUST)


@pytest.fixture
def policy() -> Policy:
    return Policy.model_validate(POLICY)


@pytest.fixture
def bare_policy(policy: Policy) -> Policy:
    """A policy whose file calls nobody: only the rules of the house are left."""
    return policy.model_copy(update={"routes": ()})


@pytest.fixture
def with_contacts(trust: Trust) -> Callable[..., Trust]:
    """The trust with contacts changed: `head_of_pr=...`, or `ferncliffe={"headteacher": ...}`."""

    def changed(**changes: Any) -> Trust:
        schools = [
            school.model_copy(
                update={"contacts": school.contacts.model_copy(update=changes[school.id])}
            )
            if school.id in changes
            else school
            for school in trust.schools
        ]
        own = {key: value for key, value in changes.items() if isinstance(value, str)}
        contacts = trust.contacts.model_copy(update=own)
        return trust.model_copy(update={"schools": tuple(schools), "contacts": contacts})

    return changed


@pytest.fixture
def judged() -> Callable[..., Assessment]:
    """An assessment: flagged labels with 0.9, others with 0.05, linked schools by id."""

    def make(
        *flags: Label,
        certain: Sequence[str] = ("ferncliffe",),
        possible: Sequence[str] = (),
        **parts: Any,
    ) -> Assessment:
        links = [SchoolLink(school_id=one, certainty="certain", score=0.97) for one in certain]
        links += [SchoolLink(school_id=one, certainty="possible", score=0.61) for one in possible]
        scores = tuple(
            LabelScore(label=label, probability=0.9 if label in flags else 0.05, threshold=0.6)
            for label in LABELS
        )
        whole = Assessment(schools=tuple(links), scores=scores, severity="high")
        return replace(whole, **parts)

    return make


@pytest.fixture
def spotted() -> Callable[..., PupilGrade]:
    """A pupil grade whose spans are where the given words first stand in the text."""

    def make(text: str, *found: tuple[str, PupilSpanLabel]) -> PupilGrade:
        spans = tuple(
            PupilSpan(span=Span(text.index(word), text.index(word) + len(word)), label=label)
            for word, label in found
        )
        return PupilGrade(level="direct", spans=spans)

    return make


@pytest.fixture
def carrying() -> Callable[[str, Label, str], Explanation]:
    def make(text: str, label: Label, word: str) -> Explanation:
        start = text.index(word)
        return Explanation(label=label, span=Span(start, start + len(word)), weight=1.5)

    return make


@pytest.fixture
def post() -> Callable[..., Mention]:
    def make(text: str, **parts: Any) -> Mention:
        whole = Mention(
            platform="web",
            external_id="1",
            url="https://news.harrowmere.example/2026/11/school-gates",
            text=text,
            published_at=datetime(2026, 11, 23, 21, 14, tzinfo=UTC),
            fetched_at=NOW,
            author=Author(name="Somebody Else", handle="@somebody_else"),
        )
        return replace(whole, **parts)

    return make


@pytest.fixture
def message(now: datetime) -> Callable[..., Message]:
    """A sealed mail, to the Head of PR unless told otherwise."""

    def make(recipient: str = "pr@harrowmere.example") -> Message:
        text = "First line.\n.A line that begins with a dot.\n" + "long " * 400 + "\nLast line."
        return envelope.seal(
            subject="High: possible threat - Ferncliffe School",
            text=text,
            html=f"<p>{text}</p>",
            recipient=recipient,
            sender="Trust Monitor <monitor@harrowmere.example>",
            message_id="1@harrowmere.example",
            list_name="alerts",
            now=now,
        )

    return make
