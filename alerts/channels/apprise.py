"""Teams, Slack, ntfy, SMS and a hundred others, by the library Apprise.

It has networking of its own, so it runs in a process of its own (`alerts.notifier`), where that
is held to https, to checked addresses and to the deadline.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from importlib.util import find_spec

from pydantic import SecretStr

from alerts import briefs
from alerts.notifier import Order, read_reports
from alerts.types import Brief, Delivery, Retry, Sent, Unknown
from config.secrets import FOLDER, PREFIX
from config.settings import ChannelSettings
from connectors.fetch.guard import Report
from connectors.fetch.politeness import retry_after_seconds

LACKING = 'The notification library is not installed: pip install "trust-monitor[chat]".'


class AppriseChannel:
    """Tells one target, an Apprise URL such as "ntfys://ntfy.example/our-topic"."""

    def __init__(
        self, settings: ChannelSettings, target: SecretStr | None, deadline: timedelta
    ) -> None:
        self._settings = settings
        self._target = target
        self._deadline = deadline

    def send(self, brief: Brief) -> Delivery:
        """Try once; the process is killed at the deadline."""
        if self._target is None:
            return Retry(f"The secret {self._settings.target_secret} is missing.")
        if find_spec("apprise") is None:
            return Retry(LACKING)
        order = Order(
            target=self._target.get_secret_value(),
            title=briefs.title(brief),
            body=briefs.body(brief),
            is_critical=brief.severity == "critical",
            allow=self._settings.allow,
        )
        return outcome(self._reports(order))

    def _reports(self, order: Order) -> list[Report]:
        """What the process wrote before it ended or was ended. The target goes by standard
        input, as everybody may read the arguments of a process."""
        try:
            done = subprocess.run(
                [sys.executable, "-m", "alerts.notifier"],
                input=json.dumps(asdict(order)).encode(),
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env={name: text for name, text in os.environ.items() if not _is_ours(name)},
                timeout=self._deadline.total_seconds(),
                check=False,
            )
        except subprocess.TimeoutExpired as late:
            return [*read_reports(late.stdout or b""), Report(trouble="did not answer in time")]
        return read_reports(done.stdout)


def _is_ours(name: str) -> bool:
    """Our own secrets are nothing that a foreign library should see."""
    return name.startswith((PREFIX, FOLDER))


def outcome(reports: list[Report]) -> Delivery:
    """What the reports of one try mean, the first trouble first."""
    trouble = next((one for one in reports if one.trouble), None)
    refused = next((one for one in reports if one.status is not None and one.status >= 300), None)
    if refused is not None:
        wait = retry_after_seconds(refused.retry_after, datetime.now(UTC))
        return Retry(f"The service did not take it ({refused.status}).", wait)
    if trouble is not None:
        is_open = any(one.asked for one in reports) and trouble.may_have_arrived
        reason = f"The service {trouble.trouble}."
        return Unknown(reason) if is_open else Retry(reason)
    if any(one.done for one in reports):
        return Sent()
    if any(one.status for one in reports):
        return Retry("The service answered, but did not take it.")
    return Retry("The target is not one that can be told; see the handbook.")
