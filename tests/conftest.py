"""Fixtures that several rooms share, and how property tests are run."""

from collections import Counter

import pytest
from hypothesis import HealthCheck, settings

from tests.doubles.postgresql import postgresql
from tests.doubles.surroundings import surroundings

__all__ = ["postgresql", "surroundings"]

# Neither a busy machine nor a folder that all examples share is a fault of the code under test.
settings.register_profile(
    "steady",
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
settings.load_profile("steady")

UNTESTED = "NOT TESTED"
"""How the reason begins when a real server of somebody else's is not installed."""


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say loudly, and count, what could not be tried on this machine."""
    reasons: Counter[str] = Counter()
    for report in terminalreporter.stats.get("skipped", []):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else ""
        if UNTESTED in reason:
            reasons[reason.removeprefix("Skipped: ")] += 1
    if reasons:
        number = sum(reasons.values())
        terminalreporter.section(f"{number} tests {UNTESTED} here", sep="=", red=True, bold=True)
        for reason, times in reasons.items():
            terminalreporter.write_line(f"{times} x {reason}", red=True)
