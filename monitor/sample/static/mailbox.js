// Says when new mail has come, without moving what is being read.
"use strict";
const known = Number(document.body.dataset.count);
const notice = document.querySelector(".fresh");

async function look() {
  try {
    const answer = await fetch("/count");
    const fresh = (await answer.json()).count - known;
    if (fresh > 0 && notice.dataset.fresh !== String(fresh)) {
      notice.dataset.fresh = String(fresh);
      notice.hidden = false;
      const link = document.createElement("a");
      link.href = location.pathname === "/" ? location.href : "/";
      link.textContent = fresh === 1 ? "One new mail: show it" : `${fresh} new mails: show them`;
      notice.replaceChildren(link);
    }
  } catch {
    // The sample was stopped; the next look may find it again.
  }
}

setInterval(look, 4000);
