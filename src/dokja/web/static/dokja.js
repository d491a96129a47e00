// What the pages need beyond forms and links; without it every act still works.
"use strict";
document.addEventListener("htmx:responseError", (event) => {
  const place = document.querySelector("[data-saved]");
  if (place) place.textContent = place.dataset.failed || "";
});
