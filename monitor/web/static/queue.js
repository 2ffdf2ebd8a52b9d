// Triage without waiting: a decision is sent at once and its row makes room for the next one;
// undo puts the row back where it was. Without this script the same forms work page by page.
import { setUpKeys } from "./keys.js";

const POLL_EVERY_MS = 8000;
const rows = () => [...document.querySelectorAll(".row")];
const toasts = document.getElementById("toasts");
const arrivals = document.getElementById("arrivals");
const title = document.title;
let current = null;
let takenBack = null;

function choose(row, { focus = true } = {}) {
  current?.removeAttribute("aria-current");
  current = row ?? null;
  if (!current) return;
  current.setAttribute("aria-current", "true");
  if (focus) current.focus({ preventScroll: true });
  current.scrollIntoView({ block: "nearest" });
}

function step(by) {
  const all = rows();
  if (!all.length) return false;
  const at = all.indexOf(current);
  choose(all[Math.min(Math.max(at + by, 0), all.length - 1)]);
}

function count(name, by) {
  for (const badge of document.querySelectorAll(`[data-count="${name}"]`)) {
    const shown = badge.firstChild;
    const number = Number(shown.nodeValue);
    if (Number.isInteger(number)) shown.nodeValue = String(Math.max(0, number + by));
  }
}

function toast(words, { kind = "plain", isProblem = false } = {}) {
  const made = document.getElementById(`toast-${kind}`).content.firstElementChild.cloneNode(true);
  made.querySelector("p").textContent = words;
  made.classList.toggle("problem", isProblem);
  toasts.replaceChildren(made);
  return made;
}

async function send(form, submitter) {
  const body = new URLSearchParams(new FormData(form, submitter));
  try {
    const answer = await fetch(form.action, {
      method: "POST",
      body,
      headers: { Accept: "application/json" },
    });
    const said = await answer.json();
    return answer.ok ? said : { problem: said.problem ?? "It could not be recorded." };
  } catch {
    return { problem: "The console does not answer. Nothing was recorded: try again." };
  }
}

async function decide(form, button) {
  const row = form.closest(".row");
  if (row.dataset.sending) return;
  row.dataset.sending = "yes";
  const said = await send(form, button);
  delete row.dataset.sending;
  if (said.problem) {
    toast(said.problem, { isProblem: true });
    return;
  }
  const place = row.closest("li");
  const list = place.parentElement;
  const following = place.nextElementSibling;
  const next = following ?? place.previousElementSibling;
  const wasHere = row.contains(document.activeElement) || row === current;
  place.remove();
  count("queue", form.elements.state.value === "open" ? -1 : 0);
  count(`state-${form.elements.state.value}`, -1);
  offerUndo(said, row, () => {
    list.insertBefore(place, following?.parentElement === list ? following : null);
    count("queue", form.elements.state.value === "open" ? 1 : 0);
    count(`state-${form.elements.state.value}`, 1);
    choose(row);
  });
  if (!rows().length) {
    location.assign(`/?${list.dataset.address}&done=${row.dataset.id}.${said.decision}#queue`);
  } else if (wasHere) {
    choose(next?.querySelector(".row"));
  }
}

function offerUndo(said, row, putBack) {
  const made = toast(`${said.words}.`, { kind: "undo" });
  const others = made.querySelector(".others");
  others.hidden = !said.others;
  if (said.others) {
    others.href = said.others.path;
    others.textContent = said.others.words;
  }
  const form = made.querySelector("form");
  form.action = `/decisions/${said.decision}/undo`;
  form.elements.mention.value = row.dataset.id;
  takenBack = putBack;
}

async function undo(form) {
  const putBack = takenBack;
  const said = await send(form, null);
  if (said.problem) {
    toast(said.problem, { isProblem: true });
    return;
  }
  takenBack = null;
  putBack();
  toast(said.words);
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.matches(".decide")) {
    event.preventDefault();
    decide(form, event.submitter);
  } else if (form.matches(".toast .undo") && takenBack) {
    event.preventDefault();
    undo(form);
  }
});

document.addEventListener("focusin", (event) => {
  const row = event.target.closest(".row");
  if (row && row !== current) choose(row, { focus: false });
});

const bulk = document.getElementById("bulk");

function countTicked() {
  if (!bulk) return;
  const number = document.querySelectorAll("[name=chosen]:checked").length;
  bulk.classList.toggle("on", number > 0);
  document.getElementById("bulk-count").textContent = `${number} ticked:`;
}
document.addEventListener("change", (event) => {
  if (event.target.matches("[name=chosen]")) countTicked();
});
if (bulk) bulk.classList.add("scripted");

function press(number) {
  if (!current) return false;
  current.querySelectorAll(".choice")[number].click();
}

/** With rows ticked a key decides on all of them, after a preview. */
function pressOrBulk(number) {
  if (!bulk?.classList.contains("on")) return press(number);
  bulk.querySelectorAll("button")[number].click();
}

setUpKeys({
  j: () => step(current ? 1 : 0),
  k: () => step(-1),
  ArrowDown: (event) => (event.target.closest(".row, body") === null ? false : step(current ? 1 : 0)),
  ArrowUp: () => (current ? step(-1) : false),
  Enter: (event) => {
    if (!current || event.target.closest("a, button, summary")) return false;
    current.querySelector(".open").click();
  },
  1: () => pressOrBulk(0),
  2: () => pressOrBulk(1),
  3: () => pressOrBulk(2),
  4: () => press(3),
  5: () => {
    if (!current) return false;
    const open = current.querySelector(".open");
    location.assign(`${open.href}#escalate`);
  },
  z: () => {
    if (!current?.querySelector(".decide")) return false;
    current.querySelector("[name=until]").value = "tomorrow";
    press(2);
  },
  n: () => location.assign("/next"),
  u: () => {
    const button = toasts.querySelector(".undo button");
    if (!button) return false;
    button.click();
  },
  s: () => {
    const box = current?.querySelector("[name=chosen]");
    if (!box) return false;
    box.click();
    step(1);
  },
  S: () => {
    const boxes = [...document.querySelectorAll("[name=chosen]")];
    const wanted = boxes.some((box) => !box.checked);
    for (const box of boxes) box.checked = wanted;
    countTicked();
  },
  v: () => {
    const veil = current?.querySelector(".veil");
    if (!veil) return false;
    veil.open = !veil.open;
  },
  "/": () => document.getElementById("words").focus(),
  o: () => {
    const older = document.querySelector(".older");
    if (!older) return false;
    older.click();
  },
});

// What came since is announced and never moves what one reads; only a page on which there is
// nothing to read shows it by itself.
async function lookForNews() {
  if (document.hidden) return;
  const { after, seen } = arrivals.dataset;
  let found;
  try {
    const answer = await fetch(`/queue/new?after=${after}&seen=${seen}`);
    if (!answer.ok) return;
    found = await answer.json();
  } catch {
    return;
  }
  if (found.new && document.querySelector("[data-empty=first_poll], [data-empty=done]")) {
    location.assign("/");
    return;
  }
  announce(found.new);
  showLookers(found.looking);
}

/** Who looks at what now: a row never moves for it. */
function showLookers(looking) {
  for (const row of rows()) {
    const chip = row.querySelector(".looking");
    const holder = looking[row.dataset.id];
    chip.hidden = !holder;
    chip.querySelector(".whose").textContent = holder ?? "";
  }
}

function announce(number) {
  if (arrivals.dataset.shown === String(number)) return;
  arrivals.dataset.shown = String(number);
  document.title = number ? `(${number}) ${title}` : title;
  if (!number) {
    arrivals.replaceChildren();
    return;
  }
  const link = document.createElement("a");
  link.href = "/";
  link.textContent = number === 1 ? "1 new: show it" : `${number} new: show them`;
  arrivals.replaceChildren(link);
}

const isWaiting = document.querySelector("[data-empty=first_poll]") !== null;
setInterval(lookForNews, isWaiting ? 1500 : POLL_EVERY_MS);
document.addEventListener("visibilitychange", lookForNews);

// The address keeps what was just decided only until it is shown, so that a reload is quiet.
const address = new URL(location.href);
if (["done", "undone", "none", "full"].some((name) => address.searchParams.has(name))) {
  address.searchParams.delete("none");
  address.searchParams.delete("full");
  address.searchParams.delete("done");
  address.searchParams.delete("undone");
  history.replaceState(null, "", address);
}
const aimed = location.hash.startsWith("#m-") && document.getElementById(location.hash.slice(1));
if (aimed) choose(aimed);
else if (location.hash === "#queue") choose(rows()[0]);
