"""A small invented trust, a real feed server and a real mail server, for processes that die."""

import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes, policy
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from tests.doubles.mailservers import Inbox, served

POSTS = (
    "Fight behind the Larkmere Hill School gates at 3.30 today, bring a knife, he is dead",
    "Larkmere Hill School is a disgrace: the head lied to parents about the mould, boycott it",
    "Lovely concert at Larkmere Hill School, thank you to all the staff",
    "i want to die, nobody at Larkmere Hill School would notice if i was gone tonight",
    "The Larkmere Hill School summer fair is on Saturday, cakes welcome",
    "Everyone at Larkmere Hill School hates Jasmin Okparaebo in Year 9, send her the video, "
    "ugly fat cow",
    "Has anybody got the term dates for Larkmere Hill School?",
    "Larkmere Hill School won the county chess cup",
)

TRUST = """
[trust]
id = "larkmere"
name = "Larkmere Valley Trust"

[trust.contacts]
dpo = "dpo@larkmere.example"
head_of_pr = "pr@larkmere.example"
executive = "ceo@larkmere.example"
chair = "chair@larkmere.example"
it = "it@larkmere.example"
safeguarding_lead = "dsl@larkmere.example"

[[schools]]
id = "hill"
name = "Larkmere Hill School"
town = "Larkmere"
phase = "S"

[schools.contacts]
headteacher = "head@larkmere.example"
safeguarding_lead = "dsl@larkmere.example"
"""

DECISION = """
[decision]
purpose = "test"
lawful_basis = "public task"
dpia_reference = "T-1"
notice = "https://larkmere.example/privacy"
retention = "as shipped"
approver = "A. Tester"
approved_on = 2026-01-01
"""


AT_ONCE = '[grouping]\nwait = "0s"\ninterval = "0s"\n'
AT_ANY_HOUR = '[quiet]\nhours = ""\n'


def feed(number: int) -> bytes:
    items = "".join(
        f"<item><guid>urn:post:{number}:{n}</guid><description>{text} ({number})</description>"
        f"<pubDate>Mon, 16 Nov 2026 10:0{n}:00 GMT</pubDate></item>"
        for n, text in enumerate(POSTS)
    )
    head = f"<rss version='2.0'><channel><title>Feed {number}</title>"
    return f"<?xml version='1.0'?>{head}{items}</channel></rss>".encode()


class Feeds(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        body = feed(int(self.path.strip("/")))
        self.send_response(200)
        self.send_header("Content-Type", "application/rss+xml")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        pass


@dataclass
class Surroundings:
    """A folder of settings that lead to the servers of this test."""

    config: Path
    inbox: Inbox

    @property
    def arrived(self) -> set[str]:
        """The Message-IDs of the mails that arrived."""
        contents = (envelope.content or b"" for envelope in self.inbox.taken)
        mails = (
            message_from_bytes(content, policy=policy.default)
            for content in contents
            if isinstance(content, bytes)
        )
        return {str(mail["Message-ID"]) for mail in mails}


@pytest.fixture
def surroundings(tmp_path: Path) -> Iterator[Surroundings]:
    web = ThreadingHTTPServer(("127.0.0.1", 0), Feeds)
    Thread(target=web.serve_forever, daemon=True).start()
    inbox = Inbox()
    config = tmp_path / "config"
    config.mkdir()
    (config / "trust.toml").write_text(TRUST, encoding="utf-8")
    (config / "decision.toml").write_text(DECISION, encoding="utf-8")
    (config / "policy.toml").write_text(AT_ONCE, encoding="utf-8")
    (config / "rota.toml").write_text(AT_ANY_HOUR, encoding="utf-8")
    (config / "sources.toml").write_text(sources(web.server_port), encoding="utf-8")
    with served(inbox) as port:
        (config / "settings.toml").write_text(settings(port), encoding="utf-8")
        yield Surroundings(config=config, inbox=inbox)
    web.shutdown()
    web.server_close()


def sources(port: int) -> str:
    return "".join(
        textwrap.dedent(
            f"""
            [[sources]]
            id = "feed-{n}"
            kind = "rss"
            name = "Feed {n}"
            every = "1m"
            allow = ["127.0.0.1:{port}"]
            options = {{ url = "http://127.0.0.1:{port}/{n}" }}
            """
        )
        for n in (1, 2)
    )


def settings(smtp_port: int) -> str:
    return textwrap.dedent(
        f"""
        [mail]
        host = "127.0.0.1"
        port = {smtp_port}
        security = "none"
        sender = "monitor@larkmere.example"

        [fetch]
        contact = "it@larkmere.example"
        host_spacing = "0s"
        """
    )
