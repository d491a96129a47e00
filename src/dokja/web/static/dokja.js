// What the pages need beyond forms and links; without it every act still works.
"use strict";
function tell(failed) {
  const place = document.querySelector("[data-saved]");
  if (place) place.textContent = failed ? place.dataset.failed || "" : "";
}
for (const name of ["htmx:responseError", "htmx:sendError"]) {
  document.addEventListener(name, () => tell(true));
}
document.addEventListener("htmx:afterSwap", () => tell(false));
