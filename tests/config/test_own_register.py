"""A trust's own extract of the national register stands in for the shipped one."""

import os
from pathlib import Path

import pytest

from config.errors import ConfigError
from config.own_register import own_register, write_extract
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


REFUSED = {
    "empty": ("", "no open school"),
    "other columns": ("a,b\n1,2\n", "no open school"),
    "a line without end": (f'URN,EstablishmentName\n1,"{"x" * 70_000}"\n', "is not CSV"),
    "a quote without end": ("URN,EstablishmentName\n" + '1,"' + "x\n" * 70_000, "is not CSV"),
    "a zip": ("PK\x03\x04 and so on", "is a ZIP"),
    "no text": ("URN\0", "is no text"),
    "more than there can be": ("URN,EstablishmentName\n" + "1,a\n" * 100_001, "more than 100,000"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_no_extract_is_refused_in_words(tmp_path: Path, case: str) -> None:
    text, why = REFUSED[case]
    with pytest.raises(ConfigError, match=why):
        own_register(written(tmp_path, text))


def test_what_is_kept_of_an_extract_reads_the_same_and_names_no_head(tmp_path: Path) -> None:
    header = DEPARTMENTS.splitlines()[0] + ",Trusts (code),Trusts (name),HeadLastName"
    row = "300001,Wendshire,Brook School,Open,Primary,Thorle,TH1 2AB,16999,PENROWAN TRUST,Thackray"
    read = own_register(written(tmp_path, f"{header}\n{row}\n"))
    kept = tmp_path / "register.csv"
    write_extract(kept, read)
    assert own_register(kept) == read
    assert (read[0].trust_code, read[0].trust, read[0].phase) == ("16999", "PENROWAN TRUST", "P")
    assert "Thackray" not in kept.read_text("utf-8")


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    (tmp_path / "trust.toml").write_text(TRUST, "utf-8")
    with pytest.raises(ConfigError, match="is not there"):
        read_trust(tmp_path / "trust.toml")
