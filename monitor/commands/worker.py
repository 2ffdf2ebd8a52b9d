"""`monitor worker`: does what the scheduler orders; as many as there is work for."""

from __future__ import annotations

from pathlib import Path

import click

from monitor.commands.options import configs_option, database_option
from monitor.commands.server import all_on_a_server, trusts_of, until_stopped


@click.command()
@configs_option
@database_option
@click.option("--slots", type=click.IntRange(1, 64), help="Jobs at once. [default: poll_slots]")
def worker(directories: tuple[Path, ...], database: str | None, slots: int | None) -> None:
    """Collect, assess and send what the scheduler orders, until Ctrl-C.

    Start as many as there is work for, on any number of machines that reach the database. One
    that dies loses nothing: within a minute others have its jobs.
    """
    with all_on_a_server(trusts_of(directories, database)) as contexts:
        from monitor.engine.worker import Worker

        working = Worker(*contexts, slots=slots or contexts[0].settings.clock.poll_slots)
        until_stopped(working.run, working.stop)
