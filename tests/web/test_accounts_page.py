"""The register of official accounts and the findings beside it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from httpx import Client

from alerts.duty import Duty
from classifiers.pipeline import Classifier
from monitor import accounts as register
from monitor import pipeline
from monitor.accounts import Refused
from monitor.cli import cli
from monitor.store import accounts, audit, mentions
from monitor.store.scope import EVERYTHING
from tests.doubles.consoles import NOW, Scene
from tests.doubles.written_posts import Written

Browsing = Callable[..., Client]
Token = Callable[[Client], str]
TABLE = (
    "Platform,Handle,School,Owner,IT_admin,Last_check\n"
    "Facebook,@lindmouthharbour,harbour-academy,School office,yes,2026-11-01\n"
    "Instagram,oakenhall.junior,Oakenhall Junior School,,no,\n"
    "X,two words,,,,\n"
    "X,elsewhere,Grange Hill,,,\n"
)


def test_accounts_are_written_down_checked_and_closed(
    empty: Scene, browsing: Browsing, token: Token
) -> None:
    client = browsing(empty)
    form = {"token": token(client), "platform": "YouTube", "handle": "@HarbourTV",
            "link": "https://tube.example/harbourtv", "school": "harbour-academy"}  # fmt: skip
    assert client.post("/accounts/new", data=form).status_code == 303
    page = client.get("/accounts").text
    for said in ("HarbourTV", "YouTube", "It was never checked", "Nobody is named who keeps it"):
        assert said in page
    checked = {"token": form["token"], "it_admin": "yes"}
    assert client.post("/accounts/1/check", data=checked).status_code == 303
    assert "It was never checked" not in client.get("/accounts").text
    empty.now += register.CHECK_EVERY + timedelta(days=1)
    assert "not checked for half a year" in client.get("/accounts").text
    assert client.post("/accounts/1/close", data=form).status_code == 303
    assert client.post("/accounts/1/close", data=form).status_code == 404
    assert "HarbourTV" not in client.get("/accounts").text
    with empty.store.read() as tx:
        done = [one.action for one in audit.listing(tx, 9, action="account.")]
    assert done == ["account.closed", "account.checked", "account.kept"]


def test_a_pasted_table_is_taken_row_by_row_and_says_what_is_wrong(
    empty: Scene, browsing: Browsing, token: Token
) -> None:
    client = browsing(empty)
    taken = client.post("/accounts/table", data={"token": token(client), "table": TABLE})
    assert "2 accounts taken in" in taken.text
    assert "row 4: Give the handle" in taken.text
    assert "is no school of the Trust" in taken.text
    client.post("/accounts/table", data={"token": token(client), "table": TABLE})
    with empty.store.read() as tx:
        assert len(accounts.listing(tx)) == 2


def take(scene: Scene, table: str) -> register.Imported:
    return register.take_table(scene.store, table.encode(), scene.settings.trust, by="A", now=NOW)


def test_a_password_is_refused_wherever_it_stands(empty: Scene, tmp_path: Path) -> None:
    for column in ("password", "pass_word", "PIN"):
        with pytest.raises(Refused, match="never stands here"):
            take(empty, f"platform,handle,{column}\nx,ours,hunter2\n")
    done = take(empty, "platform,handle,note\nx,ours,Password: hunter2\n")
    assert (done.kept, len(done.refused)) == (0, 1)
    assert "hunter2" not in done.refused[0]
    empty.store.settle()
    assert b"hunter2" not in (tmp_path / "monitor.db").read_bytes()


def collected(scene: Scene, classifier: Classifier, *posts: Written) -> list[int]:
    """Through the pipeline as it runs."""
    for post in posts:
        scene.add_pending(post)
    with scene.store.begin() as tx:
        pending = mentions.pending(tx, 10)
        for item, judged in pipeline.judge(classifier, pending):
            pipeline.record(
                tx, item, judged, classifier=classifier, trust=scene.settings.trust,
                policy=scene.settings.policy, duty=Duty(rota=scene.settings.rota, now=scene.now),
            )  # fmt: skip
    return [item.mention_id for item in pending]


def test_a_look_alike_in_what_is_collected_is_a_finding_with_the_platforms_route(
    empty: Scene, browsing: Browsing, token: Token, classifier: Classifier
) -> None:
    posing = Written(
        text="Oakenhall Junior School is closed tomorrow", author="Oakenhall Junior School",
        handle="oakenhalljnr", more={"platform": "facebook"},
    )  # fmt: skip
    again = Written(text="Oakenhall opens at noon", author="Oakenhall Junior School",
                    handle="oakenhalljnr", more={"platform": "facebook"})  # fmt: skip
    plain = Written(text="Oakenhall choir was lovely", author="A parent", handle="aparent")
    number, *_ = collected(empty, classifier, posing, again, plain)
    with empty.store.read() as tx:
        found = accounts.look_alikes(tx, EVERYTHING, limit=9)
        told = tx.exec_driver_sql("select recipient, payload from delivery").all()
    assert [one.mention_id for one in found] == [number]
    assert [one[0] for one in told if "look_alike" in one[1]] == [
        empty.settings.trust.contacts.head_of_pr
    ]
    assert "oakenhalljnr" not in str(told)
    client = browsing(empty)
    page = client.get("/accounts").text
    assert "It bears the same name" in page
    assert "Find support or report" in page
    assert "oakenhalljnr" not in page
    said = {"token": token(client), "said": "reported"}
    assert client.post(f"/mentions/{number}/look-alike", data=said).status_code == 303
    assert "Reported to the platform: " in client.get("/accounts").text
    assert client.post(f"/mentions/{number + 2}/look-alike", data=said).status_code == 404


def test_the_command_takes_a_file_and_shows_what_is_to_be_done(tmp_path: Path) -> None:
    table = tmp_path / "accounts.csv"
    table.write_text(TABLE, encoding="utf-8")
    url = f"sqlite:///{tmp_path / 'm.db'}"
    done = CliRunner().invoke(cli, ["accounts", "--sample", "--database", url, str(table)])
    assert done.exit_code == 1
    assert "lindmouthharbour" in done.output
    assert "IT has no full access (policy 6.11)" in done.output
    assert "Not taken: row 4" in done.output
    table.write_text("platform,handle,password\nx,ours,a\n", encoding="utf-8")
    done = CliRunner().invoke(cli, ["accounts", "--sample", "--database", url, str(table)])
    assert done.exit_code == 2
