"""What is asked of which place, and who answers for it: sources.toml and accepted.toml."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, timedelta
from hashlib import blake2b
from typing import Annotated, Any

from pydantic import AfterValidator, Field, StrictBool

from config import forms
from config.base import HostAndPort, Identifier, LongerThanNone, Model, Name, OneLine


class Source(Model):
    """One question to one place, asked again and again."""

    id: Identifier
    kind: Identifier
    """A key of `connectors.registry.CONNECTORS`."""
    name: Name
    enabled: StrictBool = True
    every: LongerThanNone = timedelta(minutes=30)
    school: str | None = None
    """The school whose own page or feed this is."""
    official: StrictBool = False
    press: StrictBool = False
    """A newspaper or broadcaster: what it publishes is shown as the press's."""
    place_hints: tuple[str, ...] = ()
    terms: tuple[str, ...] = ()
    """What a search connector asks; empty means the names of the Trust and its schools. Once
    loaded, a name that a person could have as well stands with the word "school"."""
    canary: Annotated[str, Field(max_length=80)] = ""
    """Words of a post that the operator plants there from time to time: it must come through,
    and is never a mention."""
    canary_every: LongerThanNone = timedelta(days=7)
    """How often it is planted."""
    allow: tuple[HostAndPort, ...] = ()
    """Exact "host:port" on the operator's own network that this source may reach."""
    options: Mapping[str, Any] = Field(default_factory=dict)
    """Validated by the connector's own Options model when the service is wired."""
    approved_by: OneLine = ""
    approved_on: date | None = None
    why: OneLine = ""
    """Who approved that it is asked, when and what for, where the first decision does not cover
    it."""

    @property
    def mark(self) -> str:
        """What the decision covers: the source as it asks. It changes with kind, terms and
        options, and not with how often it asks or what it is called."""
        asked = json.dumps([self.kind, self.terms, self.options], sort_keys=True, default=str)
        return f"{self.id}:{blake2b(asked.encode(), digest_size=6).hexdigest()}"

    @property
    def is_approved(self) -> bool:
        return all(
            str(value or "").strip().lower() not in forms.NOT_RECORDED
            for value in (self.approved_by, self.approved_on, self.why)
        )


class Acceptance(Model):
    """Somebody answers for asking a kind of source whose terms want that (accepted.toml)."""

    kind: Identifier
    by: Annotated[Name, AfterValidator(forms.filled_in)]
    on: date
    reason: Annotated[Name, AfterValidator(forms.filled_in)]
