"""Two years go by: each kind goes at its time from the database file, the full-text index and the
backups, and what is on hold stays."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from classifiers.duplicates import fingerprint
from classifiers.types import Assessment, Label, LabelScore
from connectors.types import Author, Mention
from monitor import backups, searching
from monitor.context import Context
from monitor.rights import holds, retention
from monitor.store import assessments, decisions, mentions
from monitor.store.views import Outcome
from tests.monitor.conftest import Clock, Opened

DAY = timedelta(days=1)
KEPT: dict[str, int | None] = {
    "dismissedword": 30, "foreignword": 30, "watchedword": 365, "unreadword": 180,
    "platformword": 7, "lawfulword": 60, "heldword": None,
}  # fmt: skip
"""A word of each post, and for how many days it is kept."""
IN_COPIES = 35
"""Days for which a copy is kept."""
LAST = [days for days in KEPT.values() if days is not None]
DAYS = sorted(
    {*range(0, 2 * 365, 61), *(day + more for day in LAST for more in (0, 1, IN_COPIES + 1))}
)
"""Through two years: each one's last day, the next, and when copies are free of it."""
TEXTS = {
    "dismissedword": "dismissedword: the canteen has new tables, says the caretaker of the hall",
    "foreignword": "foreignword: another place far away had its fete in the rain last summer",
    "watchedword": "watchedword: parents ask when the crossing by the gate will be painted",
    "unreadword": "unreadword: lost a blue umbrella near the bus stop on market day",
    "platformword": "platformword: choir sings carols at the library on the first of December",
    "lawfulword": "lawfulword: the new timetable is a muddle and nobody answers the telephone",
    "heldword": "heldword: somebody wrote a long angry letter about the car park",
}
"""Too unlike each other to be one story."""
OUTCOMES: dict[str, Outcome] = {
    "dismissedword": "no_action", "foreignword": "not_about_us", "watchedword": "watch",
    "heldword": "no_action", "lawfulword": "watch",
}  # fmt: skip


def fill(ctx: Context, now: Clock) -> None:
    posts = [
        Mention(
            platform="web", external_id=word, url=f"https://posts.example/{word}", title="",
            text=TEXTS[word], author=Author(name=word),
            published_at=now(), fetched_at=now(),
            expires_at=now() + 7 * DAY if word == "platformword" else None,
        )
        for word in KEPT
    ]  # fmt: skip
    with ctx.store.begin() as tx:
        mentions.ingest(tx, "two-years", posts, now())
        for one in mentions.pending(tx, 100):
            word = one.mention.external_id
            label: Label = "reputation" if word == "lawfulword" else "bullying"
            score = LabelScore(label=label, probability=0.9, threshold=0.5)
            judged = Assessment(scores=(score,), severity="medium", model_version="tried")
            searching.index(tx, one.mention_id, one.mention, judged)
            assessments.save(tx, one.mention_id, judged, fingerprint(one.mention.text), now())
            if outcome := OUTCOMES.get(word):
                decisions.record(
                    tx, one.mention_id, outcome, f"note on {word}", seen="open", by="A", now=now()
                )
            if word == "heldword":
                held = one.mention_id
    review = (now() + 90 * DAY).date()
    assert holds.place(
        ctx.store, held, reason="The police asked", review_on=review, by="A", now=now()
    )


def found(folder: Path, pattern: str = "*") -> set[str]:
    """The words that stand anywhere in the files, the full-text index included, which may
    keep a word without its beginning."""
    files = (path for path in folder.glob(pattern) if path.is_file())
    content = b"".join(path.read_bytes().lower() for path in files)
    return {word for word in KEPT if word[2:].encode() in content}


def test_over_two_years_each_kind_goes_at_its_time(
    opened: Opened, clock: Clock, tmp_path: Path
) -> None:
    copies = tmp_path / "copies"
    began = clock()
    with opened() as ctx:
        fill(ctx, clock)
        for day in DAYS:
            clock.now = began + day * DAY
            for _ in retention.forget(ctx):
                pass
            kept_for = ctx.settings.policy.retention.backups
            backups.make(ctx.store, copies, kept=kept_for, now=clock())
            list(backups.expire(copies, clock()))
            stays = {word for word, days in KEPT.items() if days is None or day <= days}
            ago = {word for word, days in KEPT.items() if days is None or day <= days + IN_COPIES}
            assert found(tmp_path, "monitor.db*") <= stays, day
            assert found(tmp_path, "monitor.db") >= stays or day == 0, day
            assert found(copies) <= ago, day
        assert found(tmp_path) == {"heldword"}


def test_a_lifted_hold_lets_go_the_next_day(opened: Opened, clock: Clock, tmp_path: Path) -> None:
    with opened() as ctx:
        fill(ctx, clock)
        clock.forward(400 * DAY)
        list(retention.forget(ctx))
        assert found(tmp_path) == {"heldword"}
        assert holds.lift(ctx.store, 1, by="B", now=clock())
        assert not holds.lift(ctx.store, 1, by="B", now=clock())
        list(retention.forget(ctx))
        assert found(tmp_path) == set()
