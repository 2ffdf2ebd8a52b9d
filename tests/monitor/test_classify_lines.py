"""The command contract of `monitor classify`, on real streams."""

import io
import json
from pathlib import Path
from typing import Any

import pytest

from classifiers.pipeline import Classifier, build
from classifiers.types import LABELS
from config.loading import load
from config.trust import School, Trust
from monitor.classify import classify_lines

KEYS = [
    "id", "schools", "labels", "flags", "severity", "pupil_identification", "explanation",
    "not_judged",
]  # fmt: skip


@pytest.fixture(scope="module")
def classifier() -> Classifier:
    schools = (
        School(id="briar", name="Briar Mount School", town="Wellmarsh", phase="S"),
        School(id="fern", name="St Chad's CofE Primary School", town="Wellmarsh", phase="P"),
    )
    trust = Trust(id="bmt", name="Briar Mount Learning Trust", schools=schools)
    return build(trust, load(environ={}).policy)


def run(
    classifier: Classifier, given: bytes, *, explain: bool = False
) -> tuple[int, list[dict[str, Any]], str]:
    out, err = io.StringIO(), io.StringIO()
    code = classify_lines(io.BytesIO(given), out, err, classifier=classifier, explain=explain)
    return code, [json.loads(line) for line in out.getvalue().splitlines()], err.getvalue()


def lines(*records: object) -> bytes:
    return b"".join(json.dumps(record).encode() + b"\n" for record in records)


def test_every_key_is_always_there_in_the_contracts_order(classifier: Classifier) -> None:
    _, found, _ = run(classifier, lines({"id": "1", "text": "hello there everyone"}))
    assert list(found[0]) == KEYS
    assert list(found[0]["labels"]) == list(LABELS)
    assert found[0]["explanation"] == []
    assert found[0]["not_judged"] is None


def test_answers_keep_the_order_of_the_posts_and_blank_lines_are_skipped(
    classifier: Classifier,
) -> None:
    given = b"\n".join(lines({"id": str(n), "text": f"post {n}"}) for n in range(200))
    code, found, _ = run(classifier, b"\xef\xbb\xbf" + given + b"  \r\n\n")
    assert code == 0
    assert [record["id"] for record in found] == [str(n) for n in range(200)]


def test_offsets_are_code_points_of_the_given_text(classifier: Classifier) -> None:
    text = "😂😂 Briar Mount School, Callum Reid in year 9"
    _, (record,), _ = run(classifier, lines({"id": "1", "text": text}))
    (start, end) = record["schools"][0]["spans"][0]
    assert text[start:end] == "Briar Mount School"
    names = [
        text[span["start"] : span["end"]]
        for span in record["pupil_identification"]["spans"]
        if span["label"] == "PUPIL_FULL"
    ]
    assert names == ["Callum Reid"]


def test_place_hints_settle_a_shared_name(classifier: Classifier) -> None:
    post = {"id": "1", "text": "St Chad's teachers are the best"}
    _, found, _ = run(classifier, lines(post, {**post, "place_hints": ["Wellmarsh"]}))
    assert [record["schools"][0]["certainty"] for record in found] == ["possible", "certain"]


@pytest.mark.parametrize(
    ("line", "post_id"),
    [
        (b"not json", None),
        (b"[1]", None),
        (b"\xff\xfe", None),
        (b"[" * 100_000, None),
        (b'{"text": "no id"}', None),
        (b'{"id": true, "text": "x"}', None),
        (b'{"id": "7"}', "7"),
        (b'{"id": "7", "text": 5}', "7"),
        (b'{"id": "7", "text": "x", "place_hints": "Wellmarsh"}', "7"),
        (b'{"id": "7", "text": "x", "place_hints": [1]}', "7"),
        (b'{"id": "7", "text": "x", "url": 5}', "7"),
    ],
)
def test_a_line_that_is_not_valid_is_answered_in_its_place(
    classifier: Classifier, line: bytes, post_id: str | None
) -> None:
    given = lines({"id": "a", "text": "one"}) + line + b"\n" + lines({"id": "b", "text": "two"})
    code, found, err = run(classifier, given)
    assert code == 1
    assert [record["id"] for record in found] == ["a", post_id, "b"]
    assert set(found[1]) == {"id", "error"}
    assert err.startswith("line 2: ")


def test_messages_hold_no_text_of_the_post(classifier: Classifier) -> None:
    _, _, err = run(classifier, b'{"id": "7", "text": 5, "url": "secret-words"}\n')
    assert "secret" not in err


def test_a_line_of_many_megabytes_is_judged_as_far_as_the_limit(classifier: Classifier) -> None:
    code, (record,), _ = run(
        classifier, lines({"id": "1", "text": "Briar Mount School " * 400_000})
    )
    assert code == 0
    assert record["schools"][0]["id"] == "briar"


def test_a_line_beyond_all_measure_is_refused_and_the_next_is_done(
    classifier: Classifier, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("monitor.classify.MAX_LINE_BYTES", 1_000)
    given = lines({"id": "1", "text": "x" * 5_000}, {"id": "2", "text": "y"})
    code, found, _ = run(classifier, given)
    assert code == 1
    assert [record["id"] for record in found] == [None, "2"]


def test_another_language_is_not_judged_and_is_no_error(classifier: Classifier) -> None:
    post = {"id": "1", "text": "To jest bardzo dobra szkoła dla dzieci"}
    code, (record,), _ = run(classifier, lines(post))
    assert code == 0
    assert record["not_judged"] == "not in English"
    assert record["labels"] == {}
    assert record["flags"] == []


def test_explanations_come_only_when_asked_for(classifier: Classifier) -> None:
    post = lines({"id": "1", "text": "i will stab you after school tomorrow you are dead"})
    _, (quiet,), _ = run(classifier, post)
    _, (loud,), _ = run(classifier, post, explain=True)
    assert quiet["explanation"] == []
    assert {key for item in loud["explanation"] for key in item} <= {
        "label", "start", "end", "weight"
    }  # fmt: skip


def test_a_file_is_read_as_a_stream(classifier: Classifier, tmp_path: Path) -> None:
    path = tmp_path / "posts.jsonl"
    path.write_bytes(lines({"id": "1", "text": "hello"}))
    out = io.StringIO()
    with path.open("rb") as stream:
        assert classify_lines(stream, out, io.StringIO(), classifier=classifier) == 0
    assert json.loads(out.getvalue())["id"] == "1"
