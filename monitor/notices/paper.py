"""A document as HTML that stands alone, and as PDF by the browser that is installed.

The browser prints a file of ours: it gets no network, a profile that is thrown away, and by
the document's own policy no script, no picture and no address to load.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from alerts import words

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
DEADLINE_S = 60
MEND = "Install Chromium (Debian: apt install chromium), or take the HTML."


class NoBrowser(Exception):
    """There is no browser to print with, or it did not print."""


@cache
def _environment() -> Environment:
    made = Environment(
        loader=PackageLoader("monitor.notices"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals["words"] = words
    return made


def html(template: str, **values: Any) -> str:
    return _environment().get_template(template).render(**values)


def pdf(document: str) -> bytes:
    """The document on A4 sheets. Raises NoBrowser."""
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser is None:
        raise NoBrowser(MEND)
    with TemporaryDirectory(dir=_in_memory()) as folder:
        page, sheet = Path(folder, "page.html"), Path(folder, "page.pdf")
        page.write_text(document, encoding="utf-8")
        try:
            subprocess.run(  # noqa: S603  a program of the machine, arguments of ours
                _command(browser, page, sheet, Path(folder)),
                check=True, capture_output=True, timeout=DEADLINE_S,
                env={"HOME": folder, "PATH": os.environ.get("PATH", "")},
            )  # fmt: skip
            return sheet.read_bytes()
        except (subprocess.SubprocessError, OSError) as error:
            raise NoBrowser(f"The browser did not print. {MEND}") from error


def _in_memory() -> Path | None:
    """Where a file lives in memory alone, as a self-check's list must; elsewhere on the disk."""
    memory = Path("/dev/shm")  # noqa: S108  a folder of one's own is made in it
    return memory if os.access(memory, os.W_OK) else None


def _command(browser: str, page: Path, sheet: Path, folder: Path) -> list[str]:
    as_root = ["--no-sandbox"] if os.geteuid() == 0 else []
    return [
        browser, "--headless", "--disable-gpu", "--no-pdf-header-footer",
        "--disable-dev-shm-usage",
        "--host-resolver-rules=MAP * ~NOTFOUND", f"--user-data-dir={folder}/profile",
        *as_root, f"--print-to-pdf={sheet}", page.as_uri(),
    ]  # fmt: skip
