"""A subject-access run finds all that the database holds, discloses nobody else, and is on record
by its request alone."""

from __future__ import annotations

import json
import re
import sqlite3
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import given
from hypothesis import strategies as st

from monitor.cases import casework
from monitor.rights import holds
from monitor.rights import subject_access as access
from monitor.rights.redaction import proposed
from monitor.store import audit, cases, evidence, mentions, requests
from monitor.store.evidence import Part
from monitor.store.requests import Request
from monitor.store.scope import EVERYTHING
from tests.doubles.consoles import Filled, Scene
from tests.doubles.written_posts import Written

NOW = datetime(2026, 11, 29, 9, 0, tzinfo=UTC)
HANDLE = b"harbourgullwing"
ADDRESSED = Written(
    text="{reputation|Lunch was cold again} at {@edith-pennick|Pennick}, says @HarbourGullwing",
    sure={"reputation": 0.9}, handle="@harbourgullwing",
    url="https://tidepool.example/@HarbourGullwing/{number}",
    more={
        "platform": "mastodon", "parent_id": "https://tidepool.example/users/harbourgullwing/1",
        "external_id": "https://tidepool.example/users/HarbourGullwing/statuses/7",
    },
)  # fmt: skip
"""Its writer's handle stands in its address too."""


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Filled:
    return Filled.made_in(tmp_path_factory.mktemp("filled"))


def asked(scene: Scene, *names: str) -> Request:
    number = access.take(
        scene.store, "access", reference="SAR-7", names=names, received_on=NOW.date(), by="D",
        now=NOW,
    )  # fmt: skip
    with scene.store.read() as tx:
        request = requests.find(tx, number)
    assert request is not None
    return request


def unsealed(connection: sqlite3.Connection) -> dict[tuple[str, str], list[str]]:
    """What is sealed of mentions and reports, opened past our own code, by table and key."""
    boxes = (
        ("mention", "SELECT m.id, m.author, k.key, m.identity FROM mention m"
         " JOIN author_key k ON k.mention_id = m.id WHERE m.author IS NOT NULL"),
        ("report", "SELECT r.id, r.protected, k.key, CAST('report of ' || r.mention_id AS BLOB)"
         " FROM report r JOIN report_key k USING (mention_id) WHERE r.protected IS NOT NULL"),
    )  # fmt: skip
    found = {}
    for table, query in boxes:
        for number, box, key, bound in connection.execute(query):
            plain = AESGCM(key).decrypt(box[:12], box[12:], bound).decode()
            found[table, str(number)] = plain.split("\0")
    return found


def rows_with(database: Path, name: str) -> set[tuple[str, str]]:
    """The rows of every table that hold the name, read past our own code."""
    connection = sqlite3.connect(database)
    sealed = unsealed(connection)
    connection.row_factory = sqlite3.Row
    found = set()
    tables = [
        row[0] for row in connection.execute("select name from sqlite_master where type='table'")
    ]
    for table in tables:
        if table.startswith(("mention_words", "sqlite_")) or table == "subject_request":
            continue
        info = connection.execute(f"pragma table_info({table})").fetchall()
        keys = [one["name"] for one in sorted(info, key=lambda one: one["pk"]) if one["pk"]]
        for row in connection.execute(f"select * from {table}"):
            key = " ".join(str(row[one]) for one in keys)
            values = [str(value) for value in dict(row).values() if isinstance(value, str)]
            said = json.dumps([*values, *sealed.get((table, key), ())], ensure_ascii=False)
            if re.search(rf"(?<!\w){re.escape(name)}(?!\w)", said, re.IGNORECASE):
                found.add((table, key))
    connection.close()
    return found


def test_the_run_is_complete_by_comparison_with_the_database(
    filled: Filled, tmp_path: Path
) -> None:
    with filled.copied_to(tmp_path) as scene:
        rows = sqlite3.connect(tmp_path / "monitor.db")
        authors = {name for row in unsealed(rows).values() for name in row if len(name) > 3}
        recipients = {row[0] for row in rows.execute("select distinct recipient from delivery")}
        rows.close()
        assert authors
        assert recipients
        for name in sorted(authors)[:3] + sorted(recipients)[:2]:
            bare = name.lstrip("@")
            found = access.records(scene.store, asked(scene, name), by="D", now=NOW)
            ours = {(one.found.table, one.found.key) for one in found}
            assert ours == rows_with(tmp_path / "monitor.db", bare), name
            assert ours, name


def test_the_record_holds_the_request_and_never_the_name(filled: Filled, tmp_path: Path) -> None:
    with filled.copied_to(tmp_path) as scene:
        request = asked(scene, "Perpetua Quillfeather")
        access.records(scene.store, request, by="D", now=NOW)
        assert access.close(scene.store, request.request_id, "Answered", by="D", now=NOW)
        assert not access.close(scene.store, request.request_id, "Again", by="D", now=NOW)
        with scene.store.read() as tx:
            entries = audit.listing(tx, 50)
            closed = requests.find(tx, request.request_id)
        assert "Quillfeather" not in str(entries)
        assert closed is not None
        assert closed.names == ()
        scene.store.settle()
    assert b"Quillfeather" not in (tmp_path / "monitor.db").read_bytes()


def test_erasing_leaves_no_letter_spares_what_is_held_and_the_chain_verifies(
    filled: Filled, tmp_path: Path
) -> None:
    with filled.copied_to(tmp_path) as scene:
        first, second = list(scene.numbers.values())[:2]
        holds.place(
            scene.store, second, reason="Police", review_on=date(2027, 1, 1), by="A", now=NOW
        )
        named = scene.add(ADDRESSED)
        with scene.store.begin() as tx:
            case_id = cases.begin(tx, {"title": "Posts about lunch"}, by="A", now=NOW)
        casework.add_mention(scene.store, EVERYTHING, case_id, named, by="A", now=NOW)
        with scene.store.begin() as tx:
            parts = {evidence.RECORD: b"{}", "page.html": HANDLE}
            sealed = {
                name: Part(media_type="text/plain", body=body) for name, body in parts.items()
            }
            evidence.put(tx, named, sealed, page="shown", now=NOW)
        request = asked(scene, "Somebody")
        assert access.erase(scene.store, request, named, by="D", now=NOW)
        with sqlite3.connect(tmp_path / "monitor.db") as rows:
            (text,) = rows.execute("select text from mention where id = ?", (first,)).fetchone()
        rows.close()
        assert access.erase(scene.store, request, first, by="D", now=NOW)
        assert not access.erase(scene.store, request, first, by="D", now=NOW)
        assert not access.erase(scene.store, request, second, by="D", now=NOW)
        with scene.store.read() as tx:
            assert audit.verify(tx) is None
            assert cases.verify(tx) is None
            assert evidence.verify(tx) is None
            assert mentions.id_of(tx, "mastodon", ADDRESSED.more["external_id"]) == named
    left = b"".join(one.read_bytes() for one in tmp_path.glob("monitor.db*"))
    assert text[:40].encode() not in left
    assert HANDLE not in left.lower()


def test_a_month_ends_with_the_month_where_that_is_shorter(filled: Filled, tmp_path: Path) -> None:
    with filled.copied_to(tmp_path) as scene:
        request = asked(scene, "Somebody")
    for came, due in (
        (date(2027, 1, 31), date(2027, 2, 28)), (date(2026, 12, 15), date(2027, 1, 15)),
        (date(2026, 11, 30), date(2026, 12, 30)),
    ):  # fmt: skip
        moved = Request(
            **{**{s: getattr(request, s) for s in Request.__slots__}, "received_on": came}
        )
        assert access.due_on(moved) == due


def test_two_months_more_are_had_once_within_the_first_and_for_a_reason(
    filled: Filled, tmp_path: Path
) -> None:
    with filled.copied_to(tmp_path) as scene:
        store, came = scene.store, NOW.date()
        late = date(2026, 12, 30)
        first, second = asked(scene, "Somebody"), asked(scene, "Somebody Else")
        why = "Eleven letters came at once"
        assert not access.extend(store, first, why, late, by="D", now=NOW)
        assert access.extend(store, first, why, came, by="D", now=NOW)
        with store.read() as tx:
            extended = requests.find(tx, first.request_id)
            entries = audit.listing(tx, 9, action="subject.extended")
            soon = access.clocks(tx, date(2026, 12, 20))
        assert extended is not None
        assert (access.due_on(extended), extended.extended_on) == (date(2027, 2, 28), came)
        assert not access.may_extend(extended, came)
        assert [one.subject for one in entries] == ["request 1"]
        assert [one.split(" (")[0] for one in soon] == [f"Request {second.request_id}"]


@given(
    before=st.text(max_size=30), user=st.from_regex(r"[a-z]{2,8}\.[a-z]{2,8}", fullmatch=True),
    digits=st.from_regex(r"07[0-9]{9}", fullmatch=True),
)  # fmt: skip
def test_addresses_handles_and_numbers_of_others_never_pass(
    before: str, user: str, digits: str
) -> None:
    text = f"{before} write to {user}@posts.example or @{user} or call {digits} now"
    shown = proposed({"text": text}, ["mine@posts.example"]).text
    assert f"{user}@posts.example" not in shown
    assert f"@{user}" not in shown
    assert f" {digits} " not in shown
    mine = proposed({"text": "from mine@posts.example"}, ["mine@posts.example"])
    assert "mine@posts.example" in mine.text


OTHERS = "Jayden Blenkinsop", "Mrs Okonjo-Thrale", "Fenella", "Dr Varga"


@pytest.mark.parametrize("other", OTHERS)
def test_names_of_others_in_running_text_are_taken_out_and_ones_own_stay(other: str) -> None:
    text = f"{other} told Perpetua Quillfeather at Edith Pennick School that Quillfeather won."
    made = proposed({"text": text}, ["Perpetua Quillfeather"], ["Edith Pennick School"])
    assert other.split()[-1] not in made.text
    assert made.taken_out
    assert made.text.count("Quillfeather") == 2
    assert "Edith Pennick School" in made.text


def test_whom_a_column_names_is_taken_out_wherever_they_stand_in_the_row() -> None:
    row = {
        "text": "seen by backseat", "url": "https://posts.example/u/backseat/1",
        "author_handle": "backseat", "decided_by": "Odile Fairhurst-Okoro",
    }  # fmt: skip
    made = proposed(row, ["Perpetua Quillfeather"])
    assert "backseat" not in made.text
    assert "Odile" not in made.text
    own = proposed(row, ["backseat"])
    assert own.text.count("backseat") == 3


def test_who_is_found_in_one_place_is_taken_out_where_their_name_is_written_otherwise() -> None:
    texts = {"title": "ZEFIRA QUOLL", "text": "So said Zefira Quoll at noon."}
    shown = proposed(texts, ["Somebody Else"]).text
    assert "quoll" not in shown.lower()


def test_nothing_is_given_before_every_record_was_read(filled: Filled, tmp_path: Path) -> None:
    with filled.copied_to(tmp_path) as scene:
        request = asked(scene, "backseat")
        with pytest.raises(access.Unread):
            access.exported(scene.store, request, by="D", now=NOW)
        held = access.records(scene.store, request, by="D", now=NOW)
        access.read_plain(scene.store, request, by="D", now=NOW)
        for one in held:
            with scene.store.read() as tx:
                current = requests.find(tx, request.request_id)
            assert current is not None
            access.decide(
                scene.store, current, one.found.record, included=True, text=one.text, by="D",
                now=NOW,
            )  # fmt: skip
        with scene.store.read() as tx:
            current = requests.find(tx, request.request_id)
        assert current is not None
        given = access.exported(scene.store, current, by="D", now=NOW)
        assert len(given["records"]) == len(held)
        assert given["draft"] is False


def test_a_name_too_short_is_not_searched(filled: Filled, tmp_path: Path) -> None:
    with filled.copied_to(tmp_path) as scene, pytest.raises(ValueError, match="too short"):
        access.records(scene.store, asked(scene, "Jo"), by="D", now=NOW)


def test_what_is_due_is_said_by_number_and_kind_and_never_by_name(
    filled: Filled, tmp_path: Path
) -> None:
    with filled.copied_to(tmp_path) as scene:
        asked(scene, "Perpetua Quillfeather")
        number = access.take(
            scene.store, "complaint", reference="DP-1", names=["Somebody"],
            received_on=NOW.date(), by="D", now=NOW,
        )  # fmt: skip
        with scene.store.read() as tx:
            assert access.clocks(tx, NOW.date()) == ()
            soon = access.clocks(tx, NOW.date() + timedelta(days=25))
            late = access.clocks(tx, NOW.date() + timedelta(days=40))
        assert [one.split(" by ")[0] for one in soon] == [
            "Request 1 (access) is to be answered",
            "Request 2 (complaint) is to be acknowledged",
            "Request 2 (complaint) is to be answered",
        ]
        assert all("was to be" in one for one in late)
        assert "Quillfeather" not in str(soon)
        access.close(scene.store, number, "Answered", by="D", now=NOW)
        with scene.store.read() as tx:
            assert len(access.clocks(tx, NOW.date() + timedelta(days=40))) == 1
