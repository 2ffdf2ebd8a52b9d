"""`monitor init` on a real terminal, walked from the first question to the last."""

import os
import pty
import select
import subprocess
import sys
from pathlib import Path

from config.loading import load
from config.readiness import missing_for_live
from tests.monitor.test_national import DOWNLOAD

ANSWERS = (
    ("Where you saved it", "/nowhere.csv"),
    ("is not there", None),
    ("Where you saved it", "{download}"),
    ("4 open schools", None),
    ("Find your trust", "penrowan"),
    ("Which, by number", "1"),
    ("Leave any out", "2"),
    ("What else the trust", "Harriet Blackwood"),
    ("name of a person", None),
    ("What else the trust", "Penrowan"),
    ("website", "https://penrowan.example"),
    ("Reference", "DPIA-1"),
    ("confirmed the periods", "The officer"),
    ("approves", "The board"),
    ("Approved on", "soon"),
    ("year, month and day", None),
    ("Approved on", "2026-11-20"),
    ("notice", "https://penrowan.example/privacy"),
    *((f"Mail address of {whose}", "a@penrowan.example") for whose in ("the H", "the e", "the c")),
    *((f"Mail address of {whose}", "b@penrowan.example") for whose in ("IT", "the d", "the trust")),
    ("Server", "mail.penrowan.example"),
    ("alerts come from", "monitor@penrowan.example"),
    ("A purpose", "Safeguard pupils"),
    ("lawful basis", "Public task"),
    ("A purpose", ""),
    ("places: leave any out", "1"),
    ("and right?", "y"),
    ("and right?", "n"),
    ("All that is needed is there", None),
)


def walk(terminal: int, download: Path) -> None:
    said = ""
    for question, answer in ANSWERS:
        while question not in said:
            ready, _, _ = select.select([terminal], [], [], 60)
            assert ready, f"waited for {question}, after: {said}"
            said += os.read(terminal, 4096).decode()
        said = said.split(question, 1)[1]
        if answer is not None:
            os.write(terminal, f"{answer.format(download=download)}\n".encode())


def test_every_question_is_answered_and_what_is_written_may_collect(tmp_path: Path) -> None:
    download = tmp_path / "edubasealldata.csv"
    download.write_bytes(DOWNLOAD.encode("cp1252"))
    folder = tmp_path / "own"
    terminal, theirs = pty.openpty()
    command = [sys.executable, "-c", "from monitor.cli import cli; cli()", "init", str(folder)]
    with subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs) as child:
        os.close(theirs)
        walk(terminal, download)
        assert child.wait(30) == 0
    os.close(terminal)
    settings = load(folder, {})
    assert missing_for_live(settings) == ()
    assert [one.urn for one in settings.trust.schools] == ["300001"]
    assert "Penrowan" not in settings.trust.aliases
    assert [one.id for one in settings.sources if one.enabled] == ["trust-site"]
