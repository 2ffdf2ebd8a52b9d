"""The real classifier under the shipped policy, loaded once."""

import pytest

from classifiers.pipeline import Classifier, build
from config.loading import load


@pytest.fixture(scope="session")
def classifier() -> Classifier:
    settings = load(None, {})
    return build(settings.trust, settings.policy)
