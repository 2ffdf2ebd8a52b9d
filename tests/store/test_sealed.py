"""Personal parts are sealed, each under a key of its own: nothing of them stands in the files, and
with the key they are gone from copies too."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import inspect, text

from connectors.parse.items import Enclosed, MailItem, Picture
from connectors.types import Author
from monitor import backups
from monitor.store import (
    authors,
    mails,
    mentions,
    pictures,
    reports,
    requests,
    retention,
    subject,
    tenancy,
)
from monitor.store.database import MIGRATIONS, Store
from monitor.store.metadata import table_names
from monitor.store.pictures import Brought
from monitor.store.reports import Protected, Report
from monitor.store.scope import EVERYTHING
from monitor.store.tables import MentionRow
from tests.doubles.postgresql import Postgresql
from tests.store.conftest import FILES_ONLY, NOW, by_hand, post, taken_in

NAME, HANDLE = "Perpetua Quillfeather", "@harbourgull@posts.example"
WORDS = (
    NAME.split()[1], HANDLE[1:12], "Fenella Brook", "marnie@home.example", "Odile Fairhurst",
    "Corisande", "drawn from life", "drawn anew", "spots of colour",
)  # fmt: skip
RAW = b"Subject: seen on the bus\r\n\r\nCorisande Vale filmed it."
MAIL = MailItem(
    message_id="3", title="", text="", sent_at=None, authentication="", is_automatic=False,
    is_ours=False, files=(Enclosed(number=1, name="a.png", media_type="image/png", size=9),),
)  # fmt: skip
PICTURE = b"drawn from life"
DRAWN = Picture(
    media_type="image/jpeg", width=1, height=1, clean=b"drawn anew", veil=b"spots of colour"
)
REPORT = Report(
    reference="AB12", reporter="pupil", kind="bullying", doer="unknown", on_premises=False,
    school_computer=False, seen_at=None, sexual_picture=False,
)  # fmt: skip
PROTECTED = Protected(affected="Fenella Brook", reply_to="marnie@home.example")


def written_by(name: str, author: Author, *, platform: str = "mastodon") -> Any:
    return replace(post(name, platform=platform), author=author)


def fill(store: Store) -> None:
    """A post, a report and a request, each with somebody in it."""
    with store.begin() as tx:
        taken_in(tx, written_by("1", Author(name=NAME, handle=HANDLE)))
        assert reports.put(tx, post("2", platform="report"), REPORT, PROTECTED, NOW) == 2
        number = requests.take(
            tx, "access", names=["Odile Fairhurst"], reference="SAR-7", received_on=NOW.date(),
            by="D",
        )  # fmt: skip
        mentions.ingest(tx, "mailbox", [post("3", platform="mail")], NOW)
        mails.put(tx, 3, MAIL, RAW)
        pictures.put(tx, 3, [Brought(original=PICTURE, picture=DRAWN)])
        request = requests.find(tx, number)
        assert request is not None
        requests.disclose(tx, request, "mention 1", included=True, text=f"by {NAME}")


def read(store: Store) -> tuple[Any, ...]:
    with store.read() as tx:
        request = requests.find(tx, 1)
        assert request is not None
        named = (authors.of_mention(tx, 1), reports.protected(tx, 2), request.names)
        copies = (pictures.body(tx, 3, 1, "clean"), pictures.body(tx, 3, 1, "veil"))
        return (*named, mails.raw(tx, 3, 1), pictures.originals(tx, 3), copies)


WHOLE = (
    Author(name=NAME, handle=HANDLE), PROTECTED, ("Odile Fairhurst",), RAW, (PICTURE,),
    (("image/jpeg", DRAWN.clean), ("image/png", DRAWN.veil)),
)  # fmt: skip
GONE = (Author(), None, (), None, (), (None, None))


def standing(*files: Path) -> set[str]:
    content = b"".join(path.read_bytes() for path in files)
    return {word for word in WORDS if word.encode() in content}


@FILES_ONLY
def test_no_name_stands_in_the_files_and_all_is_there_for_who_may_see_it(
    store: Store, tmp_path: Path
) -> None:
    fill(store)
    assert standing(*tmp_path.iterdir()) == set()
    assert read(store) == WHOLE
    with store.read() as tx:
        detail = mentions.detail(tx, EVERYTHING, 1)
        assert detail is not None
        assert (detail.has_author, detail.mention.author) == (True, Author())
        assert mentions.named(tx, detail).mention.author == WHOLE[0]


def test_a_person_is_found_in_what_is_sealed_by_a_part_of_a_name_too(store: Store) -> None:
    fill(store)
    with store.read() as tx:
        found = {
            name: [one.record for one in subject.search(tx, [name])]
            for name in (
                "quillfeather",
                HANDLE,
                "Fenella Brook",
                "Marnie@home.example",
                "Corisande",
                "Quill",
            )
        }
    assert found == {
        "quillfeather": ["mention 1"], HANDLE: ["mention 1"], "Fenella Brook": ["report 1"],
        "Marnie@home.example": ["report 1"], "Corisande": ["mail 3"],
        "Quill": [],
    }  # fmt: skip


def test_one_author_is_known_again_while_shut_and_no_other_is_taken_for_them(store: Store) -> None:
    said = (
        (Author(name="A", handle="@gull"), "mastodon"),
        (Author(name="B", handle="Gull"), "mastodon"),
        (Author(name="A", handle="@gull"), "x"), (Author(name="gull"), "mastodon"),
        (Author(name="A", handle="@other"), "mastodon"), (Author(), "mastodon"),
    )  # fmt: skip
    posts = [written_by(str(at), *one[:1], platform=one[1]) for at, one in enumerate(said)]
    with store.begin() as tx:
        taken_in(tx, *posts)
        rows = tx.execute(text("SELECT mention_id, mark FROM author_key"))
        marks = {number: bytes(mark) for number, mark in rows}
        keys = set(tx.scalars(text("SELECT key FROM author_key")))
    assert marks[1] == marks[2]
    assert len(set(marks.values())) == 4
    assert 6 not in marks
    assert len(keys) == 5


def test_a_box_in_anothers_place_opens_for_nobody_and_stops_nothing(store: Store) -> None:
    with store.begin() as tx:
        taken_in(tx, *(written_by(one, Author(name=f"Writer {one}")) for one in "12"))
    by_hand(store, "UPDATE mention SET author = (SELECT author FROM mention WHERE id = 1)")
    with store.read() as tx:
        assert [one.mention.author.name for one in mentions.pending(tx, 9)] == ["Writer 1", None]
    with store.begin() as tx:
        assert reports.put(tx, post("3", platform="report"), REPORT, PROTECTED, NOW) == 3
    by_hand(store, "UPDATE report SET protected = (SELECT author FROM mention WHERE id = 1)")
    with store.read() as tx:
        found = [one.record for one in subject.search(tx, ["Writer 1"])]
        assert found == ["mention 1"]
        assert list(subject.search(tx, ["Fenella Brook"])) == []


@FILES_ONLY
def test_what_is_erased_is_erased_in_copies_without_keys(store: Store, tmp_path: Path) -> None:
    fill(store)
    keys, folder = tmp_path / "elsewhere.keys", tmp_path / "copies"
    copy = backups.make(store, folder, kept=timedelta(days=30), now=NOW, keys=keys)
    assert standing(copy, keys) == set()
    assert backups.restore(copy, tmp_path / "whole.db", keys=keys, now=NOW) == 0
    assert opened(tmp_path / "whole.db") == WHOLE
    with store.begin() as tx:
        old = [bytes(one) for one in tx.scalars(text(KEYS))]
        assert retention.forget_one(tx, 2, NOW)
        assert retention.forget_one(tx, 3, NOW)
        authors.forget(tx, [1])
        assert requests.close(tx, 1, outcome="Answered", by="D", now=NOW)
    store.settle()
    assert not any(one in path.read_bytes() for one in old for path in tmp_path.glob("monitor.db*"))
    backups.make(store, folder, kept=timedelta(days=30), now=NOW + timedelta(days=1), keys=keys)
    assert backups.restore(copy, tmp_path / "again.db", keys=keys, now=NOW) == 2
    assert opened(tmp_path / "again.db") == GONE


def opened(database: Path) -> Any:
    store = Store(f"sqlite:///{database}", busy_timeout=timedelta(seconds=5))
    try:
        return read(store)
    finally:
        store.close()


KEYS = "SELECT key FROM author_key UNION ALL SELECT key FROM brought_key"
OLD_ROWS = (
    "INSERT INTO mention (id, identity, platform, external_id, source_id, url, title, text, kind,"
    " author_name, author_handle, published_at, published_known, fetched_at, state, attempts,"
    " severity, flags, pupil_level, about_head) VALUES (:id, :identity, 'mastodon', '1', 's', 'u',"
    " '', 'Post', 'post', :name, :handle, 1, :yes, 1, 'new', 0, 0, '', 0, :no)",
    "INSERT INTO report (id, reference, mention_id, reporter, kind, doer, on_premises,"
    " school_computer, sexual_picture, affected, reply_to) VALUES (1, 'AB12', 2, 'pupil',"
    " 'bullying', 'unknown', :no, :no, :no, :affected, :reply_to)",
    "INSERT INTO subject_request (id, kind, reference, names, received_on, taken_by, disclosure,"
    " outcome) VALUES (1, 'access', 'SAR-7', :names, '2026-11-20', 'D', '{}', '')",
    "INSERT INTO mail (mention_id, raw, authentication, is_automatic) VALUES (3, :raw, '', :no)",
    "INSERT INTO enclosure (mention_id, number, name, media_type, size) VALUES"
    " (3, 1, 'a.png', 'image/png', 9)",
    "INSERT INTO picture (id, mention_id, digest, original, clean, veil, media_type, width, height,"
    " words, words_state, attempts) VALUES (1, 3, 'd', :original, :clean, :veil, 'image/jpeg', 1,"
    " 1, '', 'read', 1)",
)


@pytest.fixture
def older_url(request: pytest.FixtureRequest, database_url: str) -> str:
    if "postgres" not in database_url:
        return database_url
    server: Postgresql = request.getfixturevalue("postgresql")
    return server.empty_database()


@pytest.fixture
def older(older_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """A store as it was before anything but evidence was sealed."""
    store = Store(older_url, busy_timeout=timedelta(seconds=10))
    settings = Config()
    settings.set_main_option("script_location", str(MIGRATIONS))
    with store.begin() as tx:
        settings.attributes["connection"] = tx
        command.upgrade(settings, "0030")
        if not store.is_embedded:
            with monkeypatch.context() as then:
                there = frozenset(inspect(tx).get_table_names()) & table_names()
                then.setattr(tenancy, "table_names", lambda: there)
                tenancy.protect(tx)
    yield store
    store.close()


def put_old(store: Store, name: str = NAME) -> None:
    values = {
        "yes": True, "no": False, "affected": PROTECTED.affected, "reply_to": PROTECTED.reply_to,
        "names": '["Odile Fairhurst"]', "raw": RAW, "original": PICTURE, "clean": DRAWN.clean,
        "veil": DRAWN.veil,
    }  # fmt: skip
    with store.begin() as tx:
        for number, who, handle in ((1, name, HANDLE), (2, None, None), (3, None, None)):
            more = {"id": number, "name": who, "handle": handle, "identity": bytes([number] * 16)}
            tx.execute(text(OLD_ROWS[0]), values | more)
        for statement in OLD_ROWS[1:]:
            tx.execute(text(statement), values)
        if not store.is_embedded:
            tx.execute(text("SELECT setval(pg_get_serial_sequence('mention', 'id'), 3)"))


def test_what_was_there_is_sealed_and_its_plain_columns_go(
    older: Store, older_url: str, tmp_path: Path
) -> None:
    put_old(older)
    his = Store(older_url, busy_timeout=timedelta(seconds=10), trust="his")
    if not older.is_embedded:
        put_old(his, "Somebody Else")
    older.migrate()
    assert read(older) == WHOLE
    if older.is_embedded:
        older.settle()
        assert standing(*tmp_path.glob("monitor.db*")) == set()
    else:
        assert read(his)[0].name == "Somebody Else"
    with older.begin() as tx:
        taken_in(tx, written_by("9", Author(name="New", handle=HANDLE.upper())))
        marks = tx.execute(text("SELECT mark FROM author_key")).all()
        assert len(marks) == 2
        assert len(set(map(bytes, (one for (one,) in marks)))) == 1
        assert "author_name" not in MentionRow.model_fields
    his.close()
