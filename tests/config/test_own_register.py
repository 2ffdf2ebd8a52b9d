"""A trust's own extract of the national register stands in for the shipped one."""

import os
from pathlib import Path

import pytest

from config.errors import ConfigError
from config.own_register import own_register
from config.trust_file import read_trust

DEPARTMENTS = """\
URN,LA (name),EstablishmentName,EstablishmentStatus (name),PhaseOfEducation (name),Town,Postcode
300001,Wendshire,Brightwater Free School,Open,Secondary,Thorle,TH1 2AB
300002,Wendshire,Old Brightwater School,Closed,Primary,Thorle,TH1 2AC
300003,Wendshire,St Wilgar\u2019s,"Open, but proposed to close",All-through,Thorle,TH1 2AD
"""
TRUST = """\
[trust]
id = "penrowan"
name = "Penrowan Learning Trust"
register_file = "edubasealldata.csv"
[[schools]]
id = "brook"
name = "Brook Infant School"
"""


def written(folder: Path, text: str = DEPARTMENTS, encoding: str = "cp1252") -> Path:
    path = folder / "edubasealldata.csv"
    path.write_bytes(text.encode(encoding))
    return path


@pytest.mark.parametrize("encoding", ["cp1252", "utf-8-sig"])
def test_open_schools_are_read_as_the_department_writes_them(tmp_path: Path, encoding: str) -> None:
    found = own_register(written(tmp_path, encoding=encoding))
    assert [school.name for school in found] == ["Brightwater Free School", "St Wilgar\u2019s"]
    assert (found[0].town, found[0].la, found[0].phase) == ("Thorle", "Wendshire", "S")
    assert found[1].phase == "PS"


def test_a_newer_file_of_the_same_name_is_read_again(tmp_path: Path) -> None:
    path = written(tmp_path)
    own_register(path)
    path.write_bytes(DEPARTMENTS.replace("Open,Sec", "Closed,Sec").encode("cp1252"))
    os.utime(path, ns=(1, 1))
    assert [school.urn for school in own_register(path)] == ["300003"]


def test_the_trusts_file_names_it_beside_itself(tmp_path: Path) -> None:
    written(tmp_path)
    (tmp_path / "trust.toml").write_text(TRUST, "utf-8")
    assert read_trust(tmp_path / "trust.toml").register_file == str(tmp_path / "edubasealldata.csv")


@pytest.mark.parametrize("text", ["", "a,b\n1,2\n"], ids=["empty", "other columns"])
def test_what_lists_no_school_is_refused_in_words(tmp_path: Path, text: str) -> None:
    with pytest.raises(ConfigError, match=r"open school|empty"):
        own_register(written(tmp_path, text))


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    (tmp_path / "trust.toml").write_text(TRUST, "utf-8")
    with pytest.raises(ConfigError, match="is not there"):
        read_trust(tmp_path / "trust.toml")
