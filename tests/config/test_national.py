"""The national lists: complete, quick, and made again from their sources byte for byte."""

from __future__ import annotations

import gzip
import re
import subprocess
import sys
from pathlib import Path

import pytest

from config import national
from config.national.build import build, main

SCHOOLS = """\
urn,name,town,locality,postcode,la,phase,type,religion,website,asof
200002,"Thorle  Green Primary School",Upper Thorle,,WX1 2AB,Wendshire,P,Academy,,thorle.example,2018
200001,Edith Pennick School,Wexcombe,"Priory Hill",WX4 2EP,Wendshire,S6,Academy,,,2018
"""
FORMER = """\
urn,former_name,link_type,date
200001,Priory Hill Girls' School,Predecessor,01-09-2015
200001,EDITH PENNICK SCHOOL,Predecessor,01-09-2016
200001,Wexcombe | Central,Predecessor,01-09-1999
299999,Nowhere School,Predecessor,01-09-2015
"""


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    for name, text in {
        "gias/schools.csv": SCHOOLS,
        "gias/former_names.csv": FORMER,
        "names/first_names_ew.csv": "name,births_2006_2020,births_1996_2020,share_f\n"
        "Zoë,10,30,1.0\nOliver,900,1400,0.01\n",
        "names/surnames_faker_en_gb.csv": "surname,weight\nSmith,1.1\nO'Brien,0.5\n",
        "names/surnames_faker_world.csv": "surname\nWójcik\nShevchuk\n",
        "names/first_names_faker_world.csv": "name\nNomvula\n",
    }.items():
        path = tmp_path / "from" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path / "from"


def test_the_register_knows_schools_in_england_with_their_former_names() -> None:
    schools = national.register()
    assert len(schools) == 23_635
    assert len({school.urn for school in schools}) == len(schools)
    (mere_green,) = (school for school in schools if school.urn == "139452")
    assert mere_green.former_names == ("Mere Green Combined School",)
    assert all(school.name and school.name.isprintable() for school in schools)


def test_first_names_carry_their_births() -> None:
    names = national.first_names()
    assert len(names) > 35_000
    assert names["oliver"].births_1996_2020 > names["oliver"].births_2006_2020 > 90_000
    assert names["summer"].share_female > 0.99
    assert all(name == name.lower() for name in names)


def test_surnames_are_lower_case() -> None:
    assert len(national.surnames()) == 500
    assert {"smith", "patel", "o'brien"} <= national.surnames()
    assert {"smith", "wójcik", "wojcik", "nwachukwu"} <= national.every_surname()
    assert "nomvula" in national.world_first_names()


def test_the_lists_cannot_be_changed_by_a_reader() -> None:
    with pytest.raises(TypeError):
        national.first_names()["x"] = national.FirstName(1, 1, 0.5)  # type: ignore[index]  # that is what is tried


def test_reading_all_lists_takes_a_moment_and_little_memory() -> None:
    program = (
        "import resource, time\n"
        "from config import national\n"
        "before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "start = time.process_time()\n"
        "national.register(), national.first_names(), national.surnames()\n"
        "print(time.process_time() - start)\n"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)\n"
    )
    run = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[2],
    )
    seconds, kibibytes = map(float, run.stdout.split())
    assert seconds < 2  # of CPU: 0.25 s on a quiet core
    assert kibibytes < 40 * 1024


def test_a_second_reading_costs_nothing() -> None:
    assert national.register() is national.register()


def test_the_same_sources_give_the_same_bytes(sources: Path, tmp_path: Path) -> None:
    made = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        main(["--from", str(sources), "--to", str(tmp_path / name)])
        made.append([path.read_bytes() for path in sorted((tmp_path / name).iterdir())])
    assert made[0] == made[1]
    assert len(made[0]) == 5


def test_what_is_built_is_what_is_read(sources: Path, tmp_path: Path) -> None:
    build(sources, tmp_path)
    rows = gzip.decompress((tmp_path / national.REGISTER).read_bytes()).decode().splitlines()
    assert rows[1:] == [
        "200001,Edith Pennick School,Wexcombe,Priory Hill,WX4 2EP,Wendshire,S6,,"
        "Priory Hill Girls' School|Wexcombe Central",
        "200002,Thorle Green Primary School,Upper Thorle,,WX1 2AB,Wendshire,P,thorle.example,",
    ]
    names = gzip.decompress((tmp_path / national.FIRST_NAMES).read_bytes()).decode()
    assert names.splitlines()[1:] == ["oliver,900,1400,0.01", "zoë,10,30,1.0"]


def test_the_licences_and_the_date_are_stated() -> None:
    text = (national.FOLDER / "LICENCE.md").read_text("utf-8")
    assert "Open Government Licence v3.0" in text
    assert "Permission is hereby granted" in text
    year, month, day = national.register_date.split("-")
    assert re.search(rf"{int(day)} April {year}", text)
    assert month == "04"
    for path in national.FOLDER.glob("*.gz"):
        assert f"`{path.name}`" in text
