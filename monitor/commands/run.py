"""`monitor run`: the whole service in one process."""

from __future__ import annotations

import socket
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from threading import Thread

import click
import uvicorn

from config.people import is_loopback
from config.readiness import may_collect, missing_for_live
from config.settings import Settings
from monitor.commands.options import DATA_DIRECTORY, settings_of, with_settings
from monitor.context import Context
from monitor.engine.local import LocalEngine
from monitor.sample.personas import PERSONAS
from monitor.sample.world import World
from monitor.signin import SECRET
from monitor.web.app import create_app
from monitor.web.deps import Console, SampleLinks
from monitor.wiring import (
    AlreadyRunning,
    open_context,
    provider_of,
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
    console = settings.console.model_copy(
        update={key: value for key, value in (("host", host), ("port", port)) if value is not None}
    )
    has_sign_in = settings.people.sign_in is not None and not sample
    if not has_sign_in:
        _refuse_to_be_seen_from_outside(console.host)
    elif SECRET not in settings.secrets:
        click.echo(f"The sign-in needs the secret {SECRET}: see the handbook for IT.", err=True)
        sys.exit(2)
    _refuse_a_taken_port(console.host, console.port)
    if (host or port) and not has_sign_in:
        console = console.model_copy(
            update={"url": f"http://{_bracketed(console.host)}:{console.port}"}
        )
    settings = settings.model_copy(update={"console": console})
    try:
        with _service(settings, is_sample=sample) as app_context:
            _serve(*app_context)
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
        Thread(target=ctx.classifier, name="load classifier", daemon=True).start()
        engine = LocalEngine(ctx)
        engine.start()
        stack.callback(engine.stop)
        yield ctx, links


def _serve(ctx: Context, links: SampleLinks | None) -> None:
    console = ctx.settings.console
    app = create_app(
        Console(
            store=ctx.store,
            trust=ctx.settings.trust,
            policy=ctx.settings.policy,
            rota=ctx.settings.rota,
            settings=console,
            classifier=ctx.classifier,
            clock=ctx.clock,
            whole=ctx.settings,
            provider=None if links else provider_of(ctx.settings, ctx.clock),
            mail_alarm_after=ctx.settings.mail.alarm_after,
            sample=links,
        )
    )
    _greet(ctx, links)
    uvicorn.run(
        app,
        host=console.host,
        port=console.port,
        log_level="warning",
        access_log=False,
        server_header=False,
    )


def _greet(ctx: Context, links: SampleLinks | None) -> None:
    console = ctx.settings.console
    click.echo(f"Review console  {console.url}", err=True)
    if links:
        click.echo(f"Sample mailbox  {links.mailbox_url}", err=True)
    if not may_collect(ctx.settings):
        click.echo("Not collecting and not sending mail yet. Still to be recorded:", err=True)
        for problem in missing_for_live(ctx.settings):
            click.echo(f"  {problem}", err=True)
    click.echo("Stop with Ctrl-C.", err=True)


def _refuse_to_be_seen_from_outside(host: str) -> None:
    """Where nobody signs in, and in the sample, the console binds to loopback only."""
    if not is_loopback(host):
        click.echo(
            f"--host {host}: nobody has to sign in here, so the console may be reached from this "
            "machine only. Use 127.0.0.1 or ::1, or set up the sign-in in people.toml.",
            err=True,
        )
        sys.exit(2)


def _refuse_a_taken_port(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            click.echo(f"Port {port} cannot be used ({error.strerror}): choose --port.", err=True)
            sys.exit(2)


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host
