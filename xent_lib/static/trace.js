// A program, one step after another: which line ran, what the variables are after it, what has been
// printed. Everything was recorded in Python; this only shows it.
xent.define("trace", (root, params) => {
  "use strict";
  const { element } = xent;
  const { lines, steps } = params;
  let at = 0; // how many steps have run

  const go = (step) => {
    at = xent.clamp(step, 0, steps.length);
    update();
  };
  const dial = xent.slider({
    label: "Step",
    name: "step",
    max: steps.length,
    step: 1,
    room: 4,
    oninput: go,
  });
  const back = xent.button("Back", () => go(at - 1));
  const next = xent.button("Next", () => go(at + 1));

  const code = lines.map((line) => element("li", {}, element("code", {}, line || " ")));
  const listing = element("ol", { class: "xent-listing", "aria-label": "The program" }, ...code);
  const variables = xent.table(["variable", "value"]);
  const printed = element("pre", {
    class: "xent-printed",
    "aria-label": "Printed so far",
    role: "group",
  });
  const state = element(
    "div",
    { class: "xent-state" },
    variables.node,
    element("p", { class: "xent-hint" }, "Printed so far:"),
    printed,
  );

  // room for the most variables and lines that will ever be shown, so that nothing jumps
  const most = Math.max(...steps.map((step) => Object.keys(step.variables).length));
  const lengthy = (steps.at(-1).printed.match(/\n/g) ?? [""]).length;
  state.style.minHeight = `${(most + 1) * 29 + (lengthy + 1) * 21 + 20}px`;

  const { update } = xent.mount(root, {
    hint: "Move the step, or press Next.",
    parts: [
      element("div", { class: "xent-sliders" }, dial.node),
      element("div", { class: "xent-pair" }, listing, state),
    ],
    buttons: [back, next, xent.resetButton(() => go(0))],
    refresh() {
      const now = steps[at - 1] ?? { variables: {}, printed: "" };
      const before = steps[at - 2] ?? { variables: {}, printed: "" };
      const changed = Object.entries(now.variables).filter(
        ([name, value]) => before.variables[name] !== value,
      );
      dial.show(at, `${at} of ${steps.length}`, `step ${at} of ${steps.length}`);
      back.disabled = at === 0;
      next.disabled = at === steps.length;
      code.forEach((item, i) => {
        if (now.line === i + 1) item.setAttribute("aria-current", "step");
        else item.removeAttribute("aria-current");
      });
      variables.show(
        Object.entries(now.variables).map(([name, value]) => [
          name,
          element(changed.some(([other]) => other === name) ? "mark" : "span", {}, value),
        ]),
      );
      printed.textContent = now.printed || "nothing";
      if (at === 0) return "Nothing has run yet.";
      const news = changed.map(([name, value]) => `${name} is now ${value}`);
      const fresh = now.printed.slice(before.printed.length).trim();
      if (fresh) news.push(`it printed ${fresh}`);
      return `Line ${now.line} has run: ${news.join(", ") || "no variable changed"}.`;
    },
  });
});
