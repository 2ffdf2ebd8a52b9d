"""`monitor worker`: does what the scheduler orders; as many as there is work for."""

from __future__ import annotations

from pathlib import Path

import click

from monitor.commands.options import config_option, database_option
from monitor.commands.server import on_a_server, until_stopped


@click.command()
@config_option
@database_option
@click.option("--slots", type=click.IntRange(1, 64), help="Jobs at once. [default: poll_slots]")
def worker(directory: Path | None, database: str | None, slots: int | None) -> None:
    """Collect, assess and send what the scheduler orders, until Ctrl-C.

    Start as many as there is work for, on any number of machines that reach the database. One
    that dies loses nothing: within a minute others have its jobs.
    """
    with on_a_server(directory, database) as ctx:
        from monitor.engine.worker import Worker

        working = Worker(ctx, slots=slots or ctx.settings.clock.poll_slots)
        until_stopped(working.run, working.stop)
