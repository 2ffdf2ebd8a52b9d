"""A user of one school sees no byte, count or difference of error of another's, and somebody whom a
story names nothing of it.

Two worlds: one with the posts that somebody may see, and the same with any others beside them.
Every address that the console has is asked and every change is tried, by itself: a new page is
held to this without being named here. The answers must be the same, byte for byte.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path

import pytest
from fastapi.routing import APIRoute
from httpx import Response
from sqlalchemy import text

from monitor.web.app import PAGES
from tests.doubles.consoles import Scene
from tests.web.scope_worlds import OF_THE_NAMED, SEEN, asking, of_others, world

Kept = tuple[str, int, bytes]
HIDDEN = len(SEEN) + 1
"""The number of the first mention that is not there, or is another's."""
NEVER = 999
ROUTES = [route for page in PAGES for route in page.router.routes if isinstance(route, APIRoute)]
LEFT_OUT = (
    "/sign-",
    "/sample/persona",
    "/sessions",
    "/seen/{reply}",
    "/health",
    "/readyz",
    "/setup",
)
"""Ways in, what belongs to nobody, and what writes the operator's files."""
ANSWERED: Mapping[str, tuple[object, ...]] = {
    "mention_id": (1, HIDDEN, NEVER),
    "case_id": (1, 3, NEVER),
    "kind": ("csv",),
    "name": ("reviewers",),
    "form": ("html",),
}
"""What stands for the parts of an address; for all others 1 and one that never was."""
SEARCHES = (
    "", "?state=quiet", "?state=case", "?state=decided",
    "?state=all", "?school=edith-pennick", "?school=oakenhall", "?label=threat", "?severity=high",
    "?q=zebra", "?q=boiler+OR+lunch", '?q="hit a child"', "?q=fairhurst", "?q=new+kid&state=all",
    "?copies=2", "?done=5.1", "?since=2026-11-01", "?q=(",
)  # fmt: skip
MORE = (
    *(f"/{quoted}" for quoted in SEARCHES),
    *(f"/export.csv{quoted}" for quoted in SEARCHES[6:13:3]),
    "/queue/new?after=0", "/queue/new?after=3&seen=1", "/queue/new?after=6",
    "/digests?kind=daily&to=head%40edithpennick.example",
    "/digests/mail?kind=daily&to=head%40edithpennick.example",
    "/digests?kind=daily&to=head%40oakenhalljunior.example",
    "/digests/mail?kind=executive&to=executive%40harrowmere.example",
    "/audit?who=A+Colleague", "/cases?state=closed", "/nothing", "/mentions/0", "/mentions/x",
)  # fmt: skip
FORM = {
    "token": "same", "outcome": "watch", "state": "open", "mention": str(HIDDEN), "words": "x",
    "mentions": str(HIDDEN), "case": "2", "note": "x", "reason": "x", "text": "x", "title": "x",
    "story": str(HIDDEN), "with": str(HIDDEN), "label": "threat", "holds": "yes", "entry": "1",
    "link": "https://elsewhere.example/1", "until": "week", "role": "pupil",
    "decisions": f"{HIDDEN}.1", "why": "x", "step": "save_evidence", "choice": "skip",
}  # fmt: skip
CHOSEN = re.compile(rb"UID:[0-9a-f]+|done=\d+\.\d+|/cases/\d+(?=[\"#?]|$)")
"""What is made up anew each time, and a number that a change of one's own has made: they are given
in the order of the whole Trust."""


def addresses(route: APIRoute) -> Iterator[str]:
    """The route with each number that its first part may have, and 1 for what stands below."""
    first, *below = re.findall(r"\{(\w+)(?::\w+)?\}", route.path) or [""]
    for value in ANSWERED.get(first, (1, NEVER)) if first else ("",):
        address = re.sub(r"\{\w+(:\w+)?\}", str(value), route.path, count=1)
        for name in below:
            (fixed, *_) = ANSWERED.get(name, (1,))
            address = re.sub(r"\{\w+(:\w+)?\}", str(fixed), address, count=1)
        yield address


def routes(method: str) -> list[APIRoute]:
    return [
        one for one in ROUTES if method in (one.methods or ()) and not one.path.startswith(LEFT_OUT)
    ]


LOOKS = (*(one for route in routes("GET") for one in addresses(route)), *MORE)
CHANGES = tuple(
    one
    for route in routes("POST")
    for one in addresses(route)
    if "{" in route.path and not re.search(r"/(mentions|cases)/1(/|$)", one)
)
"""Of what is hidden, or never was; one's own may be changed."""
ANYWHERE = ("/bulk", "/bulk/decide", "/bulk/undo", "/share", "/try", "/silences", "/rules")


THE_BOARDS = "/board"
"""One paper for everybody, so that no two can be compared: by week, small numbers withheld."""


def answers(scene: Scene, whose: str) -> list[Kept]:
    """To every look, to every change of what is hidden, and to some looks afterwards."""
    kept: list[Kept] = []
    with asking(scene, whose) as client:

        def keep(asked: str, answer: Response) -> None:
            body = CHOSEN.sub(b"", answer.content + answer.headers.get("location", "").encode())
            kept.append((asked, answer.status_code, body))

        for path in LOOKS:
            if whose == "named" and path.startswith(THE_BOARDS):
                continue
            keep(path, client.get(path))
        keep("as JSON", client.get(f"/mentions/{HIDDEN}", headers={"Accept": "application/json"}))
        for path in CHANGES:
            keep(path, client.post(path, data=FORM))
        form = {**FORM, "text": f"https://natter.averford.example/posts/{HIDDEN}"}
        for path in ANYWHERE:
            keep(path, client.post(path, data=form))
        for path in ("/", "/cases", "/?state=all", "/mentions/1", "/cases/1", "/clocks"):
            keep(f"{path} afterwards", client.get(path))
    return kept


def hidden_rows(scene: Scene, number: int) -> list[object]:
    """All that stands in the database about so many hidden mentions and their cases."""
    with scene.store.read() as tx:
        tables = tx.execute(text("SELECT name FROM sqlite_schema WHERE type = 'table'")).scalars()
        found: list[object] = []
        for table in sorted(set(tables) - {"audit"}):
            columns = {row[1] for row in tx.execute(text(f"PRAGMA table_info({table})"))}
            for column in ("mention_id", "case_id") if table != "mention" else ("id",):
                if column in columns:
                    first, last = (
                        (3, NEVER) if column == "case_id" else (HIDDEN, len(SEEN) + number)
                    )
                    between = f"{column} BETWEEN {first} AND {last}"
                    query = f"SELECT * FROM {table} WHERE {between} ORDER BY rowid"
                    found += [(table, *row) for row in tx.execute(text(query))]
    return found


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Scene]]:
    folder = tmp_path_factory.mktemp("alone")
    with world(None, folder, ()) as scene:
        scene.store.settle()
        yield folder, scene


@pytest.fixture(scope="module")
def beside(
    tmp_path_factory: pytest.TempPathFactory, alone: tuple[Path, Scene]
) -> Iterator[Callable[..., Scene]]:
    """A copy of the world alone as it was at first, with more beside it."""
    first = tmp_path_factory.mktemp("first")
    (first / "monitor.db").write_bytes((alone[0] / "monitor.db").read_bytes())
    with ExitStack() as stack:
        yield lambda more: stack.enter_context(world(first, tmp_path_factory.mktemp("b"), more))


def _found_by_a_colleague(scene: Scene) -> None:
    """Else the property would hold of an empty console as well."""
    with asking(scene, "colleague") as client:
        for path, words in (
            ("/?q=school+OR+zebras&state=all", f"/mentions/{HIDDEN}"),
            ("/cases", "/cases/3"),
            ("/export.csv?state=all", f"/posts/{HIDDEN}"),
            (f"/mentions/{HIDDEN}", "We look into it"),
        ):
            assert words in client.get(path).text, path


BESIDE = {
    "headteacher": of_others(1),
    "safeguarding": of_others(2),
    "named": OF_THE_NAMED,
}


@pytest.mark.parametrize("whose", list(BESIDE))
def test_what_is_anothers_changes_not_a_byte_and_cannot_be_changed(
    beside: Callable[..., Scene], whose: str
) -> None:
    without, together = beside([]), beside(BESIDE[whose])
    number = len(BESIDE[whose])
    _found_by_a_colleague(together)
    before = hidden_rows(together, number)
    assert len(before) > 20
    for one, other in zip(answers(without, whose), answers(together, whose), strict=True):
        assert one == other
    assert hidden_rows(together, number) == before


def test_the_console_is_asked_for_all_that_it_has() -> None:
    assert len(LOOKS) > 80
    assert len(CHANGES) > 80
