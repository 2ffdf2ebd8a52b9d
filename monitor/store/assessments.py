"""Assessments: saved once, with the story they join and the queue they stand in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update

from classifiers.duplicates import Fingerprint
from classifiers.types import PUPIL_LEVELS, SEVERITIES, Assessment
from monitor.store import records, stories, threads
from monitor.store.database import Tx, one_at_a_time
from monitor.store.tables import AssessmentRow, MentionRow, MentionSchoolRow

_mentions: Any = MentionRow.__table__  # type: ignore[attr-defined]
_assessments: Any = AssessmentRow.__table__  # type: ignore[attr-defined]
_schools: Any = MentionSchoolRow.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True, kw_only=True)
class Saved:
    """Which story the mention joined. `lead` when it stands for it in the queue; `fresh`
    when it began it."""

    story_id: int
    lead: bool
    fresh: bool


def save(
    tx: Tx,
    mention_id: int,
    assessment: Assessment,
    fingerprint: Fingerprint,
    now: datetime,
    *,
    is_alarming: bool = False,
    is_report: bool = False,
) -> Saved | None:
    """Record what was made of a pending mention and put it into the queue or behind its story.

    One that `is_alarming` stands for a waiting story of which nobody was told; one that
    `is_report` is always looked at by a person, and never hidden behind another. None when the
    mention is pending no more: running it twice changes nothing.
    """
    one_at_a_time(tx, "stories")
    taken = tx.execute(
        update(_mentions)
        .where(_mentions.c.id == mention_id, _mentions.c.state == "new")
        .values(
            state="open" if is_report else queue_state(assessment),
            severity=assessment.severity,
            flags=f" {' '.join(assessment.flags)} " if assessment.flags else "",
            pupil_level=assessment.pupil.level,
            about_head=assessment.allegation == "head",
        )
    )
    if taken.rowcount != 1:
        return None
    _insert(tx, mention_id, assessment, now)
    if is_report or stories.of_mention(tx, mention_id) is not None:
        return _alone(tx, mention_id, fingerprint, now)
    return _join(tx, mention_id, assessment, fingerprint, now, is_alarming)


def queue_state(assessment: Assessment) -> str:
    """ "open" when a person should look: anything flagged, or anything that was not judged."""
    pupil = PUPIL_LEVELS.index(assessment.pupil.level) >= PUPIL_LEVELS.index("indirect")
    graver = assessment.severity != "none" or bool(assessment.flags)
    return "open" if graver or pupil or assessment.not_judged else "quiet"


def _insert(tx: Tx, mention_id: int, assessment: Assessment, now: datetime) -> None:
    tx.execute(
        insert(_assessments).values(
            mention_id=mention_id,
            payload=records.dump_assessment(assessment),
            model_version=assessment.model_version,
            assessed_at=now,
        )
    )
    links = [
        {"mention_id": mention_id, "school_id": link.school_id, "certainty": link.certainty}
        for link in assessment.schools
    ]
    if links:
        tx.execute(insert(_schools), links)


def _join(
    tx: Tx,
    mention_id: int,
    assessment: Assessment,
    fingerprint: Fingerprint,
    now: datetime,
    is_alarming: bool,
) -> Saved:
    story = stories.find(tx, fingerprint, now)
    # What somebody must be told of at once stands for itself, whatever it answers.
    if story is None and not is_alarming:
        story = threads.find(tx, mention_id, now)
    if story is None:
        story_id = stories.start(tx, fingerprint, mention_id, now)
        _set(tx, mention_id, story_id=story_id)
        return Saved(story_id=story_id, lead=True, fresh=True)
    story_id = int(story["id"])
    stories.grow(tx, story_id)
    leads = queue_state(assessment) == "open" and (
        _graver(tx, story["lead_id"], assessment)
        or (is_alarming and stories.waits_untold(tx, story_id, story["lead_id"]))
    )
    if leads:
        stories.lead_by(tx, story_id, mention_id)
        _fold(tx, int(story["lead_id"]))
        _set(tx, mention_id, story_id=story_id)
    else:
        _set(tx, mention_id, story_id=story_id, state=stories.FOLDED)
    return Saved(story_id=story_id, lead=leads, fresh=False)


def _alone(tx: Tx, mention_id: int, fingerprint: Fingerprint, now: datetime) -> Saved:
    """A story of its own; the one it has already, where it is judged again."""
    story_id = stories.of_mention(tx, mention_id)
    is_fresh = story_id is None
    if story_id is None:
        story_id = stories.start(tx, fingerprint, mention_id, now)
        _set(tx, mention_id, story_id=story_id)
    return Saved(story_id=story_id, lead=True, fresh=is_fresh)


def _graver(tx: Tx, lead_id: int, assessment: Assessment) -> bool:
    """Whether the newcomer needs a row of its own: it is graver than what stands there."""
    query = select(_mentions.c.severity, _mentions.c.state).where(_mentions.c.id == lead_id)
    lead = tx.execute(query).one_or_none()
    if lead is None or lead.state == "quiet":
        return True
    return SEVERITIES.index(assessment.severity) > SEVERITIES.index(lead.severity)


def _fold(tx: Tx, lead_id: int) -> None:
    """An undecided lead steps behind the graver one; a decision that was taken stays."""
    tx.execute(
        update(_mentions)
        .where(_mentions.c.id == lead_id, _mentions.c.state.in_(("open", "quiet")))
        .values(state=stories.FOLDED)
    )


def _set(tx: Tx, mention_id: int, **values: Any) -> None:
    tx.execute(update(_mentions).where(_mentions.c.id == mention_id).values(values))
