"""The ledger knows every word for a group that the labels treat alike, each once."""

from __future__ import annotations

import tomllib
from pathlib import Path

import classifiers.labels.identity_mask as masking
from classifiers.characteristics import CHARACTERISTICS, named, words


def test_every_word_that_is_masked_has_its_characteristic() -> None:
    listed = tomllib.loads(Path(masking.__file__).with_name("identities.toml").read_text("utf-8"))
    masked = {
        " ".join(phrase.split())
        for part in ("plural", "single")
        for phrase in listed[part]["words"].split(",")
    }
    assert set(words()) == masked
    assert set(words().values()) == set(CHARACTERISTICS)


def test_groups_are_found_as_whole_words_and_phrases() -> None:
    assert named("Our Muslim families, and the send kids.") == {"religion_or_belief", "disability"}
    assert named("Jehovah’s Witnesses at the gate") == {"religion_or_belief"}
    assert named("WHEELCHAIR USERS get no ramp") == {"disability"}
    assert named("The manager asked for a polished floor") == frozenset()
