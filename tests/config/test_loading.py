"""An operator writes the files; what is wrong is said at once, in lines to act on."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

import pytest

from config.errors import SHOWN, ConfigError, Problem
from config.loading import load

Change = Callable[[str, str, str], None]
Problems = Callable[..., tuple[Problem, ...]]


def test_a_correct_folder_loads_with_its_own_values_over_the_defaults(folder: Path) -> None:
    settings = load(folder, {})
    assert settings.trust.name == "Penrowan Learning Trust"
    assert [source.id for source in settings.sources] == ["wexcombe-post"]
    assert settings.mail.host == "mail.penrowan.example"
    assert settings.mail.port == 587
    assert settings.fetch.deadline == timedelta(seconds=30)
    assert settings.policy.decision.missing == ()
    assert settings.directory == folder


def test_policy_and_settings_may_be_absent(folder: Path) -> None:
    (folder / "settings.toml").unlink()
    (folder / "decision.toml").unlink()
    settings = load(folder, {})
    assert settings.policy == load(None, {}).policy
    assert settings.mail.host == ""


def test_a_policy_file_changes_only_what_it_says(folder: Path) -> None:
    (folder / "policy.toml").write_text("[labels.threat]\nthreshold = 0.4\n", encoding="utf-8")
    policy, shipped = load(folder, {}).policy, load(None, {}).policy
    assert policy.labels["threat"].threshold == 0.4
    assert policy.labels["threat"].meaning == shipped.labels["threat"].meaning
    assert policy.routes == shipped.routes


def test_a_list_in_a_policy_file_replaces_the_shipped_list(folder: Path) -> None:
    (folder / "policy.toml").write_text('never = ["Do not reply."]\n', encoding="utf-8")
    assert load(folder, {}).policy.never == ("Do not reply.",)


def test_a_service_without_any_folder_takes_the_shipped_one() -> None:
    assert load(environ={}).trust.id == "atlp"


def test_files_with_a_byte_order_mark_and_windows_line_ends_load(folder: Path) -> None:
    path = folder / "sources.toml"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    assert load(folder, {}).sources[0].id == "wexcombe-post"


class Wrong(NamedTuple):
    """A slip in a file, and what the operator must be told of it (slips.toml)."""

    file: str
    old: str
    new: str
    key: str
    says: str
    mend: str


SLIPS = [
    Wrong(**slip)
    for slip in tomllib.loads(Path(__file__).with_name("slips.toml").read_text("utf-8"))["slip"]
]


@pytest.mark.parametrize("wrong", SLIPS, ids=lambda wrong: f"{wrong.key}: {wrong.says}")
def test_one_slip_gives_one_line_with_file_line_key_and_mend(
    wrong: Wrong, folder: Path, change: Change, problems: Problems
) -> None:
    change(wrong.file, wrong.old, wrong.new)
    found = [problem for problem in problems() if problem.key == wrong.key]
    assert len(found) == 1
    problem = found[0]
    assert problem.file == str(folder / wrong.file)
    assert wrong.says in problem.message
    assert wrong.mend in problem.mend
    assert "\n" not in str(problem)


@pytest.mark.parametrize("wrong", SLIPS, ids=lambda wrong: f"{wrong.key}: {wrong.says}")
def test_the_line_is_the_one_to_change(
    wrong: Wrong, folder: Path, change: Change, problems: Problems
) -> None:
    change(wrong.file, wrong.old, wrong.new)
    lines = (folder / wrong.file).read_text(encoding="utf-8").splitlines()
    (problem,) = (problem for problem in problems() if problem.key == wrong.key)
    if wrong.says != "is missing" and wrong.file != "policy.toml":
        word = wrong.key.rsplit(".", 1)[-1].split(" ")[0].split("[")[0]
        assert re.match(rf"\[*{word}|.*\b{word} = ", lines[problem.line - 1])


def test_slips_in_every_file_are_told_together(change: Change, problems: Problems) -> None:
    change("trust.toml", "town", "twon")
    change("sources.toml", "kind", "knid")
    change("settings.toml", "host", "hots")
    change("decision.toml", "purpose", "porpoise")
    found = problems(TRUST_MONITOR_SECRET_MAIL_PASSWORD="changeme")
    keys = {problem.key for problem in found}
    assert {"schools[edith-pennick].twon", "mail.hots", "decision.porpoise"} <= keys
    assert {"sources[wexcombe-post].knid", "sources[wexcombe-post].kind"} <= keys
    assert any(problem.file.startswith("environment") for problem in found)


@pytest.mark.parametrize("name", ["trust.toml", "sources.toml"])
def test_a_missing_file_that_must_be_there_is_named(
    name: str, folder: Path, problems: Problems
) -> None:
    (folder / name).unlink()
    (problem,) = problems()
    assert str(problem) == f"{folder / name}: is not there. Create it, or name the right folder"


def test_a_folder_that_is_not_there_is_told_by_its_files(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="is not there"):
        load(tmp_path / "nowhere", {})


def test_a_folder_in_place_of_a_file_is_told(folder: Path, problems: Problems) -> None:
    (folder / "trust.toml").unlink()
    (folder / "trust.toml").mkdir()
    (problem,) = problems()
    assert problem.message == "is a folder"


def test_a_pipe_in_place_of_a_file_does_not_hang_the_start(
    folder: Path, problems: Problems
) -> None:
    (folder / "trust.toml").unlink()
    os.mkfifo(folder / "trust.toml")
    (problem,) = problems()
    assert problem.message == "is not a regular file"


def test_a_link_that_leads_nowhere_is_told_even_for_an_optional_file(
    folder: Path, problems: Problems
) -> None:
    (folder / "policy.toml").symlink_to(folder / "gone.toml")
    (problem,) = problems()
    assert problem.file.endswith("policy.toml")
    assert problem.message == "is not there"


def test_a_file_that_may_not_be_read_is_told(folder: Path, problems: Problems) -> None:
    (folder / "trust.toml").unlink()
    (folder / "trust.toml").symlink_to(folder / "trust.toml")
    (problem,) = problems()
    assert problem.message.startswith("cannot be read (")


def test_a_name_that_no_file_can_have_is_told(tmp_path: Path) -> None:
    for name in ("x" * 300, "a\0b"):
        with pytest.raises(ConfigError, match="cannot be read"):
            load(tmp_path / name, {})


def test_a_file_of_fifty_megabytes_is_refused_at_once(folder: Path, problems: Problems) -> None:
    with (folder / "trust.toml").open("wb") as file:
        file.truncate(50_000_000)
    (problem,) = problems()
    assert problem.message == "is larger than 1,024 KiB"


@pytest.mark.parametrize(
    ("content", "line"),
    [
        ("name = 1\nnote = 'Café'".encode("latin-1"), 2),
        ('[trust]\nname = "x"'.encode("utf-16"), 1),
        (b"a = 1\n\nb = '\0'", 3),
    ],
)
def test_a_file_in_another_encoding_is_told_with_its_line(
    content: bytes, line: int, folder: Path, problems: Problems
) -> None:
    (folder / "trust.toml").write_bytes(content)
    (problem,) = problems()
    assert (problem.line, problem.message) == (line, "is not UTF-8 text")


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("[trust]\nname = Penrowan\n", 2),
        ("[trust]\nname = 'a'\nname = 'b'\n", 3),
        ("[trust]\nname = 'a\n", 2),
        ("[trust]\naliases = ['a',\n'b'\n\n", 3),
        ("[trust\n", 1),
        ("[trust]\n[trust]\n", 2),
        ("= 3\n", 1),
        ("a = 2026-13-45\n", 1),
    ],
)
def test_a_slip_of_syntax_is_told_with_its_line(
    text: str, line: int, folder: Path, problems: Problems
) -> None:
    (folder / "trust.toml").write_text(text, encoding="utf-8")
    (problem,) = problems()
    assert (problem.file, problem.line) == (str(folder / "trust.toml"), line)
    assert problem.message.startswith("this is not TOML: ")


@pytest.mark.parametrize("text", ["a = " + "[" * 100_000, "a = " + "9" * 10_000])
def test_what_would_break_the_parser_is_one_clear_problem(
    text: str, folder: Path, problems: Problems
) -> None:
    (folder / "trust.toml").write_text(text, encoding="utf-8")
    (problem,) = problems()
    assert "nested too deeply or holds a number too long" in problem.message


def test_a_file_that_is_wrong_throughout_is_counted_and_not_poured_out(
    folder: Path, problems: Problems
) -> None:
    rows = "".join(f'[[sources]]\nid = "s{n}"\nknid = "rss"\n' for n in range(200))
    (folder / "sources.toml").write_text(rows, encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load(folder, {})
    assert len(str(caught.value).splitlines()) == SHOWN + 1
    assert str(caught.value).endswith(f"... and {len(problems()) - SHOWN} more")


def test_a_key_with_a_line_break_in_it_cannot_forge_a_line(
    folder: Path, problems: Problems
) -> None:
    (folder / "settings.toml").write_text('"a\\nall is well" = 1\n', encoding="utf-8")
    (problem,) = problems()
    assert "\n" not in str(problem)


def test_a_table_where_a_list_belongs_is_told(folder: Path, problems: Problems) -> None:
    (folder / "sources.toml").write_text("[sources]\nid = 'x'\n", encoding="utf-8")
    (problem,) = problems()
    assert (problem.key, problem.message) == ("sources", "must be a list")


def test_no_source_at_all_is_no_fault(folder: Path) -> None:
    (folder / "sources.toml").write_text("# none yet\n", encoding="utf-8")
    assert load(folder, {}).sources == ()


def test_a_shared_alias_that_is_declared_is_accepted(change: Change, folder: Path) -> None:
    change("trust.toml", '["Thorle Green"]', '["the Pennick"]')
    declared = (
        '[[shared_aliases]]\nalias = "the Pennick"\nschools = ["edith-pennick", "thorle-green"]\n'
    )
    change("trust.toml", "[[schools]]", f"{declared}\n[[schools]]")
    assert load(folder, {}).trust.shared_aliases[0].schools == ("edith-pennick", "thorle-green")


def test_terms_are_not_judged_against_a_trust_that_could_not_be_read(
    change: Change, problems: Problems
) -> None:
    change("trust.toml", "town", "twon")
    change("sources.toml", 'kind = "rss"', 'kind = "rss"\nterms = ["Edith Pennick"]')
    assert [problem.key for problem in problems()] == ["schools[edith-pennick].twon"]


def test_a_source_on_the_operators_own_network_may_be_asked_often(
    change: Change, folder: Path
) -> None:
    change("sources.toml", 'kind = "rss"', 'kind = "rss"\nevery = "5s"\nallow = ["10.0.0.5:80"]')
    assert load(folder, {}).sources[0].every == timedelta(seconds=5)
