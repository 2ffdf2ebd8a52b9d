"""The set-up's questions on a terminal, one after the other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import click
from pydantic import ValidationError

from config.decision import Purpose
from config.errors import ConfigError
from config.national import RegisterSchool
from monitor.setup import national, proposals
from monitor.setup.answers import QUESTIONS, Answers
from monitor.setup.national import FoundTrust

Known = Sequence[RegisterSchool]


def asked(folder: Path, answers: Answers) -> Iterator[Answers]:
    """The answers after each further one; what is left empty may be given later."""
    click.echo("Press Enter to leave something for later; Ctrl-C keeps what you have answered.\n")
    known = _register(folder) if not answers.schools else national.schools(folder)
    if not answers.schools:
        answers = _trust_and_schools(known, answers)
        yield answers
    for key, words in QUESTIONS.items():
        while not getattr(answers, key):
            said = click.prompt(words, default="", show_default=False).strip()
            if not said:
                break
            answers = _with(answers, key, said, known)
            yield answers
    if not answers.purposes:
        answers = answers.with_(purposes=tuple(_purposes()))
        yield answers
    yield from _proposed(known, answers)


def _with(answers: Answers, key: str, said: str, known: Known) -> Answers:
    """With one answer more, or as before where it is wrong, with a word on why."""
    try:
        given = answers.with_(**{key: said})
    except ValidationError as error:
        click.echo(f"  {_why(error)}")
        return answers
    for line in (wrong := proposals.refused(given, known)):
        click.echo(f"  {line}")
    return answers if wrong else given


def _why(error: ValidationError) -> str:
    wrong = error.errors()[0]
    if wrong["type"].startswith("date"):
        return "Write the day as year, month and day: 2026-11-29."
    return wrong["msg"].removeprefix("Value error, ")


def _register(folder: Path) -> Known:
    """The department's download where somebody has it, else the list that ships."""
    if national.is_own(folder):
        return national.schools(folder)
    click.echo(f"The department's “{national.DOWNLOAD}” ({national.WHERE}) knows the trusts: with")
    click.echo("it all your schools are chosen at once. Without it you give a list, or find each.")
    while path := click.prompt("Where you saved it", default="", show_default=False).strip():
        try:
            count = national.bring(folder, Path(path).expanduser())
        except ConfigError as error:
            click.echo(f"  {error.problems[0].message}. {error.problems[0].mend}.")
            continue
        click.echo(f"  {count:,} open schools.")
        break
    return national.schools(folder)


def _trust_and_schools(known: Known, answers: Answers) -> Answers:
    found = _trust(known) if any(one.trust for one in known) else None
    if found is not None:
        chosen = _without(found.schools)
        return answers.with_(trust=answers.trust or found.name, schools=chosen)
    return answers.with_(schools=_schools(known))


def _trust(known: Known) -> FoundTrust | None:
    while words := _prompt("Find your trust (name)"):
        found = national.trusts(known, words)[:9]
        for number, one in enumerate(found, 1):
            click.echo(f"  {number}  {one.name}, {len(one.schools)} open schools")
        if not found:
            click.echo("  None has a name with these words.")
            continue
        said = _prompt("Which, by number")
        if said.isdecimal() and 1 <= int(said) <= len(found):
            return found[int(said) - 1]
    return None


def _without(members: Sequence[RegisterSchool]) -> tuple[str, ...]:
    for number, one in enumerate(members, 1):
        click.echo(f"  {number}  {_line(one)}")
    said = set(_prompt("Leave any out, by number (Enter takes all)").replace(",", " ").split())
    return tuple(one.urn for number, one in enumerate(members, 1) if str(number) not in said)


def _schools(known: Known) -> tuple[str, ...]:
    """Found by words or given as numbers and names, until an empty line."""
    chosen: dict[str, RegisterSchool] = {}
    while words := _prompt("Find schools (name, town, authority or postcode), or paste their URNs"):
        listed, _ = national.listed(known, "\n".join(words.replace(",", " ").split()))
        if listed:
            chosen |= {one.urn: one for one in listed}
        else:
            chosen |= {one.urn: one for one in _picked(proposals.search(known, words))}
        click.echo(f"  {len(chosen)} chosen. Enter when these are all.")
    return tuple(chosen)


def _picked(found: Sequence[RegisterSchool]) -> Iterator[RegisterSchool]:
    for number, one in enumerate(found, 1):
        click.echo(f"  {number}  {_line(one)}")
    if not found:
        click.echo("  None has these words.")
        return
    said = _prompt("Which, by number; “all” takes all").lower().replace(",", " ").split()
    for number, one in enumerate(found, 1):
        if "all" in said or str(number) in said:
            yield one


def _line(one: RegisterSchool) -> str:
    return ", ".join(filter(None, (one.name, one.town or one.locality, one.postcode, one.la)))


def _prompt(words: str) -> str:
    return str(click.prompt(words, default="", show_default=False)).strip()


def _purposes() -> Iterator[Purpose]:
    while what := _prompt("A purpose (Enter when these are all)"):
        basis = ""
        while not basis:
            basis = _prompt("  Its lawful basis, such as: public task, Article 6(1)(e)")
        try:
            yield Purpose(purpose=what, lawful_basis=basis)
        except ValidationError as error:
            click.echo(f"  {_why(error)}")


def _proposed(known: Known, answers: Answers) -> Iterator[Answers]:
    """What is written beside official names, then each proposed feed."""
    names = [] if answers.left_out else proposals.names_and_places(answers, known)
    for number, name in enumerate(names, 1):
        click.echo(f"  {number}  {name}")
    if names:
        said = set(_prompt("Other names and places: leave any out, by number").split())
        out = tuple(name for number, name in enumerate(names, 1) if str(number) in said)
        answers = answers.with_(left_out=out)
        yield answers
    feeds = [one for one in proposals.feeds(answers, known) if one.source_id not in answers.feeds]
    for feed in feeds:
        if click.confirm(f"{feed.name}: {feed.url}\n  Opened in a browser, and right?"):
            answers = answers.with_(feeds=(*answers.feeds, feed.source_id))
            yield answers
