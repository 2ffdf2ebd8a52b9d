"""A trust of the department's download, or a list, becomes schools with what they are called."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from config.loading import load
from config.trust_checks import trust_faults
from monitor.cli import cli
from monitor.setup import national, proposals
from monitor.setup.answers import Answers

DOWNLOAD = """\
URN,LA (name),EstablishmentName,EstablishmentStatus (name),PhaseOfEducation (name),Trusts (code),\
Trusts (name),Town,Postcode,SchoolWebsite
300001,Wendshire,Brightwater Primary School,Open,Primary,16999,THE PENROWAN LEARNING AND CARE \
TRUST,Thorle,TH1 2AB,www.brightwater.example
300002,Wendshire,St Wilgar\u2019s CofE Primary School,Open,Primary,16999,THE PENROWAN LEARNING AND \
CARE TRUST,Averford,TH1 2AC,
300003,Wendshire,Old Brook School,Closed,Primary,16999,THE PENROWAN LEARNING AND CARE TRUST,Thorle,,
300004,Wendshire,Hill School,Open,Primary,,,Thorle,TH1 2AD,
300005,Wendshire,Hill School,Open,Primary,17000,PENROW TRUST,Lindmouth,TH1 2AE,
"""


@pytest.fixture
def download(tmp_path: Path) -> Path:
    path = tmp_path / "edubasealldata.csv"
    path.write_bytes(DOWNLOAD.encode("cp1252"))
    return path


def test_a_trust_is_found_by_name_or_number_with_its_open_schools(
    tmp_path: Path, download: Path
) -> None:
    assert national.bring(tmp_path, download) == 4
    known = national.schools(tmp_path)
    assert [one.code for one in national.trusts(known, "penrow")] == ["17000", "16999"]
    (one,) = national.trusts(known, "penrowan care")
    assert (one.name, one.urns) == ("The Penrowan Learning and Care Trust", ("300001", "300002"))
    assert national.trust_of(known, "16999") == one == national.trust_of(known, one.name)
    assert national.trust_of(known, "1699") is None


def test_its_other_names_are_proposed_and_may_be_left_out(tmp_path: Path, download: Path) -> None:
    national.bring(tmp_path, download)
    known = national.schools(tmp_path)
    answers = Answers(trust="The Penrowan Learning and Care Trust", schools=("300001", "300002"))
    names = proposals.names_and_places(answers, known)
    wanted = {"PLCT", "Brightwater Primary", "St Wilgar\u2019s Primary", "Thorle", "Averford"}
    assert wanted <= set(names)
    made = proposals.trust(answers.with_(left_out=("PLCT", "Thorle")), known)
    assert not {"PLCT", "Thorle"} & {*made.aliases, *made.places}
    assert "Averford" in made.places
    assert list(trust_faults(made)) == []


def test_a_list_of_numbers_and_names_says_which_line_is_not_one_school(
    tmp_path: Path, download: Path
) -> None:
    national.bring(tmp_path, download)
    known = national.schools(tmp_path)
    text = (
        "300001\nSt Wilgar's CofE Primary School, Averford\nHill School\nHill School Thorle\nNone"
    )
    found, unclear = national.listed(known, text)
    assert [one.urn for one in found] == ["300001", "300002", "300004"]
    assert [(one.line, len(one.candidates)) for one in unclear] == [("Hill School", 2), ("None", 0)]


def test_the_command_takes_a_whole_trust_and_its_register(tmp_path: Path, download: Path) -> None:
    folder = tmp_path / "own"
    given = ["init", str(folder), "--register", str(download), "--all-of", "16999"]
    done = CliRunner().invoke(cli, given)
    assert done.exit_code == 0, done.output
    trust = load(folder, {}).trust
    assert [one.urn for one in trust.schools] == ["300001", "300002"]
    assert trust.register_file == str(folder / "register.csv")
    refused = CliRunner().invoke(cli, ["init", str(folder), "--all-of", "penrow"])
    assert refused.exit_code == 2
    assert "17000 Penrow Trust" in refused.output


def test_a_list_from_a_file_is_refused_where_a_line_is_unclear(tmp_path: Path) -> None:
    (tmp_path / "list.txt").write_text("No such school in England\n", "utf-8")
    refused = CliRunner().invoke(
        cli, ["init", str(tmp_path / "own"), "--list", str(tmp_path / "list.txt")]
    )
    assert refused.exit_code == 2
    assert "no such school" in refused.output
