"""`monitor selfcheck` in the sample: own name only, nothing kept (policy 6.15)."""

import subprocess
import sys
from pathlib import Path

from monitor.sample.personas import STAFF


def test_a_check_in_the_sample_leaves_nothing_of_it_behind(tmp_path: Path) -> None:
    program = "from monitor.cli import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", program, "selfcheck", "--sample"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    assert STAFF in done.stdout
    assert "ABOUT YOU" in done.stdout
    assert "SOMEBODY ELSE" in done.stdout
    first = done.stdout.partition("ABOUT YOU")[2].partition("\n2. ")[0]
    assert "Reads as negative" in first
    kept = [path for path in tmp_path.rglob("*") if path.is_file()]
    surname = STAFF.split()[-1].encode()
    assert [path.name for path in kept if surname in path.read_bytes()] == []
    assert not any(path.suffix == ".db" for path in kept)
    assert surname.decode() not in done.stderr
