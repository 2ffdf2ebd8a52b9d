"""The service forgets by itself, puts on record how much, and shows it before."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from click.testing import CliRunner

from monitor import tasks
from monitor.cli import cli
from monitor.rights import retention
from monitor.store import audit, decisions, mentions, queue
from monitor.store.scope import EVERYTHING
from monitor.store.views import QueueFilter
from tests.doubles.surroundings import Surroundings
from tests.monitor.conftest import Clock, Opened
from tests.monitor.test_tasks import SOON, collect, drain


def test_what_was_dismissed_a_month_ago_is_forgotten_and_that_is_on_record(
    opened: Opened, clock: Clock
) -> None:
    with opened() as ctx:
        clock.forward(SOON)
        collect(ctx)
        drain(ctx)
        with ctx.store.begin() as tx:
            row = queue.page(
                tx, EVERYTHING, QueueFilter(min_severity="none"), after=None, limit=50
            ).rows[-1]
            seen = decisions.record(
                tx, row.mention_id, "no_action", "", seen="open", by="A", now=clock()
            )
        assert seen is not None
        while tasks.send(ctx):
            pass
        clock.forward(timedelta(days=31))
        assert retention.due(ctx)["dismissed"] == 1
        forgotten = dict(retention.forget(ctx))
        assert forgotten["dismissed"] == 1
        assert forgotten["copies"] == row.copies - 1
        assert not any(retention.due(ctx).values())
        with ctx.store.read() as tx:
            assert mentions.detail(tx, EVERYTHING, row.mention_id) is None
            said = {
                entry.subject
                for entry in audit.listing(tx, 10)
                if entry.action == "retention.forgot"
            }
            assert audit.verify(tx) is None
        assert "dismissed: 1" in said


def test_the_command_shows_what_is_due_before_anything_is_changed(
    surroundings: Surroundings, tmp_path: Path
) -> None:
    where = ["--config", str(surroundings.config), "--database", f"sqlite:///{tmp_path / 'a.db'}"]
    shown = CliRunner().invoke(cli, ["retention", *where, "--dry-run"])
    assert shown.exit_code == 0, shown.output
    assert "Nothing was changed." in shown.output
    assert "30 days" in shown.output
    done = CliRunner().invoke(cli, ["retention", *where])
    assert "Forgotten: 0 mentions" in done.output
