"""A real WordPress (Debian packages wordpress, php-cli, php-mysql, mariadb-server) on loopback: a
copy of its files served by PHP, its database behind a socket in a folder of its own, both stopped
again by their own process ids."""

from __future__ import annotations

import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import httpx

FILES = Path("/usr/share/wordpress")
PROGRAMS = ("php", "mariadbd", "mariadb-install-db", "mariadb")
PATHS = "/usr/bin:/usr/sbin:/usr/local/bin:/usr/local/sbin"
STARTS_WITHIN_SECONDS = 60
CONFIG = """<?php
define('DB_NAME', 'wp'); define('DB_USER', 'root'); define('DB_PASSWORD', '');
define('DB_HOST', 'localhost:{socket}'); define('DB_CHARSET', 'utf8mb4'); define('DB_COLLATE', '');
define('WP_HTTP_BLOCK_EXTERNAL', true); define('DISABLE_WP_CRON', true);
define('AUTOMATIC_UPDATER_DISABLED', true); define('WP_HOME', 'http://{place}');
define('WP_SITEURL', 'http://{place}');
foreach (['AUTH', 'SECURE_AUTH', 'LOGGED_IN', 'NONCE'] as $one) {{
  define($one . '_KEY', 'made up for tests'); define($one . '_SALT', 'made up for tests');
}}
$table_prefix = 'wp_';
if (!defined('ABSPATH')) {{ define('ABSPATH', __DIR__ . '/'); }}
require_once ABSPATH . 'wp-settings.php';
"""


def program(name: str) -> str | None:
    return shutil.which(name, path=PATHS)


def missing() -> list[str]:
    """What is not installed; empty when WordPress can start."""
    lacking = [name for name in PROGRAMS if program(name) is None]
    return lacking if FILES.is_dir() else ["wordpress", *lacking]


@dataclass(frozen=True)
class WordPress:
    place: str
    files: Path

    @property
    def address(self) -> str:
        return f"http://{self.place}"

    def write(self, title: str, words: str, *, at: datetime | None = None) -> int:
        """A post published `at` (None: now), as WordPress itself makes one; its number."""
        post = {"post_title": title, "post_content": words, "post_status": "publish"}
        if at:
            post["post_date_gmt"] = f"{at:%Y-%m-%d %H:%M:%S}"
        return self._made(f"wp_insert_post({_php(post)})")

    def comment(self, post: int, author: str, words: str) -> int:
        """An approved comment."""
        one = {"comment_author": author, "comment_content": words, "comment_approved": "1"}
        return self._made(f"wp_insert_comment(['comment_post_ID' => {post}] + {_php(one)})")

    def name_its_addresses(self) -> None:
        """Addresses with words, as nearly every site has them, and with them /feed/."""
        rules = "$GLOBALS['wp_rewrite']"
        self._made(
            f"({rules}->set_permalink_structure('/%postname%/') ?? 0) + "
            f"({rules}->flush_rules() ?? 0)"
        )

    def _made(self, call: str) -> int:
        code = f"$_SERVER['HTTP_HOST'] = '{self.place}'; require 'wp-load.php'; echo {call};"
        done = subprocess.run(
            [program("php") or "php", "-r", code],
            cwd=self.files, capture_output=True, text=True, check=True, timeout=60,
        )  # fmt: skip
        return int(done.stdout.strip().splitlines()[-1])


def _php(values: dict[str, str]) -> str:
    def quoted(text: str) -> str:
        return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"

    return "[" + ", ".join(f"{quoted(k)} => {quoted(v)}" for k, v in values.items()) + "]"


@contextmanager
def wordpress() -> Iterator[WordPress]:
    """An installed, empty site."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="tm-wp-")))
        database = stack.enter_context(_database(folder))
        site = folder / "site"
        shutil.copytree(FILES, site)
        place = f"127.0.0.1:{_free_port()}"
        (site / "wp-config.php").write_text(CONFIG.format(socket=database, place=place))
        serve = [program("php") or "php", "-S", place, "-t", str(site)]
        stack.enter_context(_running(serve, folder / "php.log"))
        _install(f"http://{place}")
        started = WordPress(place, site)
        started.name_its_addresses()
        yield started


@contextmanager
def _database(folder: Path) -> Iterator[Path]:
    """MariaDB without a port; the path of its socket."""
    rows, line = folder / "db", folder / "db.sock"
    subprocess.run(
        [program("mariadb-install-db") or "", "--no-defaults", f"--datadir={rows}",
         "--auth-root-authentication-method=normal", "--skip-test-db", "--user=root"],
        capture_output=True, check=True, timeout=120,
    )  # fmt: skip
    serve = [program("mariadbd") or "", "--no-defaults", f"--datadir={rows}", f"--socket={line}",
             "--skip-networking", "--user=root", "--innodb-buffer-pool-size=32M"]  # fmt: skip
    with _running(serve, folder / "db.log"):
        ask = [program("mariadb") or "", "--no-defaults", f"--socket={line}", "-u", "root", "-e"]
        _until(lambda: _passes([*ask, "CREATE DATABASE IF NOT EXISTS wp"]), "MariaDB")
        yield line


def _passes(command: list[str]) -> bool:
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


@contextmanager
def _running(command: list[str], log: Path) -> Iterator[None]:
    with log.open("wb") as out, subprocess.Popen(command, stdout=out, stderr=out) as process:
        try:
            yield
        finally:
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()


def _install(address: str) -> None:
    """What a person types into WordPress's own form of installation."""
    form = {
        "weblog_title": "Larkmere Notes", "user_name": "editor", "admin_password": "made-up-1",
        "admin_password2": "made-up-1", "pw_weak": "1", "admin_email": "editor@larkmere.example",
        "language": "",
    }  # fmt: skip
    with httpx.Client(trust_env=False, timeout=60) as client:
        install = f"{address}/wp-admin/install.php"
        _until(lambda: _answers(client, install), "WordPress")
        client.post(f"{install}?step=2", data=form).raise_for_status()


def _answers(client: httpx.Client, address: str) -> bool:
    try:
        return client.get(address).status_code == 200
    except httpx.TransportError:
        return False


def _until(ready: Callable[[], bool], what: str) -> None:
    ends = time.monotonic() + STARTS_WITHIN_SECONDS
    while not ready():
        if time.monotonic() > ends:
            raise AssertionError(f"{what} did not start within {STARTS_WITHIN_SECONDS} seconds")
        time.sleep(0.2)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
        return port
