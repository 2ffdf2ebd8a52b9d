"""The mailbox against a real Dovecot: IDLE, forwarded alerts, parents' mails, files, failures."""

from __future__ import annotations

import io
import re
import shutil
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from email.message import EmailMessage

import pytest
from httpx import Client
from PIL import Image
from pydantic import SecretStr

from alerts.types import Sent
from connectors.types import NotMeasured, Ok, Partial
from monitor import tasks
from monitor.context import Context
from monitor.engine.bell import MailBell
from monitor.intake import mailbox, screenshots
from monitor.store import (
    audit,
    delivered,
    deliveries,
    mails,
    mentions,
    pictures,
    queue,
    returns,
    sending,
    sources,
)
from monitor.store.scope import EVERYTHING
from monitor.store.views import OutboxItem, QueueFilter, QueueRow, ServiceNote
from monitor.tasks import Polled
from tests.connectors.test_bounces import OURS, report
from tests.doubles.consoles import Scene, served
from tests.peers.dovecot import Dovecot
from tests.web.test_screenshots import STORY, drawn


def written(subject: str = "Look at this", text: str = "hello", **headers: str) -> EmailMessage:
    mail = EmailMessage()
    mail["From"] = "Perpetua Vance <perpetua@home.example>"
    mail["To"] = "reports@harrowmere.example"
    mail["Subject"] = subject
    mail["Date"] = "Mon, 23 Nov 2026 10:00:00 +0000"
    mail["Message-ID"] = f"<{subject.replace(' ', '-')}@home.example>"
    for name, value in headers.items():
        mail[name.replace("_", "-")] = value
    mail.set_content(text)
    return mail


def poll(ctx: Context) -> Polled:
    claimed = tasks.claim_source(ctx, mailbox.SOURCE)
    assert claimed
    return tasks.poll(ctx, claimed)


def work(ctx: Context) -> None:
    while screenshots.read_next(ctx) or tasks.assess(ctx):
        pass


def rows(ctx: Context, state: str = "open") -> tuple[QueueRow, ...]:
    with ctx.store.read() as tx:
        chosen = QueueFilter(state="quiet" if state == "quiet" else "open")
        return queue.page(tx, EVERYTHING, chosen, after=None, limit=50).rows


def test_a_parents_mail_becomes_a_mention_without_its_sender(ctx: Context, server: Dovecot) -> None:
    server.deliver(written("Worried", "My girl says Oakenhall is closed tomorrow").as_bytes())
    polled = poll(ctx)
    assert (polled.health, polled.seen, polled.stored) == (Ok(), 1, 1)
    work(ctx)
    (row,) = rows(ctx)
    assert row.source_name == "Mailbox"
    assert "oakenhall" in row.school_ids
    with ctx.store.read() as tx:
        assert "perpetua" not in repr(mentions.detail(tx, EVERYTHING, row.mention_id)).lower()
    assert b"Seen" not in b"".join(server.flags())


def test_each_mail_is_taken_once_whatever_the_server_counts(ctx: Context, server: Dovecot) -> None:
    for number in range(3):
        server.deliver(written(f"mail {number}").as_bytes())
    assert poll(ctx).stored == 3
    assert poll(ctx).seen == 0
    server.deliver(written("mail 1").as_bytes())
    assert (poll(ctx).seen, poll(ctx).seen) == (1, 0)
    server.stop()
    for path in (server.folder / "mail").glob("dovecot*"):
        path.unlink()  # the box is numbered anew: another UIDVALIDITY
    server.start()
    again = poll(ctx)
    assert (again.seen, again.stored) == (4, 0)


def test_many_mails_come_in_several_looks_and_none_is_lost(ctx: Context, server: Dovecot) -> None:
    for number in range(45):
        server.deliver(written(f"mail {number}").as_bytes())
    assert [poll(ctx).stored for _ in range(4)] == [20, 20, 5, 0]


def test_an_alert_is_judged_and_only_waits_when_something_is_flagged(
    ctx: Context, server: Dovecot
) -> None:
    alert = written("Alert - Oakenhall", "Jumble sale on Saturday at Oakenhall Junior School",
                    Precedence="bulk", List_Unsubscribe="<mailto:x@alerts.example>")  # fmt: skip
    server.deliver(alert.as_bytes())
    poll(ctx)
    work(ctx)
    assert rows(ctx) == ()
    (row,) = rows(ctx, "quiet")
    with ctx.store.read() as tx:
        view = mails.of_mention(tx, row.mention_id)
    assert view
    assert view.is_automatic


ALERT = """<html><body><table>
<tr><td><h1>Google Alert</h1> <a href="https://www.google.com/alerts?x">"Oakenhall"</a></td></tr>
<tr><td><a href="https://www.google.com/url?rct=j&amp;url=https://courier.example/news/1&amp;ct=ga">
<b>Oakenhall Junior School</b> is a shambles, say parents</a>
<div>The Courier</div>
<div>Parents call Oakenhall Junior School a disgrace and want ...</div></td></tr>
<tr><td><a href="https://www.google.com/url?url=https://blog.example/%3Fid%3D2&amp;ct=ga">
Jumble sale</a><div>at Oakenhall Junior School on Saturday afternoon</div></td></tr>
<tr><td><a href="https://www.google.com/url?url=https://courier.example/news/1"><img></a></td></tr>
<tr><td><a href="https://www.google.com/alerts/feedback">Flag as irrelevant</a></td></tr>
</table></body></html>"""


def test_each_result_of_an_alert_is_a_mention_with_its_own_link(
    ctx: Context, server: Dovecot
) -> None:
    mail = written("Google Alert - Oakenhall", "see the other part", Precedence="bulk")
    mail.add_alternative(ALERT, subtype="html")
    server.deliver(mail.as_bytes())
    assert poll(ctx).stored == 2
    server.deliver(mail.as_bytes().replace(b"<Google-Alert", b"<another"))
    assert poll(ctx).stored == 0
    work(ctx)
    found = {row.url: row for row in (*rows(ctx), *rows(ctx, "quiet"))}
    assert set(found) == {"https://courier.example/news/1", "https://blog.example/?id=2"}
    grave = found["https://courier.example/news/1"]
    assert grave.title == "Oakenhall Junior School is a shambles, say parents"
    assert "a disgrace and want" in grave.excerpt
    assert "reputation" in grave.flags
    assert "Flag as irrelevant" not in repr(found)


def test_an_alert_that_a_person_forwards_keeps_the_persons_words(
    ctx: Context, server: Dovecot
) -> None:
    mail = written("Fwd: Google Alert", "please look at the first one")
    mail.add_alternative(ALERT, subtype="html")
    server.deliver(mail.as_bytes())
    assert poll(ctx).stored == 3
    work(ctx)
    assert "please look at the first one" in [row.excerpt.splitlines()[-1] for row in rows(ctx)]


def test_what_this_service_sent_itself_never_comes_back_as_a_mention(
    ctx: Context, server: Dovecot
) -> None:
    ours = "Trust Monitor alerts <alerts.trust-monitor.harrowmere.example>"
    server.deliver(written("High: possible threat", List_Id=ours).as_bytes())
    assert poll(ctx).stored == 0
    with ctx.store.read() as tx:
        assert mentions.pending(tx, 5) == []


def test_a_self_test_that_arrives_is_seen_to(ctx: Context, server: Dovecot) -> None:
    item = OutboxItem(
        key=f"{returns.KEY}2026-11-23", channel="smtp", recipient="reports@larkmere.example",
        service=ServiceNote(kind="self_test"),
    )  # fmt: skip
    with ctx.store.begin() as tx:
        deliveries.enqueue(tx, item, now=ctx.clock())
        (claimed,) = sending.claim_due(tx, now=ctx.clock(), lease=timedelta(minutes=1), limit=1)
        sending.finish(
            tx, claimed, Sent(), now=ctx.clock(), next_attempt_at=ctx.clock(), max_attempts=1
        )
        assert returns.lost(tx, ctx.clock(), after=timedelta()) is not None
    ours = "Trust Monitor service <service.trust-monitor.harrowmere.example>"
    mail = written("Self-test", List_Id=ours)
    del mail["Message-ID"]
    mail["Message-ID"] = claimed.message_id
    server.deliver(mail.as_bytes())
    assert poll(ctx).stored == 0
    with ctx.store.read() as tx:
        assert returns.lost(tx, ctx.clock(), after=timedelta()) is None


def test_a_mail_that_came_back_is_no_mention_and_its_delivery_is_dead(
    ctx: Context, server: Dovecot
) -> None:
    item = OutboxItem(
        key="one", channel="smtp", recipient="it@larkmere.example",
        service=ServiceNote(kind="self_test"),
    )  # fmt: skip
    with ctx.store.begin() as tx:
        deliveries.enqueue(tx, item, now=ctx.clock())
        (claimed,) = sending.claim_due(tx, now=ctx.clock(), lease=timedelta(minutes=1), limit=1)
        sending.finish(
            tx, claimed, Sent(), now=ctx.clock(), next_attempt_at=ctx.clock(), max_attempts=1
        )
    strange = report().partition(b"\n")[2]  # without the line that begins a mail in an mbox
    server.deliver(strange.replace(OURS.encode(), claimed.message_id.encode()))
    server.deliver(strange)
    poll(ctx)
    with ctx.store.read() as tx:
        (dead,) = delivered.listing(tx, 9)
        assert mentions.pending(tx, 9) == []
    assert dead.state == "dead"
    assert dead.last_error == "It came back: the address does not exist (5.1.1)."


def test_nobody_is_ever_answered(ctx: Context, server: Dovecot) -> None:
    server.deliver(written("Please answer me", "hello").as_bytes())
    poll(ctx)
    work(ctx)
    with ctx.store.read() as tx:
        told = [one.recipient for one in delivered.listing(tx, 50)]
    assert not any("home.example" in address for address in told)


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("mx.harrowmere.example; spf=pass smtp.mailfrom=x; dkim=pass header.d=google.com",
         "spf=pass dkim=pass"),
        ("mx.harrowmere.example 1; dmarc=FAIL", "dmarc=fail"),
        ("mx.evil.example; spf=pass; dkim=pass", ""),
    ],
)  # fmt: skip
def test_only_what_the_own_server_found_of_a_sender_counts(
    ctx: Context, server: Dovecot, said: str, kept: str
) -> None:
    server.deliver(written("Who am I", Authentication_Results=said).as_bytes())
    poll(ctx)
    with ctx.store.read() as tx:
        view = mails.of_mention(tx, 1)
    assert view
    assert view.authentication == kept


def test_a_forwarded_mail_is_read_with_the_words_of_the_one_inside(
    ctx: Context, server: Dovecot
) -> None:
    outer = written("Fwd", "See below")
    outer.add_attachment(written("Brackenford Primary", "the head of it is a disgrace"))
    server.deliver(outer.as_bytes())
    poll(ctx)
    work(ctx)
    (row,) = rows(ctx)
    assert "See below" in row.excerpt
    assert "brackenford" in row.school_ids


def enclosed(*files: tuple[bytes, str, str]) -> bytes:
    mail = written("With files", "my son got this")
    for body, kind, name in files:
        main, sub = kind.split("/")
        mail.add_attachment(body, maintype=main, subtype=sub, filename=name)
    return mail.as_bytes()


def token_of(client: Client) -> str:
    found = re.search(r'name="token" value="([^"]+)"', client.get("/mentions/1").text)
    assert found
    return found[1]


@pytest.mark.skipif(
    shutil.which("tesseract") is None, reason="NOT TESTED: tesseract is not installed (make system)"
)
def test_a_forwarded_screenshot_stays_in_quarantine_until_cleared_and_then_is_judged(
    ctx: Context, scene: Scene, server: Dovecot
) -> None:
    """The acceptance of issue 5, by mail."""
    story = drawn("Snapchat", *STORY)
    server.deliver(
        enclosed((story, "image/png", "story.png"), (b"MZ", "application/x-dosexec", "a.exe"))
    )
    poll(ctx)
    work(ctx)
    assert "bullying" not in rows(ctx)[0].flags
    with served(scene.app()) as address, Client(base_url=address, trust_env=False) as client:
        page = client.get("/mentions/1").text
        assert "story.png" in page
        assert "a.exe" in page
        assert page.count("Clear this picture") == 1
        assert "<img" not in page
        form = {"token": token_of(client)}
        assert client.post("/mentions/1/files/1", data=form).status_code == 303
        assert client.post("/mentions/1/files/1", data=form).status_code == 404
        refused = client.post("/mentions/1/files/2", data=form)
        assert refused.status_code == 422
        assert "stays in quarantine" in refused.text
        work(ctx)
        (row,) = rows(ctx)
        assert "bullying" in row.flags
        assert "/pictures/1/veiled" in client.get("/mentions/1").text
    with ctx.store.read() as tx:
        (kept,) = pictures.of_mention(tx, 1)
        actions = [entry.action for entry in audit.listing(tx, 20)]
    assert "ugly loser" in kept.words
    assert "file.cleared" in actions


def test_a_picture_that_is_none_and_hostile_mails_stop_no_other(
    ctx: Context, server: Dovecot
) -> None:
    out = io.BytesIO()
    Image.new("RGB", (10, 10)).save(out, "GIF")
    nested = (
        b"Content-Type: multipart/mixed; boundary=x\n\n"
        + b"--x\nContent-Type: text/plain\n\na\n" * 5000
    )
    server.deliver(b"Subject: many parts\n" + nested)
    server.deliver(b"X-Nothing: at all\n\n")
    server.deliver(
        b"Subject: =?utf-99?q?odd?=\nContent-Type: text/plain; charset=nonsense\n\nwords\n"
    )
    server.deliver(enclosed((out.getvalue(), "image/gif", "../../etc/\u202egnp.exe")))
    polled = poll(ctx)
    assert isinstance(polled.health, Partial)
    assert "2 unreadable" in polled.health.reason
    assert polled.stored == 2
    with ctx.store.read() as tx:
        view = mails.of_mention(tx, 2)
    assert view
    assert "/" not in view.files[0].name
    assert "\u202e" not in view.files[0].name


def test_a_mail_that_is_too_large_is_left_and_said_so(ctx: Context, server: Dovecot) -> None:
    box = ctx.settings.mailbox.model_copy(update={"max_bytes": 2000})
    small = replace(ctx, settings=ctx.settings.model_copy(update={"mailbox": box}))
    server.deliver(written("large", "x " * 4000).as_bytes())
    server.deliver(written("small").as_bytes())
    polled = poll(small)
    assert isinstance(polled.health, Partial)
    assert "1 too large" in polled.health.reason
    assert polled.stored == 1


@pytest.mark.parametrize(
    ("change", "secret", "kind"),
    [
        ({}, "wrong", "AuthLost"),
        ({}, None, "AuthLost"),
        ({"folder": "Nowhere"}, "", "Gone"),
        ({"port": 1}, "", "Unreachable"),
    ],
)
def test_what_keeps_it_from_being_read_is_said_as_not_measured(
    ctx: Context, server: Dovecot, change: dict[str, object], secret: str | None, kind: str
) -> None:
    box = ctx.settings.mailbox.model_copy(update=change)
    changes: dict[str, object] = {"mailbox": box}
    if secret != "":
        changes["secrets"] = {"mailbox_password": SecretStr(secret)} if secret else {}
    broken = replace(ctx, settings=ctx.settings.model_copy(update=changes))
    polled = poll(broken)
    assert isinstance(polled.health, NotMeasured)
    assert polled.health.kind == kind
    with ctx.store.read() as tx:
        assert [one.state for one in sources.health(tx) if one.enabled] == ["not_measured"]


def test_a_certificate_that_is_not_trusted_gets_no_password(
    ctx: Context, server: Dovecot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    polled = poll(ctx)
    assert isinstance(polled.health, NotMeasured)
    assert "certificate" in polled.health.reason
    assert "Login: user" not in (server.folder / "log").read_text()


def due_at(ctx: Context) -> timedelta:
    with ctx.store.read() as tx:
        (box,) = [one for one in sources.health(tx) if one.enabled]
    assert box.next_due_at
    return box.next_due_at - ctx.clock()


def wait_until(done: Callable[[], bool], seconds: float = 30) -> None:
    until = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < until, "it never came"
        time.sleep(0.05)


def test_a_mail_rings_within_seconds_and_a_lost_line_is_begun_anew(
    ctx: Context, server: Dovecot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("monitor.engine.bell.backoff", lambda *_, **__: timedelta(seconds=0.2))
    poll(ctx)
    bell = MailBell(ctx)
    bell.start()
    try:
        wait_until(lambda: due_at(ctx) <= timedelta())  # it rings when the line is up
        assert poll(ctx).seen == 0
        assert due_at(ctx) > timedelta(minutes=1)
        server.deliver(written("ring").as_bytes())
        wait_until(lambda: due_at(ctx) <= timedelta(), seconds=10)
        assert poll(ctx).stored == 1
        server.stop()
        server.start()
        wait_until(lambda: due_at(ctx) <= timedelta())
        poll(ctx)
        server.deliver(written("ring again").as_bytes())
        wait_until(lambda: due_at(ctx) <= timedelta(), seconds=10)
        assert poll(ctx).stored == 1
    finally:
        bell.stop()


def test_without_idle_the_bell_rests_and_polls_still_find_mail(
    ctx: Context, server: Dovecot
) -> None:
    server.stop()
    server.start(has_idle=False)
    bell = MailBell(ctx)
    bell.start()
    wait_until(lambda: not bell.is_listening)
    bell.stop()
    server.deliver(written("found anyway").as_bytes())
    assert poll(ctx).stored == 1
