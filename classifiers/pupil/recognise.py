"""All recognisers over one text: names judged, other clues found, spans for masking."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from classifiers.pupil import cohort, groups, monikers, roles
from classifiers.pupil.clues import clues, singled_out
from classifiers.pupil.contacts import contacts
from classifiers.pupil.grade import holding, level
from classifiers.pupil.names import Name, NameLists, names
from classifiers.pupil.post import Post
from classifiers.pupil.recurrences import recurrences
from classifiers.pupil.schools import schools
from classifiers.pupil.signals import SPAN_LABELS, Signal, SignalKind
from classifiers.pupil.upn import upns
from classifiers.pupil.weights import RoleWeights, load
from classifiers.text import MAX_JUDGED
from classifiers.types import PupilGrade, PupilLevel, PupilSpan, Reason, SchoolLink, Span

_RECOGNISERS = (
    groups.years, groups.forms, clues, upns, contacts,
    monikers.initials, monikers.nicknames, monikers.family_children,
)  # fmt: skip


def grade(
    text: str,
    lists: NameLists,
    links: Sequence[SchoolLink] = (),
    school_names: Sequence[Span] = (),
) -> PupilGrade:
    """How far the text could identify a pupil, with the spans and reasons that say so.

    `school_names` are places that hold a name of a school, whether or not it is meant there.
    """
    post = Post(text[:MAX_JUDGED], links, school_names, lists.owns)
    found = _clues(post)
    judged = roles.judge(post, _people(post, found, lists), found, load())
    pupils = [one for one in judged if one.is_pupil]
    named = list(_named(post, pupils, judged))
    found += _beside(post, pupils, found)
    rules = holding([*found, *named])
    reached = level(rules)
    if reached == "none":
        return PupilGrade()
    reasons = [Reason(name=rule.why, weight=1.0, detail=rule.level) for rule in rules]
    reasons += [reason for one in pupils for reason in one.reasons]
    reasons += _anonymity(reached, [*found, *named], pupils, lists)
    likely = [one for one in judged if one.may_be_pupil]
    hidden = _named(post, likely, judged) if likely != pupils else ()
    return PupilGrade(
        level=reached,
        spans=_spans([*named, *found, *hidden]),
        reasons=tuple(dict.fromkeys(reasons)),
    )


def judged_names(
    text: str,
    lists: NameLists,
    links: Sequence[SchoolLink],
    school_names: Sequence[Span],
    weights: RoleWeights,
) -> tuple[roles.Judged, ...]:
    """Every name of a person in the text, judged by these weights: what learning looks at."""
    post = Post(text[:MAX_JUDGED], links, school_names, lists.owns)
    found = _clues(post)
    return roles.judge(post, _people(post, found, lists), found, weights)


def _clues(post: Post) -> list[Signal]:
    found = [clue for recognise in _RECOGNISERS for clue in recognise(post)]
    found += monikers.again(post, tuple(found))
    found += schools(post, found)
    found += singled_out(post, found)
    return found


def _people(post: Post, found: Sequence[Signal], lists: NameLists) -> list[Name]:
    """Names outside the names of schools and classes ("Maple Class")."""
    groups_at = [(clue.start, clue.end) for clue in found if clue.kind in ("FORM", "SCHOOL")]
    school_words = {word.low for word in post.words if post.in_school_name(word.start, word.end)}
    return [
        name
        for name in names(post, lists)
        if not any(start <= name.start and name.end <= end for start, end in groups_at)
        and not (name.kind == "first" and name.given in school_words)
    ]


def _anonymity(
    reached: PupilLevel, signals: Sequence[Signal], pupils: Sequence[roles.Judged], lists: NameLists
) -> list[Reason]:
    """How many fit, where that is in question: at level "indirect"."""
    if reached != "indirect":
        return []
    given = pupils[0].name.given if pupils else None
    return [cohort.reason((signal.kind for signal in signals), given, lists.first)]


def _beside(post: Post, pupils: Sequence[roles.Judged], found: Sequence[Signal]) -> list[Signal]:
    """A school's name that may be something else means the school beside a pupil."""
    if not pupils or any(clue.kind == "SCHOOL" for clue in found):
        return []
    return [Signal("SCHOOL", span.start, span.end) for span in post.school_names]


def _named(
    post: Post, pupils: Sequence[roles.Judged], judged: Sequence[roles.Judged]
) -> Iterator[Signal]:
    """A signal wherever a pupil's name stands, alone or whole, in any grammatical form."""
    for one in pupils:
        kind: SignalKind = "FULL_NAME" if one.name.kind == "full" else "FIRST_NAME"
        yield Signal(kind, one.name.start, one.name.end)
    others = [one.name for one in judged if one.is_countered and one not in pupils]
    yield from recurrences(post, [one.name for one in pupils], others)


def _spans(signals: Sequence[Signal]) -> tuple[PupilSpan, ...]:
    """Labelled spans in reading order, each place and label once."""
    found = {
        (signal.start, signal.end, SPAN_LABELS[signal.kind])
        for signal in signals
        if signal.kind in SPAN_LABELS
    }
    return tuple(
        PupilSpan(span=Span(start, end), label=label) for start, end, label in sorted(found)
    )
