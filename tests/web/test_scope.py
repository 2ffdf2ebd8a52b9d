"""A user of one school sees no byte, count or difference of error of another's.

Two worlds: one with the posts that somebody may see, and the same with any others beside them.
For every page, search, count and change the answers must be the same, byte for byte, so that
nothing at all can be learnt of the others.
"""

# ruff: noqa: E501  a post stands on one line, as it was written

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from fastapi.routing import APIRoute
from httpx import Client, Response
from hypothesis import given, settings
from hypothesis import strategies as st

from config.people import ConsoleRole
from monitor.store import deliveries, judged, mentions, queue
from monitor.store.scope import EVERYTHING, NOTHING, Scope, sees
from monitor.store.views import QueueFilter
from monitor.web.app import PAGES, create_app
from monitor.web.deps import Persona, SampleLinks, within_scope
from monitor.web.viewer import Viewer
from tests.doubles.consoles import Filled, Scene, empty_scene, served
from tests.doubles.written_posts import Written

MINE = "edith-pennick"
OTHERS = ("harbour-academy", "oakenhall", "brackenford", "st-wilgars", "saltmarsh-lane")
SEEN: tuple[Written, ...] = (
    Written(text="{bullying|Nobody likes the new kid} at {@edith-pennick|Pennick}", sure={"bullying": 0.9}),
    Written(text="{reputation|Lunch queues} at {@edith-pennick|Edith Pennick} again", sure={"reputation": 0.8}),
    Written(text="{self_harm|I cannot go on} at {@edith-pennick|Pennick}", sure={"self_harm": 0.97}),
    Written(text="Sports day at {@edith-pennick|Pennick} was lovely"),
)  # fmt: skip
PATHS = (
    "/", "/?state=quiet", "/?state=watch", "/?state=decided", "/?state=set_aside",
    "/?school=edith-pennick", "/?school=oakenhall", "/?label=threat", "/?severity=high",
    "/?done=5.1", "/?done=6.1", "/queue/new?after=0", "/queue/new?after=3&seen=1", "/share",
    *(f"/mentions/{number}" for number in range(1, 13)), "/mentions/5/pictures/1",
    "/mentions/5/pictures/1/veiled", "/help", "/nothing",
)  # fmt: skip
CHANGES = ("reveal", "affected", "seen", "pictures", "pictures/1/words", "decision", "files/1")
LABELS = ("reputation", "bullying", "threat", "hate", "sexual", "self_harm")


def post(school: str, label: str, sure: float, pupil: str, allegation: str, words: str) -> Written:
    return Written(
        text=f"{{{label}|{words}}} at {{@{school}|that school}}",
        sure={label: sure},  # type: ignore[dict-item]
        pupil=pupil,  # type: ignore[arg-type]
        allegation=allegation,  # type: ignore[arg-type]
    )


ANOTHERS = st.builds(
    post,
    school=st.sampled_from(OTHERS),
    label=st.sampled_from(LABELS),
    sure=st.sampled_from((0.1, 0.6, 0.99)),
    pupil=st.sampled_from(("none", "class", "indirect", "direct")),
    allegation=st.sampled_from(("none", "staff", "head")),
    words=st.sampled_from(("Nobody likes the new kid", "a shambles", "zebra crossing", "I cannot")),
)
AGAINST_MY_HEAD = st.builds(
    post,
    school=st.just(MINE),
    label=st.sampled_from(LABELS),
    sure=st.just(0.9),
    pupil=st.just("none"),
    allegation=st.just("head"),
    words=st.just("the head hit a child"),
)
OF_THE_TRUST = st.builds(
    Written, text=st.just("{reputation|The Trust wastes money}"), sure=st.just({"reputation": 0.9})
)
VIEWERS: Mapping[ConsoleRole, Viewer] = {
    role: Viewer(name=f"A {role}", subject=role, roles=frozenset({role}), schools=frozenset({MINE}))
    for role in ("headteacher", "safeguarding")
}


@contextmanager
def console_of(scene: Scene) -> Iterator[str]:
    personas = tuple(Persona(id=role, seat=role, viewer=one) for role, one in VIEWERS.items())
    links = SampleLinks(mailbox_url="http://127.0.0.1:8640/", personas=personas)
    app = create_app(scene.console(links=links))
    app.state.token = "same"
    with served(app) as address:
        yield address


@contextmanager
def worlds(hidden: list[Written]) -> Iterator[tuple[str, str]]:
    with ExitStack() as stack:
        addresses = []
        for more in ([], hidden):
            folder = Path(stack.enter_context(TemporaryDirectory()))
            scene = stack.enter_context(empty_scene(folder))
            for one in (*SEEN, *more):
                scene.add(one)
            addresses.append(stack.enter_context(console_of(scene)))
        yield addresses[0], addresses[1]


def answers(address: str, role: str) -> list[tuple[str, int, bytes]]:
    kept: list[tuple[str, int, bytes]] = []

    def keep(asked: str, answer: Response) -> None:
        body = answer.content.replace(address.encode(), b"")
        kept.append((asked, answer.status_code, body))

    with Client(base_url=address, cookies={"persona": role}, trust_env=False, timeout=20) as client:
        for path in PATHS:
            keep(path, client.get(path))
            keep(f"{path} as JSON", client.get(path, headers={"Accept": "application/json"}))
        form = {"token": "same", "outcome": "watch", "state": "open", "mention": "5", "words": "x"}
        for number in (5, 6, 999):
            for change in CHANGES:
                path = f"/mentions/{number}/{change}"
                keep(path, client.post(path, data=form))
        keep("undo", client.post("/decisions/1/undo", data=form))
        for path in PATHS[:14]:
            keep(f"{path} afterwards", client.get(path))
    return kept


@settings(max_examples=3, deadline=None, derandomize=True)
@given(hidden=st.lists(st.one_of(ANOTHERS, AGAINST_MY_HEAD, OF_THE_TRUST), min_size=1, max_size=7))
@pytest.mark.parametrize("role", list(VIEWERS))
def test_what_is_anothers_changes_not_a_byte(role: str, hidden: list[Written]) -> None:
    with worlds(hidden) as (without, beside):
        for alone, together in zip(answers(without, role), answers(beside, role), strict=True):
            assert alone == together


def test_the_two_worlds_really_differ_for_who_may_see_both(tmp_path: Path) -> None:
    """Else the property above would hold of an empty console as well."""
    head = VIEWERS["headteacher"].scope
    with empty_scene(tmp_path) as scene:
        for one in (*SEEN, post("oakenhall", "threat", 0.99, "direct", "none", "zebra")):
            scene.add(one)
        with scene.store.read() as tx:
            assert queue.counts(tx, EVERYTHING).open == 4
            assert queue.counts(tx, head).open == 3
            assert [sees(tx, head, number) for number in (1, 5, 999)] == [True, False, False]


def test_a_safeguarding_lead_sees_what_may_harm_a_pupil_and_nothing_else(tmp_path: Path) -> None:
    scope = VIEWERS["safeguarding"].scope
    with empty_scene(tmp_path) as scene:
        numbers = [scene.add(one) for one in SEEN]
        told = scene.add(post(MINE, "reputation", 0.99, "none", "staff", "He hit my boy"))
        with scene.store.read() as tx:
            seen = [number for number in (*numbers, told) if sees(tx, scope, number)]
            roles = {one.role for one in deliveries.of_mention(tx, told, None)}
        assert "safeguarding_lead" in roles
        assert seen == [numbers[0], numbers[2], told]


@pytest.mark.parametrize("roles", [{"it"}, {"dpo"}, {"staff"}, {"it", "dpo", "staff"}])
def test_who_reads_no_posts_finds_none_at_the_query(
    filled: Filled, tmp_path: Path, roles: set[ConsoleRole]
) -> None:
    scope = Viewer(name="A", subject="a", roles=frozenset(roles)).scope
    with filled.copied_to(tmp_path) as scene, scene.store.read() as tx:
        assert queue.page(tx, scope, QueueFilter(), after=None, limit=5).rows == ()
        assert queue.newer_than(tx, scope, 0) == 0
        assert judged.since(tx, scope, scene.now.replace(year=2000)) == []
        assert mentions.detail(tx, scope, 1) is None
        counts = queue.counts(tx, scope)
        assert (counts.open, counts.watch, counts.set_aside) == (0, 0, 0)
        assert bool(counts.deliveries_dead) == ("it" in roles)
        assert queue.counts(tx, NOTHING).deliveries_due == 0


@pytest.mark.parametrize("schools", [None, frozenset[str]()])
def test_a_head_without_a_school_sees_nothing(
    filled: Filled, tmp_path: Path, schools: frozenset[str] | None
) -> None:
    viewer = Viewer(name="A", subject="a", roles=frozenset({"headteacher"}), schools=schools)
    with filled.copied_to(tmp_path) as scene, scene.store.read() as tx:
        assert queue.page(tx, viewer.scope, QueueFilter(), after=None, limit=5).rows == ()


def test_copies_of_a_story_are_counted_and_listed_within_the_scope(tmp_path: Path) -> None:
    words = "the whole of this long sentence about the boiler stands in every copy of the story"
    mine = Written(text=f"{{bullying|{words}}} {{@edith-pennick|Pennick}}", sure={"bullying": 0.9})
    theirs = Written(text=f"{{bullying|{words}}} {{@oakenhall|Pennick}}", sure={"bullying": 0.9})
    with empty_scene(tmp_path) as scene:
        first, second = scene.add(mine), scene.add(theirs)
        head = VIEWERS["headteacher"].scope
        copies: dict[Scope, int] = {}
        with scene.store.read() as tx:
            for scope in (EVERYTHING, head):
                (row,) = queue.page(tx, scope, QueueFilter(), after=None, limit=5).rows
                copies[scope] = row.copies
            found = mentions.detail(tx, head, first)
            assert mentions.detail(tx, head, second) is None
        assert found
        assert found.story == ()
        assert (copies[EVERYTHING], copies[head]) == (2, 1)


def test_every_route_below_a_mention_asks_whether_it_is_in_scope() -> None:
    routes = [
        route
        for page in PAGES
        for route in page.router.routes
        if isinstance(route, APIRoute) and route.path.startswith("/mentions/{mention_id}")
    ]
    assert len(routes) >= 9
    for route in routes:
        asked = [part.call for part in route.dependant.dependencies]
        assert within_scope in asked, route.path
