"""Search engines of the web as promised: a key, pages, an allowance, and how each one refuses."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from monitor.sample.platforms.desk import Asked, Reply, as_json

KEY = "k-of-ours"


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    url: str
    title: str
    said: str = ""
    at: datetime | None = None


class _Engine:
    """`pages` by weight; an allowance for as long as the test lasts."""

    def __init__(self, *pages: Page, allowance: int = 1_000) -> None:
        self.pages = list(pages)
        self.allowance = allowance

    def found(self, asked: Asked, start: int, count: int) -> tuple[list[Page], int]:
        words = asked.query["q"].strip('"').casefold()
        every = [one for one in self.pages if words in f"{one.title} {one.said}".casefold()]
        return every[start : start + count], len(every)


class Brave(_Engine):
    """Counts by the second and by the month; a key it does not know is 422, as is a page past
    the tenth."""

    def __call__(self, asked: Asked) -> Reply:
        if asked.headers.get("X-Subscription-Token") != KEY:
            return self._refused(422, "SUBSCRIPTION_TOKEN_INVALID")
        page, count = int(asked.query.get("offset", 0)), int(asked.query["count"])
        if page > 9 or count > 20 or len(asked.query["q"]) > 400:
            return self._refused(422, "VALIDATION")
        if self.allowance == 0:
            return self._refused(429, "QUOTA_LIMITED")
        self.allowance -= 1
        shown, total = self.found(asked, page * count, count)
        more = total > (page + 1) * count
        answer: dict[str, Any] = {
            "type": "search",
            "query": {"original": asked.query["q"], "more_results_available": more},
        }
        look = asked.path.split("/")[-2]
        if look in ("news", "images"):
            answer |= {"type": look, "results": [self._result(one) for one in shown]}
        elif shown:
            answer["web"] = {"type": "search", "results": [self._result(one) for one in shown]}
        return as_json(answer, status=200, **self._counts())

    def _counts(self) -> dict[str, Any]:
        return {
            "X_RateLimit_Limit": "50, 1000",
            "X_RateLimit_Remaining": f"49, {self.allowance}",
            "X_RateLimit_Reset": "1, 1419704",
        }

    def _refused(self, status: int, code: str) -> Reply:
        error = {"code": code, "detail": "No.", "status": status}
        told = self._counts() if status == 429 else {}
        return as_json({"type": "ErrorResponse", "error": error}, status=status, **told)

    @staticmethod
    def _result(one: Page) -> dict[str, Any]:
        extra = {"extra_snippets": [one.said, "Term dates and more."]}
        result = {"url": one.url, "title": one.title, "description": one.said} | extra
        if one.at:
            result |= {"age": "2 days ago", "page_age": one.at.strftime("%Y-%m-%dT%H:%M:%S")}
        return result


class Mojeek(_Engine):
    """Says within an answer of 200 what it refuses; dates come when they are asked for."""

    def __call__(self, asked: Asked) -> Reply:
        if asked.query.get("api_key") != KEY:
            return self._refused("ERROR: Invalid API Key")
        if self.allowance == 0:
            return self._refused("ERROR: Daily Limit Reached")
        self.allowance -= 1
        start, count = int(asked.query["s"]) - 1, int(asked.query["t"])
        shown, total = self.found(asked, start, count)
        dated = asked.query.get("date") == "1"
        head = {"query": asked.query["q"], "start": start, "return": len(shown), "results": total}
        results = [self._result(one, dated=dated) for one in shown]
        return as_json({"response": {"status": "OK", "head": head, "results": results}})

    @staticmethod
    def _refused(status: str) -> Reply:
        return as_json({"response": {"status": status}})

    @staticmethod
    def _result(one: Page, *, dated: bool) -> dict[str, Any]:
        result: dict[str, Any] = {"url": one.url, "title": one.title, "desc": one.said}
        if dated and one.at:
            result["timestamp"] = int(one.at.astimezone(UTC).timestamp())
        return result


class Searxng(_Engine):
    """Answers in JSON when told to; `silent` are engines that did not answer it."""

    def __init__(self, *pages: Page, in_json: bool = True, silent: tuple[str, ...] = ()) -> None:
        super().__init__(*pages)
        self.in_json = in_json
        self.silent = silent

    def __call__(self, asked: Asked) -> Reply:
        if asked.path != "/search" or not self.in_json or asked.query.get("format") != "json":
            return Reply(body=b"<html>403 Forbidden</html>", status=403)
        start = (int(asked.query["pageno"]) - 1) * 10
        shown, _ = self.found(asked, start, 10)
        results = [
            {
                "url": one.url,
                "title": one.title,
                "content": one.said,
                "engine": "tried",
                "category": asked.query["categories"],
                "publishedDate": one.at.strftime("%Y-%m-%dT%H:%M:%S") if one.at else None,
            }
            for one in shown
        ]
        silent = [[name, "timeout"] for name in self.silent]
        answer = {"query": asked.query["q"], "number_of_results": 0, "results": results}
        return as_json(answer | {"unresponsive_engines": silent})
