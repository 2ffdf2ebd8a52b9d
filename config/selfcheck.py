"""What a self-check may ask, and how much: the form of selfcheck.toml (policy 6.15)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Annotated, Any, Final, Literal

from pydantic import AfterValidator, Field

from config import forms
from config.base import HostAndPort, Identifier, LongerThanNone, Model, Name, OneLine, Positive
from config.errors import Fault

Look = Literal["web", "news", "images", "forums"]
_DAY: Final = re.compile(r"(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])")


def _term_day(written: str) -> str:
    if not _DAY.fullmatch(written) or written == "02-29":
        raise ValueError("is no day of the year as month and day")
    return written


class SearchProvider(Model):
    """A place that a member of staff may ask for their own name. It learns the query, so somebody
    has read its terms and answers for that; staff see `name` and may leave it out."""

    id: Identifier
    kind: Identifier
    """A key of `connectors.registry.CONNECTORS` that searches."""
    name: Name
    looks: tuple[Look, ...] = Field(default=("web",), min_length=1)
    accepted_by: Annotated[Name, AfterValidator(forms.filled_in)]
    """Who accepted its terms for this use, by name and office ..."""
    accepted_on: date
    terms: Annotated[str, AfterValidator(forms.web_address)]
    """... and where these terms stand."""
    a_day: Positive = 200
    """Searches a day for all of the staff together."""
    allow: tuple[HostAndPort, ...] = ()
    """Exact "host:port" on the operator's own network that it may reach."""
    options: Mapping[str, Any] = Field(default_factory=dict)
    """Validated by the connector's own Options model; of any time unless it says otherwise."""


class SelfCheckSettings(Model):
    """The form of selfcheck.toml. Without the file nobody can check themselves."""

    providers: tuple[SearchProvider, ...] = ()
    runs_a_day: Positive = 4
    """Checks of one person."""
    names_a_day: Positive = 8
    """Different names, variants and accounts that one person may ask for."""
    searches_a_run: Positive = 12
    """Of one provider in one check."""
    page_kept: LongerThanNone = timedelta(minutes=20)
    """Results that nobody has looked at for so long are forgotten, also while a page is open."""
    terms_begin: tuple[Annotated[str, AfterValidator(_term_day)], ...] = ("01-12", "04-20", "09-14")
    """Days ("month-day") on which those who asked for it are reminded."""
    contact: OneLine = ""
    """Whom to tell at school, in words, where it is not the headteacher or line manager."""


def self_check_faults(settings: SelfCheckSettings) -> Iterator[Fault]:
    """What must hold between the values of selfcheck.toml."""
    ids = [provider.id for provider in settings.providers]
    for at, provider in enumerate(settings.providers):
        if provider.id in ids[:at]:
            yield Fault(("providers", at, "id"), "is another's", "Give each provider its own")
