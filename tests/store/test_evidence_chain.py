"""Seals hold: a changed, missing or added byte shows; forgetting leaves the chain whole."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidTag
from sqlalchemy import text

from monitor.evidence import seal
from monitor.store import evidence
from monitor.store.database import Store
from monitor.store.evidence import RECORD, Part
from tests.store.conftest import NOW, post, queued
from tests.store.test_retention import forget, limits

SECRET = b"xylophonesandwich behind the gym"


def put(store: Store, mention_id: int, *, body: bytes = SECRET) -> int:
    record = json.dumps({"parts": {"post.txt": seal.sha256(body)}}).encode()
    parts = {
        RECORD: Part(media_type="application/json", body=record),
        "post.txt": Part(media_type="text/plain", body=body),
    }
    with store.begin() as tx:
        return evidence.put(tx, mention_id, parts, page="shown", now=NOW).number


@pytest.fixture
def sealed(store: Store) -> Store:
    for name in ("1", "2", "3"):
        with store.begin() as tx:
            mention_id, _ = queued(tx, post(name, f"{name} quite another thing altogether {name}"))
        put(store, mention_id)
    return store


def wrong(store: Store) -> int | None:
    with store.read() as tx:
        fault = evidence.verify(tx)
    return None if fault is None else fault.number


def test_what_was_sealed_is_whole_and_comes_back_as_it_went_in(sealed: Store) -> None:
    assert wrong(sealed) is None
    with sealed.read() as tx:
        part = evidence.part(tx, 2, "post.txt")
        assert part is not None
        assert part.body == SECRET


@pytest.mark.parametrize(
    ("tampering", "found"),
    [
        ("UPDATE evidence SET record = 'a' || substr(record, 2) WHERE id = 2", 2),
        ("UPDATE evidence SET sealed_at = sealed_at + 1 WHERE id = 2", 2),
        ("UPDATE evidence SET previous = 'x' WHERE id = 3", 3),
        ("DELETE FROM evidence WHERE id = 2", 3),
        ("UPDATE evidence_part SET body = :zeros WHERE evidence_id = 2", 2),
        ("DELETE FROM evidence_part WHERE evidence_id = 2 AND name = 'post.txt'", 2),
        ("INSERT INTO evidence_part SELECT 2, 'more', media_type, size, digest, body"
         " FROM evidence_part WHERE evidence_id = 1 AND name = 'post.txt'", 2),
        ("UPDATE evidence_part SET evidence_id = 9 WHERE evidence_id = 2", 2),
        ("UPDATE evidence_key SET key = :zeros WHERE evidence_id = 2", 2),
        ("DELETE FROM evidence_key WHERE evidence_id = 2", 2),
        ("UPDATE evidence SET erased_at = 1 WHERE id = 2", 2),
    ],
)  # fmt: skip
def test_every_way_to_tamper_is_found(sealed: Store, tampering: str, found: int) -> None:
    with sealed.begin() as tx:
        tx.execute(text(tampering), {"zeros": bytes(32)} if ":zeros" in tampering else {})
    assert wrong(sealed) == found


def test_two_parts_cannot_change_places(sealed: Store) -> None:
    """Even under one key and with the digests written anew, a part knows where it belongs."""
    with sealed.begin() as tx:
        tx.execute(text("UPDATE evidence_key SET key = (SELECT key FROM evidence_key LIMIT 1)"))
        tx.execute(text(
            "UPDATE evidence_part SET body = (SELECT body FROM evidence_part"
            " WHERE evidence_id = 1 AND name = 'post.txt') WHERE evidence_id = 2"
        ))  # fmt: skip
    with sealed.read() as tx, pytest.raises(InvalidTag):
        evidence.part(tx, 2, "post.txt")


def test_forgetting_destroys_the_key_and_the_chain_still_verifies(sealed: Store) -> None:
    with sealed.begin() as tx:
        (mention_id,) = tx.scalars(text("SELECT mention_id FROM evidence WHERE id = 2"))
        assert evidence.forget(tx, [mention_id], why="erased", now=NOW) == 1
        assert evidence.forget(tx, [mention_id], why="erased", now=NOW) == 0
    assert wrong(sealed) is None
    with sealed.read() as tx:
        assert evidence.part(tx, 2, "post.txt") is None
        assert evidence.parts(tx, 2) == {}
        (view,) = evidence.of_mention(tx, mention_id)
        assert (view.erased_at, view.sizes) == (NOW, {})
    put(sealed, mention_id)
    assert wrong(sealed) is None


def test_evidence_goes_with_its_mention_and_no_letter_of_it_stays(
    store: Store, tmp_path: Path
) -> None:
    with store.begin() as tx:
        mention_id, _ = queued(tx, post("1", "a thing that was said"))
    put(store, mention_id)
    with store.begin() as tx:
        assert forget(tx, limits(180 + 1))["unreviewed"] == 1
    store.settle()
    assert wrong(store) is None
    with store.read() as tx:
        assert evidence.part(tx, 1, "post.txt") is None
    files = b"".join(one.read_bytes() for one in tmp_path.iterdir() if one.is_file())
    assert SECRET not in files


def test_what_lies_in_the_database_is_noise(sealed: Store, tmp_path: Path) -> None:
    sealed.settle()
    files = b"".join(one.read_bytes() for one in tmp_path.iterdir() if one.is_file())
    assert SECRET not in files


def test_a_chain_that_was_cut_and_grown_anew_does_not_follow() -> None:
    first = seal.sealed(None, at=1, kind="capture", record="a")
    second = seal.sealed(first, at=2, kind="capture", record="b")
    forged = seal.sealed(None, at=2, kind="capture", record="b")
    assert seal.first_broken([first, second]) is None
    assert seal.first_broken([first, forged]) == 1
    assert seal.first_broken([second, first]) == 1
