"""Signs of rubber-stamping, and what each decision rests on."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifiers.types import LabelScore
from monitor import review
from monitor.figures import oversight
from monitor.store import bases
from monitor.store.bases import Basis, Taken
from monitor.store.scope import EVERYTHING
from monitor.store.views import Outcome
from tests.doubles.consoles import Filled, Scene

NOW = datetime(2026, 11, 29, 9, 0, tzinfo=UTC)
OUTCOMES: tuple[Outcome, ...] = ("no_action", "watch", "open_case", "not_about_us")


def taken(
    at: int, *, seconds: float | None = 90, outcome: Outcome = "no_action",
    severity: str = "medium", together: bool = False, by: str = "A",
) -> Taken:  # fmt: skip
    """The decision of the minute `at`."""
    when = NOW + at * timedelta(minutes=2)
    score = LabelScore(label="bullying", probability=0.9, threshold=0.5)
    basis = Basis(
        model_version="m", severity=severity, scores=(score,), pupil_level="none",  # type: ignore[arg-type]
        opened_at=None if seconds is None else when - timedelta(seconds=seconds),
        together=together,
    )  # fmt: skip
    return Taken(by=by, at=when, outcome=outcome, undone_by=None, basis=basis)


def varied(number: int, **more: object) -> list[Taken]:
    return [taken(at, outcome=OUTCOMES[at % 3], **more) for at in range(number)]  # type: ignore[arg-type]


def signs(*found: Taken) -> tuple[str, ...]:
    (way,) = oversight.ways(found)
    return way.signs


def test_who_reads_and_decides_this_way_and_that_shows_no_sign() -> None:
    (way,) = oversight.ways(varied(30))
    assert way.signs == ()
    assert (way.decisions, way.opened, way.seconds, way.agreed) == (30, 1.0, 90, 2 / 3)


def test_each_sign_is_seen() -> None:
    assert signs(*(taken(at, seconds=None, severity="high") for at in range(3))) == (
        "3 high or critical mentions were decided without being opened.",
    )
    assert "from the list, unopened" in signs(*varied(24, seconds=None))[0]
    assert "within 3 seconds of opening" in signs(*varied(24, seconds=3))[0]
    assert "24 of 24 decisions" in signs(*(taken(at) for at in range(24)))[0]
    at_once = [
        Taken(by="A", at=NOW + at * timedelta(seconds=4), outcome="watch", undone_by=None,
              basis=taken(0).basis)
        for at in range(12)
    ]  # fmt: skip
    assert signs(*at_once) == ("12 decisions one by one within a minute.",)


def test_many_at_once_is_told_as_such_and_is_not_taken_for_haste() -> None:
    (way,) = oversight.ways(varied(30, seconds=1, together=True))
    assert (way.together, way.seconds, way.opened) == (30, None, None)
    assert way.signs == ()


@given(
    st.lists(
        st.tuples(st.integers(0, 500), st.sampled_from(OUTCOMES), st.floats(0, 900)), max_size=19
    )
)
def test_of_few_decisions_nothing_is_said_of_how_somebody_decides(
    given: list[tuple[int, Outcome, float]],
) -> None:
    found = [taken(at, outcome=outcome, seconds=spent) for at, outcome, spent in given]
    said = [sign for way in oversight.ways(found) for sign in way.signs]
    assert all("within a minute" in sign for sign in said)


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Filled:
    return Filled.made_in(tmp_path_factory.mktemp("filled"))


def test_a_decision_keeps_the_model_and_its_reasons_and_no_word_of_the_post(
    filled: Filled, tmp_path: Path
) -> None:
    with filled.copied_to(tmp_path) as scene:
        number = scene.number_of("gates 3.15")
        review.open_mention(scene.store, EVERYTHING, number, by="A", now=scene.now)
        scene.now += timedelta(seconds=40)
        decided(scene, number, together=False)
        with scene.store.read() as tx:
            (one,) = bases.since(tx, EVERYTHING, NOW - timedelta(days=30))
            (basis,) = bases.of_mention(tx, number).values()
    assert one.seconds == 40
    assert basis == one.basis
    assert basis.model_version == "labels 1, schools 1, pupils 1"
    assert basis.flags
    assert "gates" not in str(basis)


def decided(scene: Scene, number: int, *, together: bool) -> None:
    review.decide(
        scene.store, number, "watch", "", seen="open", by="A", now=scene.now, together=together
    )
