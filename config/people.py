"""Who may do what at the console: the roles there are, and the form of people.toml."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from ipaddress import ip_address
from typing import Annotated, Final, Literal, get_args
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, StrictBool

from config import forms
from config.base import HostAndPort, LongerThanNone, MailAddress, Model, Name, OneLine
from config.errors import Fault, KeyPath

ConsoleRole = Literal["pr", "executive", "headteacher", "safeguarding", "it", "dpo", "staff"]
"""What somebody is at the console; who is told by mail is another matter (`RoleName`)."""

CONSOLE_ROLES: Final[tuple[ConsoleRole, ...]] = get_args(ConsoleRole)
OF_A_SCHOOL: Final[frozenset[ConsoleRole]] = frozenset({"headteacher", "safeguarding", "staff"})
GOOGLE = "accounts.google.com"
OF_MANY_TRUSTS: Final = {"login.microsoftonline.com": "tid", GOOGLE: "hd"}
"""Providers who sign in people of anybody's, by host, and the claim that says whose."""


class SignIn(Model):
    """The OpenID Connect provider that says who somebody is. Its secret is
    `sign_in_client_secret`."""

    issuer: Annotated[str, AfterValidator(forms.web_address)]
    """As its discovery document writes it, without a slash at the end."""
    client_id: Name
    tenant_claim: Literal["", "tid", "hd"] = ""
    """Which claim names the Trust's own tenant: `tid` of Microsoft Entra ID, `hd` of Google."""
    tenant: OneLine = ""
    groups_claim: OneLine = ""
    """Which claim names somebody's groups or app roles, for `[[groups]]`: "groups" or "roles" of
    Microsoft Entra ID. Google names none."""
    idle: LongerThanNone = timedelta(hours=1)
    longest: LongerThanNone = timedelta(hours=12)
    """A session ends after so long without use, and after so long in any case."""
    allow: tuple[HostAndPort, ...] = ()
    """Exact "host:port" of a provider on the operator's own network."""


class Seat(Model):
    """What somebody may do, and for which schools."""

    roles: tuple[ConsoleRole, ...] = Field(min_length=1)
    schools: tuple[str, ...] = ()
    whole_trust: StrictBool = False
    """The Trust's own safeguarding lead, who is for every school."""


class Member(Seat):
    """Somebody who may sign in, known by the provider's subject, never by a mail address."""

    name: Name
    """Stands beside what they do; a story that names them is hidden from them."""
    subject: Name
    also_called: tuple[Name, ...] = ()
    """Other names by which a story may call them."""
    handles: tuple[Name, ...] = ()
    """Their own on platforms, such as "@odile"."""
    mail: MailAddress = ""
    """Where trust.toml or rota.toml lets them be told: nothing goes there of a story that names
    them. Nobody is known by it when they sign in."""


class Group(Seat):
    """Everybody whom the provider says to be in a group, unless they stand under `people`."""

    group: Name
    """As the claim writes it: the object id of an Entra group, or the value of an app role."""


class People(Model):
    """The form of people.toml."""

    sign_in: SignIn | None = None
    people: tuple[Member, ...] = ()
    groups: tuple[Group, ...] = ()


def is_loopback(host: str) -> bool:
    """Whether a host is this machine itself, reached by no other."""
    try:
        return host == "localhost" or ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def people_faults(people: People, schools: frozenset[str]) -> Iterator[Fault]:
    """What must hold between the values of people.toml; `schools` are the ids there are."""
    if people.sign_in:
        yield from _provider_faults(people.sign_in)
    for key in ("people", "groups"):
        if getattr(people, key) and not people.sign_in:
            yield Fault((key,), "stands without a provider", "Add [sign_in]: see the handbook")
    yield from _group_faults(people, schools)
    for at, one in enumerate(people.people):
        others = people.people[:at]
        if any(one.subject == other.subject for other in others):
            yield Fault(("people", at, "subject"), "is another's", "Give each person their own")
        if any(one.name == other.name for other in others):
            yield Fault(("people", at, "name"), "is another's", "Names stand in the record")
        yield from seat_faults(one, schools, ("people", at))


def _provider_faults(sign_in: SignIn) -> Iterator[Fault]:
    issuer = urlsplit(sign_in.issuer)
    if issuer.scheme != "https" and issuer.netloc not in sign_in.allow:
        mend = "Write the address that begins with https://"
        yield Fault(("sign_in", "issuer"), "would send the secret in the clear", mend)
    claim = OF_MANY_TRUSTS.get(issuer.hostname or "", sign_in.tenant_claim)
    if claim != sign_in.tenant_claim:
        mend = f'Write tenant_claim = "{claim}", and your own tenant'
        yield Fault(("sign_in", "tenant_claim"), "lets in people of other tenants", mend)
    elif bool(claim) != bool(sign_in.tenant):
        yield Fault(("sign_in", "tenant"), "goes together with tenant_claim", "Give both")
    if sign_in.groups_claim and issuer.hostname == GOOGLE:
        mend = "Leave it out, and name the people one by one under [[people]]"
        yield Fault(("sign_in", "groups_claim"), "is what Google does not tell", mend)
    if sign_in.idle > sign_in.longest:
        yield Fault(("sign_in", "idle"), "is longer than the longest session", "Shorten it")


def _group_faults(people: People, schools: frozenset[str]) -> Iterator[Fault]:
    if people.groups and people.sign_in and not people.sign_in.groups_claim:
        mend = 'Write groups_claim = "groups", or "roles" for app roles, under [sign_in]'
        yield Fault(("groups",), "are named by no claim", mend)
    for at, one in enumerate(people.groups):
        if any(one.group == other.group for other in people.groups[:at]):
            yield Fault(("groups", at, "group"), "stands there twice", "Give it one place")
        yield from seat_faults(one, schools, ("groups", at))


def seat_faults(one: Seat, known: frozenset[str], path: KeyPath = ()) -> Iterator[Fault]:
    """Where somebody would see too much, or nothing."""
    place = (*path, "schools")
    if not known.issuperset(one.schools):
        yield Fault(place, "names a school that is not in trust.toml", "Write ids of trust.toml")
    if one.whole_trust and ("safeguarding" not in one.roles or one.schools):
        mend = "Leave it out, or leave out the schools: it is for the Trust's safeguarding lead"
        yield Fault((*path, "whole_trust"), "does not go with the rest", mend)
    if "headteacher" in one.roles and not one.schools:
        yield Fault(place, "is empty", "Name the head's schools")
    elif "safeguarding" in one.roles and not one.schools and not one.whole_trust:
        mend = "Name the lead's schools, or write whole_trust = true for the Trust's own lead"
        yield Fault(place, "is empty", mend)
    if one.schools and not OF_A_SCHOOL.issuperset(one.roles):
        mend = "Leave it out: one of the roles is for the whole Trust"
        yield Fault(place, "does not go with the roles", mend)
