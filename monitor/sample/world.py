"""The sample's surroundings, started and stopped as one: its sites, mail server and mailbox."""

from __future__ import annotations

import asyncio
import fcntl
import socket
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from threading import Event, Thread
from types import TracebackType
from typing import IO, Self

import uvicorn

from config.settings import Settings
from monitor.sample import mailserver, ports
from monitor.sample.internet import Internet, Surroundings, site_app
from monitor.sample.mailbox import Mailbox
from monitor.sample.mailserver import MailFolder
from monitor.sample.sites import sites

MAILBOX_PORT = 8640
SMTP_PORT = 8641
START_WITHIN_SECONDS = 10.0
STOP_WITHIN_SECONDS = 5.0


def utc_now() -> datetime:
    return datetime.now(UTC)


class WorldFailed(Exception):
    """The sample's servers did not start in time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Urls:
    """Where everything is; addresses without a slash at the end, sites by their id."""

    mailbox: str
    smtp_port: int
    sites: Mapping[str, str]


class World:
    """The little internet of a data folder, for as long as the `with` block lasts.

    The first start in a folder is its epoch: posts are dated from it, so they are the same
    posts with the same dates after every restart. While one process serves a folder, another
    `World` on the same folder joins it and starts nothing. Raises WorldFailed.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        data_dir: Path,
        clock: Callable[[], datetime] = utc_now,
        epoch: datetime | None = None,
    ) -> None:
        self.settings = settings
        """Once started: with the ports that the sites and the mail server really have."""
        self._folder = data_dir / "sample"
        self._clock = clock
        self._epoch = epoch
        self._ports: Mapping[int, int] = {}
        self._stack = ExitStack()
        self.mail = MailFolder(self._folder / "mail")

    @property
    def mailbox_url(self) -> str:
        return self.urls.mailbox

    @property
    def urls(self) -> Urls:
        """Known once started."""
        at = {port: f"http://{ports.HOST}:{actual}" for port, actual in self._ports.items()}
        return Urls(
            mailbox=at[MAILBOX_PORT],
            smtp_port=self._ports[SMTP_PORT],
            sites={site.id: at[site.port] for site in sites()},
        )

    def __enter__(self) -> Self:
        self._folder.mkdir(parents=True, exist_ok=True)
        with ExitStack() as starting:
            lock = starting.enter_context((self._folder / "world.lock").open("w"))
            before = ports.remembered(self._folder)
            if _hold(lock):
                self._serve(starting, before)
            else:
                self._ports = before
            self._stack = starting.pop_all()
        # The given settings may name the written ports or those of the last start.
        moves = {before.get(port, port): actual for port, actual in self._ports.items()}
        self.settings = ports.moved(self.settings, {**self._ports, **moves})
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stack.close()

    def _serve(self, stack: ExitStack, before: Mapping[int, int]) -> None:
        """Bind every port, then answer on all of them from one thread of our own."""
        written = [*(site.port for site in sites()), MAILBOX_PORT, SMTP_PORT]
        sockets: dict[int, socket.socket] = {}
        for port in written:
            sockets[port] = stack.enter_context(ports.bind(before.get(port, port)))
        self._ports = {port: ports.number(bound) for port, bound in sockets.items()}
        ports.remember(self._folder, self._ports)
        smtp = sockets.pop(SMTP_PORT)
        servers = _Servers(tuple(sockets.values()), self._application, smtp, self.mail)
        servers.start()
        stack.callback(servers.stop)

    def _application(self, closing: asyncio.Event) -> Internet:
        around = Surroundings(epoch=self._first_start(), clock=self._clock, closing=closing)
        apps = {self._ports[site.port]: site_app(site, around) for site in sites()}
        trust, console = self.settings.trust, self.settings.console
        apps[self._ports[MAILBOX_PORT]] = Mailbox(self.mail, trust, console.url).app()
        return Internet(apps)

    def _first_start(self) -> datetime:
        """The folder's epoch, written down on its first start."""
        path = self._folder / "epoch"
        if not path.exists():
            first = self._epoch or self._clock()
            path.write_text(first.replace(microsecond=0).isoformat(), encoding="utf-8")
        return datetime.fromisoformat(path.read_text(encoding="utf-8"))


class _Servers:
    """One thread with one event loop that answers HTTP on the web sockets and SMTP on one."""

    def __init__(
        self,
        web: Sequence[socket.socket],
        application: Callable[[asyncio.Event], Internet],
        smtp: socket.socket,
        mail: MailFolder,
    ) -> None:
        self._web = list(web)
        self._application = application
        self._smtp = smtp
        self._mail = mail
        self._ready = Event()
        self._stop: Callable[[], object] = lambda: None
        self._thread = Thread(target=self._run, name="sample internet", daemon=True)

    def start(self) -> None:
        self._thread.start()
        if not self._ready.wait(START_WITHIN_SECONDS):
            raise WorldFailed("The sample's servers did not start in time.")

    def stop(self) -> None:
        self._stop()
        self._thread.join(STOP_WITHIN_SECONDS)

    def _run(self) -> None:
        asyncio.run(self._answer())

    async def _answer(self) -> None:
        closing = asyncio.Event()
        config = uvicorn.Config(
            self._application(closing),
            lifespan="off",
            log_config=None,
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=1,
        )
        server = uvicorn.Server(config)
        mail = await mailserver.serve(self._smtp, self._mail)
        web = asyncio.create_task(server.serve(sockets=self._web))
        loop = asyncio.get_running_loop()
        self._stop = lambda: loop.call_soon_threadsafe(closing.set)
        self._ready.set()
        await closing.wait()
        server.should_exit = True
        await web
        mail.close()
        await mail.wait_closed()


def _hold(lock: IO[str]) -> bool:
    """Whether this process now serves the folder; false when another does."""
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
