"""The Trust and its schools: what trust.toml says."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StrictBool, StrictInt

from config.base import Identifier, MailAddress, Model, Name


class SchoolContacts(Model):
    """Mail addresses; empty means not yet given (then nothing is sent there)."""

    headteacher: MailAddress = ""
    safeguarding_lead: MailAddress = ""
    deputy_safeguarding_lead: MailAddress = ""


class School(Model):
    """A school and everything it is publicly called by."""

    id: Identifier
    name: Name
    urn: str = ""
    town: str = ""
    locality: str = ""
    postcode: str = ""
    la: str = ""
    phase: Literal["P", "S", "S6", "PS", "PS6", "N", "6", "16", ""] = ""
    """P primary, S secondary, 6 or 16 sixth form, N nursery; the register's letters."""
    website: str = ""
    roll: Annotated[StrictInt, Field(ge=1)] | None = None
    """Pupils on roll, for the anonymity estimate."""
    enabled: StrictBool = True
    """A school whose membership is not verified ships disabled and is never matched."""
    aliases: tuple[str, ...] = ()
    former_names: tuple[str, ...] = ()
    hashtags: tuple[str, ...] = ()
    handles: tuple[str, ...] = ()
    contacts: SchoolContacts = SchoolContacts()
    note: str = ""


class TrustContacts(Model):
    """Mail addresses; empty means not yet given."""

    head_of_pr: MailAddress = ""
    deputy_head_of_pr: MailAddress = ""
    executive: MailAddress = ""
    chair: MailAddress = ""
    it: MailAddress = ""
    dpo: MailAddress = ""
    """The data protection officer: gets the end of the record each week, and answers for rights."""
    safeguarding_lead: MailAddress = ""
    """Told when a school has no safeguarding lead of its own, or no school is certain."""


class SharedAlias(Model):
    """An alias that several schools use; it always ends as *possible* for each."""

    alias: Name
    schools: tuple[str, ...] = Field(min_length=2)


class Trust(Model):
    """The Trust and its schools. Files give `schools` and `shared_aliases` beside `[trust]`."""

    id: Identifier
    name: Name
    aliases: tuple[str, ...] = ()
    hashtags: tuple[str, ...] = ()
    handles: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    contacts: TrustContacts = TrustContacts()
    shared_aliases: tuple[SharedAlias, ...] = ()
    schools: tuple[School, ...] = Field(min_length=1)
    decoys: tuple[str, ...] = ()
    """Names of nearby schools outside the Trust; a mention of one is not ours."""
    register_file: str = ""
    """A newer extract of the national register than the shipped one, beside the file that names
    it; blank for the shipped one."""

    @property
    def enabled_schools(self) -> tuple[School, ...]:
        return tuple(school for school in self.schools if school.enabled)

    def school(self, school_id: str) -> School | None:
        return next((school for school in self.schools if school.id == school_id), None)
