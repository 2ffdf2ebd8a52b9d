"""`monitor scheduler`: finds what is due and orders it; one leads, others wait."""

from __future__ import annotations

from pathlib import Path

import click

from monitor.commands.options import config_option, database_option
from monitor.commands.server import on_a_server, until_stopped


@click.command()
@config_option
@database_option
def scheduler(directory: Path | None, database: str | None) -> None:
    """Order what is due, and give the jobs of dead workers to others, until Ctrl-C.

    Start two, on different machines: one leads, the other takes over within seconds.
    """
    with on_a_server(directory, database) as ctx:
        from monitor.engine.scheduler import Scheduler

        leading = Scheduler(ctx)
        until_stopped(leading.run, leading.stop)
