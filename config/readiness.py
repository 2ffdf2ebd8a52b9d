"""Whether the service may collect and send at all, and what an operator should still mend.

Outside the sample nothing is collected and no mail leaves before purpose, lawful basis, DPIA
reference, retention and approver are recorded (design decision 8).
"""

from __future__ import annotations

from collections.abc import Iterator

from config.base import RoleName
from config.decision import ProcessingDecision
from config.errors import Problem
from config.loading import SHIPPED
from config.secrets import PREFIX
from config.settings import Settings
from config.sources import Source

_MEANINGS = {
    "purpose": "what the monitoring is for",
    "lawful_basis": "the lawful basis for each purpose",
    "dpia_reference": "the reference of the data protection impact assessment",
    "retention": "who confirmed the periods of [retention]",
    "approver": "who approved it, by name and office",
    "approved_on": "the day of the approval",
    "notice": "where the privacy notice is published: monitor notices writes it",
}


def missing_for_live(settings: Settings) -> tuple[Problem, ...]:
    """What has to be given before anything is collected or sent; empty when nothing."""
    return tuple(_missing(settings))


def may_collect(settings: Settings) -> bool:
    """True when sources may be polled and mail may leave."""
    return next(_missing(settings), None) is None


def _missing(settings: Settings) -> Iterator[Problem]:
    for key in settings.policy.decision.missing:
        meaning = _MEANINGS[key]
        yield _problem(
            settings, "decision.toml", f"decision.{key}", "is not recorded", f"Record {meaning}"
        )
    if not settings.trust.contacts.head_of_pr:
        yield _problem(
            settings,
            "trust.toml",
            "trust.contacts.head_of_pr",
            "is blank, and every alert goes there (policy 6.2)",
            "Give the mail address of the Head of PR & Communications",
        )
    blank = "is blank"
    service = (
        ("mail.host", settings.mail.host, "Name the server that takes the mail"),
        ("mail.sender", settings.mail.sender, "Give the address that alerts come from"),
        ("fetch.contact", settings.fetch.contact, "Give an address where site owners reach you"),
    )
    for key, value, mend in service:
        if not value:
            yield _problem(settings, "settings.toml", key, blank, mend)
    secret = "mail_client_secret" if settings.mail.token_url else "mail_password"
    if settings.mail.username and secret not in settings.secrets:
        mend = f"Set {PREFIX}{secret.upper()}, or put {secret} into the secrets folder"
        message = f"has no {secret.removeprefix('mail_').replace('_', ' ')}"
        yield _problem(settings, "settings.toml", "mail.username", message, mend)


def advice(settings: Settings) -> tuple[Problem, ...]:
    """What works, but not as well as it should: roles that a route tells and nobody holds."""
    return (*_unheld(settings), *_no_mailbox_password(settings), *_held_back(settings))


def is_covered(source: Source, decision: ProcessingDecision) -> bool:
    """Whether somebody answers for asking this: the first decision, or an approval of its own."""
    return decision.covers is None or source.mark in decision.covers or source.is_approved


def asked_sources(settings: Settings) -> tuple[Source, ...]:
    """The sources as they may be asked: what nobody answers for is switched off."""
    decision = settings.policy.decision
    return tuple(
        source if is_covered(source, decision) else source.model_copy(update={"enabled": False})
        for source in settings.sources
    )


def _held_back(settings: Settings) -> Iterator[Problem]:
    decision = settings.policy.decision
    for source in settings.sources:
        if source.enabled and not is_covered(source, decision):
            mend = "Write approved_by, approved_on and why into it, once somebody has approved it"
            message = "is not asked: it came, or its question changed, after the decision"
            yield _problem(settings, "sources.toml", f"sources[{source.id}]", message, mend)


def _no_mailbox_password(settings: Settings) -> Iterator[Problem]:
    if settings.mailbox.host and "mailbox_password" not in settings.secrets:
        mend = "Set TRUST_MONITOR_SECRET_MAILBOX_PASSWORD, or put mailbox_password into the secrets"
        yield _problem(settings, "settings.toml", "mailbox.host", "has no password", mend)


def _unheld(settings: Settings) -> Iterator[Problem]:
    told: dict[RoleName, str] = {}
    for route in settings.policy.routes:
        for role in route.tell:
            told.setdefault(role, route.name)
    for role, name in told.items():
        if role in ("headteacher", "safeguarding_lead"):
            yield from _unheld_at_schools(settings, role, name)
        elif not getattr(settings.trust.contacts, role):
            yield _nobody(settings, f"trust.contacts.{role}", role, name)


def _unheld_at_schools(settings: Settings, role: RoleName, route: str) -> Iterator[Problem]:
    for school in settings.trust.enabled_schools:
        if not getattr(school.contacts, role):
            yield _nobody(settings, f"schools[{school.id}].contacts.{role}", role, route)


def _nobody(settings: Settings, key: str, role: RoleName, route: str) -> Problem:
    words = role.replace("_", " ")
    message = f'is blank, but the route "{route}" tells the {words}'
    return _problem(settings, "trust.toml", key, message, "Give a mail address")


def _problem(settings: Settings, file: str, key: str, message: str, mend: str) -> Problem:
    """In the operator's own folder; the shipped files are a start and not theirs to edit."""
    where = file if settings.directory == SHIPPED else str(settings.directory / file)
    return Problem(file=where, line=0, key=key, message=message, mend=mend)
