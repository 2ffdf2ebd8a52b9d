"""`monitor sources`: every source, how it was last read, what is left, when it is read next."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime, timedelta
from pathlib import Path

import click

from connectors.registry import cost
from monitor.commands.options import settings_of, with_settings
from monitor.health import silence
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
    """Every source: when it was last read and is read next, what it brought, what is left.

    "Not measured" is no silence: nothing is known of what was said there. Exits 1 when any
    enabled source is not measured.
    """
    settings = settings_of(directory, is_sample=sample, database=database)
    with open_context(settings) as ctx:
        with ctx.store.read() as tx:
            rows = source_rows.health(tx)
        troubles = {one.source_id: one.words for one in silence.found(ctx)}
    prices = {one.id: cost(one.kind, one.options) for one in settings.sources}
    notes = {row.source_id: _note(row, troubles, prices) for row in rows}
    for line in map(_json, rows) if as_json else _table(rows, notes, utc_now()):
        click.echo(line)
    sys.exit(1 if any(row.enabled and row.state == "not_measured" for row in rows) else 0)


def _json(row: SourceHealth) -> str:
    return json.dumps(asdict(row), default=datetime.isoformat)


def _note(row: SourceHealth, troubles: Mapping[str, str], prices: Mapping[str, str]) -> str:
    """Why it is not measured, what is left, what it may cost."""
    gap = "possible gap" if row.last_gap_at else ""
    trouble = troubles.get(row.source_id, "")
    parts = (row.reason, trouble, gap, row.allowance, prices.get(row.source_id))
    return "; ".join(part for part in parts if part)


def _table(rows: list[SourceHealth], notes: Mapping[str, str], now: datetime) -> list[str]:
    if not rows:
        return ["No sources are configured: add them to sources.toml."]
    width = max(len(row.name) for row in rows)
    heading = f"{'source':{width}}  {'state':12}  {'last read':>10}  {'next':>8}  "
    heading += f"{'seen':>6}  {'kept':>5}  note"
    return [heading, *(_line(row, width, notes[row.source_id], now) for row in rows)]


def _line(row: SourceHealth, width: int, note: str, now: datetime) -> str:
    state = STATES[row.state] if row.enabled else "off"
    due = _in(row.next_due_at, now) if row.enabled else "never"
    return (
        f"{row.name:{width}}  {state:12}  {_ago(row.last_ok_at, now):>10}  {due:>8}  "
        f"{row.items_seen:>6}  {row.mentions_kept:>5}  {note}"
    ).rstrip()


def _ago(moment: datetime | None, now: datetime) -> str:
    if moment is None:
        return "never"
    return f"{_span(now - moment)} ago"


def _in(moment: datetime | None, now: datetime) -> str:
    return "now" if moment is None or moment <= now else _span(moment - now)


def _span(length: timedelta) -> str:
    seconds = max(int(length.total_seconds()), 0)
    for size, unit in ((86400, "d"), (3600, "h"), (60, "min")):
        if seconds >= size:
            return f"{seconds // size} {unit}"
    return f"{seconds} s"
