"""Mail sent by SMTP is there to read, and harms nobody who reads it."""

from __future__ import annotations

import re
import smtplib
from email.message import EmailMessage

import httpx
import pytest

from monitor.sample.mailserver import MAX_MAIL_BYTES
from monitor.sample.world import World

HEAD = "head@edithpennick.example"
PR = "odile.fairhurst-okoro@harrowmere.example"


def mail(to: str = PR, subject: str = "A finding", text: str = "Please look.") -> EmailMessage:
    message = EmailMessage()
    message["From"] = "Trust Monitor <monitor@harrowmere.example>"
    message["To"] = to
    message["Subject"] = subject
    message["Date"] = "Fri, 20 Nov 2026 09:31:00 +0000"
    message["Message-ID"] = "<1@harrowmere.example>"
    message.set_content(text)
    return message


def send(world: World, message: EmailMessage) -> None:
    with smtplib.SMTP("127.0.0.1", world.urls.smtp_port, timeout=10) as server:
        server.send_message(message)


def opened(world: World, reader: httpx.Client) -> str:
    """Address of the newest mail."""
    listing = reader.get(world.urls.mailbox).text
    path = re.search(r'href="(/mail/[^"]+)"', listing)
    assert path
    return world.urls.mailbox + path[1]


def test_an_empty_mailbox_says_what_will_come(world: World, reader: httpx.Client) -> None:
    page = reader.get(world.urls.mailbox)
    assert "No mail yet" in page.text
    assert world.settings.console.url in page.text


def test_a_mail_is_listed_with_the_role_that_reads_it(world: World, reader: httpx.Client) -> None:
    send(world, mail(HEAD, "Überprüfung: Łukasz’s school"))
    page = reader.get(world.urls.mailbox).text
    assert "Überprüfung: Łukasz’s school" in page
    assert "Headteacher, Edith Pennick School" in page
    assert "Please look." in page
    assert "20 Nov, 09:31" in page


def test_one_mail_to_two_readers_is_there_for_each(world: World, reader: httpx.Client) -> None:
    send(world, mail(f"{HEAD}, {PR}"))
    assert reader.get(f"{world.urls.mailbox}/count").json() == {"count": 2}
    for address, role in ((HEAD, "Headteacher, Edith Pennick School"), (PR, "Head of PR")):
        page = reader.get(world.urls.mailbox, params={"for": address}).text
        assert f"Mail for {role}" in page
        assert page.count("<li>") == 1


def test_the_newest_mail_comes_first(world: World, reader: httpx.Client) -> None:
    for number in range(12):
        send(world, mail(subject=f"Number {number}."))
    page = reader.get(world.urls.mailbox).text
    assert [int(n) for n in re.findall(r"Number (\d+)\.", page)] == list(range(11, -1, -1))


def test_a_mail_can_be_read_as_designed_as_text_and_as_source(
    world: World, reader: httpx.Client
) -> None:
    message = mail(text="The text part")
    message.add_alternative("<html><head><title>x</title></head><p>The <b>HTML</b> part</p></html>",
                            subtype="html")  # fmt: skip
    send(world, message)
    address = opened(world, reader)
    designed = reader.get(address)
    assert "<iframe" in designed.text
    assert 'sandbox="allow-popups allow-popups-to-escape-sandbox"' in designed.text
    assert "&lt;1@harrowmere.example&gt;" in designed.text
    assert "The text part" in reader.get(f"{address}?view=text").text
    html = reader.get(f"{address}/html")
    assert "The <b>HTML</b> part" in html.text
    assert '<base target="_blank">' in html.text
    source = reader.get(f"{address}/source")
    assert source.headers["content-type"].startswith("text/plain")


def test_what_a_mail_carries_runs_nowhere(world: World, reader: httpx.Client) -> None:
    attack = "<script>alert(1)</script><img src=x onerror=alert(2)>"
    message = mail(subject=attack, text=attack)
    message.add_alternative(f"<p>{attack}</p>", subtype="html")
    send(world, message)
    address = opened(world, reader)
    for page in (world.urls.mailbox, address, f"{address}?view=text"):
        answer = reader.get(page)
        assert "<script>alert" not in answer.text
        assert "<img src=x" not in answer.text
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe-inline" not in policy
    inside = reader.get(f"{address}/html").headers["content-security-policy"]
    assert "script-src" not in inside
    assert "default-src 'none'" in inside
    assert "sandbox" in inside
    assert "allow-scripts" not in inside


def test_a_mail_in_a_charset_nobody_knows_can_be_read(world: World, reader: httpx.Client) -> None:
    raw = (
        b"From: a@x.example\r\nTo: b@x.example\r\nSubject: odd\r\n"
        b"Content-Type: text/plain; charset=x-klingon\r\n\r\nplain words\r\n"
    )
    with smtplib.SMTP("127.0.0.1", world.urls.smtp_port, timeout=10) as server:
        server.sendmail("a@x.example", [PR], raw)
    assert "plain words" in reader.get(opened(world, reader)).text


@pytest.mark.parametrize("key", ["nothing", "..%2f..%2fetc%2fpasswd", "%00", "a:2,S"])
def test_a_mail_that_is_not_there_is_not_found(
    key: str, world: World, reader: httpx.Client
) -> None:
    assert reader.get(f"{world.urls.mailbox}/mail/{key}").status_code == 404


def test_a_mail_too_large_is_refused_and_the_server_goes_on(
    world: World, reader: httpx.Client
) -> None:
    with pytest.raises(smtplib.SMTPException):
        send(world, mail(text="word " * (MAX_MAIL_BYTES // 5)))
    send(world, mail(subject="Still here"))
    assert "Still here" in reader.get(world.urls.mailbox).text


def test_mail_is_still_there_after_a_restart(world: World, reader: httpx.Client) -> None:
    send(world, mail(subject="Kept"))
    kept = next(world.mail.mails())
    assert kept.recipient == PR
    assert kept.message["Subject"] == "Kept"
