"""The files that the set-up writes: the same as an operator would, comments included.

All are checked as the service will read them before any stands in its place; each is then put
there whole, and none that is there already is replaced without being asked for.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from config.loading import DECISION, SERVICE, SOURCES, TRUST, load
from config.settings import Settings
from config.trust import School, Trust
from monitor.setup import answers as kept
from monitor.setup import national, proposals
from monitor.setup.answers import Answers
from monitor.setup.proposals import Feed, Known

CONTACTS = ("head_of_pr", "executive", "chair", "it", "dpo", "safeguarding_lead")
Value = str | date | bool | Iterable[str]


class AlreadyThere(Exception):
    """Files that would be replaced, and nobody has said that they may."""

    def __init__(self, names: list[str]) -> None:
        super().__init__(", ".join(names))
        self.names = names


def write(folder: Path, answers: Answers, *, replace: bool = False) -> Settings:
    """The settings as the service will read them. Raises AlreadyThere or ConfigError, and then
    nothing has been written."""
    known, extract = national.schools(folder), folder / national.FILE
    texts = {
        TRUST: trust_text(answers, known, register_file=national.FILE if extract.exists() else ""),
        SOURCES: sources_text(answers, known),
        SERVICE: service_text(answers),
        DECISION: decision_text(answers, ()),
    }
    there = [name for name in texts if (folder / name).exists()]
    if there and not replace:
        raise AlreadyThere(there)
    with TemporaryDirectory() as trial:
        if extract.exists():
            shutil.copy2(extract, trial)
        _fill(Path(trial), texts)
        marks = [source.mark for source in load(Path(trial), {}).sources if source.enabled]
        texts[DECISION] = decision_text(answers, marks)
        _fill(Path(trial), texts)
        load(Path(trial), {})
    _fill(folder, texts)
    settings = load(folder)
    kept.drop(folder)
    return settings


def _fill(folder: Path, texts: Mapping[str, str]) -> None:
    """Each file whole or not at all; what stood there stays beside it as NAME.before."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        path, fresh = folder / name, folder / f".{name}.new"
        with fresh.open("w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        if path.exists():
            shutil.copy2(path, path.with_name(f"{name}.before"))
        fresh.replace(path)


def trust_text(answers: Answers, known: Known, *, register_file: str) -> str:
    made = proposals.trust(answers, known).model_copy(update={"register_file": register_file})
    return "\n".join(
        [
            "# The Trust and its schools, by what they are publicly called. Proposed from the",
            "# Department for Education's register: check every name, and add what people say.",
            "# A name of a person is refused unless an official name of the school holds it.",
            "",
            *_table("[trust]", _trust(made)),
            "",
            "# Mail addresses of functions. Blank: nobody is told.",
            *_table("[trust.contacts]", {key: getattr(answers, key) for key in CONTACTS}),
            *(line for school in made.schools for line in ("", *_school(school))),
            "",
        ]
    )


def _trust(made: Trust) -> dict[str, Value]:
    names = ("id", "name", "aliases", "domains", "places", "register_file")
    return {name: getattr(made, name) for name in names}


def _school(school: School) -> Iterator[str]:
    names = ("id", "name", "urn", "town", "locality", "postcode", "la", "phase", "website")
    given: dict[str, Value] = {name: getattr(school, name) for name in names}
    given |= {name: getattr(school, name) for name in ("aliases", "former_names")}
    yield from _table("[[schools]]", {key: value for key, value in given.items() if value})
    yield '# contacts = { headteacher = "", safeguarding_lead = "" }'


def sources_text(answers: Answers, known: Known) -> str:
    lines = [
        "# What is asked, where and how often; the handbook has every kind. A source that is added",
        "# or asks something else after the decision says who approved it, when and why:",
        '#   approved_by = "Name, office"   approved_on = 2026-11-29   why = "..."',
    ]
    for feed in proposals.feeds(answers, known):
        lines += ["", *_source(feed, is_on=feed.source_id in answers.feeds)]
    return "\n".join([*lines, ""])


def _source(feed: Feed, *, is_on: bool) -> Iterator[str]:
    given: dict[str, Value] = {"id": feed.source_id, "kind": "rss", "name": feed.name}
    given |= {"enabled": is_on, "every": "1h", "official": True}
    if feed.school_id:
        given["school"] = feed.school_id
    yield from _table("[[sources]]", given)
    yield f"options = {{ url = {_value(feed.url)} }}"
    if not is_on:
        yield "# Off: open the address in a browser first, correct it, then say enabled = true."


def service_text(answers: Answers) -> str:
    mail = {"host": answers.mail_host, "sender": answers.mail_sender}
    return "\n".join(
        [
            "# What differs from the shipped defaults.toml. Passwords never stand here: the",
            "# handbook for IT says where they go.",
            "",
            *_table("[mail]", mail),
            "",
            "# Where owners of sites reach you who wonder about our visits.",
            *_table("[fetch]", {"contact": answers.it}),
            "",
        ]
    )


def decision_text(answers: Answers, covers: Iterable[str]) -> str:
    given: dict[str, Value] = {
        "dpia_reference": answers.dpia_reference,
        "retention": answers.retention,
        "approver": answers.approver,
        "notice": answers.notice,
        "covers": covers,
    }
    if answers.approved_on:
        given["approved_on"] = answers.approved_on
    lines = [
        "# The decision to process. Nothing is collected and no mail leaves before it is complete.",
        "# `covers` marks the sources as they asked when it was taken: leave it as it is.",
        "",
        *_table("[decision]", given),
    ]
    for one in answers.purposes:
        lines += ["", *_table("[[decision.purposes]]", one.model_dump())]
    return "\n".join([*lines, ""])


def _table(head: str, values: Mapping[str, Value]) -> Iterator[str]:
    yield head
    for key, value in values.items():
        yield f"{key} = {_value(value)}"


def _value(value: Value) -> str:
    """As TOML writes it; a JSON string is a TOML string but for DEL, which no line here holds."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "")
    return f"[{', '.join(_value(one) for one in value)}]"
