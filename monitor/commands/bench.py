"""`monitor bench [NAME]`: the benchmarks, as ratios against a peer or a limit in one run."""

from __future__ import annotations

import json
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

import click

from config.loading import load

BENCHMARKS: dict[str, str] = {
    "start": "monitor.bench.start:run",
    "store": "monitor.bench.store:run",
    "classify": "classifiers.bench.labels:run",
    "match": "classifiers.bench.matching:run",
    "week": "monitor.bench.week:run",
    "digests": "monitor.bench.digests:run",
    "console": "monitor.bench.console:run",
    "server": "monitor.bench.server:run",
    "workers": "monitor.bench.workers:run",
    "stream": "monitor.bench.stream:run",
    "polls": "monitor.bench.polls:run",
}
ON_A_SERVER = ("server", "workers", "stream")


@click.command()
@click.argument("name", required=False, type=click.Choice(list(BENCHMARKS)))
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@click.option(
    "--rows",
    type=int,
    help="store, console, server: mentions [default: 1,000,000]; "
    "digests: how many [default: 24,000]; stream: frames of a replay "
    "[default: 2,200,000]; polls: how many [default: 1,000]; workers: sources [default: 48].",
)
@click.option(
    "--folder",
    type=click.Path(path_type=Path, file_okay=False),
    help="console: where its database is kept, so that a second run need not make it again.",
)
@click.option(
    "--database",
    metavar="URL",
    help="server, workers, stream: an empty PostgreSQL; without it they are left out.",
)
@click.option(
    "--corpora",
    type=click.Path(path_type=Path),
    help="classify, match: folder of the corpora, for their dev rows and to train a peer on.",
)
def bench(
    name: str | None,
    as_json: bool,
    rows: int | None,
    folder: Path | None,
    database: str | None,
    corpora: Path | None,
) -> None:
    """Measure NAME, or everything: a start, the store, the labels, the matching, the mails of a
    bad week, the digests of a morning, every page of the console, a PostgreSQL, a whole network.

    Ratios of one run hold on other machines; seconds do not.
    """
    if name in ON_A_SERVER and not database:
        raise click.UsageError("Name an empty PostgreSQL with --database.")
    arguments: dict[str, dict[str, Any]] = {
        "store": {"rows": rows} if rows else {},
        "console": {**({"rows": rows} if rows else {}), "folder": folder},
        **{one: {**({"rows": rows} if rows else {}), "database": database} for one in ON_A_SERVER},
        "digests": {"rows": rows} if rows else {},
        "polls": {"rows": rows} if rows else {},
        "match": {"corpora": corpora},
        "classify": {"corpora": corpora, "thresholds": _thresholds()},
    }
    results = {
        chosen: _benchmark(chosen)(**arguments.get(chosen, {}))
        for chosen in ([name] if name else BENCHMARKS)
        if chosen not in ON_A_SERVER or database
    }
    if as_json:
        click.echo(json.dumps(results, indent=2))
        return
    for chosen, figures in results.items():
        click.echo(f"\n{chosen}")
        _print(figures, "  ")


def _thresholds() -> dict[str, float]:
    """Those of the shipped policy: the figures are of what is flagged, not of the model alone."""
    return {name: label.threshold for name, label in load().policy.labels.items()}


def _benchmark(name: str) -> Callable[..., dict[str, Any]]:
    module, _, attribute = BENCHMARKS[name].partition(":")
    function: Callable[..., dict[str, Any]] = getattr(import_module(module), attribute)
    return function


def _print(figures: dict[str, Any], indent: str) -> None:
    for key, value in figures.items():
        if isinstance(value, dict):
            click.echo(f"{indent}{key}")
            _print(value, indent + "  ")
        else:
            shown = f"{value:.3f}" if isinstance(value, float) else value
            click.echo(f"{indent}{key}: {shown}")
