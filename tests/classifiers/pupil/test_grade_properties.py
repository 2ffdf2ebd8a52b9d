from typing import get_args

from hypothesis import given
from hypothesis import strategies as st

from classifiers.pupil.grade import holding, level
from classifiers.pupil.signals import Signal, SignalKind
from classifiers.types import PUPIL_LEVELS

SIGNALS = st.builds(Signal, st.sampled_from(get_args(SignalKind)), st.just(0), st.just(1))


@given(st.lists(SIGNALS, max_size=8), SIGNALS)
def test_one_more_signal_never_lowers_the_grade(signals: list[Signal], more: Signal) -> None:
    before = PUPIL_LEVELS.index(level(holding(signals)))
    after = PUPIL_LEVELS.index(level(holding([*signals, more])))
    assert after >= before


@given(st.lists(SIGNALS, max_size=8))
def test_a_school_alone_is_never_a_finding(signals: list[Signal]) -> None:
    only = [signal for signal in signals if signal.kind in ("SCHOOL", "SCHOOL_LIFE", "PHOTO")]
    assert level(holding(only)) == "none"


@given(st.lists(SIGNALS, max_size=8))
def test_what_is_sensitive_never_identifies_anybody_by_itself(signals: list[Signal]) -> None:
    only = [signal for signal in signals if signal.kind in ("SENSITIVE", "INCIDENT", "CHILD")]
    assert level(holding(only)) == "none"
