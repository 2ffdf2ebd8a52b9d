"""A reviewer's own screen print: veiled, sealed with the evidence, never of a sexual matter."""

from __future__ import annotations

import io

import pytest
from httpx import Response
from PIL import Image

from monitor.sample.personas import PERSONAS
from monitor.store import audit, pictures
from monitor.web.app import create_app
from monitor.web.deps import SampleLinks
from tests.doubles import inprocess
from tests.evidence.conftest import Studio, as_page, context
from tests.evidence.test_case_evidence import found, opened, step_of
from tests.security.test_console_attacks import UPLOADS

SIGN_IN = as_page("<title>Sign in</title><input type=password>")
GOOD = {"token": "same", "confirmed": "true"}


def drawn() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (60, 80), "teal").save(out, "PNG")
    return out.getvalue()


@pytest.fixture
def plain(studio: Studio) -> Studio:
    studio.ctx = context(studio.scene, (studio.site.place,), browser="/nowhere/chromium")
    studio.pages["/members"] = SIGN_IN
    return studio


def hand_in(
    studio: Studio, number: int, *bodies: bytes, whose: str = "pr", **form: str
) -> Response:
    links = SampleLinks(mailbox_url="http://127.0.0.1:8640/", personas=PERSONAS)
    app = create_app(studio.scene.console(links=links))
    app.state.token = "same"
    files = [("pictures", (f"{at}.png", body, "image/png")) for at, body in enumerate(bodies)]
    with inprocess.asking(app, persona=whose) as asker:
        sent = {**GOOD, **form}
        return asker.post(f"/mentions/{number}/screen-print", data=sent, files=files or None)


def kept(studio: Studio, number: int) -> int:
    with studio.scene.store.read() as tx:
        return len(pictures.of_mention(tx, number))


def test_it_is_sealed_as_it_came_and_does_the_step_that_a_sign_in_left_open(plain: Studio) -> None:
    number = plain.mention("/members")
    plain.capture()
    opened(plain, number)
    policy = plain.scene.settings.policy
    assert step_of(found(plain), policy).state == "open"
    body = drawn()
    answer = hand_in(plain, number, body, body)
    assert answer.headers["location"] == f"/mentions/{number}#evidence-title"
    assert kept(plain, number) == 1
    plain.capture()
    (newest, *_) = plain.captures(number)
    assert plain.part(newest.number, "brought-1") == body
    assert step_of(found(plain), policy).state == "done"
    with plain.scene.store.read() as tx:
        (entry,) = audit.listing(tx, 50, action="picture.brought")
    assert entry.subject == f"mention {number}"


def test_of_a_sexual_matter_or_without_a_word_of_confirmation_nothing_is_kept(
    plain: Studio,
) -> None:
    sexual, other = plain.mention(flags=("sexual",)), plain.mention("/members")
    assert "only the link is kept" in hand_in(plain, sexual, drawn()).text
    assert "Confirm that" in hand_in(plain, other, drawn(), confirmed="").text
    assert "Choose a picture first" in hand_in(plain, other, b"").text
    assert hand_in(plain, other, *([drawn()] * 4)).status_code == 400
    assert hand_in(plain, other, drawn(), token="made up").status_code == 403
    for whose in ("headteacher", "it", "staff", "dpo"):
        assert hand_in(plain, other, drawn(), whose=whose).status_code in (403, 404)
    assert hand_in(plain, 999, drawn()).status_code == 404
    assert (kept(plain, sexual), kept(plain, other)) == (0, 0)


def test_what_is_no_picture_or_far_too_large_is_refused_by_this_road_too(plain: Studio) -> None:
    number = plain.mention("/members")
    for what in ("a script", "a vector picture", "a cut picture", "a lie about its size"):
        answer = hand_in(plain, number, UPLOADS[what])
        assert (answer.status_code, kept(plain, number)) == (422, 0), what
        assert "Nothing was kept" in answer.text
    assert hand_in(plain, number, bytes(33 * 1024 * 1024)).status_code == 413
