"""What a reviewer saw and shares: a link with the words that stand there."""

from __future__ import annotations

from datetime import datetime

from monitor.intake.csvfile import mention
from monitor.store import audit, mentions
from monitor.store.database import Store

SHARED = "shared by a reviewer"
"""Stands for the source."""


def share(
    store: Store, *, link: str, title: str, text: str, platform: str, by: str, now: datetime
) -> bool:
    """Take it into the queue; False when that link is there already. Raises MissingField."""
    given = {"link": link, "title": title, "text": text, "platform": platform}
    one = mention(given, now)
    with store.begin() as tx:
        is_new = mentions.ingest(tx, SHARED, [one], now).stored == 1
        if is_new:
            audit.append(tx, actor=by, action="mention.shared", subject="a link", now=now)
        return is_new
