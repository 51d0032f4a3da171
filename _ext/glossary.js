// Shows the definition of a glossary term beside its link: to a mouse that points at it, to a
// keyboard that comes to it, to a finger that taps it (a second tap follows the link).
// It can be pointed at itself, stays until one goes away, and Escape closes it (WCAG 1.4.13).
(() => {
  "use strict";
  const links = document.querySelectorAll("a.term");
  if (!links.length) return;

  const GAP = 6; // pixels between a link and its definition
  const PATIENCE = 200; // milliseconds that a pointer may take from one to the other

  const box = document.createElement("div");
  box.id = "term-definition";
  box.className = "term-definition";
  box.setAttribute("role", "tooltip");
  box.hidden = true;

  let shown = null; // the link whose definition can be seen
  let leaving = 0;

  function show(link) {
    clearTimeout(leaving);
    if (shown === link) return;
    hide();
    shown = link;
    box.textContent = link.dataset.definition;
    box.hidden = false;
    link.setAttribute("aria-describedby", box.id);
    place(link);
  }

  function hide() {
    clearTimeout(leaving);
    shown?.removeAttribute("aria-describedby");
    shown = null;
    box.hidden = true;
  }

  function hideSoon() {
    clearTimeout(leaving);
    leaving = setTimeout(hide, PATIENCE);
  }

  // Below the link, or above it where the window ends, and never out at the sides.
  function place(link) {
    const words = link.getClientRects()[0]; // of a link over two lines the first
    const origin = box.offsetParent.getBoundingClientRect();
    const { width, height } = box.getBoundingClientRect();
    const room = document.documentElement.clientWidth - width - GAP;
    const left = Math.max(GAP, Math.min(words.left, room));
    const below = link.getBoundingClientRect().bottom + GAP;
    const above = words.top - GAP - height;
    const top = below + height > window.innerHeight && above > 0 ? above : below;
    box.style.left = `${left - origin.left}px`;
    box.style.top = `${top - origin.top}px`;
  }

  for (const link of links) {
    let tapped = false; // by a finger that has not seen the definition
    link.addEventListener("pointerenter", (event) => event.pointerType === "mouse" && show(link));
    link.addEventListener("pointerleave", (event) => event.pointerType === "mouse" && hideSoon());
    link.addEventListener("pointerdown", (event) => {
      tapped = event.pointerType !== "mouse" && shown !== link;
    });
    link.addEventListener("focus", () => show(link));
    link.addEventListener("blur", hideSoon);
    link.addEventListener("click", (event) => {
      if (tapped) {
        event.preventDefault();
        show(link);
      }
      tapped = false;
    });
  }
  box.addEventListener("pointerenter", () => clearTimeout(leaving));
  box.addEventListener("pointerleave", hideSoon);
  document.addEventListener("keydown", (event) => event.key === "Escape" && hide());
  document.addEventListener("pointerdown", (event) => {
    if (shown && event.target !== shown && event.target !== box) hide();
  });
  document.querySelector("article").append(box);
})();
