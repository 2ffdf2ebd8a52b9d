"""What all answers of Meta's Graph API and its kin have in common: a list, a cursor, a refusal
(developers.facebook.com/docs/graph-api)."""

from __future__ import annotations

from collections.abc import Callable

from connectors.errors import Malformed
from connectors.parse import values
from connectors.parse.items import MAX_ITEMS, Feed, Item
from connectors.parse.values import Record


def parse_refusal(body: bytes) -> tuple[int, int]:
    """The code of an error and its subcode; 0 for each that is not given. Raises Malformed."""
    answer = values.document(body)
    error = values.record(answer, "error") if isinstance(answer, dict) else {}
    code, part = (values.name(error, key) for key in ("code", "error_subcode"))
    return int(code) if code.isdecimal() else 0, int(part) if part.isdecimal() else 0


def parse_fields(body: bytes, names: tuple[str, ...]) -> tuple[str, ...]:
    """Fields of a record by itself, each empty when it is not given. Raises Malformed."""
    answer = values.document(body)
    if not isinstance(answer, dict):
        raise Malformed("The answer is no record.")
    return tuple(values.string(answer, name, 4096) for name in names)


def listed(body: bytes) -> tuple[list[Record], int, str]:
    """The records of a list, how many could not be read, and the cursor of what follows.
    Raises Malformed."""
    answer = values.document(body)
    if not isinstance(answer, dict) or not isinstance(answer.get("data"), list):
        raise Malformed("The answer is no list.")
    given = answer["data"][:MAX_ITEMS]
    found = [one for one in given if isinstance(one, dict) and values.string(one, "id")]
    return found, len(given) - len(found), following(answer)


def following(answer: Record) -> str:
    """The cursor of the next page; empty on the last, which has a cursor of its end too."""
    paging = values.record(answer, "paging")
    after = values.string(values.record(paging, "cursors"), "after", 1024)
    return after if values.string(paging, "next") else ""


def feed(body: bytes, item: Callable[[Record], Item]) -> Feed:
    """A list of which each record is an item. Raises Malformed."""
    found, lost, following = listed(body)
    return Feed(
        items=tuple(map(item, found)),
        partial=f"{lost} posts could not be read." if lost else "",
        next=following,
    )
