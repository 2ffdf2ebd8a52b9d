"""The end of the record goes into a file and a mail, and `monitor audit verify` asks both."""

from __future__ import annotations

import sqlite3
from datetime import timedelta
from pathlib import Path

from click.testing import CliRunner, Result

from monitor import messages
from monitor.cli import cli
from monitor.context import Context
from monitor.rights import anchors
from monitor.store import audit, sending
from monitor.store.database import Store
from tests.doubles.surroundings import Surroundings
from tests.monitor.conftest import Clock, Opened


def looked(store: Store, clock: Clock, *numbers: int) -> None:
    with store.begin() as tx:
        for number in numbers:
            audit.append(
                tx, actor="A", action="mention.viewed", subject=f"mention {number}", now=clock()
            )


def verify(surroundings: Surroundings, tmp_path: Path, *more: str) -> Result:
    database = f"sqlite:///{tmp_path / 'monitor.db'}"
    where = ["--config", str(surroundings.config), "--database", database]
    return CliRunner().invoke(cli, ["audit", "verify", *where, *more])


def cut(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "monitor.db") as connection:
        connection.execute("delete from audit where id > 2")
    connection.close()


def mailed(ctx: Context, clock: Clock) -> list[str]:
    """Texts of the mails that are due to the data protection officer."""
    with ctx.store.begin() as tx:
        due = sending.claim_due(tx, now=clock(), lease=timedelta(minutes=1), limit=50)
    texts = []
    for one in due:
        if one.item.service and one.item.service.kind == "record_head":
            message = messages.message(ctx, one)
            assert message is not None
            body = message.mail.get_body(("plain",))
            assert body is not None
            texts.append(body.get_content())
    return texts


def test_a_cut_tail_shows_by_the_file(
    opened: Opened, clock: Clock, surroundings: Surroundings, tmp_path: Path
) -> None:
    with opened() as ctx:
        looked(ctx.store, clock, 1, 2, 3)
        assert anchors.keep(ctx) == 1
        assert anchors.keep(ctx) == 0
    assert verify(surroundings, tmp_path).exit_code == 0
    cut(tmp_path)
    shown = verify(surroundings, tmp_path)
    assert shown.exit_code == 1
    assert "entry 3, written down elsewhere" in shown.output


def test_who_deletes_the_file_as_well_is_found_by_the_mail(
    opened: Opened, clock: Clock, surroundings: Surroundings, tmp_path: Path
) -> None:
    with opened() as ctx:
        looked(ctx.store, clock, 1, 2, 3)
        anchors.keep(ctx)
        anchors.keep(ctx)
        (text,) = mailed(ctx, clock)
        clock.forward(timedelta(days=7))
        anchors.keep(ctx)
        assert len(mailed(ctx, clock)) == 2  # the first one, never finished, and the week's own
    head = text.split("--head")[1].split()[0]
    cut(tmp_path)
    (tmp_path / "monitor.heads").unlink()
    assert verify(surroundings, tmp_path).exit_code == 0
    assert verify(surroundings, tmp_path, "--head", head).exit_code == 1


def test_a_file_that_somebody_wrote_in_is_not_believed(
    opened: Opened, clock: Clock, surroundings: Surroundings, tmp_path: Path
) -> None:
    with opened() as ctx:
        looked(ctx.store, clock, 1)
        anchors.keep(ctx)
    with (tmp_path / "monitor.heads").open("a") as file:
        file.write("all is well\n")
    shown = verify(surroundings, tmp_path)
    assert shown.exit_code == 1
    assert "written in by somebody else" in shown.output
    assert verify(surroundings, tmp_path, "--head", "12").exit_code == 2
