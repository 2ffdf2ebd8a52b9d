"""The board's page: figures, no post, files."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from httpx import Client

from monitor.figures import sheets
from tests.doubles.consoles import Scene

Browsing = Callable[..., Client]


def test_it_shows_the_report_and_no_word_of_any_post(full: Scene, browsing: Browsing) -> None:
    client = browsing(full)
    page = client.get("/board").text
    for said in ("Equality ledger", "Sum of the schools", "No group named", "<svg", "Told at once"):
        assert said in page
    assert not any(beginning in page for beginning in full.numbers if len(beginning) > 8)
    assert client.get("/board/report.html").text.startswith("<!doctype html>")
    for name in sheets.titles():
        assert "Where to tell" in client.get(f"/board/sheets/{name}.html").text
    assert client.get("/board/sheets/other.html").status_code == 404


@pytest.mark.browser
def test_it_is_had_as_pdf(full: Scene, browsing: Browsing) -> None:
    assert browsing(full).get("/board/report.pdf").content.startswith(b"%PDF-")
