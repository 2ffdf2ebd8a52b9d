"""What servers say of how often they may be asked, in every dialect."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime, timedelta

import pytest

from connectors.fetch.politeness import renewal_seconds
from connectors.fetch.statuses import asked_to_wait, used_up
from tests.connectors.asking import asked, fetcher, not_measured
from tests.doubles.loopback import Reply, Site, as_json, as_text, serving

NOW = datetime(2026, 3, 14, 9, 30, tzinfo=UTC)
IN_A_MINUTE = NOW + timedelta(minutes=1)


def _business(calls: int, minutes: int) -> object:
    told = {"type": "pages", "call_count": calls, "total_time": 1, "total_cputime": 1}
    return {"1": [told | {"estimated_time_to_regain_access": minutes}]}


@pytest.mark.parametrize(
    "written",
    [
        "2026-03-14T09:31:00.000000Z",  # Mastodon
        "2026-03-14T09:31:00",
        "2026-03-14T10:31:00+01:00",
        str(int(IN_A_MINUTE.timestamp())),  # Bluesky, X
        f"{IN_A_MINUTE.timestamp():.1f}",
        str(int(IN_A_MINUTE.timestamp() * 1000)),
        "60",  # Reddit
        " 60.0 ",
    ],
)
def test_a_minute_is_a_minute_in_every_dialect(written: str) -> None:
    assert renewal_seconds(written, NOW) == pytest.approx(60, abs=0.1)


@pytest.mark.parametrize("written", [None, "", "soon", "-5", "nan", "2026-99-01T00:00:00Z"])
def test_what_cannot_be_read_asks_for_nothing(written: str | None) -> None:
    assert renewal_seconds(written, NOW) is None


@pytest.mark.parametrize(
    ("written", "seconds"),
    [("2020-01-01T00:00:00Z", 1), ("0", 1), ("9" * 40, 86_400), ("2099-01-01T00:00:00Z", 86_400)],
)
def test_no_server_can_stop_the_asking_for_more_than_a_day(written: str, seconds: float) -> None:
    assert renewal_seconds(written, NOW) == seconds


@pytest.mark.parametrize("family", ["x-ratelimit", "ratelimit", "x-rate-limit"])
def test_an_allowance_is_used_up_when_nothing_remains(family: str) -> None:
    assert used_up({f"{family}-remaining": "0", f"{family}-reset": "60"}, NOW) == 60
    assert used_up({f"{family}-remaining": "1", f"{family}-reset": "60"}, NOW) is None
    assert used_up({f"{family}-reset": "60"}, NOW) is None


@pytest.mark.parametrize(
    ("left", "seconds"),
    [("0, 1000", 1), ("1, 0", 86_400), ("0, 0", 86_400), ("1, 1000", None), ("0", 1)],
)
def test_an_allowance_by_the_second_and_by_the_month_is_used_up_by_either(
    left: str, seconds: float | None
) -> None:
    """Brave's dialect."""
    told = {"x-ratelimit-remaining": left, "x-ratelimit-reset": "1, 1419704"}
    assert used_up(told | {"x-ratelimit-limit": "1, 15000"}, NOW) == seconds


def test_a_limit_of_nothing_is_no_limit() -> None:
    """As Brave tells of a month that is not limited."""
    told = {"x-ratelimit-remaining": "1, 0", "x-ratelimit-reset": "1, 1419704"}
    assert used_up(told | {"x-ratelimit-limit": "50, 0"}, NOW) is None


@pytest.mark.parametrize(
    ("header", "told", "seconds"),
    [
        ("x-app-usage", {"call_count": 28, "total_time": 25, "total_cputime": 25}, None),
        ("x-app-usage", {"call_count": 28, "total_time": 104, "total_cputime": 25}, 3600),
        ("x-business-use-case-usage", _business(99, 0), None),
        ("x-business-use-case-usage", _business(100, 19), 19 * 60),
        ("x-business-use-case-usage", _business(100, 0), 3600),
        ("x-business-use-case-usage", _business(100, 10**9), 86_400),
        ("x-business-use-case-usage", {"1": "none", "2": ["none"], "3": [{}]}, None),
    ],
)
def test_metas_shares_are_used_up_at_a_hundred_per_cent(
    header: str, told: object, seconds: float | None
) -> None:
    assert used_up({header: json.dumps(told)}, NOW) == seconds


@pytest.mark.parametrize("written", ["", "no", "[]", "[" * 50_000, '{"call_count": NaN}'])
def test_shares_that_cannot_be_read_ask_for_nothing(written: str) -> None:
    told = {"x-app-usage": written, "x-business-use-case-usage": written}
    assert used_up(told, NOW) is None


def test_retry_after_goes_before_the_allowance_and_other_refusals_ask_for_no_wait() -> None:
    headers = {"x-ratelimit-remaining": "0", "x-ratelimit-reset": "60"}
    assert asked_to_wait(429, headers | {"retry-after": "5"}, NOW) == 5
    assert asked_to_wait(429, headers, NOW) == 60
    assert asked_to_wait(404, headers, NOW) is None


def test_an_interfaces_own_pause_lies_between_two_requests() -> None:
    pause = timedelta(seconds=0.3)

    async def twice(site: Site) -> None:
        door = fetcher().reaching([site.place])
        for _ in range(2):
            await door.get(site.address, pause=pause)

    with serving(lambda _: as_json({})) as site:
        asyncio.run(twice(site))
    first, second = site.asked
    assert second.at - first.at >= pause.total_seconds()


@pytest.mark.parametrize("status", [403, 429, 503])
def test_a_wall_that_wants_a_person_is_a_refusal_with_whatever_status(status: int) -> None:
    """Cloudflare's challenge: asked again seldom, never evaded, told with what to do."""
    wall = as_text("<title>Just a moment...</title>", status=status, kind="text/html")
    headers = {**wall.headers, "Cf-Mitigated": "challenge"}
    told = Reply(body=wall.body, status=wall.status, headers=headers)
    with serving(lambda _: told) as site:
        health = not_measured(asked("rss", {"url": site.address}, site))
    assert health.kind == "Blocked"
    assert "ask the site's owner" in health.reason
