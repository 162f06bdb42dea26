// A certificate opens in a page of its own. Whoever comes back from it sees what was issued.
"use strict";

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.dataset.print) return;
  window.addEventListener("focus", () => window.location.assign(form.dataset.print), { once: true });
});
