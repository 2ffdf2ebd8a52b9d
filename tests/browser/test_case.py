"""A case from "what is this?" to "closed, here is the record", from the keyboard alone."""

import pytest
from playwright.sync_api import Page, expect

from monitor.store import audit, cases
from monitor.store.scope import EVERYTHING
from tests.doubles.consoles import Scene

pytestmark = pytest.mark.browser


def steps_left(page: Page) -> int:
    return page.locator(".step[data-state=open]").count()


def settle_next(page: Page, words: str) -> None:
    """Write what was done at the next open step, and press its button."""
    left = steps_left(page)
    page.keyboard.press("j")
    step = page.locator(".step[aria-current]")
    expect(step).to_be_focused()
    page.keyboard.press("s")
    page.keyboard.type(words)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".step[data-state=open]")).to_have_count(left - 1)
    page.wait_for_load_state()


def test_a_flagged_mention_becomes_a_closed_case_from_the_keyboard(
    scene: Scene, page: Page
) -> None:
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="What was said")).to_be_visible()
    page.wait_for_load_state()
    page.keyboard.press("4")
    expect(page.get_by_role("heading", name="What the policy asks for")).to_be_visible()
    expect(page.locator(".next")).to_contain_text("Next:")
    page.wait_for_load_state()
    settle_next(page, "Nobody is in danger: the head knows both families")
    settle_next(page, "The page is printed, 16:12")

    page.keyboard.press("u")
    expect(page.locator("#step-evidence")).to_have_attribute("data-state", "open")
    expect(page.locator("#timeline")).to_contain_text("Took back entry 4")
    page.wait_for_load_state()

    page.keyboard.press("n")
    page.keyboard.type("The deputy head speaks with the four pupils tomorrow")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#timeline")).to_contain_text("speaks with the four pupils")
    page.wait_for_load_state()

    page.keyboard.press("c")
    expect(page.get_by_role("heading", name="This is still open")).to_be_visible()
    page.get_by_role("radio", name="Not upheld").focus()
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.type("A film club meets at the gates")
    for _ in range(2):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".note.good")).to_contain_text("Closed the case: not upheld.")
    expect(page.locator(".note.good")).to_contain_text("What was left open")
    with scene.store.read() as tx:
        (head,) = cases.listing(tx, EVERYTHING, "closed")
        assert head.case_id == 1
        assert audit.verify(tx) is None
        assert cases.verify(tx) is None


def test_what_a_letter_needs_of_a_name_comes_in_only_when_asked_for(
    scene: Scene, page: Page
) -> None:
    page.goto(f"/mentions/{scene.number_of('gates 3.15')}")
    page.get_by_role("button", name="Open case").click()
    page.get_by_text("Bring somebody in").click()
    page.get_by_label("Name only if").fill("Fenella Thrupp")
    page.get_by_role("button", name="Bring in").click()
    expect(page.locator("#people")).to_contain_text("(name hidden)")
    page.get_by_role("link", name="Invitation to a meeting").click()
    page.get_by_role("button", name="Keep it in the case").click()
    page.locator("#letters").get_by_role("link", name="Invitation to a meeting").first.click()
    letter = page.locator(".letter")
    expect(letter).to_contain_text("Dear {affected}")
    page.get_by_role("button", name="Fill in names").click()
    expect(letter).to_contain_text("Dear Fenella Thrupp")
    with scene.store.read() as tx:
        asked = [one.action for one in audit.listing(tx, 3)]
        kept = cases.find(tx, 1)
    assert "case.names_shown" in asked
    assert kept is not None
    assert "Fenella" not in repr(kept)


@pytest.mark.parametrize("width", [390, 1280])
def test_the_pages_of_cases_fit_their_screen(scene: Scene, page: Page, width: int) -> None:
    page.goto(f"/mentions/{scene.number_of('gates 3.15')}")
    page.get_by_role("button", name="Open case").click()
    page.set_viewport_size({"width": width, "height": 844})
    for path in ("/cases/1", "/cases", "/take-downs", "/cases/1/close"):
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
