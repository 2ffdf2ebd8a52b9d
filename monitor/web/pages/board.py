"""The termly report to the board, to read and as files; sheets for teaching from its figures."""

from __future__ import annotations

from typing import Literal

from fastapi import HTTPException, Request
from starlette.responses import HTMLResponse, Response

from monitor.figures import board, sheets
from monitor.figures.board import Report
from monitor.notices import paper
from monitor.web.deps import Console, Current
from monitor.web.rendering import badges, page
from monitor.web.viewer import room

router = room("executive", "pr", "dpo")
Form = Literal["html", "pdf"]


@router.get("/board")
def show(request: Request, console: Current) -> HTMLResponse:
    made = _made(console)
    return page(
        request,
        "board.html",
        counts=badges(request),
        made=made,
        body=board.body(made),
        sheets=sheets.titles(),
    )


@router.get("/board/report.{form}")
def document(console: Current, form: Form) -> Response:
    return _file(board.document(_made(console), console.whole), "report-to-the-board", form)


@router.get("/board/sheets/{sheet_id}.{form}")
def sheet(console: Current, sheet_id: str, form: Form) -> Response:
    if sheet_id not in sheets.titles():
        raise HTTPException(404)
    return _file(sheets.document(sheet_id, _made(console), console.whole), sheet_id, form)


def _made(console: Console) -> Report:
    last = board.newest_day(console.store, console.clock())
    return board.report(console.store, console.whole, last)


def _file(made: str, name: str, form: Form) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}.{form}"'}
    if form == "html":
        return HTMLResponse(made, headers=headers)
    try:
        return Response(paper.pdf(made), media_type="application/pdf", headers=headers)
    except paper.NoBrowser as error:
        raise HTTPException(503) from error
