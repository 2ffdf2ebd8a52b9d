"""The program that `alerts.channels.apprise` runs: one notification, and reports of it as lines.

python -m alerts.notifier < ORDER
"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict, dataclass

from connectors.fetch import guard
from connectors.fetch.guard import Report


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What is to be told, and where."""

    target: str
    title: str
    body: str
    is_critical: bool
    allow: tuple[str, ...]
    """Exact "host:port" that may be reached though they are private."""


def read_reports(lines: bytes) -> list[Report]:
    """The reports of a notifier; a line that was cut short is left out."""
    whole = lines.split(b"\n")[:-1]
    return [Report(**json.loads(line)) for line in whole]


def notify(order: Order) -> bool:
    """True when the library says that everything was taken."""
    from apprise import Apprise, AppriseAsset, NotifyType

    asset = AppriseAsset(
        app_id="Trust Monitor",
        app_desc="Trust Monitor",
        app_url="",
        image_url_mask="",
        image_url_logo="",
        async_mode=False,
        secure_logging=True,
        plugin_paths=[],
    )
    way = Apprise(asset=asset)
    if not way.add(order.target):
        return False
    kind = NotifyType.FAILURE if order.is_critical else NotifyType.WARNING
    return bool(way.notify(title=order.title, body=order.body, notify_type=kind))


def main() -> None:
    order = Order(**json.load(sys.stdin))
    guard.hold(frozenset(order.allow), report=_report)
    if notify(order):
        _report(Report(done=True))


def _report(report: Report) -> None:
    sys.stdout.write(json.dumps(asdict(report)) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
