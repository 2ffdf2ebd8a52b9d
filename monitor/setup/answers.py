"""What the set-up asks, kept between its sittings in the folder that it is going to fill."""

from __future__ import annotations

import json
import os
from datetime import date
from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, ValidationError

from config.base import MailAddress, Model, OneLine
from config.decision import Purpose

KEPT = "setup.json"
QUESTIONS = {
    "trust": "The trust's name",
    "other_names": "What else the trust is called, comma between",
    "website": "The trust's website",
    "dpia_reference": "Reference of the data protection impact assessment",
    "retention": "Who confirmed the periods of keeping (monitor retention shows them)",
    "approver": "Who approves the processing, by name and office",
    "approved_on": "Approved on (YYYY-MM-DD)",
    "notice": "Where the privacy notice is published",
    "head_of_pr": "Mail address of the Head of PR & Communications, who gets every alert",
    "executive": "Mail address of the executive",
    "chair": "Mail address of the chair, told first of an allegation about a head",
    "it": "Mail address of IT",
    "dpo": "Mail address of the data protection officer",
    "safeguarding_lead": "Mail address of the trust's safeguarding lead",
    "mail_host": "Server that takes the mail",
    "mail_sender": "Mail address that alerts come from",
}
"""One line each, in the order in which they are asked; an option of `monitor init` of the same name
answers it."""
Urn = Annotated[str, Field(pattern=r"^\d{5,7}$")]
Line = Annotated[OneLine, AfterValidator(str.strip)]
OPTIONAL = frozenset({"other_names"})
"""Not everybody has an answer to these."""


def _parts(given: object) -> object:
    """A list in one line, comma between."""
    if not isinstance(given, str):
        return given
    return tuple(filter(None, (part.strip() for part in given.split(","))))


class Answers(Model):
    """Empty means not answered yet. Lists are by the URN of a school where they are a school's."""

    trust: Line = ""
    other_names: Annotated[tuple[Line, ...], BeforeValidator(_parts)] = ()
    website: Line = ""
    schools: tuple[Urn, ...] = ()
    purposes: tuple[Purpose, ...] = ()
    dpia_reference: Line = ""
    retention: Line = ""
    """Who confirmed the periods, or a change of them."""
    approver: Line = ""
    approved_on: date | None = None
    notice: Line = ""
    head_of_pr: MailAddress = ""
    executive: MailAddress = ""
    chair: MailAddress = ""
    it: MailAddress = ""
    dpo: MailAddress = ""
    safeguarding_lead: MailAddress = ""
    mail_host: Line = ""
    mail_sender: MailAddress = ""
    left_out: tuple[Line, ...] = ()
    """Proposed names and places that somebody wants left out."""
    feeds: tuple[Line, ...] = ()
    """Ids of proposed sources that somebody has opened and confirmed; the others stay off."""

    def with_(self, **given: Any) -> Answers:
        """With some answers changed. Raises ValidationError, and then nothing is changed."""
        return Answers.model_validate({**self.model_dump(), **given})


def read(folder: Path) -> Answers:
    """What was answered before; nothing where nothing was, or where the file is none of ours."""
    try:
        return Answers.model_validate_json((folder / KEPT).read_bytes())
    except (OSError, ValidationError):
        return Answers()


def keep(folder: Path, answers: Answers) -> None:
    """Until the files are written; readable by the service's own user only."""
    folder.mkdir(parents=True, exist_ok=True)
    kept = json.dumps(answers.model_dump(mode="json"), indent=1, ensure_ascii=False)
    with os.fdopen(os.open(folder / KEPT, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as f:
        f.write(kept)


def drop(folder: Path) -> None:
    (folder / KEPT).unlink(missing_ok=True)
