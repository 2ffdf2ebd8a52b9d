"""A list of schools in three forms; whatever else the file is, it is refused in words."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.errors import ConfigError, Problem
from config.loading import SHIPPED
from config.schools_file import MAX_BYTES, read_schools

LIST: dict[str, Any] = {
    "trust": {"id": "penrowan", "name": "Penrowan Learning Trust", "places": ["Wexcombe"]},
    "schools": [
        {
            "id": "brook-infant",
            "urn": 200001,
            "name": "Brook Infant School",
            "town": "Wexcombe",
            "phase": "P",
            "membership": "unverified",
            "aliases": ["The Brook", "Brook School"],
            "hashtags": [],
            "note": "",
        },
        {
            "id": "brook-junior",
            "name": "Brook Junior School",
            "phase": "juniors",
            "roll": None,
            "aliases": ["Brook school"],
        },
    ],
    "neighbours_not_in_trust": [{"urn": "1", "name": "Wexcombe Grammar School"}, "Thorle School"],
}
CSV = """\
urn,name,town,locality,postcode,la,phase,type,religion,website,asof
200001,Brook Infant School,Wexcombe,,WX1 2AB,Wendshire,P,Academy,,www.brook.example,2018
200002,"Brook, Upper",Thorle,,WX1 2AC,Wendshire,6,Academy,,,2018

200003,St Wilgar's Primary School,Thorle,,WX1 2AD,Wendshire,,Academy,,,2018
"""


def written(path: Path, content: str | bytes | object) -> Path:
    if isinstance(content, bytes):
        path.write_bytes(content)
    else:
        text = content if isinstance(content, str) else json.dumps(content, indent=1)
        path.write_text(text, encoding="utf-8")
    return path


def refused(path: Path) -> tuple[Problem, ...]:
    with pytest.raises(ConfigError) as caught:
        read_schools(path)
    assert all(problem.file == str(path) and problem.mend for problem in caught.value.problems)
    return caught.value.problems


def test_json_gives_the_trust_its_schools_and_decoys(tmp_path: Path) -> None:
    trust = read_schools(written(tmp_path / "schools.json", LIST))
    assert (trust.id, trust.name, trust.places) == (
        "penrowan", "Penrowan Learning Trust", ("Wexcombe",),
    )  # fmt: skip
    assert trust.decoys == ("Wexcombe Grammar School", "Thorle School")
    assert [school.urn for school in trust.schools] == ["200001", ""]
    assert [school.phase for school in trust.schools] == ["P", ""]


def test_a_school_that_is_listed_counts_whatever_is_known_of_its_membership(
    tmp_path: Path,
) -> None:
    trust = read_schools(written(tmp_path / "schools.json", LIST))
    assert len(trust.enabled_schools) == 2


def test_an_alias_of_two_listed_schools_is_shared(tmp_path: Path) -> None:
    (shared,) = read_schools(written(tmp_path / "schools.json", LIST)).shared_aliases
    assert shared.schools == ("brook-infant", "brook-junior")


def test_a_bare_list_of_schools_is_enough(tmp_path: Path) -> None:
    trust = read_schools(written(tmp_path / "schools.json", LIST["schools"]))
    assert [school.id for school in trust.schools] == ["brook-infant", "brook-junior"]


def test_a_school_without_an_id_is_known_by_its_urn(tmp_path: Path) -> None:
    path = written(tmp_path / "schools.json", [{"urn": "200001", "name": "Brook Infant School"}])
    assert read_schools(path).schools[0].id == "200001"


def test_a_register_gives_schools_by_their_urn(tmp_path: Path) -> None:
    trust = read_schools(written(tmp_path / "register.csv", CSV))
    assert [school.id for school in trust.schools] == ["200001", "200002", "200003"]
    assert trust.schools[1].name == "Brook, Upper"
    assert [school.phase for school in trust.schools] == ["P", "6", ""]
    assert trust.schools[0].website == "www.brook.example"


def test_the_departments_own_extract_is_read_in_its_encoding_and_headers(tmp_path: Path) -> None:
    text = "URN,LA (name),EstablishmentName,Town,SchoolWebsite\r\n"
    text += '200001,Wendshire,"Pensée School",Wexcombe,\r\n'
    trust = read_schools(written(tmp_path / "edubasealldata.csv", text.encode("cp1252")))
    assert (trust.schools[0].name, trust.schools[0].la) == ("Pensée School", "Wendshire")


def test_a_list_without_a_trust_gets_a_name_that_no_post_holds(tmp_path: Path) -> None:
    trust = read_schools(written(tmp_path / "register.csv", CSV))
    assert (trust.id, trust.name) == ("trust", "Schools listed in register.csv")


def test_a_trust_file_is_read_as_in_a_configuration() -> None:
    trust = read_schools(SHIPPED / "trust.toml")
    assert (trust.id, len(trust.schools), len(trust.enabled_schools)) == ("atlp", 20, 11)


@pytest.mark.parametrize(
    ("content", "line", "key", "says"),
    [
        ('{\n "schools": [\n', 2, "", "not JSON"),
        ('{"schools": [{"id": "a", "name": "A School",}]}', 1, "", "not JSON"),
        ({"trust": [], "schools": [{}]}, 2, "trust", "must be a table"),
        ({"schools": {}}, 2, "schools", "list of schools"),
        ({"schools": []}, 2, "schools", "list of schools"),
        ({}, 0, "schools", "list of schools"),
        ([], 0, "schools", "list of schools"),
        ({"schools": [7]}, 3, "schools #1", "must be a table"),
        ({"schools": [{"name": "A School"}]}, 3, "schools[A School].id", "is missing"),
        ({"schools": [{"id": "a"}]}, 3, "schools[a].name", "is missing"),
        ({"schools": [{"id": "a", "name": 7}]}, 5, "schools[a].name", "must be text"),
        ({"schools": [{"id": "a b", "name": "A School"}]}, 4, "schools[a b].id", "identifier"),
        ({"schools": [{"id": "a", "name": "A", "aliases": "x"}]}, 6, "schools[a].aliases", "list"),
        (
            {"schools": [{"id": "a", "name": "A", "aliases": [7]}]},
            7,
            "schools[a].aliases #1",
            "text",
        ),
        (
            {"schools": [{"id": "a", "name": "A School"}, {"id": "a", "name": "B School"}]},
            8,
            "schools[a].id",
            "used twice",
        ),
        (
            {"schools": [{"id": "a", "name": "A"}], "neighbours_not_in_trust": [7]},
            9,
            "neighbours_not_in_trust #1",
            "must be text",
        ),
        (
            {"schools": [{"id": "a", "name": "A"}], "neighbours_not_in_trust": "B"},
            8,
            "neighbours_not_in_trust",
            "must be a list",
        ),
        ({"trust": {"name": ""}, "schools": [{"id": "a", "name": "A"}]}, 3, "trust.name", "empty"),
    ],
)
def test_a_slip_in_json_is_told_with_its_line(
    content: object, line: int, key: str, says: str, tmp_path: Path
) -> None:
    (problem,) = refused(written(tmp_path / "schools.json", content))
    assert (problem.line, problem.key) == (line, key)
    assert says in problem.message


@pytest.mark.parametrize(
    ("content", "line", "says"),
    [
        ("town,la\nWexcombe,Wendshire\n", 1, 'no column "urn"'),
        ("urn,town\n200001,Wexcombe\n", 1, 'no column "name"'),
        ("urn,name\n", 1, "lists no school"),
        ("urn,name\n,Brook School\n", 2, "has no URN"),
        ("urn,name\n200 001,Brook School\n", 2, "has no URN"),
        ("urn,name\n200001,\n", 2, "has no readable name"),
        ("urn,name\n200001,A School\n200001,B School\n", 3, "is the URN of an earlier line"),
        ('urn,name\n200001,"A School\n', 2, "this is not CSV"),
        ('urn,name\n200001,"A" School\n', 2, "this is not CSV"),
        ("urn,name\n200001," + "x" * 200_000 + "\n", 2, "this is not CSV"),
    ],
)
def test_a_slip_in_a_register_is_told_with_its_line(
    content: str, line: int, says: str, tmp_path: Path
) -> None:
    problems = refused(written(tmp_path / "register.csv", content))
    assert (problems[0].line, problems[0].message[: len(says) + 60].find(says) >= 0) == (line, True)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "is empty"),
        (b"  \n\n", "is empty"),
        (b"\0" * 100, "is not UTF-8 text"),
        ('[{"id": "a", "name": "Pensée"}]'.encode("latin-1"), "is not UTF-8 text"),
        ('[{"id": "a", "name": "Pensée"}]'.encode("utf-16"), "is not UTF-8 text"),
        (b"\x89PNG\r\n\x1a\n\x81", "is not UTF-8 text"),
        (b"[" * 200_000, "nested too deeply"),
        (b'{"schools": ' + b"[" * 900 + b"]" * 900 + b"}", "must be a table"),
        (b'[{"id": "a", "name": "\\ud800"}]', "broken character"),
        (
            b'[{"id": "a", "name": "A", "roll": ' + b"9" * 5_000 + b"}]",
            "broken character or number",
        ),
    ],
)
def test_what_is_no_list_of_schools_is_refused_in_words(
    content: bytes, says: str, tmp_path: Path
) -> None:
    assert says in refused(written(tmp_path / "schools.json", content))[0].message


def test_a_file_too_large_to_be_a_list_is_refused_at_once(tmp_path: Path) -> None:
    path = tmp_path / "schools.json"
    with path.open("wb") as file:
        file.truncate(MAX_BYTES + 1)
    assert "is larger than" in refused(path)[0].message


@pytest.mark.parametrize("name", ["schools.toml", "schools.json", "schools"])
def test_a_folder_and_a_missing_file_are_told(name: str, tmp_path: Path) -> None:
    assert refused(tmp_path / name)[0].message == "is not there"
    (tmp_path / name).mkdir()
    assert refused(tmp_path / name)[0].message == "is a folder"


_KEYS = st.sampled_from(
    ["trust", "schools", "id", "name", "aliases", "urn", "contacts", "neighbours_not_in_trust"]
) | st.text(max_size=5)
_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_KEYS, inner, max_size=4),
    max_leaves=20,
)


@given(_JSON)
def test_any_json_is_read_or_refused_in_words(tmp_path: Path, values: object) -> None:
    path = tmp_path / "any.json"
    path.write_text(json.dumps(values), encoding="utf-8")
    with suppress(ConfigError):
        assert read_schools(path).schools


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused_in_words(tmp_path: Path, content: bytes) -> None:
    for name in ("any.json", "any.toml", "any.csv"):
        (tmp_path / name).write_bytes(content)
        with pytest.raises(ConfigError):
            read_schools(tmp_path / name)
