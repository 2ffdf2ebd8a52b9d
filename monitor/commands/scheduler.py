"""`monitor scheduler`: finds what is due and orders it; one leads, others wait."""

from __future__ import annotations

from pathlib import Path

import click

from monitor.commands.options import configs_option, database_option
from monitor.commands.server import all_on_a_server, trusts_of, until_stopped


@click.command()
@configs_option
@database_option
def scheduler(directories: tuple[Path, ...], database: str | None) -> None:
    """Order what is due, and give the jobs of dead workers to others, until Ctrl-C.

    Start two, on different machines: one leads, the other takes over within seconds.
    """
    with all_on_a_server(trusts_of(directories, database)) as contexts:
        from monitor.engine.scheduler import Scheduler

        leading = Scheduler(*contexts)
        until_stopped(leading.run, leading.stop)
