"""The console as commands serve it: where it may be reached, and by whom."""

from __future__ import annotations

import socket
import sys
from collections.abc import Sequence
from typing import NoReturn

import click
import uvicorn

from config.people import is_loopback
from config.readiness import may_collect, missing_for_live
from config.settings import Settings
from monitor.access.signin import SECRET
from monitor.context import Context
from monitor.health import metrics
from monitor.outside import Outside
from monitor.web.app import create_app
from monitor.web.deps import Console, SampleLinks
from monitor.web.many import ByName, name_of
from monitor.web.serving import collect_seldom
from monitor.wiring import archive_of, checks_of, provider_of


def reached_at(
    settings: Settings, host: str | None, port: int | None, *, is_sample: bool = False
) -> Settings:
    """The settings with the address asked for; ends the command where it may not be used."""
    console = settings.console.model_copy(
        update={key: value for key, value in (("host", host), ("port", port)) if value is not None}
    )
    has_sign_in = settings.people.sign_in is not None and not is_sample
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
    return settings.model_copy(update={"console": console})


def all_reached_at(
    trusts: Sequence[Settings], host: str | None, port: int | None
) -> list[Settings]:
    """As `reached_at`, for several trusts behind one port: each has a sign-in, and an address of a
    name of its own."""
    if len(trusts) == 1:
        return [reached_at(trusts[0], host, port)]
    first, whose = trusts[0].console, dict[str, str]()
    for one in trusts:
        name = name_of(one.console)
        if one.people.sign_in is None:
            _refuse(f"{one.trust.id}: several consoles need a sign-in each; see people.toml.")
        if name in whose or is_loopback(name):
            taken = f"that of {whose[name]}" if name in whose else "this machine's own"
            _refuse(
                f"{one.trust.id}: [console] url needs a name of its own, and {name} is {taken}."
            )
        whose[name] = one.trust.id
    return [reached_at(one, host or first.host, port or first.port) for one in trusts]


def _refuse(why: str) -> NoReturn:
    click.echo(why, err=True)
    sys.exit(2)


def serve(*contexts: Context, links: SampleLinks | None = None) -> None:
    """The console of each trust, until Ctrl-C or SIGTERM."""
    consoles = {
        name_of(ctx.settings.console): create_app(console_of(ctx, links)) for ctx in contexts
    }
    metrics.serve(*contexts)
    for ctx in contexts if len(contexts) == 1 else ():
        _greet(ctx, links)
    if len(contexts) > 1:
        click.echo(f"{len(contexts)} consoles. Stop with Ctrl-C.", err=True)
    collect_seldom()
    uvicorn.run(
        ByName(consoles) if len(contexts) > 1 else next(iter(consoles.values())),
        host=contexts[0].settings.console.host,
        port=contexts[0].settings.console.port,
        lifespan="off",
        log_level="warning",
        access_log=False,
        server_header=False,
    )


def console_of(ctx: Context, links: SampleLinks | None = None) -> Console:
    return Console(
        store=ctx.store,
        trust=ctx.settings.trust,
        policy=ctx.settings.policy,
        rota=ctx.settings.rota,
        settings=ctx.settings.console,
        classifier=ctx.classifier,
        clock=ctx.clock,
        whole=ctx.settings,
        provider=None if links else provider_of(ctx.settings, ctx.clock),
        people=ctx.people,
        mail_alarm_after=ctx.settings.mail.alarm_after,
        outside=Outside(
            settings=ctx.settings,
            fetcher=ctx.fetcher,
            clock=ctx.clock,
            archive=None if links else archive_of(ctx.settings, ctx.fetcher),
        ),
        checks=checks_of(ctx.settings, ctx.store, ctx.classifier, ctx.clock),
        sample=links,
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
