"""Answers of search engines of the web: Brave Search API, Mojeek Search API, SearXNG."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from connectors.errors import AuthLost, Malformed, Throttled, Unreachable
from connectors.parse import values
from connectors.parse.html import html_to_text
from connectors.parse.items import MAX_ITEMS, Feed, Item
from connectors.parse.values import Record

_NO_KEY = ("SUBSCRIPTION_TOKEN_", "RESOURCE_NOT_ALLOWED", "OPTION_NOT_IN_PLAN")
_USED_UP = "limit reached"


def parse_brave(body: bytes, content_type: str, url: str) -> Feed:
    """The pages; an answer without any has no list of them. Raises Malformed."""
    answer = values.document(body)
    kind = answer.get("type") if isinstance(answer, dict) else None
    if not isinstance(answer, dict) or kind not in ("search", "news", "images"):
        raise Malformed("The answer is none of a search.")
    if kind == "search":
        listed = values.records(values.record(answer, "web"), "results")
        listed += values.records(values.record(answer, "discussions"), "results")
    else:
        listed = values.records(answer, "results")
    more = values.record(answer, "query").get("more_results_available") is True
    return _feed(listed, _brave, more=more)


def parse_brave_refusal(body: bytes) -> str:
    """The code of the first error; empty when there is none. A key that is not known and a
    question that is not understood have one status. Raises Malformed."""
    answer = values.document(body)
    if not isinstance(answer, dict):
        return ""
    errors = [values.record(answer, "error"), *values.records(answer, "errors")]
    code = next((found for one in errors if (found := values.name(one, "code"))), "")
    return "key" if code.startswith(_NO_KEY) else code


def parse_mojeek(body: bytes, content_type: str, url: str) -> Feed:
    """The pages. Raises Malformed, and for a status of its own within an answer of 200
    Throttled or AuthLost."""
    answer = values.document(body)
    response = values.record(answer, "response") if isinstance(answer, dict) else {}
    status = values.string(response, "status", values.MAX_NAME)
    if not status:
        raise Malformed("The answer is none of a search.")
    if status != "OK":
        if _USED_UP in status.casefold():
            raise Throttled("The day's searches are used up.")
        raise AuthLost("Mojeek did not take the question: look whether the key still holds.")
    listed = values.records(response, "results")
    head = values.record(response, "head")
    total, start = head.get("results"), head.get("start")
    more = isinstance(total, int) and isinstance(start, int) and start + len(listed) < total
    return _feed(listed, _mojeek, more=more)


def parse_searxng(body: bytes, content_type: str, url: str) -> Feed:
    """The pages. Engines that did not answer it are told as a part that is missing. Raises
    Malformed, and Unreachable when none of the engines answered."""
    answer = values.document(body)
    if not isinstance(answer, dict) or not isinstance(answer.get("results"), list):
        raise Malformed("The answer is none of a search.")
    listed = values.records(answer, "results")
    found = _feed(listed, _searxng, more=bool(listed))
    silent = ", ".join(_silent_engines(answer))
    if silent and not listed:
        raise Unreachable(f"No search engine answered the instance ({silent}).")
    return replace(found, partial=f"Not answered by: {silent}." if silent else found.partial)


def _silent_engines(answer: Record) -> list[str]:
    """Names, as far as they are such: they stand in messages."""
    told = answer.get("unresponsive_engines")
    pairs = told[:8] if isinstance(told, list) else []
    names = (pair[0] for pair in pairs if isinstance(pair, list) and pair)
    return [name[:30] for name in names if isinstance(name, str) and name.isprintable()]


def _feed(listed: list[Record], item: Callable[[Record], Item], *, more: bool) -> Feed:
    given = listed[:MAX_ITEMS]
    found = tuple(item(one) for one in given if values.string(one, "url"))
    lost = len(given) - len(found)
    return Feed(
        items=found,
        partial=f"{lost} results could not be read." if lost else "",
        next="more" if more else "",
    )


def _brave(result: Record) -> Item:
    more = result.get("extra_snippets")
    snippets = [one for one in more if isinstance(one, str)] if isinstance(more, list) else []
    dated = values.moment(values.string(result, "page_age", values.MAX_NAME))
    return _page(result, [values.string(result, "description"), *snippets[:16]], dated)


def _mojeek(result: Record) -> Item:
    return _page(result, [values.string(result, "desc")], values.instant(result, "timestamp"))


def _searxng(result: Record) -> Item:
    dated = values.moment(values.string(result, "publishedDate", values.MAX_NAME))
    return _page(result, [values.string(result, "content")], dated)


def _page(result: Record, said: list[str], published_at: datetime | None) -> Item:
    """The address is the id, as it is by other roads to the same page."""
    address = values.string(result, "url")
    return Item(
        id=address,
        url=address,
        title=html_to_text(values.string(result, "title")),
        text="\n".join(dict.fromkeys(text for one in said if (text := html_to_text(one)))),
        published_at=published_at,
    )
