// The same keys on one mention; every one presses a button or follows a link that is there.
import { setUpKeys } from "./keys.js";

function press(selector) {
  const target = document.querySelector(selector);
  if (!target) return false;
  target.click();
}

setUpKeys({
  1: () => press("[data-key='1']"),
  2: () => press("[data-key='2']"),
  3: () => press("[data-key='3']"),
  4: () => press("[data-key='4']"),
  a: () => press("[data-key='a']"),
  n: () => {
    const note = document.getElementById("note");
    if (!note) return false;
    note.focus();
  },
  u: () => press(".standing .undo button"),
  q: () => press(".back a"),
});

// A decision is sent once, however often the button is pressed.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.dataset.sent) event.preventDefault();
  form.dataset.sent = "yes";
});
window.addEventListener("pageshow", () => {
  for (const form of document.forms) delete form.dataset.sent;
});
