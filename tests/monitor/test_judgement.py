"""What another threshold would have done, held against what the policy's rules say."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifiers.severity import severity
from classifiers.types import LABELS, Assessment, Label, LabelScore
from config.loading import load
from config.policy import Policy
from monitor.figures import judgement
from monitor.store.judged import JudgedMention
from monitor.store.views import Outcome

POLICY = load().policy
OUTCOMES: tuple[Outcome | None, ...] = (None, "not_about_us", "no_action", "watch", "open_case")


def judged(outcome: Outcome | None = None, **probabilities: float) -> JudgedMention:
    scores = tuple(
        LabelScore(
            label=label,
            probability=probabilities.get(label, 0.01),
            threshold=POLICY.labels[label].threshold,
        )
        for label in LABELS
    )
    return JudgedMention(assessment=Assessment(scores=scores), outcome=outcome)


def alerted(mention: JudgedMention, label: Label, threshold: float, policy: Policy) -> bool:
    """As the service itself would judge with a policy of that threshold."""
    scores = tuple(
        replace(score, threshold=threshold) if score.label == label else score
        for score in mention.assessment.scores
    )
    level = severity(policy.severity, replace(mention.assessment, scores=scores))
    return level in ("high", "critical")


mentions = st.lists(
    st.builds(
        lambda outcome, numbers: judged(outcome, **dict(zip(LABELS, numbers, strict=True))),
        st.sampled_from(OUTCOMES),
        st.lists(st.floats(0, 1), min_size=len(LABELS), max_size=len(LABELS)),
    ),
    max_size=12,
)


@given(found=mentions, label=st.sampled_from(LABELS))
def test_every_threshold_does_what_the_rules_would(
    found: list[JudgedMention], label: Label
) -> None:
    for effect in judgement.effects(found, label, POLICY):
        own = [
            one
            for one in found
            for score in one.assessment.scores
            if score.label == label and score.probability >= effect.threshold
        ]
        assert effect.flagged == len(own)
        assert effect.alerted == sum(alerted(one, label, effect.threshold, POLICY) for one in found)
        assert effect.useful == sum(one.outcome in ("watch", "open_case") for one in own)
        assert effect.dismissed == sum(one.outcome in ("not_about_us", "no_action") for one in own)


@given(found=mentions, label=st.sampled_from(LABELS))
def test_a_higher_threshold_never_flags_or_tells_more(
    found: list[JudgedMention], label: Label
) -> None:
    effects = judgement.effects(found, label, POLICY)
    assert [one.threshold for one in effects] == sorted({one.threshold for one in effects})
    assert [one.is_set for one in effects].count(True) == 1
    for figure in ("flagged", "alerted"):
        counts = [getattr(one, figure) for one in effects]
        assert counts == sorted(counts, reverse=True)


def test_a_post_that_was_not_judged_is_counted_and_never_flagged() -> None:
    unread = JudgedMention(assessment=Assessment(not_judged="not English"), outcome=None)
    effect = judgement.in_use([unread, judged(reputation=0.99)], "reputation", POLICY)
    assert (effect.total, effect.flagged, effect.per_thousand) == (2, 1, 500.0)


def test_agreement_is_unknown_until_somebody_decided() -> None:
    assert judgement.in_use([judged(hate=0.9)], "hate", POLICY).precision is None
    found = [judged("open_case", hate=0.9), judged("no_action", hate=0.8), judged(hate=0.7)]
    assert judgement.in_use(found, "hate", POLICY).precision == pytest.approx(0.5)
