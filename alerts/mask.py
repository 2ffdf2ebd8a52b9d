"""Pupil names to initials, contact details and identifiers to a word in brackets, a slur to its
first letter.

The same masking serves mail and screen (policy 6.10). It is driven by the pupil spans of the
assessment: what a span names is masked at *every* place where it stands in the text, also
where no span lies. Offsets are code points; `Masked.moved` carries any span of the original
over into the masked text, so that reasons can still be emphasised.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from classifiers.labels.slurs import slurs
from classifiers.types import Assessment, PupilSpan, PupilSpanLabel, Span

NAMES: frozenset[PupilSpanLabel] = frozenset(
    {"PUPIL_FULL", "PUPIL_FIRST", "PUPIL_NICK", "PUPIL_SURNAME"}
)
BLOTTED: dict[PupilSpanLabel, str] = {
    "PUPIL_HANDLE": "[handle]",
    "UPN": "[pupil number]",
    "DOB": "[date of birth]",
    "ADDRESS": "[address]",
    "PHONE": "[phone number]",
    "EMAIL": "[e-mail address]",
}
ALSO_WORDS = frozenset({
    "art", "bill", "chance", "chase", "dawn", "dean", "drew", "faith", "frank", "grace",
    "grant", "hope", "joy", "mark", "may", "miles", "nick", "pat", "ray", "rich", "rob", "rose",
    "skip", "sky", "sue", "summer", "will", "bishop", "black", "brown", "carter", "cook", "day",
    "field", "fields", "ford", "fox", "gold", "green", "grey", "hall", "hill", "house", "king",
    "lane", "law", "long", "marsh", "moon", "north", "page", "park", "parks", "person", "pool",
    "price", "short", "small", "snow", "south", "stone", "strong", "wall", "ward", "waters",
    "weeks", "west", "white", "wise", "wood", "woods", "young",
})  # fmt: skip
"""Names that are ordinary words too: masked only where written with a capital letter."""
_EMAIL = re.compile(r"[\w.+%'-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}")
_PHONE = re.compile(r"(?<![\w+])(?:\+44[ .()-]{0,2}|0)(?:\d[ .()-]{0,2}){8,9}\d(?!\w)")
_LINK = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
_TAG = re.compile(r"[@#][\w.]+")
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_UNCALM = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]"
)
_HIDDEN = re.compile("[\u00ad\u200b-\u200d\u2060]")
_SHORTEST_IN_TAG = 4
"""Letters a name must have to be looked for inside hashtags, handles and addresses."""


@dataclass(frozen=True, slots=True)
class _Edit:
    start: int
    end: int
    put: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A stretch of an excerpt; `carries` when it is a reason for a flag."""

    text: str
    carries: bool = False


@dataclass(frozen=True, slots=True)
class Masked:
    """A masked text, and the way from the original's offsets to its own."""

    text: str
    _edits: tuple[_Edit, ...] = ()
    _length: int = 0

    def moved(self, span: Span) -> Span:
        """Where `span` of the original stands now; grown over any replacement it touches.

        Offsets beyond the original are drawn back to its end.
        """
        start = min(max(span.start, 0), self._length)
        end = min(max(span.end, start), self._length)
        return Span(self._place(start, after=False), self._place(end, after=True))

    def _place(self, at: int, *, after: bool) -> int:
        shift = 0
        for edit in self._edits:
            if edit.end <= at:
                shift += len(edit.put) - (edit.end - edit.start)
            elif edit.start < at:
                return edit.start + shift + (len(edit.put) if after else 0)
        return at + shift


def mask(text: str, assessment: Assessment) -> str:
    """`text`, to which the assessment's offsets refer, with what could name a pupil masked.

    A text cut short is masked as far as it goes: spans beyond its end are drawn back.
    """
    return masked_with_spans(text, assessment).text


def masked_with_spans(text: str, assessment: Assessment, *, links: bool = True) -> Masked:
    """The masked text with the way to carry spans over.

    With `links=False` web addresses are replaced too, so that no program turns them into
    links.
    """
    spans = [span for span in assessment.pupil.spans if _inside(span.span, text)]
    secrets = _secrets(text, spans)
    schools = [span for link in assessment.schools for span in link.spans]
    edits = [
        *_span_edits(text, spans),
        *_detail_edits(text),
        *(_link_edits(text, secrets) if links else _all_link_edits(text)),
        *_tag_edits(text, secrets),
        *_name_edits(text, secrets, schools),
        *_blot_edits(text, spans),
        *(_Edit(one.start, one.end, f"{text[one.start]}[…]") for one in slurs(text)),
    ]
    merged = _merged(text, edits)
    return Masked(_applied(text, merged), merged, len(text))


def _inside(span: Span, text: str) -> bool:
    return 0 <= span.start < min(span.end, len(text))


def names(text: str, assessment: Assessment) -> frozenset[str]:
    """The names, and the words of them, that are masked in `text`, as written there."""
    spans = [span for span in assessment.pupil.spans if _inside(span.span, text)]
    return frozenset(_secrets(text, spans))


def tells(other: str, text: str, assessment: Assessment) -> bool:
    """True when `other` (a web address, say) holds a name or detail masked in `text`."""
    folded = _squeezed(other)
    hidden = {*names(text, assessment), *_blotted(text, assessment.pupil.spans)}
    return any(len(name) > 2 and _squeezed(name) in folded for name in hidden)


def _squeezed(text: str) -> str:
    return "".join(char for char in text.casefold() if char.isalnum())


def _secrets(text: str, spans: Sequence[PupilSpan]) -> tuple[str, ...]:
    """The spanned names and their words, longest first."""
    found: dict[str, None] = {}
    for span in spans:
        if span.label in NAMES:
            name = _HIDDEN.sub("", text[span.span.start : span.span.end])
            found[name] = None
            found.update(dict.fromkeys(word for word in _WORD.findall(name) if len(word) > 1))
    return tuple(sorted((name for name in found if name.strip()), key=len, reverse=True))


def _span_edits(text: str, spans: Sequence[PupilSpan]) -> Iterator[_Edit]:
    for span in spans:
        start, end = span.span.start, min(span.span.end, len(text))
        if span.label in BLOTTED:
            yield _Edit(start, end, BLOTTED[span.label])
        elif span.label in NAMES:
            yield _Edit(start, end, initials(text[start:end]))


def _blotted(text: str, spans: Iterable[PupilSpan]) -> dict[str, str]:
    """Details the spans blot, with what is put for them; too short ones are not searched."""
    return {
        text[span.span.start : span.span.end]: BLOTTED[span.label]
        for span in spans
        if span.label in BLOTTED and len(text[span.span.start : span.span.end].strip()) > 2
    }


def _blot_edits(text: str, spans: Sequence[PupilSpan]) -> Iterator[_Edit]:
    for detail, put in _blotted(text, spans).items():
        for match in re.finditer(re.escape(detail), text, re.IGNORECASE):
            yield _Edit(match.start(), match.end(), put)


def _detail_edits(text: str) -> Iterator[_Edit]:
    """Contact details of anybody: a mail is no place to spread them."""
    for pattern, sign, put in (
        (_EMAIL, "@", BLOTTED["EMAIL"]),
        (_PHONE, "", BLOTTED["PHONE"]),
    ):
        for match in pattern.finditer(text) if sign in text else ():
            yield _Edit(match.start(), match.end(), put)


def _all_link_edits(text: str) -> Iterator[_Edit]:
    for match in _LINK.finditer(text):
        yield _Edit(match.start(), match.end(), "[link]")


def _link_edits(text: str, secrets: Sequence[str]) -> Iterator[_Edit]:
    return (edit for edit in _all_link_edits(text) if _holds(text[edit.start : edit.end], secrets))


def _tag_edits(text: str, secrets: Sequence[str]) -> Iterator[_Edit]:
    for match in _TAG.finditer(text):
        if _holds(match[0], secrets):
            yield _Edit(match.start(), match.end(), f"{match[0][0]}[…]")


def _holds(token: str, secrets: Sequence[str]) -> bool:
    folded = _squeezed(token)
    squeezed = (_squeezed(name) for name in secrets)
    return any(len(name) >= _SHORTEST_IN_TAG and name in folded for name in squeezed)


def _name_edits(text: str, secrets: Sequence[str], schools: Sequence[Span]) -> Iterator[_Edit]:
    """Every other place of a name, save inside a school's own name."""
    for name in secrets:
        pattern = r"[\s_.-]*".join(_spelled(part) for part in name.split())
        whole = rf"(?<![^\W\d_]){pattern}(?=s?(?![^\W\d_]))"
        for match in re.finditer(whole, text, re.IGNORECASE):
            if not _ordinary(name, match[0]) and not _within(match, schools):
                yield _Edit(match.start(), match.end(), initials(name))


def _spelled(word: str) -> str:
    """A pattern for `word` that sees through hidden characters and kinds of apostrophe."""
    letters = ("['’]?" if char in "'’" else re.escape(char) for char in _HIDDEN.sub("", word))
    return f"{_HIDDEN.pattern}*".join(letters)


def _ordinary(name: str, written: str) -> bool:
    """A name such as Will, met as the word "will"."""
    return written.islower() and not name.islower() and written.casefold() in ALSO_WORDS


def _within(match: re.Match[str], spans: Sequence[Span]) -> bool:
    return any(span.start <= match.start() and match.end() <= span.end for span in spans)


def initials(name: str) -> str:
    """ "Jayden Smith" as "J.S.", "Jayden" as "J."; a mark where no letter stands."""
    letters = [word[0].upper() for word in _WORD.findall(_HIDDEN.sub("", name))]
    return "".join(f"{letter}." for letter in letters) or "[…]"


def _merged(text: str, edits: Sequence[_Edit]) -> tuple[_Edit, ...]:
    """Disjoint edits in order. Where edits meet, the longest decides what is put; two names
    that overlap only partly become the initials of the whole."""
    merged: list[_Edit] = []
    for edit in sorted(edits, key=lambda one: (one.start, -one.end)):
        if merged and edit.start < merged[-1].end:
            merged[-1] = _together(text, merged[-1], edit)
        else:
            merged.append(edit)
    return tuple(_tidy(text, edit) for edit in merged)


def _tidy(text: str, edit: _Edit) -> _Edit:
    """No second full stop where initials end a sentence."""
    doubled = edit.put.endswith(".") and text[edit.end : edit.end + 1] == "."
    return _Edit(edit.start, edit.end, edit.put[:-1]) if doubled else edit


def _together(text: str, one: _Edit, other: _Edit) -> _Edit:
    end = max(one.end, other.end)
    blots = [edit for edit in (one, other) if "[" in edit.put]
    if blots:
        put = max(blots, key=lambda edit: edit.end - edit.start).put
    else:
        put = initials(text[one.start : end])
    return _Edit(one.start, end, put)


def _applied(text: str, edits: Sequence[_Edit]) -> str:
    parts: list[str] = []
    at = 0
    for edit in edits:
        parts += (text[at : edit.start], edit.put)
        at = edit.end
    return "".join((*parts, text[at:]))


def excerpt(text: str, assessment: Assessment, *, length: int = 360) -> tuple[Piece, ...]:
    """A masked excerpt of about `length` characters around the words that carry the flags.

    One line, without control characters or web addresses; "…" marks what is left out.
    """
    masked = masked_with_spans(_calm(text), assessment, links=False)
    reasons = sorted(
        (
            masked.moved(one.span)
            for one in assessment.explanations
            if one.label in assessment.flags
        ),
        key=lambda span: span.start,
    )
    window = _window(masked.text, reasons, length)
    pieces = [_piece(masked.text, start, end, reasons) for start, end in _cuts(window, reasons)]
    if window.start > 0:
        pieces.insert(0, Piece(text="… "))
    if window.end < len(masked.text):
        pieces.append(Piece(text=" …"))
    return tuple(piece for piece in pieces if piece.text)


def _calm(text: str) -> str:
    """Control, direction and lone surrogate characters as spaces, one for one."""
    return _UNCALM.sub(" ", text)


def _window(text: str, reasons: Sequence[Span], length: int) -> Span:
    """About `length` characters holding the first reason, cut between words."""
    if len(text) <= length:
        return Span(0, len(text))
    first = next((span for span in reasons if span.start < span.end), Span(0, 0))
    start = max(0, min(first.start - length // 3, len(text) - length))
    end = min(len(text), start + length)
    if start > 0:
        start = _after_space(text, start, first.start)
    if end < len(text):
        space = text.rfind(" ", start + 1, end)
        end = space if space > 0 else end
    return Span(start, end)


def _after_space(text: str, start: int, limit: int) -> int:
    space = text.find(" ", start, limit)
    return space + 1 if space >= 0 else start


def _cuts(window: Span, reasons: Sequence[Span]) -> Iterator[tuple[int, int]]:
    """The window cut wherever a reason begins or ends."""
    marks = {window.start, window.end}
    for span in reasons:
        marks |= {at for at in (span.start, span.end) if window.start < at < window.end}
    ordered = sorted(marks)
    return pairwise(ordered)


def _piece(text: str, start: int, end: int, reasons: Sequence[Span]) -> Piece:
    carries = any(span.start <= start and end <= span.end for span in reasons)
    return Piece(text=re.sub(r"\s+", " ", text[start:end]), carries=carries)
