"""`monitor web`: the console alone, beside workers and a scheduler."""

from __future__ import annotations

from pathlib import Path

import click

from monitor.commands.console import all_reached_at, serve
from monitor.commands.options import configs_option, database_option
from monitor.commands.server import all_on_a_server, trusts_of


@click.command()
@configs_option
@database_option
@click.option("--host", help="Address of the console; beyond this machine with sign-in only.")
@click.option("--port", type=click.IntRange(1, 65535), help="Port of the console.")
def web(
    directories: tuple[Path, ...], database: str | None, host: str | None, port: int | None
) -> None:
    """Serve the console, until Ctrl-C; as many as there are people to serve.

    Of several trusts each has a console under the name of its own address ([console] url), with
    its own people and its own rows; all answer at one port, that of the first.
    """
    trusts = all_reached_at(trusts_of(directories, database), host, port)
    with all_on_a_server(trusts) as contexts:
        serve(*contexts)
