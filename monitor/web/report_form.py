"""What a report may hold: every field with its limit, and in plain words what is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, Field, ValidationError, model_validator

from alerts.reports import Doer, Reporter, ReportKind
from alerts.words import LONDON
from monitor.intake.reports import Told
from monitor.store.pictures import Brought
from monitor.store.reports import Protected, Report
from monitor.web.rendering import linkable

TRAP = "website"
"""A field that people do not see and machines fill in."""
LONGEST_TEXT = 8000
PLATFORMS = (
    "Snapchat", "TikTok", "Instagram", "WhatsApp", "Facebook", "YouTube", "Discord", "Roblox", "X",
    "Telegram", "Website", "Other",
)  # fmt: skip


def _moment(value: object) -> datetime | None:
    """A browser's local date and time, read as London's."""
    if not isinstance(value, str) or not value.strip():
        return None
    return datetime.fromisoformat(value.strip()).replace(tzinfo=LONDON).astimezone(UTC)


def _line(value: object) -> object:
    return " ".join(value.split()) if isinstance(value, str) else value


PictureAnswer = Literal["none", "fine", "sexual", "unsure"]
"""Asked before a file can be chosen: only with "fine" is one looked at."""
Line = Annotated[str, BeforeValidator(_line)]


class ReportForm(BaseModel):
    """A filled-in form; `now` is when it came."""

    now: datetime
    reporter: Reporter
    kind: ReportKind
    doer: Doer = "unknown"
    platform: Annotated[Line, Field(max_length=40)] = ""
    link: Annotated[Line, Field(max_length=2000)] = ""
    text: Annotated[str, Field(max_length=LONGEST_TEXT)] = ""
    seen_at: Annotated[datetime | None, BeforeValidator(_moment)] = None
    on_premises: bool = False
    school_computer: bool = False
    affected: Annotated[str, Field(max_length=500)] = ""
    reply_to: Annotated[Line, Field(max_length=200)] = ""
    picture: PictureAnswer = "none"

    @model_validator(mode="after")
    def _says_something(self) -> ReportForm:
        if not self.text.strip() and not self.link and self.picture != "fine":
            raise ValueError("text")
        return self

    def told(
        self, reference: str, school_id: str | None, pictures: tuple[Brought, ...] = ()
    ) -> Told:
        """The report. A link that is none (a name on an app, say) joins the text."""
        link = linkable(self.link)
        text = self.text.replace("\r\n", "\n").strip()
        return Told(
            report=Report(
                reference=reference,
                reporter=self.reporter,
                kind=self.kind,
                doer=self.doer,
                on_premises=self.on_premises,
                school_computer=self.school_computer,
                seen_at=None if self.seen_at is None else min(self.seen_at, self.now),
                sexual_picture=self.picture in ("sexual", "unsure"),
            ),
            protected=Protected(affected=self.affected.strip(), reply_to=self.reply_to),
            school_id=school_id,
            platform=self.platform.lower() or "report",
            link=link,
            text="\n".join(part for part in (text, "" if link else self.link) if part),
            pictures=pictures,
        )


_SAID: Mapping[str, str] = {
    "reporter": "Say who you are: choose one.",
    "kind": "Say what it is about: choose one.",
    "doer": "Choose one of these.",
    "platform": "The name of the app or site may have 40 letters.",
    "link": "The link is too long.",
    "text": f"Say in your own words what happened, in at most {LONGEST_TEXT} letters.",
    "seen_at": "That is no date and time. Leave it empty if you do not know.",
    "affected": "That is too long: 500 letters at most.",
    "reply_to": "That is too long: 200 letters at most.",
    "picture": "Say first what a picture shows: choose one.",
}


def problems(error: ValidationError) -> dict[str, str]:
    """By field, what to do; what was written is never repeated."""
    found: dict[str, Any] = {str((*one["loc"], "text")[0]): one for one in error.errors()}
    return {name: _SAID.get(name, "That could not be read.") for name in found}
