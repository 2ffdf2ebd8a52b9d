"""`monitor init`: the first-run set-up, asked for in the terminal or given as options."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import click
from pydantic import ValidationError

from config.decision import Purpose
from config.readiness import missing_for_live
from monitor.setup import answers as kept
from monitor.setup import files, proposals
from monitor.setup.answers import QUESTIONS, Answers
from monitor.setup.files import AlreadyThere

Command = Callable[..., Any]


def _answers(command: Command) -> Command:
    for name, words in reversed(QUESTIONS.items()):
        command = click.option(f"--{name.replace('_', '-')}", name, help=f"{words}.")(command)
    return command


def _purposes(
    _: click.Context, __: click.Parameter, given: tuple[tuple[str, str], ...]
) -> tuple[Purpose, ...]:
    try:
        return tuple(Purpose(purpose=what, lawful_basis=basis) for what, basis in given)
    except ValidationError as error:
        raise click.BadParameter("both the purpose and its basis are wanted") from error


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option("--find", metavar="WORDS", help="Only show schools of the national register.")
@click.option("--school", "schools", metavar="URN", multiple=True, help="One of the schools.")
@click.option(
    "--purpose",
    "purposes",
    nargs=2,
    metavar="PURPOSE BASIS",
    multiple=True,
    callback=_purposes,
    help="What the monitoring is for, and the lawful basis of that.",
)
@click.option(
    "--feed", "feeds", metavar="ID", multiple=True, help="A proposed source to switch on."
)
@click.option("--replace", is_flag=True, help="Replace files; each stays beside as NAME.before.")
@_answers
def init(folder: Path, find: str | None, replace: bool, **given: Any) -> None:
    """Set the service up in FOLDER: trust, schools, decision, contacts and mail.

    On a terminal it asks for what no option gives. What was answered is kept in FOLDER, so that
    one may stop and go on later. No source is asked and no mail leaves before all is answered,
    and a proposed source stays off until you have opened its address and confirmed it.
    """
    if find is not None:
        _show(find)
        return
    answers = _taken(folder, {key: value for key, value in given.items() if value})
    kept.keep(folder, answers)
    if sys.stdin.isatty():
        for further in _asked(answers):
            kept.keep(folder, answers := further)
    if not answers.trust or not answers.schools:
        click.echo("Give at least --trust and one --school; --find WORDS finds them.", err=True)
        sys.exit(2)
    _write(folder, answers, replace=replace)


def _show(find: str) -> None:
    found = proposals.search(find)
    for one in found:
        click.echo(f"{one.urn}  {one.name}, {one.town or one.locality}, {one.postcode} ({one.la})")
    if not found:
        click.echo("The register has none. It is of April 2025: a newer school is typed in later.")


def _taken(folder: Path, given: dict[str, Any]) -> Answers:
    try:
        answers = kept.read(folder).with_(**given)
    except ValidationError as error:
        wrong = error.errors()[0]
        key = str(wrong["loc"][0]).replace("_", "-")
        raise click.UsageError(f"--{key}: {wrong['msg']}") from None
    if unknown := proposals.unknown(answers.schools):
        raise click.UsageError(f"the register has no school with the number {unknown[0]}")
    return answers


def _asked(answers: Answers) -> Iterator[Answers]:
    """The answers after each further one; what is left empty may be given later."""
    click.echo("Press Enter to leave something for later; Ctrl-C keeps what you have answered.\n")
    if not answers.schools:
        answers = answers.with_(schools=_asked_schools())
        yield answers
    for key, words in QUESTIONS.items():
        while not getattr(answers, key):
            said = click.prompt(words, default="", show_default=False).strip()
            if not said:
                break
            try:
                answers = answers.with_(**{key: said})
            except ValidationError as error:
                click.echo(f"  {error.errors()[0]['msg']}")
            yield answers
    if not answers.purposes:
        answers = answers.with_(purposes=tuple(_asked_purposes()))
        yield answers
    feeds = [one for one in proposals.feeds(answers) if one.source_id not in answers.feeds]
    for feed in feeds:
        if click.confirm(f"{feed.name}: {feed.url}\n  Opened in a browser, and right?"):
            answers = answers.with_(feeds=(*answers.feeds, feed.source_id))
            yield answers


def _asked_schools() -> tuple[str, ...]:
    chosen: list[str] = []
    while words := click.prompt("Find a school (name, town or postcode)", default="").strip():
        found = proposals.search(words, most=9)
        for number, one in enumerate(found, 1):
            click.echo(f"  {number}  {one.name}, {one.town}, {one.postcode}")
        said = click.prompt("Which, by number", default="").split()
        numbers = {str(number): one.urn for number, one in enumerate(found, 1)}
        chosen += [numbers[one] for one in said if one in numbers]
        click.echo(f"  {len(set(chosen))} chosen. Enter when these are all.")
    return tuple(dict.fromkeys(chosen))


def _asked_purposes() -> Iterator[Purpose]:
    while what := click.prompt("A purpose (Enter when these are all)", default="").strip():
        basis = click.prompt("  Its lawful basis, such as: public task, Article 6(1)(e)").strip()
        yield Purpose(purpose=what, lawful_basis=basis)


def _write(folder: Path, answers: Answers, *, replace: bool) -> None:
    try:
        settings = files.write(folder, answers, replace=replace)
    except AlreadyThere as there:
        if not sys.stdin.isatty():
            click.echo(f"{there} would be replaced: say --replace, or edit them.", err=True)
            sys.exit(2)
        click.confirm(f"Replace {there}? They stay beside as NAME.before", abort=True)
        settings = files.write(folder, answers, replace=True)
    click.echo(f"Written into {folder}.")
    missing = missing_for_live(settings)
    for problem in missing:
        click.echo(f"  still to be recorded: {problem.key}: {problem.mend}")
    click.echo("Nothing is collected before that." if missing else "All that is needed is there.")
    click.echo(f"Next: monitor doctor --config {folder}, then monitor run --config {folder}")
