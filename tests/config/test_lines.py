"""Every key of a file is found on its line, in TOML and in JSON, however it is written."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator, Mapping

from hypothesis import given
from hypothesis import strategies as st

from config.errors import KeyPath
from config.lines import json_lines, toml_lines


def paths(value: object, path: KeyPath = ()) -> Iterator[KeyPath]:
    if path:
        yield path
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from paths(inner, (*path, key))
    elif isinstance(value, list):
        for at, inner in enumerate(value):
            yield from paths(inner, (*path, at))


EVERY_FORM = '''\
top = 1
"quoted key" = "a # b" # comment
dotted.key.here = true
[plain]
when = 1979-05-27 07:32:00
list = [
  "one]", # ]
  'two"',
  { name = "x", deep = [1, [2,
    3]] },
]
text = """
[not.a.table]
key = "\\""
"""
raw = \'\'\'
'quoted'' ["\'\'\'
[plain.inside.'odd.key']
a = 1
[[tables]]
id = "first"
[tables.own]
x = 1
[[tables.inner]]
y = 1
[[tables.inner]]
y = 2
[[tables]]
id = "second"
[[tables.inner]]
y = 3
'''


def test_every_form_of_toml_is_found_on_its_line() -> None:
    lines = toml_lines(EVERY_FORM)
    assert set(lines) >= set(paths(tomllib.loads(EVERY_FORM)))
    rows = EVERY_FORM.splitlines()
    for path, word in {
        ("quoted key",): "quoted key",
        ("dotted", "key", "here"): "dotted",
        ("plain", "list", 2, "deep", 1, 1): "3]]",
        ("plain", "inside", "odd.key", "a"): "a = 1",
        ("tables", 0, "own", "x"): "x = 1",
        ("tables", 0, "inner", 1, "y"): "y = 2",
        ("tables", 1, "id"): '"second"',
        ("tables", 1, "inner", 0, "y"): "y = 3",
    }.items():
        assert word in rows[lines[path] - 1]


def test_json_is_found_on_its_line() -> None:
    text = '{\n "a": [\n  1,\n  {"b\\"c": -1.5e3}\n ],\n "d": {"e": null,\n  "f": "}"}\n}\n'
    assert json_lines(text) == {
        ("a",): 2, ("a", 0): 3, ("a", 1): 4, ("a", 1, 'b\\"c'): 4,
        ("d",): 6, ("d", "e"): 6, ("d", "f"): 7,
    }  # fmt: skip


_KEY = st.text("abcXYZ_-09", min_size=1, max_size=4)
_PLAIN = st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters='"\\'))
_VALUE = st.recursive(
    st.integers() | st.booleans() | _PLAIN,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_KEY, inner, max_size=3),
    max_leaves=12,
)


@given(st.dictionaries(_KEY, _VALUE, max_size=5), st.sampled_from([None, 1]))
def test_no_key_of_any_json_is_missed(values: dict[str, object], indent: int | None) -> None:
    text = json.dumps(values, indent=indent, ensure_ascii=False)
    assert set(json_lines(text)) == set(paths(values))


def as_toml(value: object, break_lines: str) -> str:
    if isinstance(value, Mapping):
        pairs = (f"{key} = {as_toml(inner, break_lines)}" for key, inner in value.items())
        return "{" + ", ".join(pairs) + "}"
    if isinstance(value, list):
        inner = (as_toml(one, break_lines) for one in value)
        return "[" + f",{break_lines}".join(inner) + break_lines + "]"
    return json.dumps(value, ensure_ascii=False)


@given(st.dictionaries(_KEY, _VALUE, max_size=5), st.sampled_from([" ", "\n", " # ]\n\n"]))
def test_no_key_of_any_toml_is_missed(values: dict[str, object], break_lines: str) -> None:
    text = "".join(f"{key} = {as_toml(inner, break_lines)}\n" for key, inner in values.items())
    assert tomllib.loads(text) == values
    assert set(toml_lines(text)) == set(paths(values))


def test_text_that_cannot_be_followed_to_its_end_gives_the_lines_before() -> None:
    assert toml_lines("a = 1\nb = ]\nc = 2\n") == {("a",): 1, ("b",): 2}
    assert json_lines('{"a": 1, "b": ' + "[" * 5_000)[("a",)] == 1
