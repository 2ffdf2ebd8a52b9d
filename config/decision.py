"""What must be decided before anything is collected, and how long what is collected is kept."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Annotated

from pydantic import AfterValidator, Field

from config import forms
from config.base import LongerThanNone, Model, Name


class Retention(Model):
    """Proposals until the data protection officer confirms them."""

    unreviewed: LongerThanNone = timedelta(days=180)
    dismissed: LongerThanNone = timedelta(days=30)
    criticism: LongerThanNone = timedelta(days=60)
    """Lawful criticism and nothing else, from when it was collected and whatever was decided
    (policy 7.4); a case keeps what it holds."""
    closed: LongerThanNone = timedelta(days=365)
    handed_over: LongerThanNone = timedelta(days=90)
    author_handles: LongerThanNone = timedelta(days=30)
    backups: LongerThanNone = timedelta(days=30)
    """Copies of the database; what is forgotten is in the last of them so much longer."""
    audit: Annotated[LongerThanNone, Field(ge=timedelta(days=365))] = timedelta(days=2190)
    """The record: a year at least, so that what is missing sooner was cut off by somebody."""


class Purpose(Model):
    """One thing that the monitoring is for, and what makes that lawful."""

    purpose: Name
    lawful_basis: Annotated[Name, AfterValidator(forms.filled_in)]


class ProcessingDecision(Model):
    """Recorded before anything is collected or sent (design decision 8)."""

    purpose: str = ""
    lawful_basis: str = ""
    purposes: tuple[Purpose, ...] = ()
    """Instead of the two above where there are several, each with its own basis."""
    dpia_reference: str = ""
    retention: str = ""
    approver: str = ""
    approved_on: date | None = None
    notice: str = ""
    """Where the privacy notice is published (UK GDPR, Article 14)."""
    covers: tuple[str, ...] | None = None
    """Marks of the sources that were there when it was taken; every later source, and one whose
    question has changed, says itself who approved it and why. None: whatever is configured."""

    @property
    def missing(self) -> tuple[str, ...]:
        """Names of the keys still empty; collection and mail stay off until none is."""
        keys = (
            "purpose", "lawful_basis", "dpia_reference", "retention", "approver", "approved_on",
            "notice",
        )  # fmt: skip
        given = {key: str(getattr(self, key) or "").strip() for key in keys}
        if self.purposes:
            given["purpose"] = given["lawful_basis"] = "each by itself"
        return tuple(key for key in keys if given[key].lower() in forms.NOT_RECORDED)
