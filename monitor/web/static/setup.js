// The department's download is tens of megabytes: say how much is sent, and whether it is too large
// before any is. Without this the form works as it stands.
const form = document.querySelector("form[data-upload]");
const file = form?.elements.download;
const bar = form?.querySelector("progress");
const told = form?.querySelector("[data-told]");

const isTooLarge = () => file.files[0]?.size > Number(file.dataset.most) * 2 ** 20;

file?.addEventListener("change", () => {
  file.setCustomValidity(isTooLarge() ? `More than ${file.dataset.most} MB: this is another file.` : "");
  file.reportValidity();
});

form?.addEventListener("submit", (event) => {
  event.preventDefault();
  const sending = new XMLHttpRequest();
  const again = (why) => {
    bar.hidden = true;
    told.textContent = why;
    form.querySelector("button").disabled = false;
  };
  sending.upload.addEventListener("progress", (sent) => {
    bar.value = (100 * sent.loaded) / sent.total;
    told.textContent = sent.loaded < sent.total ? `${Math.round(bar.value)} % sent` : "Sent. It is being read…";
  });
  sending.addEventListener("load", () => {
    const why = sending.response?.querySelector("main [role=alert]")?.textContent.trim();
    if (sending.status < 400) location.assign("/setup");
    else again(why || "It was not taken. Load the page again and try once more.");
  });
  sending.addEventListener("error", () => again("The connection broke. Try again."));
  sending.open("POST", form.action);
  sending.responseType = "document";
  bar.hidden = false;
  bar.value = 0;
  form.querySelector("button").disabled = true;
  sending.send(new FormData(form));
});
