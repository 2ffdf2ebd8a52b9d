"""The queue as a file: what is chosen, masked, on record, and nothing that a spreadsheet runs."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Mapping
from io import BytesIO, StringIO
from zipfile import ZipFile

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifiers.types import Label
from monitor.export import COLUMNS, as_csv, as_xlsx
from tests.doubles.consoles import Scene
from tests.doubles.written_posts import Written

Browsing = Callable[..., httpx.Client]
Decide = Callable[..., httpx.Response]
SURE: Mapping[Label, float] = {"reputation": 0.9}
RUNS = "=HYPERLINK({@oakenhall|Oakenhall}) {reputation|cold coats}"


def lines(answer: httpx.Response) -> list[dict[str, str]]:
    assert answer.status_code == 200
    assert "attachment" in answer.headers["content-disposition"]
    return list(csv.DictReader(StringIO(answer.content.decode("utf-8-sig"))))


def test_what_is_chosen_is_exported_and_the_export_is_on_record(
    full: Scene, browsing: Browsing, decide: Decide
) -> None:
    number = full.add(Written(text=RUNS, sure=SURE))
    console = browsing(full)
    shown = lines(console.get("/export.csv?q=cold+coats"))
    assert [line["Number"] for line in shown] == [str(number)]
    assert shown[0]["What was said"].startswith("'=HYPERLINK(")
    (line,) = console.get("/export.jsonl?q=cold+coats").text.splitlines()
    assert json.loads(line)["What was said"].startswith("=HYPERLINK(")
    decide(console, number, note="+cmd|' /C calc'!A0")
    (decided,) = lines(console.get("/export.csv?state=decided&q=coats"))
    assert decided["Note"].startswith("'+cmd")
    assert decided["Decision"] == "no action"
    assert "Exported" in console.get("/audit").text


def test_pupils_are_masked_in_both_files(console: httpx.Client) -> None:
    text = console.get("/export.csv?state=all").text
    assert "Fenella" not in text
    assert "F. T." in text or "F.T." in text
    with ZipFile(BytesIO(console.get("/export.xlsx?state=all").content)) as book:
        strings = book.read("xl/sharedStrings.xml").decode()
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
        assert not [name for name in book.namelist() if "external" in name or "rels/sheet" in name]
    assert "Fenella" not in strings
    assert "Severity" in strings
    assert "<f>" not in sheet
    assert "hyperlink" not in sheet


@pytest.mark.parametrize(("path", "code"), [("/export.pdf", 404), ("/export.csv?q=(fire", 422)])
def test_what_cannot_be_exported_is_refused(console: httpx.Client, path: str, code: int) -> None:
    assert console.get(path).status_code == code


@given(st.text(max_size=40))
def test_no_cell_begins_as_a_formula(text: str) -> None:
    read = csv.reader(StringIO(as_csv([(text,)]).decode("utf-8-sig"), newline=""))
    head, (cell,) = next(read), next(read)
    assert tuple(head) == COLUMNS
    assert not cell.lstrip(" ").startswith(("=", "+", "-", "@", "\t", "\r", "\n"))
    with ZipFile(BytesIO(as_xlsx([(text,)]))) as book:
        assert "<f>" not in book.read("xl/worksheets/sheet1.xml").decode()
