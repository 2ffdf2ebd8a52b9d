// Copying the text of the page, where the browser lets us.
const button = document.getElementById("copy");
const text = document.getElementById("ready");
const said = document.getElementById("copied");

button.hidden = false;
button.addEventListener("click", async () => {
  text.select();
  try {
    await navigator.clipboard.writeText(text.value);
    said.textContent = "Copied.";
  } catch {
    said.textContent = "Selected: press Ctrl and C.";
  }
});
