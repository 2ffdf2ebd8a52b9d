"""Two worlds of an invented trust: one with what somebody may see, and the same with more beside
it; and a way to ask every address of the console, whatever pages there are."""

# ruff: noqa: E501  a post stands on one line, as it was written

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from random import Random

from classifiers.types import LABELS
from config.people import Member, People
from monitor.evidence.record import Known, Seen, with_record
from monitor.store import evidence, mentions, remarks
from monitor.store.evidence import Part
from monitor.store.evidence_orders import ClaimedOrder
from monitor.store.scope import EVERYTHING
from monitor.web.app import create_app
from monitor.web.deps import Persona, SampleLinks
from monitor.web.viewer import Viewer
from tests.doubles import inprocess
from tests.doubles.consoles import Scene, empty_scene
from tests.doubles.inprocess import Asker
from tests.doubles.written_posts import Written

MINE = "edith-pennick"
OTHERS = ("harbour-academy", "oakenhall", "brackenford", "st-wilgars", "saltmarsh-lane")
SEEN: tuple[Written, ...] = (
    Written(text="{bullying|Nobody likes the new kid} at {@edith-pennick|Pennick}", sure={"bullying": 0.9}),
    Written(text="{reputation|Lunch queues} at {@edith-pennick|Edith Pennick} again", sure={"reputation": 0.8}),
    Written(text="{self_harm|I cannot go on} at {@edith-pennick|Pennick}", sure={"self_harm": 0.97}),
    Written(text="Sports day at {@edith-pennick|Pennick} was lovely"),
)  # fmt: skip
WORDS = ("Nobody likes the new kid", "a shambles", "zebra crossing", "I cannot", "Lunch queues")
NAME = "Odile Fairhurst-Okoro"
VIEWERS = {
    role: Viewer(name=f"A {role}", subject=role, roles=frozenset({role}), schools=frozenset({MINE}))
    for role in ("headteacher", "safeguarding")
}
NAMED = Viewer(name=NAME, subject="named", roles=frozenset({"pr", "executive"}))
COLLEAGUE = Viewer(name="A Colleague", subject="colleague", roles=frozenset({"pr", "executive"}))
PEOPLE = People(people=(Member(name=NAME, subject="named", roles=("pr", "executive")),))
WHOSE = {**VIEWERS, "named": NAMED, "colleague": COLLEAGUE}


def written(label: str, words: str, about: str, **more: object) -> Written:
    return Written(text=f"{{{label}|{words}}} {about}", sure={label: 0.97}, **more)  # type: ignore[arg-type,dict-item]


def of_others(seed: int) -> list[Written]:
    """What a user of one school must know nothing of: every label, grade and allegation at other
    schools, of the Trust alone, and against their own head."""
    chance = Random(seed)
    found = [
        written(
            label,
            chance.choice(WORDS),
            f"at {{@{chance.choice(OTHERS)}|that school}}",
            pupil=chance.choice(("none", "class", "indirect", "direct")),
            allegation=chance.choice(("none", "staff", "head")),
        )
        for label in LABELS
    ]
    found.append(
        written("threat", "the head hit a child", "at {@edith-pennick|Pennick}", allegation="head")
    )
    found.append(written("reputation", "The Trust wastes money", "and zebras"))
    chance.shuffle(found)
    return found


OF_THE_NAMED = [
    written(
        "reputation", "Ms Fairhurst-Okoro hid a report", "on {@edith-pennick|Pennick} and zebras"
    ),
    written("hate", "Odile Fairhurst-Okoro should go back", "from {@oakenhall|Oakenhall}"),
    written("threat", "O. Fairhurst-Okoro will see", "what the Trust gets", pupil="direct"),
]


@contextmanager
def world(seen: Path | None, folder: Path, more: Sequence[Written]) -> Iterator[Scene]:
    """A world with the posts that are seen, or a copy of it with more beside, and all that people
    may have made of what is there."""
    if seen is not None:
        shutil.copy(seen / "monitor.db", folder / "monitor.db")
    with empty_scene(folder) as scene:
        scene.settings = scene.settings.model_copy(update={"people": PEOPLE})
        scene.written = 0 if seen is None else len(SEEN)
        with asking(scene, "colleague") as client:
            for one in SEEN if seen is None else more:
                _work_on(scene, client, scene.add(one))
        yield scene


def _work_on(scene: Scene, client: Asker, number: int) -> None:
    """A colleague writes a note, lets it be captured, opens a case of every other and asks for its
    names."""
    now = scene.now
    with scene.store.begin() as tx:
        remarks.write(
            tx,
            number,
            "We look into it.",
            by=COLLEAGUE.name,
            colleague=None,
            assigns=False,
            now=now,
        )
        detail = mentions.detail(tx, EVERYTHING, number)
        assert detail
        order = ClaimedOrder(
            order_id=1, token="", mention_id=number, asked_by="the service", pictures=False,
            scripts=False, attempts=1,
        )  # fmt: skip
        parts = {
            name: Part(media_type="image/png", body=b"\x89PNG")
            for name in ("screenshot.png", "veil.png")
        }
        known = Known(connector="rss", reported_seen_at=None)
        seen = Seen(state="shown", address="https://a.example/", status=200)
        evidence.put(
            tx,
            number,
            with_record(parts, detail, order, seen, known, now=now),
            page="shown",
            now=now,
        )
    form = {"token": "same", "outcome": "open_case", "state": "open"}
    client.post(f"/mentions/{number}/reveal", data=form)
    if number % 2:
        client.post(f"/mentions/{number}/decision", data=form)


@contextmanager
def asking(scene: Scene, whose: str) -> Iterator[Asker]:
    """The console of a scene as one person has it."""
    personas = tuple(Persona(id=one, seat=one, viewer=who) for one, who in WHOSE.items())
    links = SampleLinks(mailbox_url="http://127.0.0.1:8640/", personas=personas)
    app = create_app(scene.console(links=links))
    app.state.token = "same"
    with inprocess.asking(app, persona=whose) as client:
        yield client
