"""Nothing is collected and no mail leaves before the decision is on record."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from config.loading import load
from config.readiness import advice, may_collect, missing_for_live

Change = Callable[[str, str, str], None]


def test_a_complete_configuration_may_collect(folder: Path) -> None:
    settings = load(folder, {})
    assert missing_for_live(settings) == ()
    assert may_collect(settings)


@pytest.mark.parametrize(
    ("file", "line", "key"),
    [
        ("decision.toml", 'purpose = "To know what is said of the Trust."', "decision.purpose"),
        ("decision.toml", 'lawful_basis = "Public task"', "decision.lawful_basis"),
        ("decision.toml", 'dpia_reference = "DPIA-7"', "decision.dpia_reference"),
        ("decision.toml", 'retention = "As in [retention]"', "decision.retention"),
        ("decision.toml", 'approver = "The board"', "decision.approver"),
        ("decision.toml", "approved_on = 2026-09-01", "decision.approved_on"),
        ("trust.toml", 'head_of_pr = "pr@penrowan.example"', "trust.contacts.head_of_pr"),
        ("settings.toml", 'host = "mail.penrowan.example"', "mail.host"),
        ("settings.toml", 'sender = "monitor@penrowan.example"', "mail.sender"),
        ("settings.toml", 'contact = "it@penrowan.example"', "fetch.contact"),
    ],
)
def test_each_missing_part_keeps_collection_off(
    file: str, line: str, key: str, folder: Path, change: Change
) -> None:
    change(file, line, "")
    settings = load(folder, {})
    (problem,) = missing_for_live(settings)
    assert (problem.file, problem.key) == (str(folder / file), key)
    assert problem.mend
    assert not may_collect(settings)


@pytest.mark.parametrize("blank", ['""', '"   "', '"TBC"', '"n/a"'])
def test_a_blank_is_no_decision(blank: str, folder: Path, change: Change) -> None:
    change("decision.toml", '"The board"', blank)
    assert not may_collect(load(folder, {}))


def test_a_mail_account_without_its_password_keeps_collection_off(
    folder: Path, change: Change
) -> None:
    change("settings.toml", "[mail]", '[mail]\nusername = "monitor"')
    assert [problem.key for problem in missing_for_live(load(folder, {}))] == ["mail.username"]
    given = {"TRUST_MONITOR_SECRET_MAIL_PASSWORD": "quite-unlikely"}
    assert may_collect(load(folder, given))


def test_roles_that_nobody_holds_are_told_but_stop_nothing(folder: Path) -> None:
    settings = load(folder, {})
    keys = {problem.key for problem in advice(settings)}
    assert "schools[thorle-green].contacts.headteacher" in keys
    assert "schools[edith-pennick].contacts.headteacher" not in keys
    assert "trust.contacts.chair" in keys
    assert "trust.contacts.head_of_pr" not in keys
    assert may_collect(settings)


def test_the_shipped_folder_is_not_what_an_operator_is_sent_to_edit() -> None:
    files = {problem.file for problem in missing_for_live(load(environ={}))}
    assert files == {"decision.toml", "trust.toml", "settings.toml"}
