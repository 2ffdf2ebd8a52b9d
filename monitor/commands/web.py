"""`monitor web`: the console alone, beside workers and a scheduler."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import click

from monitor.commands.console import reached_at, serve
from monitor.commands.options import config_option, database_option
from monitor.commands.server import on_a_server


@click.command()
@config_option
@database_option
@click.option("--host", help="Address of the console; beyond this machine with sign-in only.")
@click.option("--port", type=click.IntRange(1, 65535), help="Port of the console.")
def web(directory: Path | None, database: str | None, host: str | None, port: int | None) -> None:
    """Serve the console, until Ctrl-C; as many as there are people to serve."""
    with on_a_server(directory, database) as ctx:
        settings = reached_at(ctx.settings, host, port)
        serve(replace(ctx, settings=settings), None)
