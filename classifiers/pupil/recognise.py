"""All recognisers over one text: names judged, other clues found, spans for masking."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from classifiers.pupil import contacts, groups, happenings, persons, roles, upn
from classifiers.pupil.grade import holding, level
from classifiers.pupil.names import NameLists, names
from classifiers.pupil.post import Post
from classifiers.pupil.signals import SPAN_LABELS, Signal, SignalKind
from classifiers.text import MAX_JUDGED
from classifiers.types import PupilGrade, PupilSpan, Reason, SchoolLink, Span

_RECOGNISERS = (
    groups.years, groups.forms, groups.teams, persons.ages, persons.kin, persons.posts_held,
    persons.descriptions, persons.children, happenings.happenings, happenings.sensitive,
    happenings.photos, happenings.school_life, happenings.schools, upn.upns, contacts.contacts,
)  # fmt: skip


def grade(text: str, lists: NameLists, links: Sequence[SchoolLink] = ()) -> PupilGrade:
    """How far the text could identify a pupil, with the spans and reasons that say so."""
    post = Post(text[:MAX_JUDGED], links)
    clues = [clue for recognise in _RECOGNISERS for clue in recognise(post)]
    judged = roles.judge(post, list(names(post, lists)), clues)
    pupils = [one for one in judged if one.is_pupil]
    named = list(_named(post, pupils))
    rules = holding([*clues, *named])
    found = level(rules)
    if found == "none":
        return PupilGrade()
    reasons = [Reason(name=rule.why, weight=1.0, detail=rule.level) for rule in rules]
    reasons += [reason for one in pupils for reason in one.reasons]
    return PupilGrade(
        level=found, spans=_spans([*named, *clues]), reasons=tuple(dict.fromkeys(reasons))
    )


def _named(post: Post, pupils: Sequence[roles.Judged]) -> Iterator[Signal]:
    """A signal wherever a pupil's name stands, alone or whole, in any grammatical form."""
    for one in pupils:
        kind: SignalKind = "FULL_NAME" if one.name.kind == "full" else "FIRST_NAME"
        yield Signal(kind, one.name.start, one.name.end)
    taken = [(one.name.start, one.name.end) for one in pupils]
    given = {one.name.given for one in pupils}
    family = {one.name.family for one in pupils if one.name.family}
    for word in post.words:
        if any(start <= word.start < end for start, end in taken):
            continue
        low = (
            word.low[:-1]
            if word.low.endswith("s") and word.low[:-1] in given | family
            else word.low
        )
        if low in given:
            yield Signal("FIRST_NAME", word.start, word.start + len(low))
        elif low in family:
            yield Signal("SURNAME", word.start, word.start + len(low))


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
