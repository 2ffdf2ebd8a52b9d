"""`monitor stream`: follows everybody's posts once, for many trusts."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import click

from classifiers.pipeline import screen
from config.readiness import may_collect
from config.settings import Settings
from connectors import firehose
from monitor.commands.options import configs_option, database_option
from monitor.commands.server import all_on_a_server, trusts_of, until_stopped


@click.command()
@configs_option
@database_option
def stream(directories: tuple[Path, ...], database: str | None) -> None:
    """Follow a whole network once for many trusts, until Ctrl-C, instead of polling for each.

    Of all posts those that may name a trust are read, judged and kept for it as after a poll. It
    serves each trust that has one enabled source of kind "jetstream"; all must name the same
    server. Start two, on different machines: one leads, the other takes over within seconds. When
    none runs, the workers poll these sources again.
    """
    served = _served(trusts_of(directories, database))
    with all_on_a_server(served, classifier=screen) as contexts:
        from monitor.engine.stream import Stream

        following = Stream(contexts)
        until_stopped(following.run, following.stop)


def _served(trusts: Sequence[Settings]) -> list[Settings]:
    """Those that may be followed for; ends the command where there is none."""
    found = []
    for one in trusts:
        rows = [row for row in one.sources if row.enabled and row.kind == firehose.KIND]
        if len(rows) == 1 and may_collect(one):
            found.append(one)
        else:
            why = "not decided on yet" if rows else f"no enabled source of kind {firehose.KIND}"
            why = "several such sources" if len(rows) > 1 else why
            click.echo(f"{one.trust.id}: not followed for ({why})", err=True)
    if not found:
        click.echo("There is nobody to follow the stream for.", err=True)
        sys.exit(2)
    if len({firehose.place(one.sources) for one in found}) > 1:
        raise click.UsageError("The trusts name different servers: start one stream for each.")
    return found
