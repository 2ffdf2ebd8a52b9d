"""The documents say what the service does: every query, every period, what is still open."""

from __future__ import annotations

import html
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from config.decision import ProcessingDecision
from monitor import sample
from monitor.cli import cli
from monitor.health import coverage
from monitor.notices import legal, paper

NOW = datetime(2026, 11, 29, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize("kind", legal.KINDS)
def test_every_question_and_every_period_stands_in_each(kind: legal.Kind, tmp_path: Path) -> None:
    settings = sample.settings({}, tmp_path)
    said = html.unescape(legal.document(kind, settings, NOW))
    for one in coverage.asked(settings):
        assert one.name in said
        assert all(question in said for question in one.questions)
    assert "30 days" in said
    is_public = kind in legal.PUBLIC
    assert (settings.policy.decision.retention in said) is not is_public
    assert ("Confirmed by the data protection officer" in said) is is_public
    assert "to be recorded: the lawful basis" not in said


def test_what_is_not_decided_is_marked_as_open_and_what_is_off_is_not_claimed(
    tmp_path: Path,
) -> None:
    settings = sample.settings({}, tmp_path)
    policy = settings.policy.model_copy(update={"decision": ProcessingDecision(covers=())})
    bare = settings.model_copy(update={"policy": policy})
    said = legal.document("dpia", bare, NOW)
    assert "to be recorded: the lawful basis" in said
    assert "proposals until the data protection officer confirms" in said
    assert "Nothing is asked at the moment" in said


def test_what_an_operator_writes_cannot_become_markup(tmp_path: Path) -> None:
    settings = sample.settings({}, tmp_path)
    decision = settings.policy.decision.model_copy(update={"purpose": "<script>alert(1)</script>"})
    policy = settings.policy.model_copy(update={"decision": decision})
    said = legal.document("privacy-notice", settings.model_copy(update={"policy": policy}), NOW)
    assert "<script" not in said


@pytest.mark.browser
def test_the_command_writes_them_as_html_and_pdf(tmp_path: Path) -> None:
    done = CliRunner().invoke(cli, ["notices", "--sample", "--out", str(tmp_path / "out")])
    assert done.exit_code == 0, done.output
    for kind in legal.KINDS:
        content = (tmp_path / "out" / f"{kind}.pdf").read_bytes()
        assert content.startswith(b"%PDF-")
        assert len(content) > 10_000


def test_without_a_browser_it_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(paper.NoBrowser, match="apt install chromium"):
        paper.pdf("<p>")
