"""What every model of the configuration is made of: one frozen form, and the kinds of values."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StrictInt

from config import forms

LabelName = Literal["reputation", "bullying", "threat", "hate", "sexual", "self_harm"]
PupilLevelName = Literal["none", "class", "indirect", "direct"]
SeverityName = Literal["none", "low", "medium", "high", "critical"]
RoleName = Literal[
    "head_of_pr",
    "deputy_head_of_pr",
    "executive",
    "headteacher",
    "safeguarding_lead",
    "deputy_safeguarding_lead",
    "chair",
    "it",
]
AllegationName = Literal["staff", "head"]
IncidentName = Literal["harm", "scandal"]

Duration = Annotated[timedelta, BeforeValidator(forms.duration)]
LogOdds = Annotated[float, Field(ge=-20, le=20, allow_inf_nan=False)]
LongerThanNone = Annotated[Duration, Field(gt=timedelta(0))]
Name = Annotated[str, AfterValidator(forms.name)]
"""Something to read: not empty, one line."""
OneLine = Annotated[str, AfterValidator(forms.one_line)]
"""As `Name`, but it may be empty."""
Identifier = Annotated[str, AfterValidator(forms.identifier)]
"""Stands in addresses and in the database: letters, digits and . _ - only."""
MailAddress = Annotated[str, AfterValidator(forms.mail_address)]
"""One plain address, or empty."""
HostAndPort = Annotated[str, AfterValidator(forms.host_and_port)]
"""Exactly one "host:port"."""
TimeOfDay = Annotated[str, AfterValidator(forms.time_of_day)]
Hours = Annotated[str, AfterValidator(forms.hours)]
"""HH:MM-HH:MM in Europe/London, over midnight where the end is earlier; empty: none."""
Port = Annotated[StrictInt, Field(ge=1, le=65535)]
Positive = Annotated[StrictInt, Field(ge=1)]


class Model(BaseModel):
    """Frozen, and a key that it does not know is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=False)
