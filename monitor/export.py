"""What is in the queue as a table for a spreadsheet: masked as on the screen, and nothing in it
that a spreadsheet would run (OWASP, "CSV injection")."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from io import BytesIO, StringIO

import xlsxwriter

from alerts import mask, words
from config.trust import Trust
from monitor.schedule import LONDON
from monitor.store.views import DecisionView, QueueRow

COLUMNS = (
    "Number", "Severity", "What it may be", "Labels", "Pupil", "Schools", "Source", "Platform",
    "Posted (London)", "Collected (London)", "State", "Posts in the story", "What was said",
    "Link", "Decision", "Decided by", "Decided (London)", "Note",
)  # fmt: skip
WIDTHS = (8, 10, 24, 22, 10, 30, 22, 12, 17, 17, 12, 8, 80, 40, 16, 20, 17, 40)
LONGEST_CELL = 32_000
"""A spreadsheet takes 32,767 characters."""
_BLANK = " \u00a0\u200b\ufeff"
"""What some spreadsheets pass over."""
_RUN = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")

Cell = str | int


def as_json_lines(rows: Iterable[Sequence[Cell]]) -> bytes:
    """One object a line under the names of the columns, for other programs."""
    made = (dict(zip(COLUMNS, row, strict=True)) for row in rows)
    return "".join(f"{json.dumps(one, ensure_ascii=False)}\n" for one in made).encode()


def table(
    rows: Iterable[QueueRow], standing: Mapping[int, DecisionView], trust: Trust
) -> Iterator[tuple[Cell, ...]]:
    for row in rows:
        yield (*_said(row, trust), *_decided(standing.get(row.mention_id)))


def _said(row: QueueRow, trust: Trust) -> tuple[Cell, ...]:
    assessment = row.excerpt_assessment
    tells = mask.tells(row.url, row.excerpt, assessment)
    return (
        row.mention_id,
        words.SEVERITY[row.severity],
        words.capital(words.kind(assessment)),
        ", ".join(row.flags),
        row.pupil_level,
        ", ".join(words.school_name(one, trust) for one in row.school_ids),
        row.source_name,
        words.platform(row.platform),
        f"{row.published_at.astimezone(LONDON):%Y-%m-%d %H:%M}",
        f"{row.fetched_at.astimezone(LONDON):%Y-%m-%d %H:%M}",
        row.state,
        row.copies,
        mask.mask(row.excerpt, assessment),
        "left out: it holds a name" if tells else row.url,
    )


def _decided(decision: DecisionView | None) -> tuple[Cell, ...]:
    if decision is None:
        return ("", "", "", "")
    at = f"{decision.decided_at.astimezone(LONDON):%Y-%m-%d %H:%M}"
    return (decision.outcome.replace("_", " "), decision.decided_by, at, decision.note)


def as_csv(lines: Iterable[Sequence[Cell]]) -> bytes:
    """UTF-8 with a byte order mark, as spreadsheets expect it."""
    written = StringIO()
    writer = csv.writer(written, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    writer.writerows([_harmless(cell) for cell in line] for line in lines)
    return written.getvalue().encode("utf-8-sig", "replace")


def as_xlsx(lines: Iterable[Sequence[Cell]]) -> bytes:
    """Text is written as text and figures as figures: there are no formulas and no links."""
    written = BytesIO()
    with xlsxwriter.Workbook(written, {"in_memory": True}) as book:
        sheet = book.add_worksheet("Mentions")
        bold, wrapped = book.add_format({"bold": True}), book.add_format({"text_wrap": True})
        for column, (name, width) in enumerate(zip(COLUMNS, WIDTHS, strict=True)):
            sheet.set_column(column, column, width)
            sheet.write_string(0, column, name, bold)
        for number, line in enumerate(lines, 1):
            for column, cell in enumerate(line):
                if isinstance(cell, int):
                    sheet.write_number(number, column, cell)
                else:
                    sheet.write_string(number, column, cell[:LONGEST_CELL], wrapped)
        sheet.freeze_panes(1, 1)
    return written.getvalue()


def _harmless(cell: Cell) -> Cell:
    """Text that no spreadsheet takes for a formula: an apostrophe before it says so."""
    if isinstance(cell, int):
        return cell
    text = cell[:LONGEST_CELL]
    return f"'{text}" if text.lstrip(_BLANK).startswith(_RUN) else text
