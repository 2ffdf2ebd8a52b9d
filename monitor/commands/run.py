"""`monitor run`: the whole service in one process."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from threading import Thread

import click

from config.settings import Settings
from monitor.commands.console import reached_at, serve
from monitor.commands.options import DATA_DIRECTORY, settings_of, with_settings
from monitor.context import Context
from monitor.engine.local import LocalEngine
from monitor.sample import register
from monitor.sample.personas import PERSONAS
from monitor.sample.world import World
from monitor.web.deps import SampleLinks
from monitor.wiring import (
    AlreadyRunning,
    open_context,
    release_leases,
    sole_instance,
)


@click.command()
@with_settings
@click.option("--host", help="Address of the console; beyond this machine with sign-in only.")
@click.option("--port", type=click.IntRange(1, 65535), help="Port of the console.")
def run(
    directory: Path | None, sample: bool, database: str | None, host: str | None, port: int | None
) -> None:
    """Collect, classify, alert and serve the console, until Ctrl-C.

    With --sample everything happens on this machine: an invented trust, its little internet,
    a mail server and a mailbox to read the alerts in. Without it, no source is asked and no
    mail leaves before the decision to process is recorded: see `monitor doctor`.
    """
    settings = settings_of(directory, is_sample=sample, database=database)
    settings = reached_at(settings, host, port, is_sample=sample)
    try:
        with _service(settings, is_sample=sample) as (ctx, links):
            serve(ctx, links=links)
    except AlreadyRunning as error:
        click.echo(f"Another Trust Monitor serves {error}: stop it, or use --database.", err=True)
        sys.exit(2)


@contextmanager
def _service(
    settings: Settings, *, is_sample: bool
) -> Iterator[tuple[Context, SampleLinks | None]]:
    """Everything but the console, started; stopped again in the reverse order."""
    with ExitStack() as stack:
        stack.enter_context(sole_instance(settings))
        links = None
        if is_sample:
            world = stack.enter_context(World(settings, data_dir=DATA_DIRECTORY))
            settings = world.settings
            links = SampleLinks(mailbox_url=world.mailbox_url, personas=PERSONAS)
        ctx = stack.enter_context(open_context(settings))
        release_leases(ctx.store)
        if is_sample:
            register.fill(ctx)
        Thread(target=ctx.classifier, name="load classifier", daemon=True).start()
        engine = LocalEngine(ctx)
        engine.start()
        stack.callback(engine.stop)
        yield ctx, links
