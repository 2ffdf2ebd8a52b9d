# ruff: noqa: E501  the scripts that run in the page
"""What everybody can rely on: contrast, names, targets, width, the keyboard, dark and print.

Each page is opened once and held to everything: our own rules, those of axe-core (WCAG 2.2 A and
AA) by day and by night, no width from a desk to 400 % zoom scrolled sideways, few and small files.
"""

from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page, Response, expect

pytestmark = pytest.mark.browser

PATHS = (
    "/", "/?state=decided", "/?school=brackenford&label=hate", "/?q=boiler&state=all",
    "/?q=(", "/mentions/19", "/mentions/14", "/mentions/1?from=state%3Dopen", "/next", "/cases",
    "/cases/1", "/cases/1/close", "/take-downs", "/clocks", "/captures", "/rules", "/welfare",
    "/share", "/sources", "/coverage", "/monitored", "/deliveries", "/digests", "/blocks", "/silences",
    "/closures",
    "/judgement", "/oversight", "/board", "/try", "/audit", "/requests", "/setup", "/notices",
    "/retention", "/help", "/help/it", "/help/sources", "/report", "/report/oakenhall",
)  # fmt: skip
WIDTHS = (1280, 768, 640, 390, 360, 320)
"""640 is what 200 % zoom leaves of a usual screen, and 320 what 400 % does."""
MOST_BYTES, MOST_REQUESTS = 150_000, 20
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
AXE = """
async (tags) => {
  const found = await axe.run({ runOnly: tags, resultTypes: ["violations"], iframes: false });
  return found.violations.flatMap((one) => one.nodes.map((node) => `${one.id}: ${node.html.slice(0, 160)}`));
}
"""

TOO_FAINT = """
() => {
  const channel = (v) => (v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
  const light = ([r, g, b]) => 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
  const parse = (text) => {
    const numbers = text.match(/[\\d.]+/g).map(Number);
    return [...numbers.slice(0, 3), numbers[3] ?? 1];
  };
  const over = (top, below) => top.slice(0, 3).map((v, i) => v * top[3] + below[i] * (1 - top[3]));
  const ground = (node) => {
    const layers = [];
    for (let at = node; at; at = at.parentElement) layers.push(parse(getComputedStyle(at).backgroundColor));
    return layers.reverse().reduce((below, top) => over(top, below), [255, 255, 255]);
  };
  const faint = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode.parentElement;
    if (!walker.currentNode.nodeValue.trim() || !node.checkVisibility()) continue;
    if (node.closest(".hidden, .skip, template, option, script")) continue;
    const style = getComputedStyle(node);
    const below = ground(node);
    const [a, b] = [light(over(parse(style.color), below)), light(below)].sort((x, y) => y - x);
    const ratio = (a + 0.05) / (b + 0.05);
    const size = parseFloat(style.fontSize);
    const isLarge = size >= 24 || (size >= 18.66 && style.fontWeight >= 700);
    if (ratio < (isLarge ? 3 : 4.5))
      faint.push(`${ratio.toFixed(2)} ${node.className} ${walker.currentNode.nodeValue.trim().slice(0, 30)}`);
  }
  return faint;
}
"""

UNSOUND = """
() => {
  const wrong = [];
  const ids = [...document.querySelectorAll("[id]")].map((node) => node.id);
  for (const id of new Set(ids)) if (ids.filter((one) => one === id).length > 1) wrong.push("twice: " + id);
  const name = (node) =>
    node.getAttribute("aria-label") ??
    (node.labels?.length ? node.labels[0].textContent : node.textContent || node.title);
  for (const node of document.querySelectorAll("a[href], button, select, textarea, input:not([type=hidden])"))
    if (!name(node).trim()) wrong.push("no name: " + node.outerHTML.slice(0, 80));
  for (const node of document.querySelectorAll("[aria-labelledby]"))
    for (const id of node.getAttribute("aria-labelledby").split(" "))
      if (!document.getElementById(id)) wrong.push("no label: " + id);
  for (const node of document.querySelectorAll("svg:not([aria-hidden=true], [role=img][aria-label])")) wrong.push("svg " + node.outerHTML.slice(0, 60));
  for (const node of document.querySelectorAll("table")) {
    if (!node.querySelector("th[scope], th") && !node.closest("dialog")) wrong.push("table without heads");
  }
  if (document.querySelectorAll("main").length !== 1) wrong.push("main");
  if (document.querySelectorAll("h1").length !== 1) wrong.push("h1");
  const levels = [...document.querySelectorAll("main :is(h1,h2,h3,h4)")]
    .filter((node) => node.checkVisibility()).map((node) => Number(node.tagName[1]));
  levels.reduce((before, now) => (now > before + 1 && wrong.push(`h${before} then h${now}`), now), 0);
  if (document.documentElement.lang !== "en-GB") wrong.push("lang");
  return wrong;
}
"""

STOP = """
() => {
  const at = document.activeElement, style = getComputedStyle(at);
  if (at === window.stop_) return "";  // a date has a stop for each of its parts
  if (at === document.body || at.dataset.reached) return null;
  window.stop_ = at;
  at.dataset.reached = "yes";
  const box = at.getBoundingClientRect();
  const isShown = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2
    && box.width > 0 && box.bottom > 0 && box.top < innerHeight;
  return isShown ? "" : at.outerHTML.slice(0, 90);
}
"""
MISSED = """
() => [...document.querySelectorAll("a[href], button, select, textarea, summary, input:not([type=hidden], [type=radio])")]
  .filter((node) => node.checkVisibility() && !node.disabled && !node.dataset.reached)
  .map((node) => node.outerHTML.slice(0, 90))
"""
NOT_SPOKEN = {"RootWebArea", "main", "article", "generic", "alert", "heading", "iframe", "Iframe"}
"""Roles that get the focus by a script alone, and need no name."""
MOST_STOPS = 240

TOO_SMALL = """
() => [...document.querySelectorAll("button, select, summary, input:not([type=hidden]), nav a, .open")]
  .filter((node) => node.checkVisibility() && !node.closest("template"))
  .map((node) => [node, node.getBoundingClientRect()])
  .filter(([node, box]) => box.width > 0 && (box.width < 24 || box.height < 24)
    && !node.matches(".open"))
  .map(([node, box]) => `${Math.round(box.width)}x${Math.round(box.height)} ${node.textContent.trim().slice(0, 30)}`)
"""


@pytest.mark.parametrize("path", PATHS)
def test_a_page_can_be_relied_on(look: Page, path: str) -> None:
    answers: list[Response] = []
    look.on("response", lambda answer: answers.append(answer))
    look.goto(path, wait_until="load")
    found: dict[str, Any] = {"names and order": look.evaluate(UNSOUND)}
    found["files"] = _too_much(answers)
    look.evaluate(AXE_SCRIPT)
    for scheme in ("light", "dark"):
        look.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        found[f"faint, {scheme}"] = look.evaluate(TOO_FAINT)
        found[f"axe, {scheme}"] = look.evaluate(AXE, RULES)
    for width in WIDTHS:
        look.set_viewport_size({"width": width, "height": 800})
        wide = look.evaluate("document.documentElement.scrollWidth")
        found[f"sideways at {width}"] = [wide] if wide > width else []
    assert {what: wrong for what, wrong in found.items() if wrong} == {}


def _too_much(answers: list[Response]) -> list[str]:
    sizes = [len(one.body()) for one in answers if one.ok]
    said = f"{sum(sizes)} bytes in {len(sizes)} files"
    return [said] if sum(sizes) > MOST_BYTES or len(sizes) > MOST_REQUESTS else []


@pytest.mark.parametrize("path", ["/", "/mentions/19", "/sources", "/help", "/report/oakenhall"])
@pytest.mark.parametrize("width", [360, 1280])
def test_what_one_presses_is_large_enough(look: Page, path: str, width: int) -> None:
    look.set_viewport_size({"width": width, "height": 800})
    look.goto(path)
    assert look.evaluate(TOO_SMALL) == []


def test_a_page_that_is_not_there_looks_the_same(look: Page, complaints: list[str]) -> None:
    look.goto("/mentions/999999")
    assert look.evaluate(TOO_FAINT) == []
    assert look.evaluate(UNSOUND) == []
    assert all("404" in one for one in complaints)
    complaints.clear()


@pytest.mark.parametrize(
    "path",
    [
        "/",
        *(
            pytest.param(one, marks=pytest.mark.soak)
            for one in ("/mentions/19", "/cases/1", "/rules")
        ),
    ],
)
def test_the_keyboard_reaches_everything_and_shows_where_it_is(look: Page, path: str) -> None:
    """And a screen reader has a name for each (the browser's own accessibility tree)."""
    look.goto(path)
    tree = look.context.new_cdp_session(look).send("Accessibility.getFullAXTree")["nodes"]
    assert [one["role"]["value"] for one in tree if _is_nameless(one)] == []
    look.keyboard.press("Tab")
    skip = look.locator(".skip")
    expect(skip).to_be_focused()
    box = skip.bounding_box()
    assert box
    assert box["x"] >= 0
    stops = [look.evaluate(STOP)]
    while stops[-1] is not None and len(stops) < MOST_STOPS:
        look.keyboard.press("Tab")
        stops.append(look.evaluate(STOP))
    assert [stop for stop in stops if stop] == []
    assert look.evaluate(MISSED) == []


def _is_nameless(node: dict[str, Any]) -> bool:
    properties = {one["name"]: one["value"].get("value") for one in node.get("properties", ())}
    role = node.get("role", {}).get("value")
    is_stop = properties.get("focusable") and not node["ignored"] and role not in NOT_SPOKEN
    return bool(is_stop) and not node.get("name", {}).get("value", "").strip()


def test_the_skip_link_leads_to_the_content(look: Page) -> None:
    look.goto("/")
    look.keyboard.press("Tab")
    look.keyboard.press("Enter")
    expect(look.locator("#main")).to_be_focused()


def test_the_marked_row_is_never_hidden_behind_the_top(look: Page) -> None:
    look.set_viewport_size({"width": 1280, "height": 600})
    look.goto("/")
    for key in "jjjjjjjjjkkkkkkkkk":
        look.keyboard.press(key)
        row = look.locator(".row[aria-current]").bounding_box()
        bar = look.locator(".top").bounding_box()
        assert row
        assert bar
        assert row["y"] >= bar["y"] + bar["height"] - 1
        assert row["y"] + row["height"] <= 600


def test_shapes_and_words_stay_when_a_reader_forces_own_colours(look: Page) -> None:
    look.goto("/")
    look.emulate_media(forced_colors="active")
    badge = look.locator(".severity").first
    expect(badge).to_contain_text("Critical")
    expect(badge.locator("svg")).to_be_visible()


def test_paper_gets_the_words_and_not_the_buttons(look: Page) -> None:
    look.goto("/mentions/19")
    look.emulate_media(media="print")
    expect(look.get_by_role("heading", name="What the policy says")).to_be_visible()
    expect(look.locator(".choice").first).not_to_be_visible()
    expect(look.locator(".rooms")).not_to_be_visible()
