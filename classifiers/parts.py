"""A text by several hands, such as a report and the screenshot with it: judged as a whole and
part by part, because the worry of who reports drowns what was reported. The graver counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from classifiers.types import PUPIL_LEVELS, Assessment, PupilGrade, Span


def shifted(assessment: Assessment, by: int) -> Assessment:
    """The assessment of a part, with the offsets that it has in the whole."""

    def moved(span: Span) -> Span:
        return Span(span.start + by, span.end + by)

    return replace(
        assessment,
        explanations=tuple(replace(one, span=moved(one.span)) for one in assessment.explanations),
        pupil=replace(
            assessment.pupil,
            spans=tuple(replace(one, span=moved(one.span)) for one in assessment.pupil.spans),
        ),
    )


def gravest(whole: Assessment, parts: Sequence[Assessment]) -> Assessment:
    """For each label the reading that is surest of it; of a pupil the clearest; the schools are
    those of the whole. Severity is left as it was: it follows from the policy."""
    readings = (whole, *parts)
    surest = {
        score.label: max(
            (one for one in readings if one.scores),
            key=lambda one: {each.label: each.probability for each in one.scores}[score.label],
        )
        for reading in readings
        for score in reading.scores
    }
    return replace(
        whole,
        scores=tuple(
            score for label, one in surest.items() for score in one.scores if score.label == label
        ),
        explanations=tuple(
            reason
            for label, one in surest.items()
            for reason in one.explanations
            if reason.label == label
        ),
        pupil=_clearest(readings),
        allegation=max((one.allegation for one in readings), key=("none", "staff", "head").index),
        immediate=any(one.immediate for one in readings),
        gravity=max((one.gravity for one in readings if one.scores), default=1.0),
        incident=max((one.incident for one in readings), key=("none", "scandal", "harm").index),
        not_judged=whole.not_judged if not surest else None,
    )


def _clearest(readings: Sequence[Assessment]) -> PupilGrade:
    """The clearest grade; whatever any reading would mask is masked."""
    clearest = max((one.pupil for one in readings), key=lambda one: PUPIL_LEVELS.index(one.level))
    spans = {span: None for one in readings for span in one.pupil.spans}
    return replace(clearest, spans=tuple(sorted(spans, key=lambda one: one.span.start)))
