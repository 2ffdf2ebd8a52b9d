"""LinkedIn's versioned interface as promised: notifications of a page, the words behind them."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any
from urllib.parse import unquote

from monitor.sample.platforms.desk import Asked, Reply, as_json

TOKEN = "AQX-of-ours"
ORGANIZATION = "96072"
NAME = "Oak Hill School"
OURS = f"urn:li:organization:{ORGANIZATION}"
CURRENT = {"202607", "202608"}
_TARGET = re.compile(
    r"/organizationalEntityNotifications\?q=criteria&actions=List\(([A-Z_,]+)\)"
    r"&organizationalEntity=urn%3Ali%3Aorganization%3A(\d+)"
    r"&timeRange=\(start:(\d+),end:(\d+)\)&start=(\d+)&count=(\d+)"
)
Record = dict[str, Any]


def _notification(number: int, at: datetime, action: str, made: str, **more: object) -> Record:
    return {
        "notificationId": number,
        "action": action,
        "organizationalEntity": OURS,
        "generatedActivity": made,
        "lastModifiedAt": int(at.timestamp() * 1000),
        "subscriber": "urn:li:person:administrator",
    } | more


def mention(number: int, at: datetime, **more: object) -> Record:
    """Somebody's post that names the page, whose words are to be asked for."""
    return _notification(number, at, "SHARE_MENTION", f"urn:li:share:{number}", **more)


def remark(number: int, at: datetime, text: str = "", *, by: str = "urn:li:person:wren") -> Record:
    """A comment on a post of the page, with its words when there are any."""
    made = f"urn:li:comment:(activity:1,{number})"
    comment = {"owner": by, "text": text, "object": "urn:li:activity:1"}
    told = {"decoratedGeneratedActivity": {"comment": comment}} if text else {}
    return _notification(number, at, "COMMENT", made, sourcePost="urn:li:activity:1", **told)


def refused(status: int, code: str) -> Reply:
    return as_json({"status": status, "code": code, "message": f"No, {TOKEN}."}, status=status)


class LinkedIn:
    """`words` by the number of the post or comment; what has none was deleted."""

    def __init__(self, *notifications: Record, allowance: int = 500) -> None:
        self.notifications = list(notifications)
        self.words: dict[str, str] = {}
        self.allowance = allowance
        self.name = NAME

    def __call__(self, asked: Asked) -> Reply:
        if asked.headers.get("Authorization") != f"Bearer {TOKEN}":
            return refused(401, "EXPIRED_ACCESS_TOKEN")
        if asked.headers.get("LinkedIn-Version") not in CURRENT:
            return refused(426, "NONEXISTENT_VERSION")
        if asked.headers.get("X-Restli-Protocol-Version") != "2.0.0":
            return refused(400, "ILLEGAL_ARGUMENT")
        if self.allowance == 0:
            return refused(429, "TOO_MANY_REQUESTS")
        self.allowance -= 1
        if asked.path == "/organizationalEntityNotifications":
            return self._notified(asked)
        if asked.path == f"/organizations/{ORGANIZATION}":
            return as_json({"id": int(ORGANIZATION), "localizedName": self.name})
        return self._said(asked)

    def _notified(self, asked: Asked) -> Reply:
        """Brackets that are escaped, or colons that are not, are a wrong question."""
        found = _TARGET.fullmatch(asked.target)
        if not found:
            return refused(400, "ILLEGAL_ARGUMENT")
        actions, organization, *numbers = found.groups()
        since, until, start, count = map(int, numbers)
        if organization != ORGANIZATION:
            return refused(403, "ACCESS_DENIED")
        every = [
            one
            for one in sorted(self.notifications, key=lambda one: -int(one["lastModifiedAt"]))
            if since <= one["lastModifiedAt"] <= until and one["action"] in actions.split(",")
        ]
        paging = {"start": start, "count": count}
        return as_json({"elements": every[start : start + count], "paging": paging})

    def _said(self, asked: Asked) -> Reply:
        number = re.split(r"[:/]", unquote(asked.path))[-1]
        text = self.words.get(number)
        if text is None:
            return refused(404, "NOT_FOUND")
        if asked.path.startswith("/posts/urn%3Ali%3Ashare%3A"):
            return as_json({"id": f"urn:li:share:{number}", "commentary": text, "author": "u"})
        if asked.path == f"/socialActions/urn%3Ali%3Aactivity%3A1/comments/{number}":
            return as_json({"id": number, "message": {"text": text}, "actor": "u"})
        return refused(404, "RESOURCE_NOT_FOUND")
