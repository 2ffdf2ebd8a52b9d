"""The body of `monitor classify`: JSON Lines of posts in, JSON Lines of assessments out.

The form of both is the command contract; streaming, with memory bounded by one batch.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, Any

from classifiers.pipeline import Classifier, Posting
from classifiers.types import Assessment

_BATCH_POSTS = 64
_BATCH_BYTES = 4_000_000
MAX_LINE_BYTES = 64_000_000
"""A longer line is refused without being read into memory as a whole."""

_OPTIONAL_TEXT = ("platform", "url", "published_at", "author_name")


class InvalidPost(Exception):
    """The line is not a post; the message says why without repeating any of it."""

    def __init__(self, message: str, post_id: str | int | None = None) -> None:
        super().__init__(message)
        self.post_id = post_id


@dataclass(frozen=True, slots=True)
class _Line:
    """One line of input: a post, or why it is none."""

    number: int
    size: int
    post_id: str | int | None
    posting: Posting | None
    problem: str = ""


def classify_lines(
    lines: IO[bytes],
    out: IO[str],
    err: IO[str],
    *,
    classifier: Classifier,
    explain: bool = False,
) -> int:
    """Write one line for each line that is not blank, in order; 1 if any was invalid, else 0.

    `lines` is a binary stream of UTF-8. Messages on `err` name line numbers, never text.
    """
    failed = False
    for batch in _batches(lines):
        postings = [line.posting for line in batch if line.posting is not None]
        judged = iter(classifier.assess_postings(postings, explain=explain))
        for line in batch:
            if line.posting is None:
                failed = True
                print(f"line {line.number}: {line.problem}", file=err)
                record: dict[str, Any] = {"id": line.post_id, "error": line.problem}
            else:
                record = {"id": line.post_id, **_record(next(judged))}
            out.write(json.dumps(record) + "\n")
        out.flush()
    return 1 if failed else 0


def _batches(lines: IO[bytes]) -> Iterator[list[_Line]]:
    batch: list[_Line] = []
    size = 0
    for line in _lines(lines):
        batch.append(line)
        size += line.size
        if len(batch) >= _BATCH_POSTS or size >= _BATCH_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _lines(lines: IO[bytes]) -> Iterator[_Line]:
    number = 0
    while raw := lines.readline(MAX_LINE_BYTES):
        number += 1
        too_long = len(raw) >= MAX_LINE_BYTES and not raw.endswith(b"\n")
        if too_long:
            _skip_rest(lines)
            yield _Line(number, 0, None, None, f"the line is longer than {MAX_LINE_BYTES} bytes")
            continue
        if number == 1:
            raw = raw.removeprefix(b"\xef\xbb\xbf")
        if raw.strip():
            yield _line(number, raw)


def _skip_rest(lines: IO[bytes]) -> None:
    while (rest := lines.readline(1_000_000)) and not rest.endswith(b"\n"):
        pass


def _line(number: int, raw: bytes) -> _Line:
    try:
        post_id, posting = _post(raw)
    except InvalidPost as problem:
        return _Line(number, len(raw), problem.post_id, None, str(problem))
    return _Line(number, len(raw), post_id, posting)


def _post(raw: bytes) -> tuple[str | int, Posting]:
    try:
        record = json.loads(raw)
    except UnicodeDecodeError:
        raise InvalidPost("not UTF-8") from None
    except (ValueError, RecursionError):
        raise InvalidPost("not JSON") from None
    if not isinstance(record, dict):
        raise InvalidPost("not an object")
    post_id = record.get("id")
    if isinstance(post_id, bool) or not isinstance(post_id, str | int):
        raise InvalidPost('"id" must be a string')
    _check_fields(record, post_id)
    return post_id, Posting(text=record["text"], place_hints=tuple(record.get("place_hints") or ()))


def _check_fields(record: dict[str, Any], post_id: str | int) -> None:
    if not isinstance(record.get("text"), str):
        raise InvalidPost('"text" must be a string', post_id)
    for key in _OPTIONAL_TEXT:
        if not isinstance(record.get(key), str | None):
            raise InvalidPost(f'"{key}" must be a string', post_id)
    hints = record.get("place_hints")
    if hints is None:
        return
    if not isinstance(hints, list) or not all(isinstance(hint, str) for hint in hints):
        raise InvalidPost('"place_hints" must be a list of strings', post_id)


def _record(assessment: Assessment) -> dict[str, Any]:
    """The contract's keys, all of them, in its order."""
    return {
        "schools": [
            {
                "id": link.school_id,
                "certainty": link.certainty,
                "score": link.score,
                "spans": [[span.start, span.end] for span in link.spans],
            }
            for link in assessment.schools
        ],
        "labels": {score.label: round(score.probability, 4) for score in assessment.scores},
        "flags": list(assessment.flags),
        "severity": assessment.severity,
        "pupil_identification": {
            "level": assessment.pupil.level,
            "spans": [
                {"start": one.span.start, "end": one.span.end, "label": one.label}
                for one in assessment.pupil.spans
            ],
        },
        "explanation": [
            {
                "label": one.label,
                "start": one.span.start,
                "end": one.span.end,
                "weight": round(one.weight, 4),
            }
            for one in assessment.explanations
        ],
        "not_judged": assessment.not_judged,
    }
