from datetime import UTC, date, datetime, timedelta

import pytest

from config.loading import load
from connectors.types import Health, NotMeasured, NotModified, Ok, Partial
from monitor.schedule import LONGEST_BACKOFF, backoff, due_digest_day, local_day, next_poll

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
EVERY = timedelta(minutes=30)


def after(health: Health, *, failures: int = 0, gap: bool = False) -> timedelta:
    due = next_poll("paper", EVERY, health, failures=failures, possible_gap=gap, now=NOW)
    return due - NOW


@pytest.mark.parametrize("health", [Ok(), NotModified(), Partial("half")])
def test_a_source_that_was_read_is_asked_again_after_its_interval(health: Health) -> None:
    assert EVERY <= after(health) <= EVERY * 1.1


@pytest.mark.parametrize(("said", "waits"), [(60, 30), (2_700, 45), (10.0**12, 60)])
def test_a_source_is_left_alone_for_as_long_as_it_says_within_an_hour(
    said: float, waits: int
) -> None:
    due = next_poll(
        "paper", EVERY, Ok(), failures=0, possible_gap=True, now=NOW, rests_seconds=said
    )
    least = timedelta(minutes=waits) if waits > 30 else EVERY / 2
    assert least <= due - NOW <= least * 1.1


def test_a_window_that_was_outrun_is_asked_again_in_half_the_time() -> None:
    assert EVERY / 2 <= after(Ok(), gap=True) <= EVERY / 2 * 1.1


def test_a_failing_source_is_asked_less_and_less_often() -> None:
    down = NotMeasured("Unreachable", "no answer")
    waits = [after(down, failures=failures) for failures in (1, 3, 6, 60)]
    assert waits == sorted(waits)
    assert waits[0] >= timedelta(seconds=30)
    assert waits[-1] <= timedelta(hours=6) * 1.1


def test_retry_after_is_honoured_when_it_is_longer_than_our_own_wait() -> None:
    asked = NotMeasured("Throttled", "slow down", retry_after=7200)
    assert after(asked, failures=1) >= timedelta(hours=2)


@pytest.mark.parametrize("kind", ["AuthLost", "Blocked", "Forbidden", "Gone"])
def test_a_refusal_is_asked_once_more_at_its_usual_time_and_then_seldom(kind: str) -> None:
    assert EVERY <= after(NotMeasured(kind, "no"), failures=1) <= EVERY * 1.1
    assert after(NotMeasured(kind, "no"), failures=2) >= timedelta(hours=6)


def test_sources_that_started_together_do_not_stay_together() -> None:
    dues = {
        next_poll(f"s{n}", EVERY, Ok(), failures=0, possible_gap=False, now=NOW) for n in range(50)
    }
    assert len(dues) > 40


def test_the_wait_before_a_retry_doubles_up_to_its_limit() -> None:
    hour = timedelta(hours=1)
    waits = [backoff(n, longest=hour).total_seconds() for n in (1, 2, 3, 99)]
    assert waits == [30, 60, 120, 3600]


def test_the_digest_of_yesterday_is_due_once_the_hour_has_come_in_london() -> None:
    summer = datetime(2026, 7, 1, 5, 59, tzinfo=UTC)  # 06:59 in London
    assert due_digest_day(summer, "07:00") is None
    assert due_digest_day(summer + timedelta(minutes=1), "07:00") == date(2026, 6, 30)


@pytest.mark.parametrize(
    ("day", "hours"),
    [(date(2026, 3, 29), 23), (date(2026, 10, 25), 25), (date(2026, 11, 20), 24)],
)
def test_a_day_in_london_has_the_hours_that_daylight_saving_gives_it(day: date, hours: int) -> None:
    start, end = (moment.astimezone(UTC) for moment in local_day(day))
    assert end - start == timedelta(hours=hours)


def test_a_mail_is_tried_for_three_days_before_it_is_given_up() -> None:
    tries = load().mail.max_attempts
    spans = [backoff(failures, longest=LONGEST_BACKOFF) for failures in range(1, tries)]
    assert timedelta(days=3) <= sum(spans, timedelta()) < timedelta(days=4)
