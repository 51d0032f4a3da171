// What the pages do beside the theme's own scripts: they print on white, and the list of a page's
// sections follows the reader down the page.
(() => {
  "use strict";
  const { dataset } = document.documentElement;
  let theme = dataset.theme;
  addEventListener("beforeprint", () => {
    theme = dataset.theme;
    dataset.theme = "light";
  });
  addEventListener("afterprint", () => (dataset.theme = theme));

  const links = new Map();
  for (const link of document.querySelectorAll(".bd-toc-nav a[href^='#']")) {
    const section = document.getElementById(decodeURIComponent(link.hash.slice(1)));
    if (section) links.set(section, link);
  }
  const inView = new Set();
  const follow = new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting } of entries) inView[isIntersecting ? "add" : "delete"](target);
      const deepest = [...links.keys()].filter((section) => inView.has(section)).pop();
      for (const [section, link] of links) {
        const here = Boolean(deepest) && section.contains(deepest);
        link.classList.toggle("active", here);
        link.parentElement.classList.toggle("active", here);
        if (section === deepest) link.setAttribute("aria-current", "true");
        else link.removeAttribute("aria-current");
      }
    },
    { rootMargin: "-10% 0px -70% 0px" },
  );
  for (const section of links.keys()) follow.observe(section);
})();
