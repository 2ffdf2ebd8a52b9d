"""GDELT's search of news, as far as its users know it, with newspapers to be opened."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from monitor.sample.platforms.desk import Asked, Reply, as_json, as_text

LONGEST = 250
BUSY = "Please limit requests to one every 5 seconds or contact us for larger queries."
REFUSED = "Your query was too short or too long."


def article(address: str, seen: datetime, title: str) -> dict[str, str]:
    return {
        "url": address,
        "url_mobile": "",
        "title": title,
        "seendate": seen.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ"),
        "socialimage": "",
        "domain": "paper.example",
        "language": "English",
        "sourcecountry": "United Kingdom",
    }


class Gdelt:
    """Searches what it is given (article, full text); refuses in prose and with status 200."""

    def __init__(self, *articles: tuple[dict[str, str], str], spacing_seconds: float = 0) -> None:
        self.articles = list(articles)
        self.spacing_seconds = spacing_seconds
        self._last = 0.0

    def __call__(self, asked: Asked) -> Reply:
        early = asked.at - self._last < self.spacing_seconds
        self._last = asked.at
        if early:
            return as_text(BUSY, kind="text/html; charset=utf-8")
        query = asked.query["query"]
        needless_brackets = "(" in query and " OR " not in query
        if len(query) > LONGEST or needless_brackets:
            return as_text(REFUSED, kind="text/html; charset=utf-8")
        found = [one for one, text in self._matching(asked) if _says(text, query)]
        found.sort(key=lambda one: one["seendate"], reverse=asked.query["sort"] != "dateasc")
        found = found[: min(int(asked.query.get("maxrecords", "75")), LONGEST)]
        return as_json({"articles": found} if found else {})

    def _matching(self, asked: Asked) -> list[tuple[dict[str, str], str]]:
        first, last = asked.query["startdatetime"], asked.query["enddatetime"]
        return [
            (one, text)
            for one, text in self.articles
            if first <= re.sub(r"\D", "", one["seendate"]) <= last
        ]


def _says(text: str, query: str) -> bool:
    return any(phrase.casefold() in text.casefold() for phrase in re.findall(r'"([^"]+)"', query))
