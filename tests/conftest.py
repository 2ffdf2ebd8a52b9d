"""Fixtures that several rooms share."""

from tests.doubles.surroundings import surroundings

__all__ = ["surroundings"]
