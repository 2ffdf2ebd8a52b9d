"""What must hold between values of the configuration; single values are checked by the models.

Each function gives the faults it finds, at the key that has to change. Those of the Trust and
of the sources have files of their own.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import get_args
from urllib.parse import urlsplit

from config.base import LabelName, SeverityName
from config.clauses import CLAUSES
from config.errors import Fault, KeyPath
from config.people import is_loopback
from config.playbook_checks import playbook_faults
from config.policy import Condition, Policy
from config.settings import (
    ChannelSettings,
    ClockSettings,
    ConsoleSettings,
    FetchSettings,
    MailSettings,
)
from config.sources import Acceptance

LABELS: tuple[LabelName, ...] = get_args(LabelName)
SEVERITIES: tuple[SeverityName, ...] = get_args(SeverityName)
MAIL = "smtp"
"""What the mail is called among the channels."""
LEASE_SHARE = 0.8
"""A poll may take this share of its lease, so that it never outlives its claim."""


def policy_faults(policy: Policy) -> Iterator[Fault]:
    yield from _missing_labels(policy)
    yield from _clause_faults(policy)
    yield from _severity_faults(policy)
    yield from _route_faults(policy)
    yield from _escalation_faults(policy)
    yield from playbook_faults(policy)
    if not policy.never:
        mend = "Keep the lines of the shipped policy (6.8, 9.3)"
        yield Fault(("never",), "is empty, and every alert must say not to reply", mend)


def _missing_labels(policy: Policy) -> Iterator[Fault]:
    for label in LABELS:
        if label not in policy.labels:
            yield Fault(("labels", label), "is missing", f"Add a table [labels.{label}]")


def _clause_faults(policy: Policy) -> Iterator[Fault]:
    cited: list[tuple[KeyPath, tuple[str, ...]]] = [
        (("labels", label, "clauses"), one.clauses) for label, one in policy.labels.items()
    ]
    cited.append((("pupil", "clauses"), policy.pupil.clauses))
    cited += [(("routes", at, "clauses"), one.clauses) for at, one in enumerate(policy.routes)]
    for path, clauses in cited:
        for at, clause in enumerate(clauses):
            if clause not in CLAUSES:
                mend = 'Write a number such as "9.8", or "intent"'
                yield Fault((*path, at), "is no clause of the policy", mend)


def _severity_faults(policy: Policy) -> Iterator[Fault]:
    milder = SEVERITIES.index("critical")
    for at, rule in enumerate(policy.severity):
        path: KeyPath = ("severity", at)
        level = SEVERITIES.index(rule.level)
        if level > milder:
            mend = "Put the gravest rules first"
            yield Fault((*path, "level"), "stands below a milder rule, which would win", mend)
        milder = min(milder, level)
        if rule.when == Condition() and at + 1 < len(policy.severity):
            mend = "Give it a condition, or put it last"
            yield Fault((*path, "when"), "always holds, so no rule below it counts", mend)
        yield from _threshold_faults(policy, rule.when, (*path, "when"))


def _route_faults(policy: Policy) -> Iterator[Fault]:
    names = [route.name for route in policy.routes]
    for at, route in enumerate(policy.routes):
        path: KeyPath = ("routes", at)
        if route.name in names[:at]:
            yield Fault((*path, "name"), "is used twice", "Give each route its own name")
        for number, condition in enumerate(route.when):
            yield from _threshold_faults(policy, condition, (*path, "when", number))


def _escalation_faults(policy: Policy) -> Iterator[Fault]:
    for at, chain in enumerate(policy.escalation):
        path: KeyPath = ("escalation", at)
        for number, condition in enumerate(chain.when):
            yield from _threshold_faults(policy, condition, (*path, "when", number))
        spans = [step.after for step in chain.steps]
        for number in range(1, len(spans)):
            if spans[number] <= spans[number - 1]:
                mend = "Put the soonest step first; each counts from the first telling"
                yield Fault((*path, "steps", number, "after"), "is no later than the last", mend)


def _threshold_faults(policy: Policy, condition: Condition, path: KeyPath) -> Iterator[Fault]:
    """A label counts from its threshold on, so a lower `at_least` would promise too much."""
    if condition.at_least is None:
        return
    labels = condition.any_label or LABELS
    thresholds = [policy.labels[label].threshold for label in labels if label in policy.labels]
    if thresholds and condition.at_least < max(thresholds):
        yield Fault(
            (*path, "at_least"),
            "is under the threshold of a label that it names, so it changes nothing for it",
            f"Write at least {max(thresholds)}, or remove it",
        )


def seen_faults(console: ConsoleSettings, *, has_sign_in: bool) -> Iterator[Fault]:
    """Who can reach the console, and how; without a sign-in this machine alone."""
    address = urlsplit(console.url)
    if has_sign_in and address.scheme != "https" and not is_loopback(address.hostname or ""):
        yield Fault(
            ("console", "url"),
            "would send what people are signed in with in the clear",
            "Write the address that begins with https://",
        )
    if not has_sign_in and not is_loopback(console.host):
        yield Fault(
            ("console", "host"),
            "is not this machine itself, and nobody has to sign in",
            'Write "127.0.0.1", or set up the sign-in in people.toml',
        )


def service_faults(
    mail: MailSettings, fetch: FetchSettings, clock: ClockSettings
) -> Iterator[Fault]:
    if mail.username and mail.security == "none" and not is_loopback(mail.host):
        yield Fault(
            ("mail", "security"),
            "would send the mail password in the clear",
            'Write "starttls" or "tls"',
        )
    yield from _token_faults(mail)
    for section, deadline in (("mail", mail.deadline), ("fetch", fetch.deadline)):
        if deadline > clock.lease * LEASE_SHARE:
            seconds = int(clock.lease.total_seconds() * LEASE_SHARE)
            yield Fault(
                (section, "deadline"),
                f"is longer than {LEASE_SHARE:.0%} of the lease of a claimed row",
                f'Write at most "{seconds}s", or lengthen [clock] lease',
            )


def _token_faults(mail: MailSettings) -> Iterator[Fault]:
    if not mail.token_url:
        return
    if not mail.token_url.startswith("https://"):
        mend = "Write the address that begins with https://"
        yield Fault(("mail", "token_url"), "would send the app's secret in the clear", mend)
    for key, value in (("username", mail.username), ("client_id", mail.client_id)):
        if not value:
            yield Fault(("mail", key), "is empty, but a token is asked for in its name", "Give it")


def accepted_faults(accepted: Sequence[Acceptance]) -> Iterator[Fault]:
    for at in repeated([one.kind for one in accepted]):
        mend = "Keep the one that counts"
        yield Fault(("accepted", at, "kind"), "is accepted twice", mend)


def channel_faults(channels: Sequence[ChannelSettings]) -> Iterator[Fault]:
    for at, channel in enumerate(channels):
        path: KeyPath = ("channels", at)
        if channel.target_secret in {other.target_secret for other in channels[:at]}:
            yield Fault((*path, "id"), "is used twice", "Give each channel its own id")
        elif channel.id.casefold() == MAIL:
            yield Fault((*path, "id"), "is the name of the mail's own", "Choose another id")
        if not channel.roles and not channel.recipients:
            mend = 'Name some, such as roles = ["head_of_pr"]'
            yield Fault((*path, "roles"), "is empty, so nobody is told by it", mend)


def repeated(values: Sequence[str]) -> Iterator[int]:
    """Positions of values that stood before; empty ones are not compared."""
    seen: set[str] = set()
    for at, value in enumerate(values):
        if value and value in seen:
            yield at
        seen.add(value)
