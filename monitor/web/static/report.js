// A picture that must not be sent is not even chosen: changing the answer empties the choice.
const chosen = document.getElementById("pictures");
document.getElementById("picture").addEventListener("change", (event) => {
  if (event.target.name === "picture" && event.target.value !== "fine") chosen.value = "";
});

// A report is sent once, however often the button is pressed.
document.addEventListener("submit", (event) => {
  if (event.target.dataset.sent) event.preventDefault();
  event.target.dataset.sent = "yes";
});
window.addEventListener("pageshow", () => {
  for (const form of document.forms) delete form.dataset.sent;
});
