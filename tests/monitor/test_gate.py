"""Nothing is collected and no mail leaves before the decision is recorded (design decision 8)."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from config.loading import SHIPPED

ROOT = Path(__file__).parents[2]


def monitor(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    program = "from monitor.cli import main; main()"
    return subprocess.run(
        [sys.executable, "-c", program, *arguments],
        cwd=cwd,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.5", "::", "console.example"])
def test_the_console_refuses_to_be_reached_from_another_machine(host: str, tmp_path: Path) -> None:
    done = monitor("run", "--host", host, cwd=tmp_path)
    assert done.returncode == 2
    assert "sign-in" in done.stderr
    assert not (tmp_path / "var").exists()


def test_polling_without_a_decision_exits_2_and_says_what_is_missing(tmp_path: Path) -> None:
    done = monitor("poll", cwd=tmp_path)
    assert done.returncode == 2
    for key in ("purpose", "lawful_basis", "dpia_reference", "approver", "head_of_pr"):
        assert key in done.stderr


def test_a_wrong_key_exits_2_with_file_line_key_and_mend(tmp_path: Path) -> None:
    folder = tmp_path / "config"
    shutil.copytree(SHIPPED, folder, ignore=shutil.ignore_patterns("*.py", "national"))
    text = (folder / "trust.toml").read_text(encoding="utf-8")
    (folder / "trust.toml").write_text(text.replace("town =", "twon =", 1), encoding="utf-8")
    done = monitor("doctor", "--config", str(folder), cwd=tmp_path)
    assert done.returncode == 2
    assert "trust.toml:" in done.stderr
    assert "twon" in done.stderr
    assert not (tmp_path / "var").exists()


def test_a_self_check_outside_the_sample_is_refused_where_nobody_signs_in(tmp_path: Path) -> None:
    done = monitor("selfcheck", cwd=tmp_path)
    assert done.returncode == 2
    assert "verified name" in done.stderr
