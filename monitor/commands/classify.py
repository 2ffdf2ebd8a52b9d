"""`monitor classify`: posts in, assessments out, no database."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import BinaryIO

import click

from classifiers.pipeline import build
from config.loading import load
from config.schools_file import read_schools
from monitor.classify import classify_lines


@click.command()
@click.argument("file", required=False, type=click.File("rb"))
@click.option(
    "--schools",
    type=click.Path(path_type=Path),
    help="Whose posts: a schools.json, a trust.toml or a CSV in the register's form.",
)
@click.option("--explain", is_flag=True, help="Say which words carry each label.")
@click.option(
    "--config", "directory", type=click.Path(path_type=Path), help="Folder with the policy."
)
def classify(
    file: BinaryIO | None, schools: Path | None, explain: bool, directory: Path | None
) -> None:
    """Read posts as JSON Lines from FILE or standard input; write one assessment a line.

    \b
    In:  {"id": "1", "text": "...", "place_hints": ["..."]}
    Out: {"id", "schools", "labels", "flags", "severity", "pupil_identification",
          "explanation", "not_judged"}

    A line that is not valid gives {"id", "error"} in its place; the others are still done,
    and the exit code is 1.
    """
    settings = load(directory, os.environ)
    trust = read_schools(schools) if schools else settings.trust
    classifier = build(trust, settings.policy)
    lines = file or sys.stdin.buffer
    sys.exit(classify_lines(lines, sys.stdout, sys.stderr, classifier=classifier, explain=explain))
