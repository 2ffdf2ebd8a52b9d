// Shows how far the providers are, and forgets the check when its page is closed.
const POLL_EVERY_MS = 900;
const list = document.querySelector("[data-progress]");
const forget = document.querySelector("script[data-forget]")?.dataset.forget;

function show(row, told) {
  row.dataset.state = told.state;
  row.querySelector(".state-words").textContent = told.words;
  row.querySelector(".found").textContent = `${told.found} found`;
}

async function look() {
  try {
    const answer = await fetch(list.dataset.progress);
    const told = await answer.json();
    if (!answer.ok || told.is_over) return location.reload();
    told.providers.forEach((one, at) => show(list.children[at], one));
  } catch {
    // The console does not answer just now: look again.
  }
  setTimeout(look, POLL_EVERY_MS);
}

if (list) setTimeout(look, POLL_EVERY_MS);

// A form of this page leads back to it, and a download or a new tab leaves it open: only what
// leads away, or closes it, forgets.
let stays = false;
if (forget) {
  document.addEventListener("submit", () => (stays = true));
  addEventListener("pageshow", () => (stays = false));
  addEventListener("pagehide", () => {
    if (stays) return;
    const body = new URLSearchParams({ token: document.querySelector("[name=token]").value });
    navigator.sendBeacon(forget, body);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "F5" || ((event.ctrlKey || event.metaKey) && event.key === "r")) stays = true;
  });
}
