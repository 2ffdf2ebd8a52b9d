"""What the commands of a larger installation share: a PostgreSQL, and an end by signal."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from types import FrameType

import click

from classifiers.pipeline import Classifier, build
from config.policy import Policy
from config.settings import Settings
from config.trust import Trust
from monitor.commands.options import settings_of
from monitor.context import Context
from monitor.store.database import is_server
from monitor.wiring import open_contexts

TRUST_FILE = "trust.toml"
MISSING = "This command needs more than is installed: pip install 'trust-monitor[server]'."


@contextmanager
def on_a_server(directory: Path | None, database: str | None) -> Iterator[Context]:
    """The context on a PostgreSQL with its queue prepared; anything else ends the command."""
    with all_on_a_server([settings_of(directory, is_sample=False, database=database)]) as (ctx,):
        yield ctx


@contextmanager
def all_on_a_server(
    trusts: Sequence[Settings], *, classifier: Callable[[Trust, Policy], Classifier] = build
) -> Iterator[tuple[Context, ...]]:
    """The contexts of several trusts on one PostgreSQL; as `on_a_server`."""
    if not is_server(trusts[0].database.url):
        click.echo(
            "This command is one part of an installation on PostgreSQL, which [database] url in "
            "settings.toml or --database names. On one machine, monitor run does everything.",
            err=True,
        )
        sys.exit(2)
    try:
        from monitor.engine.queue import Queue, prepare
    except ModuleNotFoundError:
        click.echo(MISSING, err=True)
        sys.exit(2)
    with open_contexts(trusts, classifier=classifier) as contexts:
        prepare(contexts[0].store)
        yield tuple(replace(ctx, follow_up=Queue(ctx.store.trust).follow_up) for ctx in contexts)


def trusts_of(directories: Sequence[Path], database: str | None) -> list[Settings]:
    """The settings of each trust: a folder with a trust.toml is one, any other holds the folders
    of many. Raises ConfigError and UsageError."""
    folders: list[Path | None] = [one for given in directories for one in _trusts_in(given)]
    found = [settings_of(one, is_sample=False, database=database) for one in folders or [None]]
    if len({one.trust.id for one in found}) < len(found):
        raise click.UsageError("Two of the folders are of the same trust (id in trust.toml).")
    if len({one.database.url for one in found}) > 1:
        raise click.UsageError("The trusts must name the same [database] url, or give --database.")
    return found


def _trusts_in(directory: Path) -> list[Path]:
    if (directory / TRUST_FILE).exists():
        return [directory]
    found = sorted(path.parent for path in directory.glob(f"*/{TRUST_FILE}"))
    if not found:
        raise click.UsageError(f"{directory} holds no {TRUST_FILE}, nor does a folder in it.")
    return found


def until_stopped(run: Callable[[], None], stop: Callable[[], None]) -> None:
    """Run to the end, which SIGTERM or Ctrl-C asks for."""

    def stopped(_: int, __: FrameType | None) -> None:
        stop()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stopped)
    run()
