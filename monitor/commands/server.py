"""What the commands of a larger installation share: a PostgreSQL, and an end by signal."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from types import FrameType

import click

from monitor.commands.options import settings_of
from monitor.context import Context
from monitor.store.database import is_server
from monitor.wiring import open_context

MISSING = "This command needs more than is installed: pip install 'trust-monitor[server]'."


@contextmanager
def on_a_server(directory: Path | None, database: str | None) -> Iterator[Context]:
    """The context on a PostgreSQL with its queue prepared; anything else ends the command."""
    settings = settings_of(directory, is_sample=False, database=database)
    if not is_server(settings.database.url):
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
    with open_context(settings) as ctx:
        prepare(ctx.store)
        yield replace(ctx, follow_up=Queue(ctx.store.trust).follow_up)


def until_stopped(run: Callable[[], None], stop: Callable[[], None]) -> None:
    """Run to the end, which SIGTERM or Ctrl-C asks for."""

    def stopped(_: int, __: FrameType | None) -> None:
        stop()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stopped)
    run()
