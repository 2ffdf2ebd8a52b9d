"""The words in a picture, read on this machine by tesseract (Debian package tesseract-ocr)."""

from __future__ import annotations

import os
import re
import shutil
import subprocess

from connectors.errors import Malformed, TooLarge
from connectors.parse.child import parse
from connectors.parse.items import MAX_TEXT
from connectors.parse.picture import LIMITS, legible

PROGRAM = "tesseract"
SECONDS = 60


def is_installed() -> bool:
    return shutil.which(PROGRAM) is not None


def read_words(clean: bytes) -> str:
    """What is written in a picture of ours, line by line; empty when nothing is.

    Raises TooLarge when it takes too long, Malformed when it cannot be read.
    """
    image = parse(legible, clean, limits=LIMITS)
    command = [PROGRAM, "stdin", "stdout", "-l", "eng", "--psm", "3"]
    try:
        done = subprocess.run(  # noqa: S603 - a fixed command; the picture is of our own drawing
            command,
            input=image,
            capture_output=True,
            timeout=SECONDS,
            check=True,
            env={"PATH": os.environ.get("PATH", ""), "OMP_THREAD_LIMIT": "1"},
        )
    except subprocess.TimeoutExpired:
        raise TooLarge("The words in the picture took too long to read.") from None
    except (subprocess.CalledProcessError, OSError):
        raise Malformed("The words in the picture could not be read.") from None
    return _tidy(done.stdout.decode("utf-8", "replace"))


def _tidy(text: str) -> str:
    """Without the form feed and the lines of specks."""
    lines = (" ".join(line.split()) for line in text.replace("\f", "\n").splitlines())
    return re.sub(r"\n{2,}", "\n", "\n".join(one for one in lines if re.search(r"\w", one)))[
        :MAX_TEXT
    ]
