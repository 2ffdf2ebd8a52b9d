"""Many decided together from the keyboard, in a real browser."""

import pytest
from playwright.sync_api import Page, expect

from monitor.store import queue
from monitor.store.scope import EVERYTHING
from tests.doubles.consoles import Scene

pytestmark = pytest.mark.browser


def test_ticked_rows_are_decided_together_and_taken_back_by_keys_alone(
    scene: Scene, page: Page
) -> None:
    with scene.store.read() as tx:
        before = queue.counts(tx, EVERYTHING).open
    page.keyboard.press("j")
    for _ in range(3):
        page.keyboard.press("s")
    expect(page.locator("#bulk-count")).to_have_text("3 ticked:")
    page.keyboard.press("2")
    expect(page.get_by_role("heading", name="No action: 3 mentions?")).to_be_visible()
    expect(page.get_by_role("button", name="No action: 3 mentions")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Closed without action: 3 mentions")).to_be_visible()
    page.wait_for_load_state()
    page.keyboard.press("u")
    expect(page.get_by_role("heading", name="Taken back: 3 decisions")).to_be_visible()
    with scene.store.read() as tx:
        assert queue.counts(tx, EVERYTHING).open == before


def test_one_by_one_goes_through_the_queue_by_keys_alone(scene: Scene, page: Page) -> None:
    page.keyboard.press("n")
    expect(page.locator("#claim")).to_contain_text("Yours for 10 minutes")
    first = page.url
    page.wait_for_load_state()
    page.keyboard.press("x")
    page.wait_for_url(lambda url: url != first and "/mentions/" in url)
    page.wait_for_load_state()
    second = page.url
    page.keyboard.press("2")
    page.wait_for_url(lambda url: url != second and "/mentions/" in url)
    expect(page.get_by_role("status").filter(has_text="Closed without action")).to_be_visible()
    page.wait_for_load_state()
    page.keyboard.press("5")
    expect(page.get_by_label("Escalate to")).to_be_focused()
    page.keyboard.press("ArrowDown")
    third = page.url
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: url != third and "/mentions/" in url)
    expect(page.get_by_role("status").filter(has_text="Escalated")).to_be_visible()
