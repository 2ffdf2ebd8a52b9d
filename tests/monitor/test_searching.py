"""What may be looked for, and that pupils' names are not there to be found."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import insert

from alerts import mask
from classifiers.expressions import ExpressionError, Term
from classifiers.text import assessed_text, words
from config.settings import Settings
from monitor import sample, searching
from monitor.store import search
from monitor.store.queue_tables import UnindexedRow
from tests.doubles.consoles import NOW, full_scene
from tests.doubles.written_posts import POSTS


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return sample.settings({}, tmp_path_factory.mktemp("searching"))


@pytest.mark.parametrize(
    "written",
    ["oliver smith", '"Oliver Smith"', "fight OR (bus AND amelia)", "bus NOT Jessica", "mr khan"],
)
def test_a_person_is_never_looked_for(settings: Settings, written: str) -> None:
    with pytest.raises(ExpressionError, match="person"):
        searching.parse(written, settings.trust)


def test_what_is_masked_cannot_be_found(tmp_path: Path, settings: Settings) -> None:
    with full_scene(tmp_path) as scene, scene.store.read() as tx:
        shown = " ".join(search.shown_words(tx, number) for number in scene.numbers.values())
        masked = next(post for post in POSTS if post.pupil == "direct")
        named = mask.names(
            assessed_text(masked.mention(1, NOW)), masked.assessment(settings.policy)
        )
        assert named
        for name in named:
            assert search.count(tx, Term(tuple(words(name))), most=1) == 0
        assert "school" in shown


def test_what_was_judged_before_there_was_a_search_is_caught_up_with(
    tmp_path: Path,
) -> None:
    with full_scene(tmp_path) as scene:
        numbers = set(scene.numbers.values())
        with scene.store.begin() as tx:
            for number in numbers:
                search.remove(tx, [number])
            rows = [{"mention_id": number} for number in numbers]
            tx.execute(insert(UnindexedRow), rows)
            assert search.count(tx, Term(("school",)), most=1) == 0
        while searching.catch_up(scene.store):
            pass
        with scene.store.read() as tx:
            assert search.count(tx, Term(("school",)), most=9) > 1
            assert search.waiting(tx, 1) == []


def test_matters_and_schools_are(settings: Settings) -> None:
    for school in settings.trust.schools:
        searching.parse(f'"{school.name}" AND (fire OR evacuat*)', settings.trust)
    for written in ("bullying head", "fight NEAR/5 bus", "knife* OR gang", "parents angry uniform"):
        searching.parse(written, settings.trust)
