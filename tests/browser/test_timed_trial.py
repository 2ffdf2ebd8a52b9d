"""Sixty stories triaged from the keyboard in a real browser: keys, waits and seconds a story.

`pytest -m soak tests/browser/test_timed_trial.py -s` prints the figures. Reading is not counted:
what the console itself costs is.
"""

import sys
import time
from itertools import cycle, islice

import pytest
from playwright.sync_api import Page, expect

from monitor.store import queue
from monitor.store.scope import EVERYTHING
from tests.browser.conftest import Visit
from tests.doubles.consoles import Scene, served
from tests.doubles.written_posts import Written

pytestmark = [pytest.mark.soak, pytest.mark.browser]
STORIES = 60
AIM_SECONDS = 600
SUBJECTS = (
    "parking", "lunches", "the boiler", "homework", "the bus", "uniforms", "the gate",
    "detentions", "the roof", "reports", "sports day", "the toilets", "buses", "fees", "trips",
)  # fmt: skip
WAYS = ("a shambles", "a disgrace", "a joke", "beyond belief")


def fill(scene: Scene) -> None:
    """Enough stories of their own to make sixty with what waits already."""
    kinds = cycle((subject, way) for way in WAYS for subject in SUBJECTS)
    with scene.store.read() as tx:
        missing = STORIES - queue.counts(tx, EVERYTHING).open
    for number, (subject, way) in enumerate(islice(kinds, missing)):
        said = f"{subject} at {{@oakenhall|Oakenhall}}: {{reputation|{way}}}, case {number} of it"
        scene.add(Written(text=said, sure={"reputation": 0.7 + number % 3 / 10}))


class Hands:
    """Presses keys and counts them, and the seconds until the page has followed."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.keys = 0
        self.waits: list[float] = []

    def press(self, key: str) -> None:
        self.keys += 1
        self.page.keyboard.press(key)

    def decide(self, key: str) -> None:
        """One decision on the marked row, and the wait for the next to be marked."""
        row = self.page.locator(".row[aria-current]")
        number = row.get_attribute("data-id")
        if row.locator(".veil").count():
            self.press("v")
        began = time.perf_counter()
        self.press(key)
        self.page.wait_for_function(
            "id => !document.getElementById('m-' + id)", arg=number, polling=10
        )
        self.waits.append(time.perf_counter() - began)

    def decide_and_go_on(self, key: str) -> None:
        """One decision on a mention's page, and the wait for the page of the next."""
        if self.page.locator(".veil").count():
            self.press("v")
        number = self.page.url.split("?")[0]
        began = time.perf_counter()
        self.press(key)
        self.page.wait_for_function("was => !location.href.startsWith(was)", arg=f"{number}?")
        self.page.wait_for_load_state()
        self.waits.append(time.perf_counter() - began)

    def told(self, way: str, seconds: float) -> str:
        waits = sorted(self.waits)
        return (
            f"{way}: {STORIES} stories, {self.keys} keys ({self.keys / STORIES:.2f} a story), "
            f"{seconds:.0f} s in all ({seconds / STORIES:.2f} a story), waits: median "
            f"{waits[STORIES // 2] * 1000:.0f} ms, p95 {waits[int(STORIES * 0.95)] * 1000:.0f} ms\n"
        )


def test_sixty_stories_are_triaged_by_keys_alone(scene: Scene, visit: Visit) -> None:
    fill(scene)
    with served(scene.app()) as address, visit(address) as page:
        hands = Hands(page)
        began = time.perf_counter()
        page.goto("/")
        for story in range(STORIES):
            page.wait_for_selector(".row")
            if story == 0:
                hands.press("j")
            page.wait_for_selector(".row[aria-current]")
            hands.decide("2212324"[story % 7])
        expect(page.get_by_role("heading", name="All done")).to_be_visible()
        seconds = time.perf_counter() - began
    sys.stdout.write(hands.told("In the queue", seconds))
    with scene.store.read() as tx:
        assert queue.counts(tx, EVERYTHING).open == 0
    assert hands.keys <= 2 * STORIES
    assert seconds < AIM_SECONDS


def test_sixty_stories_are_read_one_by_one_by_keys_alone(scene: Scene, visit: Visit) -> None:
    fill(scene)
    with served(scene.app()) as address, visit(address) as page:
        hands = Hands(page)
        began = time.perf_counter()
        page.goto("/")
        hands.press("n")
        page.wait_for_url("**/mentions/**")
        for story in range(STORIES):
            expect(page.locator("#decision-title")).to_be_visible()
            hands.decide_and_go_on("2212324"[story % 7])
        expect(page.get_by_role("heading", name="All done")).to_be_visible()
        seconds = time.perf_counter() - began
    sys.stdout.write(hands.told("One by one", seconds))
    with scene.store.read() as tx:
        assert queue.counts(tx, EVERYTHING).open == 0
    assert hands.keys <= 2 * STORIES + 1
    assert seconds < AIM_SECONDS
