"""What of the mentions each role sees; that nothing else can be learnt is in test_scope_property."""

# ruff: noqa: E501  a post stands on one line, as it was written

from collections.abc import Mapping
from pathlib import Path

import pytest
from fastapi.routing import APIRoute
from sqlalchemy import select

from config.people import ConsoleRole
from monitor.store import delivered, judged, mentions, queue
from monitor.store.scope import EVERYTHING, NOTHING, Scope, conditions, opened, sees
from monitor.store.tables import MentionRow
from monitor.store.views import QueueFilter
from monitor.web.app import PAGES
from monitor.web.deps import within_scope
from monitor.web.viewer import Viewer
from tests.doubles.consoles import Filled, empty_scene
from tests.doubles.written_posts import Written

MENTION = MentionRow.__table__.c  # type: ignore[attr-defined]
MINE = "edith-pennick"
SEEN: tuple[Written, ...] = (
    Written(text="{bullying|Nobody likes the new kid} at {@edith-pennick|Pennick}", sure={"bullying": 0.9}),
    Written(text="{reputation|Lunch queues} at {@edith-pennick|Edith Pennick} again", sure={"reputation": 0.8}),
    Written(text="{self_harm|I cannot go on} at {@edith-pennick|Pennick}", sure={"self_harm": 0.97}),
    Written(text="Sports day at {@edith-pennick|Pennick} was lovely"),
)  # fmt: skip


def post(school: str, label: str, sure: float, pupil: str, allegation: str, words: str) -> Written:
    return Written(
        text=f"{{{label}|{words}}} at {{@{school}|that school}}",
        sure={label: sure},  # type: ignore[dict-item]
        pupil=pupil,  # type: ignore[arg-type]
        allegation=allegation,  # type: ignore[arg-type]
    )


VIEWERS: Mapping[ConsoleRole, Viewer] = {
    role: Viewer(name=f"A {role}", subject=role, roles=frozenset({role}), schools=frozenset({MINE}))
    for role in ("headteacher", "safeguarding")
}


def test_a_safeguarding_lead_sees_what_may_harm_a_pupil_and_nothing_else(tmp_path: Path) -> None:
    scope = VIEWERS["safeguarding"].scope
    with empty_scene(tmp_path) as scene:
        numbers = [scene.add(one) for one in SEEN]
        told = scene.add(post(MINE, "reputation", 0.99, "none", "staff", "He hit my boy"))
        with scene.store.read() as tx:
            seen = [number for number in (*numbers, told) if sees(tx, scope, number)]
            roles = {one.role for one in delivered.of_mention(tx, told, None)}
        assert "safeguarding_lead" in roles
        assert seen == [numbers[0], numbers[2], told]


def test_a_query_that_is_written_once_finds_each_persons_own(tmp_path: Path) -> None:
    """Asked for one school after the other, as digests are, it mixes up none of them."""
    with empty_scene(tmp_path) as scene:
        for one in SEEN:
            scene.add(one)
        scene.add(post("oakenhall", "threat", 0.97, "none", "none", "Wait for it"))
        everybodys = [one.scope for one in VIEWERS.values()]
        everybodys.append(
            Viewer(
                name="A head",
                subject="head",
                roles=frozenset({"headteacher"}),
                schools=frozenset({"oakenhall"}),
            ).scope
        )
        with scene.store.read() as tx:
            for scope in (*everybodys, NOTHING, EVERYTHING):
                shape, slots = opened(scope)
                own = tx.scalars(select(MENTION.id).where(*conditions(scope))).all()
                assert tx.scalars(select(MENTION.id).where(*conditions(shape)), slots).all() == own
            assert shape == EVERYTHING
            assert opened(everybodys[0])[0] == opened(everybodys[-1])[0] != everybodys[0]


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
