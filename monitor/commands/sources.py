"""`monitor sources`: every source, its outcome and when it was last read."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

import click

from monitor.commands.options import settings_of, with_settings
from monitor.store import sources as source_rows
from monitor.store.views import SourceHealth
from monitor.wiring import open_context, utc_now

STATES = {
    "never": "not yet read",
    "ok": "ok",
    "partial": "partly read",
    "not_measured": "NOT MEASURED",
}


@click.command()
@with_settings
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
def sources(directory: Path | None, sample: bool, database: str | None, as_json: bool) -> None:
    """Every source and when it was last read.

    "Not measured" is no silence: nothing is known of what was said there. Exits 1 when any
    enabled source is not measured.
    """
    settings = settings_of(directory, is_sample=sample, database=database)
    with open_context(settings) as ctx, ctx.store.read() as tx:
        rows = source_rows.health(tx)
    for line in map(_json, rows) if as_json else _table(rows, utc_now()):
        click.echo(line)
    sys.exit(1 if any(row.enabled and row.state == "not_measured" for row in rows) else 0)


def _json(row: SourceHealth) -> str:
    return json.dumps(asdict(row), default=datetime.isoformat)


def _table(rows: list[SourceHealth], now: datetime) -> list[str]:
    if not rows:
        return ["No sources are configured: add them to sources.toml."]
    width = max(len(row.name) for row in rows)
    heading = f"{'source':{width}}  {'state':12}  {'last read':>10}  {'seen':>6}  {'kept':>5}  note"
    return [heading, *(_line(row, width, now) for row in rows)]


def _line(row: SourceHealth, width: int, now: datetime) -> str:
    state = STATES[row.state] if row.enabled else "off"
    gap = "possible gap" if row.last_gap_at else ""
    note = "; ".join(part for part in (row.reason, gap) if part)
    return (
        f"{row.name:{width}}  {state:12}  {_ago(row.last_ok_at, now):>10}  "
        f"{row.items_seen:>6}  {row.mentions_kept:>5}  {note}"
    ).rstrip()


def _ago(moment: datetime | None, now: datetime) -> str:
    if moment is None:
        return "never"
    seconds = max(int((now - moment).total_seconds()), 0)
    for size, unit in ((86400, "d"), (3600, "h"), (60, "min")):
        if seconds >= size:
            return f"{seconds // size} {unit} ago"
    return f"{seconds} s ago"
