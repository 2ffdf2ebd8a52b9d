"""First-run set-up: proposals from the register, files that load, nothing asked before, nothing
replaced unasked, and later sources that need an approval of their own."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from config.loading import load
from config.national import register
from config.readiness import advice, asked_sources, may_collect, missing_for_live
from config.trust_checks import trust_faults
from monitor.cli import cli
from monitor.setup import proposals
from monitor.setup.answers import KEPT, Answers

URNS = tuple(one.urn for one in proposals.search(register(), "primary exeter")[:3])
DECIDED = (
    "--purpose", "Safeguard pupils", "Public task", "--dpia-reference", "DPIA-9",
    "--retention", "The officer, as proposed", "--approver", "The board",
    "--approved-on", "2026-11-01", "--notice", "https://invented.example/privacy",
)  # fmt: skip
CONTACTS = (
    "--head-of-pr", "pr@invented.example", "--it", "it@invented.example",
    "--mail-host", "mail.invented.example", "--mail-sender", "monitor@invented.example",
)  # fmt: skip


def init(folder: Path, *given: str) -> Result:
    return CliRunner().invoke(cli, ["init", str(folder), *given])


def schools() -> list[str]:
    return [part for urn in URNS for part in ("--school", urn)]


def begin(folder: Path, *more: str) -> Result:
    return init(folder, "--trust", "Invented Learning Trust", *schools(), *more)


def test_schools_are_found_by_name_town_and_postcode() -> None:
    (one,) = proposals.by_urn(register(), URNS[:1])
    for words in (one.name, f"{one.town} {one.name.split()[0]}", one.postcode, one.urn):
        assert one in proposals.search(register(), words), words
    assert proposals.search(register(), "") == []
    assert "Exeter" in init(Path("unused"), "--find", "primary exeter").output


def test_it_may_be_done_in_sittings_and_nothing_is_asked_before_the_end(tmp_path: Path) -> None:
    folder = tmp_path / "own"
    assert init(folder, *DECIDED).exit_code == 2
    assert (folder / KEPT).stat().st_mode & 0o777 == 0o600
    first = begin(folder)
    assert first.exit_code == 0, first.output
    settings = load(folder, {})
    assert not may_collect(settings)
    assert "trust.contacts.head_of_pr" in first.output
    assert settings.policy.decision.missing == ()
    assert settings.policy.decision.purposes[0].lawful_basis == "Public task"
    assert not (folder / KEPT).exists()


def test_the_whole_set_up_may_collect_and_has_its_feeds_off_until_confirmed(tmp_path: Path) -> None:
    folder = tmp_path / "own"
    sources = proposals.feeds(Answers(trust="Invented Learning Trust", schools=URNS), register())
    done = begin(folder, *DECIDED, *CONTACTS, "--feed", sources[0].source_id)
    assert done.exit_code == 0, done.output
    settings = load(folder, {})
    assert missing_for_live(settings) == ()
    assert [one.id for one in asked_sources(settings) if one.enabled] == [sources[0].source_id]
    assert {one.urn for one in settings.trust.schools} == set(URNS)


def test_a_file_that_is_there_is_not_replaced_unasked(tmp_path: Path) -> None:
    folder = tmp_path / "own"
    begin(folder, *DECIDED)
    before = (folder / "trust.toml").read_text(encoding="utf-8")
    (folder / "trust.toml").write_text(f"# By hand\n{before}", encoding="utf-8")
    refused = begin(folder, *DECIDED)
    assert refused.exit_code == 2
    assert "trust.toml" in refused.output
    assert (folder / "trust.toml").read_text(encoding="utf-8").startswith("# By hand")
    assert begin(folder, *DECIDED, "--replace").exit_code == 0
    kept = (folder / "trust.toml.before").read_text(encoding="utf-8")
    assert kept.startswith("# By hand")


@pytest.mark.parametrize(
    "option",
    [("--school", "999999"), ("--it", "no address"), ("--approved-on", "soon"),
     ("--purpose", "To see", "tbc"), ("--other-names", "Invented Trust, Harriet Blackwood")],
)  # fmt: skip
def test_a_wrong_answer_is_refused_and_named(tmp_path: Path, option: tuple[str, ...]) -> None:
    refused = begin(tmp_path / "own", *option)
    assert refused.exit_code == 2
    assert option[0].strip("-").rstrip("s") in refused.output


def test_a_later_source_and_a_changed_question_wait_for_an_approval(tmp_path: Path) -> None:
    folder = tmp_path / "own"
    feed = proposals.feeds(Answers(trust="Invented Learning Trust", schools=URNS), register())[0]
    begin(folder, *DECIDED, *CONTACTS, "--feed", feed.source_id)
    path = folder / "sources.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace(feed.url, f"{feed.url}other/"), encoding="utf-8")
    changed = load(folder, {})
    assert not any(one.enabled for one in asked_sources(changed))
    assert f"sources[{feed.source_id}]" in {one.key for one in advice(changed)}
    approval = 'approved_by = "The head of PR"\napproved_on = 2026-11-20\nwhy = "It moved"\n'
    at = path.read_text(encoding="utf-8").replace("enabled = true\n", f"enabled = true\n{approval}")
    path.write_text(at, encoding="utf-8")
    assert [one.id for one in asked_sources(load(folder, {})) if one.enabled] == [feed.source_id]


def test_names_that_would_be_refused_are_not_proposed() -> None:
    """Every proposal for a few hundred schools of all kinds can be read."""
    for words in ("st", "john", "william primary", "academy leeds", "high school london"):
        for one in proposals.search(register(), words, most=40):
            answers = Answers(trust="Invented Learning Trust", schools=(one.urn,))
            made = proposals.trust(answers, register())
            assert [fault for fault in trust_faults(made) if fault.path[2:3] != ("name",)] == []
