"""Fixtures that several rooms share."""

from tests.doubles.postgresql import postgresql
from tests.doubles.surroundings import surroundings

__all__ = ["postgresql", "surroundings"]
