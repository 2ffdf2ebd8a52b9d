"""A post as it is shown: names masked unless asked for, cut where the reasons begin and end."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from alerts.mask import Masked, masked_with_spans
from classifiers.types import Assessment, Label, Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A stretch of shown text. `labels` are the flags it is a reason for; `ends` are those
    whose reason ends with it, so that each is named once."""

    text: str
    labels: tuple[Label, ...] = ()
    ends: tuple[Label, ...] = ()
    is_pupil: bool = False
    """Revealed text that could help single out a pupil."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """Title and body; the title is empty where the body begins with it or there is none."""

    title: tuple[Piece, ...]
    body: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class _Mark:
    span: Span
    label: Label | None
    """None for a pupil span."""


def passage(text: str, title: str, assessment: Assessment, *, revealed: bool = False) -> Passage:
    """`text` is the assessed text or its beginning, to which the offsets refer; `title` is the
    source's, which usually is its first line."""
    titled = bool(title) and text.startswith(f"{title}\n")
    shown = Masked(text, (), len(text)) if revealed else masked_with_spans(text, assessment)
    marks = tuple(_moved(shown, _marks(assessment, revealed=revealed)))
    pieces = _cut(shown.text, marks)
    if not titled:
        return Passage(title=(), body=pieces)
    end = shown.moved(Span(0, len(title))).end
    # A masked name may reach over the end of the title and take the line break with it.
    start = end + 1 if shown.text[end : end + 1] == "\n" else end
    return Passage(
        title=_within(pieces, Span(0, end)),
        body=_within(pieces, Span(start, len(shown.text))),
    )


def _marks(assessment: Assessment, *, revealed: bool) -> Iterable[_Mark]:
    for one in assessment.explanations:
        if one.label in assessment.flags:
            yield _Mark(one.span, one.label)
    if revealed:
        for pupil in assessment.pupil.spans:
            if pupil.label != "SCHOOL":
                yield _Mark(pupil.span, None)


def _moved(shown: Masked, marks: Iterable[_Mark]) -> Iterable[_Mark]:
    for mark in marks:
        span = shown.moved(mark.span)
        if span.start < span.end:
            yield _Mark(span, mark.label)


def _cut(text: str, marks: Sequence[_Mark]) -> tuple[Piece, ...]:
    edges = {0, len(text)}
    for mark in marks:
        edges |= {mark.span.start, mark.span.end}
    return tuple(_piece(text, start, end, marks) for start, end in pairwise(sorted(edges)))


def _piece(text: str, start: int, end: int, marks: Sequence[_Mark]) -> Piece:
    over = [mark for mark in marks if mark.span.start <= start and end <= mark.span.end]
    labels = dict.fromkeys(mark.label for mark in over if mark.label)
    ending = dict.fromkeys(mark.label for mark in over if mark.label and mark.span.end == end)
    return Piece(
        text=text[start:end],
        labels=tuple(labels),
        ends=tuple(ending),
        is_pupil=any(mark.label is None for mark in over),
    )


def _within(pieces: Sequence[Piece], span: Span) -> tuple[Piece, ...]:
    """The pieces, or the parts of them, that stand inside `span`."""
    kept: list[Piece] = []
    at = 0
    for piece in pieces:
        start, end = max(at, span.start), min(at + len(piece.text), span.end)
        if start < end:
            whole_end = end == at + len(piece.text)
            text = piece.text[start - at : end - at]
            kept.append(replace(piece, text=text, ends=piece.ends if whole_end else ()))
        at += len(piece.text)
    return tuple(kept)


def excerpt(pieces: Sequence[Piece], length: int) -> tuple[Piece, ...]:
    """About `length` characters around the first reason; "…" marks what is left out."""
    whole = sum(len(piece.text) for piece in pieces)
    if whole <= length:
        return tuple(pieces)
    text = "".join(piece.text for piece in pieces)
    start = max(0, min(_first_reason(pieces) - length // 3, whole - length))
    if start > 0:
        start = text.find(" ", start) + 1 or start
    end = text.rfind(" ", start + 1, start + length) if start + length < whole else whole
    end = end if end > start else min(start + length, whole)
    kept = list(_within(pieces, Span(start, end)))
    if start > 0:
        kept.insert(0, Piece(text="… "))
    if end < whole:
        kept.append(Piece(text=" …"))
    return tuple(kept)


def _first_reason(pieces: Sequence[Piece]) -> int:
    at = 0
    for piece in pieces:
        if piece.labels:
            return at
        at += len(piece.text)
    return 0
