"""A Discourse forum's own search and topics, as its pages get them."""

from __future__ import annotations

import re
from datetime import datetime

from monitor.sample.platforms.desk import Asked, Reply, as_json, as_text

PAGE = 50
OPEN, AS_SHIPPED = "User-agent: *\nDisallow: /admin/\n", "User-agent: *\nDisallow: /search\n"
Post = dict[str, object]
_ASKED = re.compile(r'"(?P<phrase>[^"]+)" order:latest after:(?P<after>\d{4}-\d\d-\d\d)')
_TOPIC = re.compile(r"/t/(?P<topic>\d+)(?:/(?P<near>\d+))?\.json")


def post(topic: int, place: int, at: datetime, text: str, **said: object) -> Post:
    """One that is the so-manieth of a topic."""
    return {
        "topic_id": topic,
        "post_number": place,
        "created_at": at.isoformat(),
        "text": text,
        "username": "wren",
        "title": "Bus times",
    } | said


class Discourse:
    """Finds posts with a phrase since a day, newest first; `robots` is what it asks of robots."""

    def __init__(self, *posts: Post, robots: str = OPEN) -> None:
        self.posts = list(posts)
        self.robots = robots

    def __call__(self, asked: Asked) -> Reply:
        if asked.path == "/robots.txt":
            return as_text(self.robots)
        if asked.path == "/search.json":
            return self._search(asked)
        if wanted := _TOPIC.fullmatch(asked.path):
            return self._topic(int(wanted["topic"]))
        return as_json({"error_type": "not_found"}, status=404)

    def _search(self, asked: Asked) -> Reply:
        wanted = _ASKED.fullmatch(asked.query["q"])
        if wanted is None:
            return as_json({"errors": ["q is invalid"]}, status=400)
        phrase = wanted["phrase"].casefold()
        found = [
            one
            for one in sorted(self.posts, key=lambda one: str(one["created_at"]), reverse=True)
            if str(one["created_at"])[:10] >= wanted["after"]
            and phrase in f"{one['title']} {one['text']}".casefold()
        ]
        start = (int(asked.query["page"]) - 1) * PAGE
        shown = found[start : start + PAGE]
        more = True if len(found) > start + PAGE else None
        return as_json(
            {
                "posts": [{**_told(one), "blurb": one["text"]} for one in shown],
                "topics": [self._about(one) for one in shown],
                "grouped_search_result": {"more_full_page_results": more},
            }
        )

    def _topic(self, topic: int) -> Reply:
        there = [one for one in self.posts if one["topic_id"] == topic]
        if not there:
            return as_json({"error_type": "not_found"}, status=404)
        posts = [{**_told(one), "cooked": f"<p>{one['text']}</p>"} for one in there]
        return as_json({**self._about(there[0]), "post_stream": {"posts": posts}})

    @staticmethod
    def _about(one: Post) -> dict[str, object]:
        slug = re.sub(r"[^a-z0-9]+", "-", str(one["title"]).lower()).strip("-")
        return {"id": one["topic_id"], "title": one["title"], "slug": slug}


def _told(one: Post) -> dict[str, object]:
    return {name: one[name] for name in ("topic_id", "post_number", "username", "created_at")}
