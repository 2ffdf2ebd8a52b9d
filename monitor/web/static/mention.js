// The same keys on one mention; every one presses a button or follows a link that is there.
import { setUpKeys } from "./keys.js";

function press(selector) {
  const target = document.querySelector(selector);
  if (!target) return false;
  target.click();
}

// A claim lapses by itself; before it does, whoever is reading is told and can keep it.
const WARN_SECONDS = 90;
const claim = document.getElementById("claim");
const said = document.getElementById("claim-words");
const keeper = document.getElementById("claim-keep");
let lapses = claim ? Date.now() + Number(claim.dataset.seconds) * 1000 : 0;

function watchClaim() {
  const left = Math.round((lapses - Date.now()) / 1000);
  const isClose = left <= WARN_SECONDS;
  keeper.hidden = !isClose;
  claim.classList.toggle("warn", isClose);
  const words = left <= 0
    ? "Nobody holds this now: others may take it."
    : `Yours for ${left} seconds more. Press c to keep it.`;
  if (isClose && (left % 30 === 0 || left === WARN_SECONDS || left <= 0)) said.textContent = words;
}

async function keep() {
  if (!claim) return false;
  const token = claim.querySelector("[name=token]").value;
  const answer = await fetch(claim.dataset.address, {
    method: "POST",
    body: new URLSearchParams({ token }),
    headers: { Accept: "application/json" },
  });
  const held = answer.ok ? await answer.json() : { mine: false };
  if (!held.mine) {
    said.textContent = "Somebody else looks at it now.";
    return;
  }
  lapses = Date.now() + held.seconds * 1000;
  said.textContent = "Yours again.";
  watchClaim();
}

if (claim) {
  setInterval(watchClaim, 1000);
  keeper.addEventListener("click", keep);
}

setUpKeys({
  1: () => press("[data-key='1']"),
  2: () => press("[data-key='2']"),
  3: () => press("[data-key='3']"),
  4: () => press("[data-key='4']"),
  5: () => {
    const to = document.getElementById("to");
    if (to && !to.value) {
      to.focus();
      return;
    }
    return press("[data-key='5']");
  },
  x: () => press("[data-key=x]"),
  c: () => keep(),
  v: () => {
    const veil = document.querySelector(".veil");
    if (!veil) return false;
    veil.open = !veil.open;
  },
  a: () => press("[data-key='a']"),
  n: () => {
    const note = document.getElementById("note");
    if (!note) return false;
    note.focus();
  },
  u: () => press(".standing .undo button"),
  q: () => press(".back a"),
});

// Choosing to whom ends with Enter, and so does saying who approved it.
const approver = document.getElementById("approver");
approver?.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !event.target.value) return;
  event.preventDefault();
  press("[data-key='5']");
});
document.getElementById("to")?.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !event.target.value) return;
  event.preventDefault();
  if (event.target.value === "it_unblock" && !approver.value) {
    approver.focus();
    return;
  }
  press("[data-key='5']");
});

// A screen print can be pasted as well as chosen.
const prints = document.getElementById("screen-prints");
document.addEventListener("paste", (event) => {
  if (!prints || !event.clipboardData.files.length) return;
  prints.files = event.clipboardData.files;
  prints.closest("details").open = true;
  prints.focus();
  event.preventDefault();
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
