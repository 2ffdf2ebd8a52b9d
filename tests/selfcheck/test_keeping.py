"""What a person keeps opens for them alone; reminders are told to nobody else."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from pydantic import SecretStr

from classifiers.pipeline import Classifier
from connectors.fetch.client import Fetcher
from monitor.context import Context
from monitor.selfcheck import keeping, reminders
from monitor.selfcheck.draft import Details
from monitor.selfcheck.judging import Lessons
from monitor.selfcheck.keeping import Kept, WrongCode
from monitor.selfcheck.reminders import SECRET
from monitor.store import delivered, self_check
from monitor.wiring import channels_of
from tests.doubles.consoles import Scene, empty_scene
from tests.doubles.mailservers import Inbox, served

KEPT = Kept(
    day=date(2026, 3, 14),
    addresses=frozenset({"https://a.example/1"}),
    lessons=Lessons(mine=frozenset({"https://a.example/1"}), my_words=frozenset({"gazelles"})),
    details=Details(role="teacher", also=("Em Clarke",)),
    without=("brave",),
)
TERM = datetime(2027, 1, 12, 9, 0, tzinfo=UTC)


def test_a_list_opens_with_the_code_and_for_its_person_alone() -> None:
    code = keeping.new_code()
    box = keeping.seal(KEPT, code, "emma", months=6)
    assert keeping.opened(box.sealed, code.lower().replace("-", " "), "emma") == KEPT
    assert keeping.place(code, "emma") == box.place
    for other_code, subject in ((keeping.new_code(), "emma"), (code, "harriet")):
        assert keeping.place(other_code, subject) != box.place
        with pytest.raises(WrongCode):
            keeping.opened(box.sealed, other_code, subject)
    for broken in ("", "ABCD", code + "A"):
        with pytest.raises(WrongCode):
            keeping.place(broken, "emma")


def test_a_box_has_the_size_of_a_row_of_chance_and_no_day_of_its_own() -> None:
    many = replace(KEPT, addresses=frozenset(f"https://a.example/{n}" for n in range(50_000)))
    boxes = [keeping.seal(one, keeping.new_code(), "emma", months=3) for one in (KEPT, many)]
    decoy = keeping.decoy(KEPT.day)
    assert {len(one.sealed) for one in (*boxes, decoy)} == {len(decoy.sealed)}
    assert {len(one.place) for one in (*boxes, decoy)} == {32}
    assert boxes[0].forget_on == date(2026, 7, 1)
    assert decoy.forget_on.day == 1
    assert boxes[0].sealed != keeping.seal(KEPT, keeping.new_code(), "emma", months=3).sealed


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    with empty_scene(tmp_path) as made:
        yield made


def context(scene: Scene, port: int) -> Context:
    """What the rounds need to send to a mail server of ours."""
    mail = scene.settings.mail.model_copy(update={"port": port})
    settings = scene.settings.model_copy(update={"mail": mail})

    def none() -> Classifier:
        raise AssertionError("Nothing is judged here.")

    return Context(
        settings=settings,
        store=scene.store,
        classifier=none,
        fetcher=Fetcher(settings.fetch),
        channels=channels_of(settings),
        other_channels={},
        clock=scene.clock,
    )


def test_who_asked_for_it_is_reminded_once_a_term_and_stands_in_no_row(scene: Scene) -> None:
    inbox = Inbox()
    with served(inbox) as port:
        ctx = context(scene, port)
        key = reminders.key_of(ctx.settings)
        today = scene.now.date()
        reminders.choose(scene.store, key, "subject-a", "a@harrowmere.example", today)
        reminders.choose(scene.store, key, "subject-b", "b@harrowmere.example", today)
        assert reminders.remind(ctx) == 0
        scene.now = TERM
        assert reminders.remind(ctx) == 2
        assert reminders.remind(ctx) == 0
        reminders.stop(scene.store, key, "subject-b")
        scene.now = datetime(2027, 4, 21, 9, 0, tzinfo=UTC)
        assert reminders.remind(ctx) == 1
    assert [one.rcpt_tos for one in inbox.taken] == [
        ["a@harrowmere.example"], ["b@harrowmere.example"], ["a@harrowmere.example"],
    ]  # fmt: skip
    content = inbox.taken[0].content
    assert isinstance(content, bytes)
    mail = message_from_bytes(content, policy=policy.default)
    body = mail.get_body()
    assert body
    assert mail["Subject"] == "The reminder that you asked for"
    assert "/selfcheck" in body.get_content()
    with scene.store.read() as tx:
        assert delivered.find(tx, 1) is None
        sealed = self_check.reminders(tx)
    assert sealed
    assert b"harrowmere" not in sealed


def test_everybodys_box_has_one_size_and_is_sealed_anew_by_itself(scene: Scene) -> None:
    with served(Inbox()) as port:
        ctx = context(scene, port)
        key, today = reminders.key_of(ctx.settings), scene.now.date()
        sizes, boxes = set(), []
        for number in range(5):
            address = f"p{number}@harrowmere.example"
            reminders.choose(scene.store, key, f"subject-{number}", address, today)
            reminders.tidy(ctx)
            with scene.store.read() as tx:
                boxes.append(self_check.reminders(tx))
            sizes.add(len(boxes[-1] or b""))
        assert len(sizes) == 1
        assert len(set(boxes)) == 5
        chosen = reminders.chosen_by(scene.store, key, "subject-3")
        assert chosen
        assert chosen.address == "p3@harrowmere.example"
        other = reminders.key_of(
            ctx.settings.model_copy(update={"secrets": {SECRET: SecretStr("another " * 8)}})
        )
        assert reminders.chosen_by(scene.store, other, "subject-3") is None


def test_boxes_past_their_day_are_forgotten_and_rows_of_chance_come_by_themselves(
    scene: Scene,
) -> None:
    with served(Inbox()) as port:
        ctx = context(scene, port)
        box = keeping.seal(KEPT, keeping.new_code(), "emma", months=6)
        with scene.store.begin() as tx:
            self_check.put(tx, box.place, box.sealed, box.forget_on)
        scene.now = datetime(2026, 9, 30, 12, 0, tzinfo=UTC)
        reminders.tidy(ctx)
        with scene.store.read() as tx:
            assert self_check.find(tx, box.place, scene.now.date()) == box.sealed
        scene.now = datetime(2026, 10, 1, 12, 0, tzinfo=UTC)
        for _ in range(400):  # each makes one with a chance of one in twelve
            reminders.tidy(ctx)
            with scene.store.begin() as tx:
                assert self_check.find(tx, box.place, date(2026, 9, 30)) is None
                if self_check.forget(tx, date(2030, 1, 1)):
                    return
    pytest.fail("No row of chance came.")


def test_only_addresses_of_the_trust_are_reminded(scene: Scene) -> None:
    trust = scene.settings.trust
    assert reminders.is_ours("a@harrowmere.example", trust)
    assert reminders.is_ours("a@Edithpennick.example", trust)
    assert not reminders.is_ours("a@harrowmere.example.evil.example", trust)
    assert not reminders.is_ours("a@post.example", trust)


def test_the_calendar_entry_is_for_the_next_term_and_says_nothing(scene: Scene) -> None:
    entry = reminders.calendar(scene.settings, date(2026, 11, 29), scene.now)
    assert "DTSTART;VALUE=DATE:20270112" in entry
    assert "CLASS:PRIVATE" in entry
    assert entry.count("\r\n") == entry.count("\n")
    day = reminders.term_day(scene.settings.self_check, date(2027, 1, 12) + timedelta(days=13))
    assert day == date(2027, 1, 12)
    assert reminders.term_day(scene.settings.self_check, date(2027, 2, 1)) is None
