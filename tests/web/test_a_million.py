"""The console over HTTP with a million mentions: the queue, searching, and every other page.

Run it alone: `pytest -m soak tests/web/test_a_million.py -s` prints the figures, as does
`monitor bench console`. The number of mentions is 1,000,000 unless TRUST_MONITOR_BENCH_ROWS says
otherwise.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from monitor.bench import console

pytestmark = pytest.mark.soak
ROWS = int(os.environ.get("TRUST_MONITOR_BENCH_ROWS", "1000000"))


def test_every_page_is_quick_at_full_size(tmp_path: Path) -> None:
    measured = console.run(ROWS, tmp_path)["pages"]
    for path, figures in measured.items():
        sys.stdout.write(f"{path}: {figures}\n")
    assert [path for path, figures in measured.items() if "MISSED" in figures] == []
