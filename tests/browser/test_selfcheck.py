"""A member of staff checks herself in a real browser, from the sign-in to the PDF."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from classifiers.pipeline import Classifier, build
from monitor import sample
from tests.browser.conftest import Visit
from tests.selfcheck.place import PAGES, STAFF, Place, opened

pytestmark = pytest.mark.browser
WAIT_MS = 60_000


@pytest.fixture(scope="module")
def classifier(tmp_path_factory: pytest.TempPathFactory) -> Classifier:
    settings = sample.settings({}, tmp_path_factory.mktemp("classifier"))
    return build(settings.trust, settings.policy)


@pytest.fixture
def place(tmp_path: Path, classifier: Classifier) -> Iterator[Place]:
    with opened(tmp_path, classifier) as made:
        yield made


def test_from_the_sign_in_to_the_pdf(
    place: Place, visit: Visit, complaints: list[str], tmp_path: Path
) -> None:
    place.openid.subject = "subject-staff"
    with visit(place.address) as page:
        page.set_default_timeout(WAIT_MS)
        page.goto("/sign-in?to=/selfcheck")
        page.get_by_role("link", name="Go to the sign-in").click()
        expect(page.get_by_role("heading", name="Check yourself")).to_be_visible()
        complaints.clear()  # the way led over the provider, which is another place
        expect(page.get_by_text("Whoever is asked learns your name")).to_be_visible()
        expect(page.get_by_text(STAFF).last).to_be_visible()
        _ask(page)
        expect(page.get_by_role("heading", name="What is found of you")).to_be_visible(
            timeout=WAIT_MS
        )
        first = page.locator(".result").first
        expect(first).to_contain_text("scandalous")
        expect(first).to_contain_text("Reads as negative")
        expect(page.get_by_text("did not answer")).to_be_visible()
        _answer(page)
        for name, link in (("list", "List as PDF"), ("receipt", "Receipt")):
            with page.expect_download(timeout=WAIT_MS) as download:
                page.get_by_role("link", name=link).click()
            download.value.save_as(tmp_path / f"{name}.pdf")
            assert (tmp_path / f"{name}.pdf").read_bytes().startswith(b"%PDF")
        page.get_by_role("button", name="Keep it").click()
        code = page.locator("#code").inner_text()
        assert len(code.replace("-", "")) == 26
        held = page.url.removesuffix("/keep")
        page.goto("/help/staff")
        page.wait_for_load_state("networkidle")
        complaints.clear()
        gone = page.goto(held)
        assert gone
        assert gone.status == 404
        complaints.clear()  # the browser notes that the page is gone


def _ask(page: Page) -> None:
    page.get_by_label("What you are").fill("teacher")
    page.get_by_label("Other forms of your name").fill("Perdita Quelmalz\nOttoline Varga-Penrose")
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("heading", name="Is this you?")).to_be_visible()
    expect(page.get_by_text("is a colleague's name")).to_be_visible()
    page.get_by_role("checkbox", name="Perdita Quelmalz").check()
    page.get_by_role("button", name="Search now").click()


def _answer(page: Page) -> None:
    """The prize was another's: it moves to the namesakes."""
    prize = page.locator(".result", has_text=PAGES[1].title)
    prize.get_by_role("button", name="Not me").click()
    page.locator("summary", has_text="Probably somebody else").click()
    others = page.locator("details.others")
    expect(others).to_contain_text(PAGES[1].title)
    expect(others).to_contain_text("You said so.")
