"""A reviewer's work, in a real browser."""

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from monitor.store import mentions, queue
from monitor.store.scope import EVERYTHING
from tests.browser.conftest import Visit
from tests.doubles.consoles import Scene, served
from tests.doubles.written_posts import Written

pytestmark = pytest.mark.browser


def state(scene: Scene, number: int) -> str:
    with scene.store.read() as tx:
        found = mentions.detail(tx, EVERYTHING, number)
    assert found
    return found.state


def waiting(scene: Scene) -> int:
    with scene.store.read() as tx:
        return queue.counts(tx, EVERYTHING).open


def test_the_whole_queue_is_triaged_from_the_keyboard(scene: Scene, page: Page) -> None:
    rows = page.locator(".row")
    number = waiting(scene)
    expect(rows).to_have_count(number)
    page.keyboard.press("j")
    for left in range(number - 1, 0, -1):
        page.keyboard.press("1234"[left % 4])
        expect(rows).to_have_count(left)
    page.keyboard.press("2")
    expect(page.get_by_role("heading", name="All done")).to_be_visible()
    assert waiting(scene) == 0
    page.wait_for_load_state()
    page.keyboard.press("u")
    expect(rows).to_have_count(1)
    assert waiting(scene) == 1


def test_a_key_decides_on_the_row_that_is_marked_and_moves_to_the_next(
    scene: Scene, page: Page
) -> None:
    page.keyboard.press("j")
    page.keyboard.press("j")
    marked = page.locator(".row[aria-current]")
    second = int(marked.get_attribute("data-id") or 0)
    third = page.locator(".row").nth(2).get_attribute("data-id")
    page.keyboard.press("3")
    expect(page.locator(f"#m-{second}")).to_have_count(0)
    expect(marked).to_have_attribute("data-id", third or "")
    expect(marked).to_be_focused()
    assert state(scene, second) == "watch"


def test_undo_puts_the_row_back_where_it_was(scene: Scene, page: Page) -> None:
    before = page.locator(".row").evaluate_all("rows => rows.map(row => row.dataset.id)")
    for _ in range(3):
        page.keyboard.press("j")
    page.keyboard.press("1")
    expect(page.locator(".row")).to_have_count(len(before) - 1)
    expect(page.locator(".toast")).to_contain_text("Marked as not about us")
    page.keyboard.press("u")
    expect(page.locator(".row")).to_have_count(len(before))
    after = page.locator(".row").evaluate_all("rows => rows.map(row => row.dataset.id)")
    assert after == before
    assert state(scene, int(before[2])) == "open"
    expect(page.locator(".rooms [data-count=queue]")).to_contain_text(str(len(before)))


def test_enter_opens_a_mention_and_q_leads_back_to_it(scene: Scene, page: Page) -> None:
    page.keyboard.press("j")
    page.keyboard.press("j")
    number = page.locator(".row[aria-current]").get_attribute("data-id")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="What was said")).to_be_visible()
    page.wait_for_load_state()
    page.keyboard.press("q")
    expect(page.locator(f"#m-{number}")).to_be_focused()


def test_a_mention_is_decided_with_a_note_and_taken_back_there(scene: Scene, page: Page) -> None:
    number = scene.number_of("gates 3.15")
    page.goto(f"/mentions/{number}")
    page.keyboard.press("n")
    page.keyboard.type("Told the head, 4 boys")
    expect(page.get_by_label("Note (optional")).to_have_value("Told the head, 4 boys")
    page.get_by_role("button", name="Open case").click()
    expect(page.get_by_role("heading", name="What the policy asks for")).to_be_visible()
    page.goto(f"/mentions/{number}", wait_until="load")
    expect(page.locator(".standing")).to_contain_text("Open case")
    page.keyboard.press("u")
    expect(page.get_by_role("heading", name="Decide", exact=True)).to_be_visible()
    expect(page.locator(".history")).to_contain_text("Told the head, 4 boys")
    assert state(scene, number) == "open"


def test_names_are_shown_only_after_asking(scene: Scene, page: Page) -> None:
    page.goto(f"/mentions/{scene.number_of('everyone at LHA')}")
    said = page.locator(".said")
    expect(said).not_to_contain_text("Fenella")
    page.get_by_role("button", name="Show names and author").click()
    expect(said).to_contain_text("Fenella Thrupp")
    page.get_by_role("link", name="Hide them again").click()
    expect(said).not_to_contain_text("Fenella")


def test_new_ones_announce_themselves_without_moving_what_one_reads(
    scene: Scene, page: Page
) -> None:
    page.locator(".row").nth(6).scroll_into_view_if_needed()
    read = page.locator(".row").nth(6)
    place = read.bounding_box()
    scene.add(
        Written(
            text="{threat|we know where you park tonight}, {@oakenhall|Oakenhall} staff",
            sure={"threat": 0.9},
            immediate=True,
            ago=timedelta(0),
        )
    )
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    announced = page.get_by_role("link", name="1 new: show it")
    expect(announced).to_be_attached()
    assert read.bounding_box() == place
    assert page.title().startswith("(1)")
    announced.click()
    expect(page.locator(".row").first).to_contain_text("we know where you park")


def test_a_decision_that_fails_is_said_and_nothing_is_lost(
    scene: Scene, page: Page, complaints: list[str]
) -> None:
    number = int(page.locator(".row").first.get_attribute("data-id") or 0)
    page.route("**/decision", lambda route: route.abort())
    count = page.locator(".row").count()
    page.keyboard.press("j")
    page.keyboard.press("4")
    expect(page.locator(".toast.problem")).to_contain_text("Nothing was recorded")
    expect(page.locator(".row")).to_have_count(count)
    assert state(scene, number) == "open"
    assert all("ERR_FAILED" in one for one in complaints)
    complaints.clear()


def test_keys_are_explained_and_can_be_switched_off(scene: Scene, page: Page) -> None:
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog", name="Keys")
    expect(dialog).to_be_visible()
    dialog.get_by_role("checkbox").uncheck()
    page.keyboard.press("Escape")
    expect(dialog).not_to_be_visible()
    count = page.locator(".row").count()
    page.locator(".row").first.focus()
    page.keyboard.press("1")
    page.keyboard.press("?")
    expect(dialog).not_to_be_visible()
    expect(page.locator(".row")).to_have_count(count)


def test_keys_are_left_alone_while_one_writes(scene: Scene, page: Page) -> None:
    number = scene.number_of("gates 3.15")
    page.goto(f"/mentions/{number}")
    page.get_by_label("Note (optional").fill("")
    page.get_by_label("Note (optional").press_sequentially("1234?uq")
    expect(page.get_by_label("Note (optional")).to_have_value("1234?uq")
    assert state(scene, number) == "open"


def test_everything_works_without_scripts(scene: Scene, visit: Visit) -> None:
    with (
        served(scene.app()) as address,
        visit(address, java_script_enabled=False) as page,
    ):
        page.goto("/")
        decide_and_choose(page, scene)


def decide_and_choose(page: Page, scene: Scene) -> None:
    count = page.locator(".row").count()
    number = int(page.locator(".row").first.get_attribute("data-id") or 0)
    page.locator(".row").first.get_by_role("button", name="No action").click()
    expect(page.locator(".row")).to_have_count(count - 1)
    assert state(scene, number) == "decided"
    page.locator(".toast").get_by_role("button", name="Undo").click()
    expect(page.locator(".row")).to_have_count(count)
    assert state(scene, number) == "open"
    page.get_by_label("Flagged for").select_option("hate")
    page.get_by_role("button", name="Show").click()
    expect(page.locator(".row")).to_have_count(1)


def test_a_reload_does_not_show_the_last_decision_again(scene: Scene, page: Page) -> None:
    page.goto(f"/mentions/{scene.number_of('Send them all')}")
    page.keyboard.press("2")
    expect(page.locator(".toast")).to_contain_text("Closed without action")
    page.wait_for_load_state()
    page.reload()
    expect(page.locator(".toast")).to_have_count(0)
