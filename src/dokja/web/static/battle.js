// Two answers at one pace, and the keys 1 to 4. Without it both answers stand in
// full and the buttons work; with it nothing is loaded that was not there before.
"use strict";
(() => {
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  if (!still) document.documentElement.classList.add("paced");

  const lettersOf = (answer) => {
    const walker = document.createTreeWalker(answer, NodeFilter.SHOW_TEXT);
    const found = [];
    while (walker.nextNode()) {
      if (walker.currentNode.nodeValue.trim()) found.push(walker.currentNode);
    }
    // Each text stands twice: what is seen already, and the rest, which keeps its room.
    return found.map((text) => {
      const whole = text.nodeValue;
      const rest = document.createElement("span");
      rest.className = "ahead";
      rest.setAttribute("aria-hidden", "true");
      rest.textContent = whole;
      const seen = document.createTextNode("");
      text.replaceWith(seen, rest);
      return { whole, seen, rest };
    });
  };

  const show = (letters, count) => {
    let left = count;
    for (const part of letters) {
      const now = Math.max(0, Math.min(part.whole.length, left));
      part.seen.nodeValue = part.whole.slice(0, now);
      part.rest.textContent = part.whole.slice(now);
      left -= part.whole.length;
    }
    return left >= 0;
  };

  const pace = (duel) => {
    const { delay, tick, step } = duel.dataset;
    const sides = [...duel.querySelectorAll("[data-words]")].map(lettersOf);
    const whole = document.querySelector("[data-whole]");
    const said = document.querySelector("[data-said]");
    document.documentElement.classList.remove("paced");
    duel.setAttribute("aria-busy", "true");
    const begun = performance.now() + Number(delay);
    let all = false;
    const end = () => {
      all = true;
      duel.removeAttribute("aria-busy");
      if (whole) whole.hidden = true;
      if (said) said.textContent = said.dataset.said;
    };
    const turn = (now) => {
      if (all) return;
      const ticks = Math.max(0, Math.floor((now - begun) / Number(tick)));
      const ready = sides.map((letters) => show(letters, ticks * Number(step)));
      if (ready.every(Boolean)) end();
      else requestAnimationFrame(turn);
    };
    if (whole) {
      whole.hidden = false;
      whole.addEventListener("click", () => {
        sides.forEach((letters) => show(letters, Infinity));
        end();
      });
    }
    requestAnimationFrame(turn);
  };

  const keys = (form) => {
    const typing = (at) => at instanceof Element && at.closest("input, textarea, select, summary");
    document.addEventListener("keydown", (event) => {
      if (event.repeat || event.ctrlKey || event.altKey || event.metaKey) return;
      const button = form.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
      if (button && !typing(event.target)) {
        event.preventDefault();
        button.click();
      }
    });
    form.addEventListener("submit", (event) => {
      if (form.dataset.sent) event.preventDefault();
      form.dataset.sent = "yes";
    });
    // Coming back by the browser's own button must not find a dead form.
    addEventListener("pageshow", () => delete form.dataset.sent);
  };

  document.addEventListener("DOMContentLoaded", () => {
    const duel = document.querySelector("[data-step]");
    const form = document.querySelector("form.judge");
    if (duel && !still) pace(duel);
    if (form) keys(form);
  });
})();
