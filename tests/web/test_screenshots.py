"""Screenshots with a report: checked, veiled, read, corrected, forgotten; sexual ones refused."""

from __future__ import annotations

import hashlib
import io
import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from httpx import Client, Response
from PIL import Image, ImageDraw, ImageFont

from alerts.types import Sent
from monitor import tasks
from monitor.context import Context
from monitor.intake import screenshots
from monitor.rights.retention import forget
from monitor.store import audit, delivered, mentions, pictures, queue, reports
from monitor.store.pictures import PictureView
from monitor.store.scope import EVERYTHING
from monitor.store.views import QueueFilter, QueueRow
from tests.doubles.consoles import Scene
from tests.web.test_report_form import stamp_of

Browsing = Callable[..., Client]
Working = Callable[[Scene], Context]
Token = Callable[[Client], str]
FONT = "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf"
STORY = (
    "Kester Mallory in year 6 is a",
    "fat ugly loser and everyone",
    "at Oakenhall Junior School",
    "hates him. go away and cry",
)
READS = pytest.mark.skipif(
    shutil.which("tesseract") is None,
    reason="tesseract is not installed (make system): no words of a picture were read here",
)


def drawn(*lines: str, format: str = "PNG", **more: object) -> bytes:
    """A phone's screen in dark colours with a few lines of a story."""
    image = Image.new("RGB", (720, 1280), "#101418")
    pen = ImageDraw.Draw(image)
    font = ImageFont.truetype(FONT, 36)
    for number, line in enumerate(lines):
        pen.text((44, 420 + number * 64), line, font=font, fill="white")
    out = io.BytesIO()
    image.save(out, format, **more)
    return out.getvalue()


@pytest.fixture
def bring(browsing: Browsing, empty: Scene) -> Callable[..., Response]:
    """Send the form with files, as a browser does."""
    client = browsing(empty)

    def send(*files: bytes, **answers: str) -> Response:
        stamp = stamp_of(client.get("/report/oakenhall").text)
        empty.now += timedelta(seconds=30)
        form = {
            "stamp": stamp, "reporter": "parent", "kind": "bullying", "platform": "Snapchat",
            "text": "my son found this", "picture": "fine", **answers,
        }  # fmt: skip
        parts = [("pictures", ("a.png", body, "image/png")) for body in files]
        return client.post("/report/oakenhall", data=form, files=parts)

    return send


def work(ctx: Context) -> None:
    while screenshots.read_next(ctx):
        pass
    while tasks.assess(ctx):
        pass


def only_row(scene: Scene) -> QueueRow:
    with scene.store.read() as tx:
        (row,) = queue.page(tx, EVERYTHING, QueueFilter(), after=None, limit=5).rows
    return row


def pictures_of(scene: Scene, mention_id: int = 1) -> tuple[PictureView, ...]:
    with scene.store.read() as tx:
        return pictures.of_mention(tx, mention_id)


@READS
def test_a_screenshot_of_a_story_becomes_a_flagged_mention_with_its_evidence(
    empty: Scene, bring: Callable[..., Response], working: Working
) -> None:
    """The acceptance of issue 5: nothing but the picture says what was done to whom."""
    story = drawn("Snapchat", *STORY)
    assert bring(story, text="").status_code == 303
    work(working(empty))
    row = only_row(empty)
    assert "bullying" in row.flags
    assert "oakenhall" in row.school_ids
    assert row.platform == "snapchat"
    assert row.pupil_level in ("indirect", "direct")
    (kept,) = pictures_of(empty, row.mention_id)
    assert "ugly loser" in kept.words
    assert kept.digest == hashlib.sha256(story).hexdigest()
    with empty.store.read() as tx:
        told = {one.recipient for one in delivered.listing(tx, 50)}
    assert "dsl@oakenhalljunior.example" in told


@READS
def test_the_worry_of_who_reports_does_not_drown_what_the_picture_says(
    empty: Scene, bring: Callable[..., Response], working: Working, browsing: Browsing
) -> None:
    bring(
        drawn("Snapchat", *STORY),
        text="My son found this about a boy in his class. He is very upset.",
    )
    work(working(empty))
    row = only_row(empty)
    assert "bullying" in row.flags
    text = row.excerpt
    for reason in row.excerpt_assessment.explanations:
        words = text[reason.span.start : reason.span.end]
        assert words.strip() == words != ""
        assert text.index(words) >= text.index("Snapchat")
    page = browsing(empty).get(f"/mentions/{row.mention_id}").text
    assert "Mallory" not in page


@READS
def test_the_school_that_the_picture_names_is_found_beside_the_chosen_one(
    empty: Scene, bring: Callable[..., Response], working: Working
) -> None:
    bring(drawn("Brackenford Primary School is", "a complete disgrace"))
    work(working(empty))
    assert {"oakenhall", "brackenford"} <= set(only_row(empty).school_ids)


def test_nobody_is_told_before_the_picture_is_read(
    empty: Scene, bring: Callable[..., Response], working: Working, browsing: Browsing
) -> None:
    bring(drawn("hello"))
    assert tasks.assess(working(empty)) == 0
    assert "words are being read" in browsing(empty).get("/mentions/1").text
    assert screenshots.read_next(working(empty)) == 1
    assert tasks.assess(working(empty)) == 1


def test_where_no_reader_is_installed_the_picture_is_kept_and_the_page_says_so(
    empty: Scene,
    bring: Callable[..., Response],
    working: Working,
    browsing: Browsing,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    bring(drawn(*STORY))
    work(working(empty))
    row = only_row(empty)
    assert pictures_of(empty, row.mention_id)[0].words_state == "no_reader"
    assert "tesseract" in browsing(empty).get(f"/mentions/{row.mention_id}").text


@pytest.mark.parametrize("answer", ["sexual", "unsure", "none"])
def test_a_picture_that_may_be_sexual_is_never_looked_at_or_stored(
    empty: Scene, bring: Callable[..., Response], working: Working, answer: str
) -> None:
    assert bring(drawn("secret"), picture=answer).status_code == 303
    work(working(empty))
    row = only_row(empty)
    assert pictures_of(empty, row.mention_id) == ()
    with empty.store.read() as tx:
        found = reports.of_mention(tx, row.mention_id)
    assert found
    assert found.report.sexual_picture == (answer != "none")


def test_the_page_of_such_a_report_says_what_not_to_do(
    empty: Scene, bring: Callable[..., Response], working: Working, browsing: Browsing
) -> None:
    bring(picture="sexual", link="https://posts.example/1")
    work(working(empty))
    page = browsing(empty).get(f"/mentions/{only_row(empty).mention_id}").text
    assert "was not taken in and must not be" in page


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"GIF89a" + b"\0" * 200, "PNG, JPEG or WebP"),
        (b"<svg onload=alert(1)>", "PNG, JPEG or WebP"),
        (b"\x89PNG\r\n\x1a\n" + b"\xff" * 5000, "PNG, JPEG or WebP"),
        (drawn("cut")[:900], "PNG, JPEG or WebP"),
        (b"%PDF-1.7", "PNG, JPEG or WebP"),
        (b"\0" * (screenshots.MAX_BYTES + 1), "8 MB"),
    ],
)
def test_what_is_no_picture_is_refused_and_the_words_stay_in_the_form(
    empty: Scene, bring: Callable[..., Response], body: bytes, said: str
) -> None:
    answer = bring(body)
    assert answer.status_code == 422
    assert said in answer.text
    assert "my son found this" in answer.text
    with empty.store.read() as tx:
        assert mentions.pending(tx, 5) == []


def test_a_picture_of_too_many_pixels_costs_nothing(bring: Callable[..., Response]) -> None:
    out = io.BytesIO()
    Image.new("1", (30_000, 30_000)).save(out, "PNG")
    assert len(out.getvalue()) < 500_000
    answer = bring(out.getvalue())
    assert answer.status_code == 422
    assert "pixels" in answer.text


def test_more_than_three_files_are_refused(bring: Callable[..., Response]) -> None:
    assert bring(*[drawn(str(number)) for number in range(4)]).status_code == 400


@pytest.mark.parametrize("format", ["PNG", "JPEG", "WEBP"])
def test_where_and_when_it_was_taken_is_cut_out_and_the_original_kept(
    empty: Scene,
    bring: Callable[..., Response],
    working: Working,
    browsing: Browsing,
    tmp_path: Path,
    format: str,
) -> None:
    exif = Image.Exif()
    exif[0x010E] = "taken at 4 Invented Terrace"
    exif[0x0112] = 6  # lies on its side
    body = drawn("hello", format=format, exif=exif)
    assert b"Invented Terrace" in body
    bring(body)
    work(working(empty))
    row = only_row(empty)
    (kept,) = pictures_of(empty, row.mention_id)
    client = browsing(empty)
    for copy in ("", "/veiled"):
        shown = client.get(f"/mentions/{row.mention_id}/pictures/{kept.picture_id}{copy}")
        assert shown.status_code == 200
        assert b"Invented" not in shown.content
    assert (kept.width, kept.height) == (1280, 720)
    with empty.store.read() as tx:
        assert pictures.originals(tx, row.mention_id) == (body,)
    assert body[:64] not in b"".join(one.read_bytes() for one in tmp_path.glob("monitor.db*"))


def test_a_picture_is_veiled_until_asked_for_and_every_look_is_on_record(
    empty: Scene,
    bring: Callable[..., Response],
    working: Working,
    browsing: Browsing,
    token: Token,
) -> None:
    bring(drawn(*STORY))
    work(working(empty))
    row = only_row(empty)
    address = f"/mentions/{row.mention_id}"
    client = browsing(empty)
    page = client.get(address).text
    assert f"{address}/pictures/1/veiled" in page
    assert f'src="{address}/pictures/1"' not in page
    veil = client.get(f"{address}/pictures/1/veiled").content
    with Image.open(io.BytesIO(veil)) as spots:
        assert len(veil) < 20_000
        assert spots.width == 240
    with empty.store.read() as tx:
        assert "picture.viewed" not in {entry.action for entry in audit.listing(tx, 20)}
    asked = client.post(f"{address}/pictures", data={"token": token(client)}).text
    assert f'src="{address}/pictures/1"' in asked
    assert client.get(f"{address}/pictures/1").headers["Content-Type"] == "image/png"
    with empty.store.read() as tx:
        assert audit.listing(tx, 1)[0].action == "picture.viewed"
    assert client.get("/mentions/999/pictures/1").status_code == 404


def test_corrected_words_are_judged_again_and_tell_who_was_not_told_yet(
    empty: Scene,
    bring: Callable[..., Response],
    working: Working,
    browsing: Browsing,
    token: Token,
) -> None:
    bring(drawn("zz"), kind="block", text="please block this")
    work(working(empty))
    row = only_row(empty)
    assert row.flags == ()
    client = browsing(empty)
    words = "\r\n".join(STORY)
    place = f"/mentions/{row.mention_id}/pictures/1/words"
    assert client.post(place, data={"token": token(client), "words": words}).status_code == 303
    work(working(empty))
    again = only_row(empty)
    assert "bullying" in again.flags
    assert "please block this" in again.excerpt
    (kept,) = pictures_of(empty, row.mention_id)
    assert kept.words == "\n".join(STORY)
    assert kept.corrected_by
    client.post(place, data={"token": token(client), "words": "nothing"})
    work(working(empty))
    assert "bullying" not in only_row(empty).flags
    with empty.store.read() as tx:
        keys = [one.recipient for one in delivered.listing(tx, 50)]
    assert keys.count("it@harrowmere.example") == 1


def test_a_standing_decision_keeps_the_words_as_they_were(
    empty: Scene,
    bring: Callable[..., Response],
    working: Working,
    browsing: Browsing,
    token: Token,
    decide: Callable[..., Response],
) -> None:
    bring(drawn("zz"))
    work(working(empty))
    row = only_row(empty)
    client = browsing(empty)
    assert decide(client, row.mention_id).status_code == 303
    place = f"/mentions/{row.mention_id}/pictures/1/words"
    refused = client.post(place, data={"token": token(client), "words": "changed"})
    assert refused.status_code == 409
    assert "take the decision" in refused.text
    assert pictures_of(empty, row.mention_id)[0].words != "changed"


def test_a_picture_is_forgotten_with_its_mention(
    empty: Scene, bring: Callable[..., Response], working: Working, tmp_path: Path
) -> None:
    body = drawn("hello")
    bring(body)
    ctx = working(empty)
    work(ctx)
    empty.deliver([Sent()] * 20)
    empty.now += timedelta(days=400)
    assert dict(forget(ctx)) == {"criticism": 1}
    with empty.store.read() as tx:
        assert pictures.body(tx, 1, 1, "clean") is None
    empty.store.close()
    for file in tmp_path.glob("monitor.db*"):
        assert body[100:400] not in file.read_bytes()
