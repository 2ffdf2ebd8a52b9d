"""Whether the service may collect and send: only after the decision is recorded.

Design decision 8: before purpose, lawful basis, DPIA reference, retention and approver are
recorded, and before there is somebody to tell, no source is asked and no mail leaves.
"""

from __future__ import annotations

from config.errors import Problem
from config.settings import Settings


def may_collect(settings: Settings) -> bool:
    """True when nothing is missing for live collection and mail."""
    return not missing_for_live(settings)


def missing_for_live(settings: Settings) -> tuple[Problem, ...]:
    """What is still to be recorded, each with its file, key and mend."""
    decision = [
        _missing(
            "policy.toml",
            f"decision.{key}",
            "is not recorded.",
            "The approver of the monitoring fills it in before anything is collected.",
        )
        for key in settings.policy.decision.missing
    ]
    others = (
        (settings.trust.contacts.head_of_pr, "trust.toml", "trust.contacts.head_of_pr",
         "nobody can be told.", "Give the mail address of the Head of PR & Communications."),
        (settings.mail.host, "settings.toml", "mail.host",
         "no mail server is named.", "Name the Trust's mail server."),
        (settings.mail.sender, "settings.toml", "mail.sender",
         "mail has no sender.", "Give an address that the mail server may send from."),
        (settings.fetch.contact, "settings.toml", "fetch.contact",
         "sites that we read cannot reach us.", "Give a mail address or page for their owners."),
    )  # fmt: skip
    return (*decision, *(_missing(*rest) for value, *rest in others if not value))


def _missing(file: str, key: str, message: str, mend: str) -> Problem:
    return Problem(file=file, key=key, message=message, mend=mend)
