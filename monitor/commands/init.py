"""`monitor init`: the first-run set-up, asked for in the terminal or given as options."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TextIO

import click
from pydantic import ValidationError

from config.decision import Purpose
from config.errors import ConfigError
from config.national import RegisterSchool
from config.readiness import missing_for_live
from monitor.setup import answers as kept
from monitor.setup import asking, files, national, proposals
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
@click.option("--find", metavar="WORDS", help="Only show schools and trusts of the register.")
@click.option(
    "--register",
    "download",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help=f"The department's “{national.DOWNLOAD}” of {national.WHERE}: with it a trust's schools "
    "are chosen all at once.",
)
@click.option("--all-of", metavar="TRUST", help="All open schools of the trust (number or name).")
@click.option(
    "--list",
    "listed",
    type=click.File(encoding="utf-8"),
    help="A file of URNs or names of schools, one a line; - is standard input.",
)
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
def init(
    folder: Path,
    find: str | None,
    download: Path | None,
    all_of: str | None,
    listed: TextIO | None,
    replace: bool,
    **given: Any,
) -> None:
    """Set the service up in FOLDER: trust, schools, decision, contacts and mail.

    On a terminal it asks for what no option gives. What was answered is kept in FOLDER, so that
    one may stop and go on later. No source is asked and no mail leaves before all is answered,
    and a proposed source stays off until you have opened its address and confirmed it.
    """
    try:
        if download is not None:
            click.echo(f"{national.bring(folder, download):,} open schools in {download.name}.")
        if find is not None:
            _show(folder, find)
            return
        given = {key: value for key, value in given.items() if value}
        answers = _taken(folder, {**_chosen(folder, all_of, listed), **given})
    except ConfigError as error:
        click.echo(str(error), err=True)
        sys.exit(2)
    kept.keep(folder, answers)
    if sys.stdin.isatty():
        for further in asking.asked(folder, answers):
            kept.keep(folder, answers := further)
    if not answers.trust or not answers.schools:
        told = "Give at least --trust and one --school; --find WORDS finds them, --all-of takes"
        click.echo(f"{told} a whole trust from the download that --register brought.", err=True)
        sys.exit(2)
    _write(folder, answers, replace=replace)


def _show(folder: Path, find: str) -> None:
    known = national.schools(folder)
    for trust in national.trusts(known, find):
        click.echo(f"trust {trust.code}  {trust.name}, {len(trust.schools)} open schools")
    found = proposals.search(known, find)
    for one in found:
        click.echo(f"{one.urn}  {one.name}, {one.town or one.locality}, {one.postcode} ({one.la})")
    if not found:
        click.echo("The register has none. The shipped one is of April 2025: --register brings")
        click.echo(f"the department's “{national.DOWNLOAD}” of {national.WHERE}.")


def _chosen(folder: Path, all_of: str | None, listed: TextIO | None) -> dict[str, Any]:
    """What --all-of and --list give."""
    known = national.schools(folder)
    if all_of is not None:
        found = national.trust_of(known, all_of)
        if found is None:
            nearest = _nearest(known, all_of)
            raise click.UsageError(f"--all-of: the register has no trust {all_of}. {nearest}")
        return {"trust": found.name, "schools": found.urns}
    if listed is None:
        return {}
    schools, unclear = national.listed(known, listed.read(64 * 1024))
    for one in unclear:
        named = ", ".join(f"{school.urn} ({school.town})" for school in one.candidates)
        click.echo(f"  {one.line}: {f'several: {named}' if named else 'no such school'}", err=True)
    if unclear:
        raise click.UsageError("--list: write the URN of these lines in their place")
    return {"schools": tuple(one.urn for one in schools)}


def _nearest(known: Sequence[RegisterSchool], written: str) -> str:
    if not any(one.trust for one in known):
        return "The shipped one knows no trusts: --register brings the department's download."
    found = [f"{one.code} {one.name}" for one in national.trusts(known, written)[:5]]
    return f"Perhaps {'; '.join(found)}" if found else "--find WORDS shows trusts."


def _taken(folder: Path, given: dict[str, Any]) -> Answers:
    try:
        answers = kept.read(folder).with_(**given)
    except ValidationError as error:
        wrong = error.errors()[0]
        key = str(wrong["loc"][0]).replace("_", "-")
        raise click.UsageError(f"--{key}: {wrong['msg']}") from None
    known = national.schools(folder)
    if unknown := proposals.unknown(known, answers.schools):
        raise click.UsageError(f"the register has no school with the number {unknown[0]}")
    if refused := proposals.refused(answers, known):
        raise click.UsageError(f"--other-names: {' '.join(refused)}")
    return answers


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
