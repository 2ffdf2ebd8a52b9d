"""The report form as a pupil uses it: on a phone, with or without script."""

from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from monitor.store import mentions, pictures
from tests.browser.conftest import Visit
from tests.doubles.consoles import Scene, served
from tests.web.test_screenshots import STORY, drawn

pytestmark = pytest.mark.browser
PHONE = {"viewport": {"width": 360, "height": 740}}
SHOWS_NOTHING = "Yes, and it shows nobody naked and nothing sexual"


def fill(page: Page) -> None:
    page.get_by_label("A pupil", exact=True).first.check()
    page.get_by_label("Bullying: somebody").check()
    page.get_by_label("What happened?").fill("this is about my friend")


@pytest.mark.parametrize("has_script", [True, False])
def test_a_pupil_tells_with_a_screenshot_from_a_phone(
    scene: Scene, visit: Visit, tmp_path: Path, has_script: bool
) -> None:
    picture = tmp_path / "story.png"
    picture.write_bytes(drawn("Snapchat", *STORY))
    with (
        served(scene.app()) as address,
        visit(address, java_script_enabled=has_script, **PHONE) as page,
    ):
        page.goto("/report")
        page.get_by_role("link", name="Oakenhall Junior School").click()
        scene.now += timedelta(seconds=30)
        fill(page)
        expect(page.locator("#pictures")).not_to_be_visible()
        page.get_by_label(SHOWS_NOTHING).check()
        page.locator("#pictures").set_input_files(picture)
        page.get_by_role("button", name="Tell the school").press("Enter")
        expect(page.get_by_role("heading", level=1)).to_have_text("Thank you for telling us")
    with scene.store.read() as tx:
        number = mentions.pending(tx, 1000)
        assert number == []  # it waits for the words of its picture
        last = max(scene.numbers.values()) + 1
        assert len(pictures.of_mention(tx, last)) == 1


def test_a_picture_that_may_be_sexual_is_not_even_chosen(
    scene: Scene, visit: Visit, tmp_path: Path
) -> None:
    picture = tmp_path / "a.png"
    picture.write_bytes(drawn("a"))
    with served(scene.app()) as address, visit(address, **PHONE) as page:
        page.goto("/report/oakenhall")
        page.get_by_label(SHOWS_NOTHING).check()
        page.locator("#pictures").set_input_files(picture)
        page.get_by_label("Yes, but I am not sure").check()
        expect(page.locator("#pictures")).to_have_value("")
        expect(page.locator("#pictures")).not_to_be_visible()
        expect(page.get_by_text("You are not in trouble")).to_be_visible()


def test_what_is_missing_is_said_at_the_top_and_leads_to_the_field(
    scene: Scene, visit: Visit, complaints: list[str]
) -> None:
    with served(scene.app()) as address, visit(address, **PHONE) as page:
        page.goto("/report/oakenhall")
        scene.now += timedelta(seconds=30)
        page.get_by_label("Would you like an answer?").fill("my form tutor")
        page.get_by_role("button", name="Tell the school").click()
        expect(page.get_by_role("alert")).to_contain_text("has not been sent yet")
        page.get_by_role("link", name="Say who you are").click()
        assert page.url.endswith("#reporter")
        expect(page.get_by_label("Would you like an answer?")).to_have_value("my form tutor")
        complaints.clear()  # the browser notes the 422
