"""The cage that the browser of evidence runs in: bubblewrap, without any network.

The browser has a number of its own as its user where the service may give it one, sees nothing
of this machine's files but programs and fonts, keeps its profile in memory, and dies with the
service. What it shows it is handed over a pipe: it can reach no address, private or public,
whatever a page makes of it. Chromium's own sandbox is on within.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

USER = 59_999
"""Belongs to nobody (Debian gives out no number here); used where the service is root."""
PLACES = (
    "/usr/lib/chromium/chromium",
    "/usr/lib/chromium-browser/chromium-browser",
    "/opt/google/chrome/chrome",
)
HOME = "/tmp"  # noqa: S108 - inside the cage, in memory
TEMPORARY_BYTES = 256 * 1024 * 1024
MEND = "install it: apt install {package} (in a checkout: make system)"
_SEEN = ("/etc/fonts", "/var/cache/fontconfig", "/etc/ld.so.cache", "/opt/google/chrome")
_LEAP = (
    "import fcntl,os,resource,sys\n"
    "down,up=(fcntl.fcntl(int(one),fcntl.F_DUPFD,9) for one in sys.argv[1:3])\n"
    "os.dup2(down,3);os.dup2(up,4)\n"
    "resource.setrlimit(resource.RLIMIT_CORE,(0,0))\n"
    "os.closerange(5,4096)\n"
    "os.execvp(sys.argv[3],sys.argv[3:])\n"
)
"""Chromium reads its orders from descriptor 3 and answers on 4; nothing else of ours is open."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lacking:
    """What is not there, and how to mend it."""

    what: str
    mend: str

    def __str__(self) -> str:
        return f"{self.what}; {self.mend}"


def lacking(configured: str) -> Lacking | None:
    """What keeps the service from making pictures of pages; None when all is there."""
    if shutil.which("bwrap") is None:
        return Lacking(what="bubblewrap is not installed", mend=MEND.format(package="bubblewrap"))
    if program(configured) is None:
        what = f"{configured} is not there" if configured else "Chromium is not installed"
        return Lacking(what=what, mend=MEND.format(package="chromium"))
    return None


def program(configured: str) -> str | None:
    """The browser itself, not a script around it; None when there is none."""
    wanted = (configured,) if configured else PLACES
    return next((place for place in wanted if Path(place).is_file()), None)


def leap(down: int, up: int, command: Sequence[str]) -> list[str]:
    """A command that finds these two pipes as 3 and 4."""
    return [sys.executable, "-ISc", _LEAP, str(down), str(up), *command]


def caged(command: Sequence[str]) -> list[str]:
    """The command inside the cage."""
    drop = []
    if os.geteuid() == 0:
        drop = ["setpriv", f"--reuid={USER}", f"--regid={USER}", "--clear-groups"]
        drop += ["--no-new-privs"]
    walls = ["bwrap", "--unshare-all", "--die-with-parent", "--new-session", "--clearenv"]
    walls += ["--ro-bind", "/usr", "/usr"]
    for link in ("lib", "lib64", "bin"):
        walls += ["--symlink", f"usr/{link}", f"/{link}"]
    for place in _SEEN:
        walls += ["--ro-bind-try", place, place]
    walls += ["--proc", "/proc", "--dev", "/dev"]
    for place in (HOME, "/dev/shm"):  # noqa: S108
        walls += ["--size", str(TEMPORARY_BYTES), "--tmpfs", place]
    for name, value in (("HOME", HOME), ("TZ", "Europe/London"), ("LANG", "en_GB.UTF-8")):
        walls += ["--setenv", name, value]
    return [*drop, *walls, "--chdir", HOME, "--", *command]
