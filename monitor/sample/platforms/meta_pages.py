"""Facebook's and Instagram's Graph API as promised, for one page and one account of our own."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from monitor.sample.platforms import graph
from monitor.sample.platforms.desk import Asked, Reply, as_json

PAGE, PAGE_TOKEN = "1001", "EAAP-of-the-page"
ACCOUNT, USERNAME = "17841", "pennick.example"
NAME = "Oak Hill School"
OURS = {"id": PAGE, "name": NAME}
Record = dict[str, Any]


def stamp(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%S+0000")


def post(number: int, at: datetime, text: str, *comments: Record, **more: object) -> Record:
    """On the page; `from` is withheld unless it is given."""
    address = f"https://www.facebook.com/{PAGE}/posts/{number}"
    told = {"id": f"{PAGE}_{number}", "message": text, "created_time": stamp(at)}
    return told | {"permalink_url": address, "comments": list(comments)} | more


def comment(number: int, at: datetime, text: str, **more: object) -> Record:
    address = f"https://www.facebook.com/{PAGE}/posts/1?comment_id={number}"
    told = {"id": f"1_{number}", "message": text, "created_time": stamp(at)}
    return told | {"permalink_url": address} | more


def picture(
    number: int, at: datetime, caption: str, *comments: Record, by: str = USERNAME
) -> Record:
    told = {"id": str(number), "caption": caption, "media_type": "IMAGE", "timestamp": stamp(at)}
    address = f"https://www.instagram.com/p/{number}/"
    return told | {"permalink": address, "username": by, "comments": list(comments)}


def remark(number: int, at: datetime, text: str, *replies: Record, by: str = "wren") -> Record:
    told = {"id": str(number), "text": text, "timestamp": stamp(at), "username": by}
    return told | ({"replies": {"data": list(replies)}} if replies else {})


class _Meta:
    """`refuses` gives a refusal by the last part of a path, `used` the per cent of the page's
    allowance, `name` what the page is called."""

    def __init__(self) -> None:
        self.lists: dict[str, list[Record]] = {}
        self.refuses: dict[str, Callable[[], Reply]] = {}
        self.used = 1
        self.name = NAME

    def shown(self, asked: Asked, place: str) -> Reply:
        """One of the lists: the fields that were asked for, comments cut to their limit."""
        wanted, name = asked.path.strip("/").split("/")
        if wanted != place or name not in self.lists:
            return graph.refused(100, part=33)
        if name in self.refuses:
            return self.refuses[name]()
        if int(asked.query["limit"]) > 100:
            return graph.refused(100)
        records = [_asked_for(one, asked.query["fields"]) for one in self.lists[name]]
        return graph.page(records, asked, X_Business_Use_Case_Usage=self._usage(place))

    def _usage(self, place: str) -> str:
        told = {"type": "pages", "call_count": self.used, "total_time": 1, "total_cputime": 1}
        return json.dumps({place: [told | {"estimated_time_to_regain_access": 7}]})


def _asked_for(one: Record, fields: str) -> Record:
    outer = set(re.sub(r"\{[^{}]*(\{[^{}]*\}[^{}]*)*\}", "", fields).split(","))
    shown = {name: value for name, value in one.items() if name in outer}
    limit = re.search(r"comments[^{]*\.limit\((\d+)\)", fields)
    if limit and one.get("comments"):
        under = one["comments"]
        paging: Record = {"cursors": {"after": "x"}}
        if len(under) > int(limit[1]):
            paging["next"] = "https://graph.example/more"
        shown["comments"] = {"data": under[: int(limit[1])], "paging": paging}
    return shown


class FacebookPage(_Meta):
    """Wants the page's own token for its lists, which the one of the Trust is exchanged for."""

    def __init__(self, *feed: Record, tagged: Sequence[Record] = ()) -> None:
        super().__init__()
        self.lists = {"feed": list(feed), "tagged": list(tagged)}

    def __call__(self, asked: Asked) -> Reply:
        if asked.path == f"/{PAGE}":
            if not graph.is_ours(asked):
                return graph.refused(190, part=463)
            told = {"access_token": PAGE_TOKEN, "name": self.name}
            return as_json({name: told[name] for name in asked.query["fields"].split(",")})
        if asked.headers.get("Authorization") != f"Bearer {PAGE_TOKEN}":
            return graph.refused(190)
        return self.shown(asked, PAGE)


class Instagram(_Meta):
    def __init__(self, *media: Record, tags: Sequence[Record] = ()) -> None:
        super().__init__()
        self.lists = {"media": list(media), "tags": list(tags)}

    def __call__(self, asked: Asked) -> Reply:
        if not graph.is_ours(asked):
            return graph.refused(190, part=463)
        if asked.path == f"/{ACCOUNT}":
            told = {"username": USERNAME, "name": self.name}
            return as_json({name: told[name] for name in asked.query["fields"].split(",")})
        return self.shown(asked, ACCOUNT)
