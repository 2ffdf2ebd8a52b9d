"""The queue as a file for a spreadsheet or a program: what is filtered is exported, and that it
was."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Literal

from fastapi import HTTPException, Request
from starlette.responses import Response

from classifiers.expressions import ExpressionError
from monitor import export, searching
from monitor.store import audit, decisions, queue
from monitor.store.views import DecisionView, QueueFilter, QueueKey, QueueRow
from monitor.web.address import QueueAddress
from monitor.web.deps import Console, Current
from monitor.web.viewer import Looking, Viewer, room

MOST = 5000
AT_ONCE = 250
Kind = Literal["csv", "xlsx", "jsonl"]
Write = Callable[[Iterable[Sequence[export.Cell]]], bytes]
KINDS: Mapping[Kind, tuple[Write, str]] = {
    "csv": (export.as_csv, "text/csv; charset=utf-8"),
    "xlsx": (
        export.as_xlsx,
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ),
    "jsonl": (export.as_json_lines, "application/x-ndjson"),
}

router = room("pr", "executive")


@router.get("/export.{kind}")
def download(request: Request, console: Current, viewer: Looking, kind: Kind) -> Response:
    """At most MOST mentions, in the queue's order; what is left out is said in the file's name."""
    address = QueueAddress.parse(request.url.query)
    chosen = address.chosen
    if address.written:
        try:
            chosen = replace(chosen, wanted=searching.parse(address.written, console.trust))
        except ExpressionError as problem:
            raise HTTPException(422) from problem
    rows, standing, is_whole = _all(console, viewer, chosen)
    _record(console, viewer, kind, len(rows), address)
    write, media_type = KINDS[kind]
    name = f"mentions-{console.clock():%Y-%m-%d}{'' if is_whole else f'-first-{MOST}'}.{kind}"
    return Response(
        write(export.table(rows, standing, console.trust)),
        media_type=media_type,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _all(
    console: Console, viewer: Viewer, chosen: QueueFilter
) -> tuple[list[QueueRow], dict[int, DecisionView], bool]:
    rows: list[QueueRow] = []
    standing: dict[int, DecisionView] = {}
    after: QueueKey | None = None
    with console.store.read() as tx:
        while len(rows) < MOST:
            found = queue.page(tx, viewer.scope, chosen, after=after, limit=AT_ONCE)
            rows += found.rows
            standing |= decisions.standing(tx, [row.mention_id for row in found.rows])
            after = found.next
            if after is None:
                return rows, standing, True
    return rows[:MOST], standing, False


def _record(
    console: Console, viewer: Viewer, kind: Kind, number: int, address: QueueAddress
) -> None:
    subject = f"{number} mentions as {kind}, chosen: {address.query() or 'to review'}"
    with console.store.begin() as tx:
        audit.append(
            tx, actor=viewer.name, action="queue.exported", subject=subject, now=console.clock()
        )
