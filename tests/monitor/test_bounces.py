"""Mails of ours that come back, brought in as a mailbox of reports."""

from __future__ import annotations

import re
from email import message_from_bytes, policy
from pathlib import Path

from click.testing import CliRunner, Result

from monitor import digests, tasks
from monitor.cli import cli
from monitor.context import Context
from monitor.store import delivered, mentions, sending
from monitor.store.views import DeliveryView
from tests.connectors.test_bounces import OURS, report
from tests.doubles.surroundings import Surroundings
from tests.monitor.conftest import Opened

FORWARDED = (
    "From reporter@larkmere.example Mon Nov 23 21:20:00 2026\n"
    "Subject: Seen this?\nMessage-ID: <seen@larkmere.example>\n\nAbout Larkmere Hill School.\n"
)


def sent(ctx: Context, number: int) -> list[DeliveryView]:
    digests.order(ctx)
    while tasks.send(ctx):
        pass
    with ctx.store.read() as tx:
        found = delivered.listing(tx, 50)
    assert [one.state for one in found] == ["sent"] * number
    return found


def taken_in(surroundings: Surroundings, ctx: Context, *mails: bytes) -> Result:
    box = surroundings.config.parent / "box"
    box.write_bytes(b"\n".join(mails))
    where = ["--config", str(surroundings.config), "--database", ctx.settings.database.url]
    return CliRunner().invoke(cli, ["import", str(box), *where])


def test_a_mail_that_comes_back_is_dead_and_says_why(
    opened: Opened, surroundings: Surroundings, tmp_path: Path
) -> None:
    with opened() as ctx:
        sent(ctx, 2)
        first = surroundings.inbox.taken[0]
        assert isinstance(first.content, bytes)
        mail = message_from_bytes(first.content, policy=policy.default)
        came_back = report().replace(OURS.encode(), str(mail["Message-ID"]).encode())
        done = taken_in(surroundings, ctx, came_back, FORWARDED.encode(), report())
        assert done.exit_code == 0
        assert "1 of our mails came back" in done.output
        assert "1 reports are about mails that were not ours" in done.output
        assert re.search(r"^1 new", done.output, re.MULTILINE)
        with ctx.store.read() as tx:
            dead, other = delivered.listing(tx, 50)
            assert mentions.pending(tx, 10) == []
        assert (dead.state, dead.recipient) == ("dead", first.rcpt_tos[0])
        assert dead.last_error == "It came back: the address does not exist (5.1.1)."
        assert dead.may_resend
        assert other.state == "sent"
        again = taken_in(surroundings, ctx, came_back)
        assert "0 of our mails came back" in again.output


def test_a_report_that_cannot_be_read_stops_no_other(
    opened: Opened, surroundings: Surroundings
) -> None:
    with opened() as ctx:
        broken = report().replace(b"message/delivery-status", b"text/plain")
        done = taken_in(surroundings, ctx, broken, FORWARDED.encode())
        assert done.exit_code == 1
        assert "mail 1: It is no report of a mail server about a mail." in done.output
        assert "1 new" in done.output


def test_who_guesses_an_id_can_kill_nothing_that_has_not_left(
    opened: Opened, surroundings: Surroundings
) -> None:
    with opened() as ctx:
        assert digests.order(ctx) == 2
        with ctx.store.read() as tx:
            waiting = delivered.listing(tx, 9)[0]
        with ctx.store.begin() as tx:
            assert not delivered.bounced(tx, OURS, "It came back.")
            (found,) = sending.claim_due(
                tx, now=ctx.clock(), lease=ctx.settings.clock.lease, limit=1
            )
            assert not delivered.bounced(tx, found.message_id, "It came back.")
        assert waiting.state == "due"
