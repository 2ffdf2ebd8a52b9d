"""As a new user would: start the sample, see a flagged mention and its mail, decide, restart.

The real command in its own process, a real browser, a kill by signal 9 in between.
"""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

pytestmark = pytest.mark.browser
PROGRAM = "from monitor.cli import main; main()"
CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update",
]  # fmt: skip


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class Service:
    """`monitor run --sample` in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        arguments = ["run", "--sample", "--port", str(self.port)]
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-c", PROGRAM, *arguments], cwd=self.folder, stderr=log
            )
        self.wait_for("/readyz", lambda text: text.strip() == "ok", seconds=60)

    def kill(self) -> None:
        if self.process is not None:
            os.kill(self.process.pid, signal.SIGKILL)
            self.process.wait(10)

    def wait_for(self, path: str, shown: Callable[[str], object], *, seconds: float) -> str:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            try:
                text = httpx.get(self.url + path).text
            except httpx.HTTPError:
                text = ""
            if shown(text):
                return text
            time.sleep(0.1)
        raise AssertionError(f"{path} did not come to show it within {seconds} s")

    def monitor(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-c", PROGRAM, *arguments],
            cwd=self.folder,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )

    def mailbox(self) -> str:
        """Where the start-up says that it is."""
        said = re.search(r"Sample mailbox\s+(\S+)", (self.folder / "log").read_text("utf-8"))
        assert said is not None
        return said[1]


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    one = Service(tmp_path)
    yield one
    one.kill()


@contextmanager
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield opened
        opened.close()


def words_of(markup: str) -> str:
    """The words of a page without its tags."""
    return " ".join(re.sub(r"<[^>]*>", " ", markup).split()).casefold()


def top_mention(page: Page, service: Service) -> str:
    page.goto(service.url)
    link = page.locator("a[href^='/mentions/']").first
    expect(link).to_be_visible()
    address = str(link.get_attribute("href")).partition("?")[0]
    return address


def test_the_first_evening(service: Service) -> None:
    service.start()
    service.wait_for("/", lambda text: re.search(r"/mentions/\d+", text), seconds=60)
    assert httpx.get(service.mailbox()).status_code == 200
    refuses_a_second_on_the_same_database(service)
    with browser() as opened:
        page = opened.new_page()
        mention = top_mention(page, service)
        page.goto(service.url + mention)
        expect(page.get_by_text("sample data", exact=False).first).to_be_visible()
        page.get_by_role("button", name=re.compile("Open case")).first.click()
        page.wait_for_url(lambda url: "/mentions/" not in url)
        service.kill()
        service.start()
        page.goto(f"{service.url}/?state=decided")
        expect(page.locator(f"a[href^='{mention}']").first).to_be_visible()
        page.goto(service.url + mention)
        expect(page.get_by_text("Open case").first).to_be_visible()
    takes_in_what_people_bring(service)


def refuses_a_second_on_the_same_database(service: Service) -> None:
    second = service.monitor("run", "--sample", "--port", str(free_port()))
    assert second.returncode == 2
    assert "Another Trust Monitor" in second.stderr


def takes_in_what_people_bring(service: Service) -> None:
    """A mailbox, twice."""
    threat = "Fight at Lindmouth Harbour Academy gates tonight, bring a knife"
    box = service.folder / "box"
    box.write_text(f"From a\nSubject: Seen\nMessage-ID: <1@x>\n\n{threat}\n")
    done = service.monitor("import", "box", "--sample")
    assert done.returncode == 0, done.stderr
    assert "1 new" in done.stdout
    assert "1 known already" in service.monitor("import", "box", "--sample").stdout
    service.wait_for("/", lambda text: "academy gates" in words_of(text), seconds=60)


def test_a_taken_port_is_told_with_its_mend(service: Service) -> None:
    with socket.create_server(("127.0.0.1", service.port)):
        done = service.monitor("run", "--sample", "--port", str(service.port))
    assert done.returncode == 2
    assert "--port" in done.stderr
