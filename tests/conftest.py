"""Fixtures that several rooms share, and how property tests are run."""

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
