// Single keys, and the dialog that explains them. They can be switched off (WCAG 2.1.4) and are
// never taken while somebody writes.
const STORED = "keys";
const dialog = document.getElementById("keys");
const checkbox = document.getElementById("keys-on");

function areOn() {
  return localStorage.getItem(STORED) !== "off";
}

function isWriting(target) {
  return target.closest("input, textarea, select, [contenteditable]") !== null;
}

/** Call `actions[key]` for a bare key; an action returns false to leave the key alone. */
export function setUpKeys(actions) {
  checkbox.checked = areOn();
  checkbox.addEventListener("change", () => {
    localStorage.setItem(STORED, checkbox.checked ? "on" : "off");
  });
  for (const opener of document.querySelectorAll("[data-opens=keys]")) {
    opener.hidden = false;
    opener.addEventListener("click", () => dialog.showModal());
  }
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (!areOn() || dialog.open || isWriting(event.target)) return;
    if (event.key === "?") {
      dialog.showModal();
    } else if (!Object.hasOwn(actions, event.key) || actions[event.key](event) === false) {
      return;
    }
    event.preventDefault();
  });
}
