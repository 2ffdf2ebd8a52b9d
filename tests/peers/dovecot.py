"""A real Dovecot (Debian package dovecot-imapd) on loopback, with TLS, for one user, without
root's rights: started in a folder of its own and stopped again by its own process id."""

from __future__ import annotations

import grp
import imaplib
import os
import pwd
import shutil
import signal
import socket
import ssl
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

CERTIFICATE = Path(__file__).parents[1] / "alerts" / "tls" / "good.pem"
PROGRAM = shutil.which("dovecot") or shutil.which("dovecot", path="/usr/sbin:/usr/local/sbin")
USER = "reports"
PASSWORD = "a-made-up-password-for-tests"
CONFIG = """
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
protocols = imap
listen = 127.0.0.1
default_login_user = {user}
default_internal_user = {user}
default_internal_group = {group}
ssl = required
ssl_cert = <{folder}/good.pem
ssl_key = <{folder}/good.pem
mail_location = maildir:{folder}/mail
{capability}
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}/home
}}
first_valid_uid = 0
first_valid_gid = 0
service imap-login {{
  chroot =
  inet_listener imap {{
    port = 0
  }}
  inet_listener imaps {{
    port = {port}
    ssl = yes
  }}
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
"""


@dataclass
class Dovecot:
    folder: Path
    port: int
    account: pwd.struct_passwd
    process: subprocess.Popen[bytes] | None = None

    def start(self, *, has_idle: bool = True) -> None:
        words = "IMAP4rev1 SASL-IR LITERAL+" + (" IDLE" if has_idle else "")
        text = CONFIG.format(
            folder=self.folder,
            port=self.port,
            user=self.account.pw_name,
            group="nogroup" if self.account.pw_name == "nobody" else _group(self.account),
            uid=self.account.pw_uid,
            gid=self.account.pw_gid,
            password=PASSWORD,
            capability="" if has_idle else f"imap_capability = {words}",
        )
        (self.folder / "dovecot.conf").write_text(text, encoding="utf-8")
        assert PROGRAM
        as_user = (
            {"user": self.account.pw_uid, "group": self.account.pw_gid, "extra_groups": []}
            if os.geteuid() == 0
            else {}
        )
        self.process = subprocess.Popen(
            [PROGRAM, "-F", "-c", str(self.folder / "dovecot.conf")],
            **as_user,  # type: ignore[call-overload]
        )
        self._wait()

    def stop(self) -> None:
        if self.process is not None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(10)
            self.process = None

    def deliver(self, mail: bytes) -> None:
        """Put a mail into the box, as a mail server would."""
        box = self._box()
        try:
            box.login(USER, PASSWORD)
            assert (
                box.append("INBOX", "", "", mail.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"))[0]
                == "OK"
            )
        finally:
            box.logout()

    def flags(self) -> list[bytes]:
        """What is noted of every mail: a reader that only looks leaves nothing."""
        box = self._box()
        try:
            box.login(USER, PASSWORD)
            box.select("INBOX", readonly=True)
            return [line for line in box.fetch("1:*", "(FLAGS)")[1] if isinstance(line, bytes)]
        finally:
            box.logout()

    def _box(self) -> imaplib.IMAP4_SSL:
        trusted = ssl.create_default_context(cafile=str(CERTIFICATE))
        return imaplib.IMAP4_SSL("127.0.0.1", self.port, ssl_context=trusted, timeout=10)

    def _wait(self) -> None:
        until = time.monotonic() + 15
        while time.monotonic() < until:
            try:
                self._box().logout()
            except OSError:
                time.sleep(0.1)
            else:
                return
        log = self.folder / "log"
        raise RuntimeError(f"Dovecot did not start: {log.read_text() if log.exists() else ''}")


def _group(account: pwd.struct_passwd) -> str:
    return grp.getgrgid(account.pw_gid).gr_name


@contextmanager
def dovecot() -> Iterator[Dovecot]:
    """Started, and stopped at the end."""
    with tempfile.TemporaryDirectory(prefix="dovecot-") as made:
        folder = Path(made)
        folder.chmod(0o755)
        account = pwd.getpwnam("nobody") if os.geteuid() == 0 else pwd.getpwuid(os.geteuid())
        shutil.copy(CERTIFICATE, folder / "good.pem")
        if os.geteuid() == 0:
            for path in (folder, folder / "good.pem"):
                os.chown(path, account.pw_uid, account.pw_gid)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port: int = probe.getsockname()[1]
        server = Dovecot(folder=folder, port=port, account=account)
        server.start()
        try:
            yield server
        finally:
            server.stop()
