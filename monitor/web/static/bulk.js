// One key takes back what was decided together.
document.addEventListener("keydown", (event) => {
  if (event.key !== "u" || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest("input, textarea, select") || localStorage.getItem("keys") === "off") return;
  document.querySelector(".undo button")?.click();
});
