from datetime import UTC, datetime, timedelta

import pytest

from monitor.web import moments

NOW = datetime(2026, 11, 23, 16, 20, tzinfo=UTC)


@pytest.mark.parametrize(
    ("past", "words"),
    [
        (timedelta(seconds=-30), "in under a minute"),
        (timedelta(minutes=-5), "in 5 min"),
        (timedelta(hours=-2, minutes=-1), "in 2 h"),
        (timedelta(days=-3), "in 3 days"),
        (timedelta(0), "just now"),
        (timedelta(seconds=59), "just now"),
        (timedelta(minutes=1), "1 min ago"),
        (timedelta(hours=3, minutes=59), "3 h ago"),
        (timedelta(hours=16), "16 h ago"),
        (timedelta(hours=17), "yesterday"),
        (timedelta(days=2), "2 days ago"),
        (timedelta(days=13), "13 days ago"),
        (timedelta(days=14), "9 Nov"),
        (timedelta(days=400), "19 Oct 2025"),
    ],
)
def test_how_long_ago_is_said_as_people_say_it(past: timedelta, words: str) -> None:
    assert moments.ago(NOW - past, NOW) == words


def test_exact_times_are_those_of_london_in_summer_and_winter() -> None:
    assert moments.exact(datetime(2026, 7, 1, 22, 30, tzinfo=UTC)) == "Wed 1 Jul 2026, 23:30"
    assert moments.exact(datetime(2026, 12, 1, 22, 30, tzinfo=UTC)) == "Tue 1 Dec 2026, 22:30"


def test_yesterday_is_a_day_in_london() -> None:
    after_midnight = datetime(2026, 7, 1, 12, 30, tzinfo=UTC)
    assert moments.ago(datetime(2026, 6, 30, 23, 15, tzinfo=UTC), after_midnight) == "13 h ago"
    assert moments.ago(datetime(2026, 6, 30, 22, 15, tzinfo=UTC), after_midnight) == "yesterday"


def test_a_stamp_can_be_read_by_machines() -> None:
    assert datetime.fromisoformat(moments.stamp(NOW)) == NOW
