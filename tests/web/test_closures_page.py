"""Closure days: entered by hand or from a calendar, and what they explain."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from httpx import Client

from alerts.duty import Duty
from classifiers.types import Assessment, SchoolLink
from config.rota import Closure
from connectors.types import Mention
from monitor import silencing
from monitor.store import delivered, mentions
from monitor.store.scope import EVERYTHING
from tests.connectors.test_calendar import CALENDAR
from tests.doubles.consoles import NOW, Scene
from tests.doubles.written_posts import Written

Browsing = Callable[..., Client]
Token = Callable[[Client], str]
SHUT = Written(
    text="{reputation|Shut AGAIN and nobody told us, a disgrace}: {@oakenhall|Oakenhall}",
    sure={"reputation": 0.98},
)
THREAT = Written(
    text="{threat|Shut for good once I burn it down}: {@oakenhall|Oakenhall}", sure={"threat": 0.97}
)


def told(scene: Scene) -> set[int | None]:
    with scene.store.read() as tx:
        return {one.mention_id for one in delivered.listing(tx, 100)}


def test_a_closure_is_entered_explains_what_it_explains_and_is_taken_out(
    empty: Scene, browsing: Browsing, token: Token
) -> None:
    client = browsing(empty)
    today = NOW.date()
    form = {"token": token(client), "school": "oakenhall", "first": str(today), "why": "Boiler"}
    for wrong in ({"why": " "}, {"first": ""}, {"school": "elsewhere"}, {"first": "2020-01-01"},
                  {"last": str(today - timedelta(days=1))}, {"last": "2039-01-01"}):  # fmt: skip
        assert client.post("/closures", data=form | wrong).status_code == 422
    assert client.post("/closures", data=form).status_code == 303
    assert client.post("/closures", data=form).status_code == 303
    page = client.get("/closures").text
    assert page.count("Boiler<p") == 1
    assert "holds now" in page
    shut, threat = empty.add(SHUT), empty.add(THREAT)
    assert told(empty) == {threat}
    tried = client.post("/try", data={"token": form["token"], "text": "Oakenhall is shut"}).text
    assert "Oakenhall" in tried
    assert client.post("/closures/1/end", data=form).status_code == 303
    assert "Boiler<p" not in client.get("/closures").text
    with empty.store.read() as tx:
        detail = mentions.detail(tx, EVERYTHING, shut)
    assert detail is not None
    assert detail.alarm is not None
    assert detail.alarm.state == "silenced"


def test_a_calendar_brings_what_means_shut_once(
    empty: Scene, browsing: Browsing, token: Token
) -> None:
    client = browsing(empty)
    given = {"token": token(client), "school": ""}
    assert "Choose the file" in client.post("/closures/calendar", data=given).text
    for outcome in ("2 closures entered", "0 closures entered from the calendar, 2 stood here"):
        file = {"calendar": ("term.ics", CALENDAR, "text/calendar")}
        assert outcome in client.post("/closures/calendar", data=given, files=file).text
    page = client.post("/closures/calendar", data=given, files={"calendar": ("x.ics", b"<html>")})
    assert page.status_code == 422
    assert "not a calendar" in page.text


def test_those_of_the_rota_hold_from_the_day_before_to_their_last_hour(empty: Scene) -> None:
    last = NOW.date() + timedelta(days=1)
    closure = Closure(
        name="INSET day", since=last, until=last, schools=("oakenhall", "saltmarsh-lane")
    )
    rota = empty.settings.rota.model_copy(update={"closures": (closure,)})
    held = [bool(list(silencing.in_rota(rota, NOW + timedelta(days=at)))) for at in range(-2, 4)]
    assert held == [False, False, True, True, False, False]
    assert len(list(silencing.in_rota(rota, NOW))) == 2
    shut = Mention(platform="web", external_id="1", url="", text="Oakenhall is shut",
                   published_at=NOW, fetched_at=NOW)  # fmt: skip
    link = SchoolLink(school_id="oakenhall", certainty="certain", score=0.99)
    judged = Assessment(schools=(link,), severity="high")
    policy, duty = empty.settings.policy, Duty(rota=rota, now=NOW)
    found = silencing.covering((), 0, shut, judged, policy, duty)
    assert found is not None
    assert (found.author, found.reason) == ("rota.toml", "INSET day")
    assert silencing.covering((), 0, shut, Assessment(severity="high"), policy, duty) is None
