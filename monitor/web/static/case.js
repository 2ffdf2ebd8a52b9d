// Keys of a case: along its open steps, done or skipped, a note, a task, taking back.
import { setUpKeys } from "./keys.js";

const steps = [...document.querySelectorAll(".step[data-state=open]")];
let at = steps.findIndex((step) => `#${step.id}` === location.hash) - 1;
if (at < -1) at = -1;

function go(by) {
  if (!steps.length) return false;
  at = Math.min(Math.max(at + by, 0), steps.length - 1);
  for (const step of steps) step.removeAttribute("aria-current");
  steps[at].setAttribute("aria-current", "step");
  steps[at].focus({ preventScroll: true });
  steps[at].scrollIntoView({ block: "center" });
}

function within(selector, act) {
  const target = steps[at]?.querySelector(selector);
  if (!target) return false;
  act(target);
}

function press(selector) {
  const target = document.querySelector(selector);
  if (!target) return false;
  target.click();
}

function write(id) {
  const target = document.getElementById(id);
  if (!target) return false;
  target.closest("details")?.setAttribute("open", "");
  target.focus();
}

setUpKeys({
  j: () => go(1),
  ArrowDown: () => go(1),
  k: () => go(-1),
  ArrowUp: () => go(-1),
  d: () => within("button.done", (button) => button.click()),
  s: () => within("textarea", (note) => note.focus()),
  n: () => write("case-note"),
  t: () => write("what"),
  c: () => press("a.main-button"),
  u: () => press(".toast .undo button"),
  q: () => press(".back a"),
});

// What was just recorded is offered once: a reload does not show it again.
const address = new URL(location.href);
if (address.searchParams.has("done")) {
  address.searchParams.delete("done");
  history.replaceState(null, "", address);
}

// An act is sent once, however often the button is pressed; a file may be saved again.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.matches("[data-saves]")) return;
  if (form.dataset.sent) event.preventDefault();
  form.dataset.sent = "yes";
});
window.addEventListener("pageshow", () => {
  for (const form of document.forms) delete form.dataset.sent;
});
