"""`monitor selfcheck`: staff check their own online presence, in the terminal (policy 6.15)."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from typing import NoReturn

import click

from config.settings import Settings
from monitor.access import devicecode
from monitor.access.roll import Roll
from monitor.access.signin import SECRET, NotAccepted
from monitor.commands.options import DATA_DIRECTORY, settings_of, with_settings
from monitor.sample.personas import PERSONAS, STAFF, STAFF_DETAILS, STAFF_SCHOOL
from monitor.sample.world import World
from monitor.selfcheck import wording
from monitor.selfcheck.checking import GROUPS, Checked, Item
from monitor.selfcheck.draft import Details, Draft, drafted, schools_of
from monitor.selfcheck.limits import TooMuch
from monitor.selfcheck.providers import by_privacy, learns
from monitor.selfcheck.running import Check, Checks
from monitor.store.sessions import Whose
from monitor.wiring import checks_of, classifier_of, open_store, provider_of, utc_now

LOOK_EVERY_S = 0.2
NO_SIGN_IN = (
    "A self-check searches only for the verified name of the person signed in, and nobody signs "
    "in here: people.toml has no [sign_in], or the secret sign_in_client_secret is not set.\n"
    "Try it as the sample's persona: monitor selfcheck --sample"
)
NO_PROVIDER = "There is nothing to search with: IT names the providers in selfcheck.toml."


@click.command()
@with_settings
@click.option("--role", default="", help="What you are: teacher, caretaker ...")
@click.option("--subject", default="", help="Your subject or year.")
@click.option("--also", multiple=True, metavar="NAME", help="Another form of your name.")
@click.option("--account", multiple=True, metavar="NAME", help="An account that is yours.")
@click.option("--place", multiple=True, metavar="WORDS", help="A place or club of yours.")
@click.option("--without", multiple=True, metavar="ID", help="A provider to leave out.")
@click.option("--yes", is_flag=True, help="These names are mine: do not ask.")
def selfcheck(
    directory: Path | None, sample: bool, database: str | None, role: str, subject: str,
    also: tuple[str, ...], account: tuple[str, ...], place: tuple[str, ...],
    without: tuple[str, ...], yes: bool,
) -> None:  # fmt: skip
    """Check your own online presence: your verified name only, shown to you only.

    You sign in with a code that you confirm in a browser. Nothing is stored, logged or told to
    anybody: not the results, not even that you checked. --also, --account and --place may be given
    several times.
    """
    settings = settings_of(directory, is_sample=sample, database=database)
    details = Details(role=role, subject=subject, also=also, handles=account, words=place)
    with ExitStack() as stack:
        if sample:
            world = stack.enter_context(World(settings, data_dir=DATA_DIRECTORY))
            settings = world.settings
            details = details if details != Details() else STAFF_DETAILS
        who, draft = _played(settings, details) if sample else _signed_in(settings, details)
        chosen = [one for one in by_privacy(settings.self_check) if one.id not in without]
        if not chosen:
            _refuse(NO_PROVIDER)
        _confirm(draft, [f"{one.name}: {learns(one)}" for one in chosen], is_sure=yes or sample)
        store = None if sample else stack.enter_context(closing(open_store(settings)))
        checks = checks_of(settings, store, classifier_of(settings), utc_now)
        try:
            key = checks.start(who, draft.person, chosen, details=details, before=None)
        except TooMuch as error:
            _refuse(str(error))
        checked = _ended(checks, who, key)
    click.echo(f"Public results for {draft.person.name}. Nothing of this is kept.")
    for line in report(checked):
        click.echo(line)
    sys.exit(1 if checked.troubles else 0)


def _refuse(why: str) -> NoReturn:
    click.echo(why, err=True)
    sys.exit(2)


def _played(settings: Settings, details: Details) -> tuple[str, Draft]:
    """The sample's member of staff, who needs no sign-in."""
    colleagues = [persona.viewer.name for persona in PERSONAS]
    schools = schools_of(settings.trust, [STAFF_SCHOOL])
    return STAFF, drafted(STAFF, schools, details, colleagues=colleagues)


def _signed_in(settings: Settings, details: Details) -> tuple[str, Draft]:
    """Who has confirmed a code in their browser, and for whom would be searched."""
    provider = provider_of(settings, utc_now) if SECRET in settings.secrets else None
    if provider is None:
        _refuse(NO_SIGN_IN)
    try:
        code = devicecode.begin(provider)
        click.echo(f"Open {code.address} in a browser and type: {code.shown}", err=True)
        arrival = devicecode.wait(provider, code, lambda span: time.sleep(span.total_seconds()))
    except NotAccepted as error:
        _refuse(f"The sign-in did not work: {error}.")
    roll = Roll(settings.directory, settings.trust)
    groups = roll.named_groups(arrival.groups)
    member = roll.member(Whose(subject=arrival.subject, name=arrival.name, groups=groups))
    if member is None:
        _refuse("You are not among the people of this console.")
    colleagues = [one.name for one in roll.people.people]
    schools = schools_of(settings.trust, member.schools)
    return member.subject, drafted(member.name, schools, details, colleagues=colleagues)


def _confirm(draft: Draft, who_learns: list[str], *, is_sure: bool) -> None:
    """What is searched for and who learns it, before anybody is asked."""
    for refusal in draft.refused:
        click.echo(f"Not searched for: {refusal}")
    click.echo(f"Searched for: {', '.join(draft.names)}")
    for line in who_learns:
        click.echo(f"Who learns it: {line}", err=True)
    if not is_sure and not click.confirm("Are all these names yours, and may they be asked?"):
        sys.exit(0)


def _ended(checks: Checks, who: str, key: str) -> Checked:
    """The check when it is over; meanwhile, on a terminal, how far each provider is."""
    told: dict[str, str] = {}
    while True:
        check = checks.of(who, key)
        if check is None or check.trouble:
            click.echo(check.trouble if check else "The check is gone.", err=True)
            sys.exit(1)
        if sys.stderr.isatty():
            _tell(check, told)
        if check.checked is not None:
            return check.checked
        time.sleep(LOOK_EVERY_S)


def _tell(check: Check, told: dict[str, str]) -> None:
    for one in check.progress:
        if told.get(one.name) != one.state:
            told[one.name] = one.state
            click.echo(f"{one.name}: {wording.STATES[one.state]}", err=True)


def report(checked: Checked) -> Iterator[str]:
    yield f"\nAsked: {', '.join(checked.read) or 'nothing could be asked'}."
    for name, reason, _ in checked.troubles:
        yield f"Not measured: {name}: {reason} (silence there says nothing)"
    if not checked.items:
        yield "\nNothing public with your name was found there."
    number = 0
    for group in GROUPS:
        found = checked.of(group)
        if found:
            title, meaning = wording.GROUPS[group]
            yield f"\n{title.upper()} ({len(found)}). {meaning}"
        for item in found:
            number += 1
            yield from _result(number, item)
    yield "\nWhom to tell"
    yield from (f"- {line}" for line in (wording.DO_NOT_ANSWER, *wording.TELL))


def _result(number: int, item: Item) -> Iterator[str]:
    day = item.published_at.strftime("%-d %B %Y") if item.published_at else "date unknown"
    yield f"\n{number}. {item.title}\n   {', '.join(item.where)}, {day}\n   {item.url}"
    yield f"   {wording.why(item.because, item.against)}"
    for finding in item.findings if item.group != "else" else ():
        advice = wording.ADVICE[finding.kind]
        yield f"   {advice.title} (policy {', '.join(advice.clauses)}): {advice.do[0]}"
