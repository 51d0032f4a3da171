// A picture of 8 by 8 pixels that can be moved and painted, and the surprise of a small network
// over each of the ten digits that it could be.
xent.define("digit-pixels", (root, params) => {
  "use strict";
  const { element, rect, text, scale, fixed, chance, sum } = xent;
  const { layers, pictures, labels, names } = params;
  const [w1, b1, w2, b2] = layers;
  const FULL = 16; // the ink of a black pixel
  const MOST = 40; // bits, where the axis ends
  let chosen = 0;
  let ink = pictures[0];
  let strength = 1;
  let brush = null; // the ink that a mouse leaves behind, from its press to its click

  // ---- the network ----------------------------------------------------------------------------

  const dense = (inputs, weights, bias) =>
    bias.map((start, j) => start + sum(inputs.map((value, i) => value * weights[i][j])));
  /** The surprise of each digit in bits, from the logits, so that no probability is lost as 0. */
  function surprises() {
    const seen = ink.map((value) => Math.min(value * strength, FULL) / FULL);
    const z = dense(dense(seen, w1, b1).map((a) => Math.max(a, 0)), w2, b2);
    const top = Math.max(...z);
    const log = top + Math.log(sum(z.map((logit) => Math.exp(logit - top))));
    return z.map((logit) => (log - logit) / Math.LN2);
  }

  // ---- the pixels -----------------------------------------------------------------------------

  const where = (i) => `row ${Math.floor(i / 8) + 1}, column ${(i % 8) + 1}`;
  const pixels = ink.map((_, i) =>
    element("button", {
      type: "button",
      role: "gridcell",
      tabindex: i === 0 ? 0 : -1,
      "data-lm-suppress-shortcuts": "true", // or the notebook takes the arrow keys
      onclick() {
        if (brush === null) paint(i, flipped(i)); // by key or finger: no mouse was here before
        brush = null;
      },
      onfocus: () => pixels.forEach((one, k) => (one.tabIndex = k === i ? 0 : -1)),
      onpointerdown(event) {
        brush = null;
        if (event.pointerType !== "mouse" || event.button !== 0) return; // a finger scrolls
        brush = flipped(i);
        paint(i, brush);
      },
      onpointerenter: (event) => event.buttons === 1 && brush !== null && paint(i, brush),
    }),
  );
  const flipped = (i) => (ink[i] > 0 ? 0 : FULL);
  function paint(i, value) {
    ink = ink.map((old, k) => (k === i ? value : old));
    update();
  }

  const grid = element("div", {
    class: "xent-pixels",
    role: "grid",
    "aria-label": "The picture, 8 rows of 8 pixels. Arrow keys move, space paints or wipes.",
    onkeydown(event) {
      const step = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
      const at = pixels.indexOf(event.target);
      if (!step[event.key] || at < 0) return;
      event.preventDefault();
      const [right, down] = step[event.key];
      const column = xent.clamp((at % 8) + right, 0, 7);
      pixels[8 * xent.clamp(Math.floor(at / 8) + down, 0, 7) + column].focus();
    },
  });
  for (let row = 0; row < 8; row += 1)
    grid.append(element("div", { role: "row" }, ...pixels.slice(8 * row, 8 * row + 8)));

  /** Moves the whole picture by a pixel; what leaves it is lost. */
  function move(right, down) {
    const inside = (place) => place >= 0 && place < 8;
    ink = ink.map((_, i) => {
      const [column, row] = [(i % 8) - right, Math.floor(i / 8) - down];
      return inside(column) && inside(row) ? ink[8 * row + column] : 0;
    });
    update();
  }
  function choose(i) {
    chosen = i;
    ink = pictures[i];
    strength = 1;
    update();
  }

  // ---- what moves it, and what is seen ----------------------------------------------------------

  const picker = xent.choice("Picture", names, (name) => choose(names.indexOf(name)));
  const dial = xent.slider({
    label: "Strength of the ink",
    name: "strength",
    min: 0,
    max: 2,
    step: 0.05,
    oninput(value) {
      strength = value;
      update();
    },
  });
  const moves = [
    ["←", "left", -1, 0],
    ["→", "right", 1, 0],
    ["↑", "up", 0, -1],
    ["↓", "down", 0, 1],
  ].map(([arrow, way, right, down]) =>
    xent.button(arrow, () => move(right, down), { "aria-label": `Move the picture ${way}` }),
  );

  const chart = xent.picture((width) => {
    const x = scale([0, MOST], [74, width - 48]);
    const bits = surprises();
    const rows = bits.flatMap((cost, digit) => {
      const y = 34 + 27 * digit;
      const end = x(Math.min(cost, MOST));
      const own = digit === labels[chosen];
      return [
        text(0, y + 15, String(digit), own ? "p strong" : "strong", "start"),
        text(66, y + 15, chance(2 ** -cost), "quiet", "end"),
        rect(x(0), y, end - x(0), 21, `solid ${own ? "p" : "q"}`),
        text(end + 5, y + 15, fixed(cost, 1), own ? "p strong" : "", "start"),
      ];
    });
    return {
      height: 310,
      label: `Bits owed: ${bits.map((cost, digit) => `${digit} ${fixed(cost, 1)}`).join(", ")}.`,
      shapes: [
        text(0, 14, "digit", "tick", "start"),
        text(66, 14, "prob.", "tick", "end"),
        text(x(0), 14, "bits owed if it is the true one", "tick", "start"),
        ...rows,
      ],
    };
  });
  const facts = xent.facts([
    { name: "guess", label: "the guess", colour: "q" },
    { name: "prob", label: "its probability", colour: "q" },
    { name: "bits", label: "owed for the true digit", colour: "p" },
  ]);

  const { update } = xent.mount(root, {
    hint: "Choose a picture, move it, or paint: click a pixel, or press space on it.",
    parts: [
      element("div", { class: "xent-labelled" }, picker.node),
      element(
        "div",
        { class: "xent-canvas" },
        element("div", {}, grid, element("div", { class: "xent-buttons" }, ...moves)),
        element("div", {}, chart.node),
      ),
      element("div", { class: "xent-sliders" }, dial.node),
      facts.node,
    ],
    buttons: [
      xent.button("Wipe all ink", () => {
        ink = ink.map(() => 0);
        update();
      }),
      xent.resetButton(() => choose(chosen)),
    ],
    refresh() {
      const bits = surprises();
      const least = Math.min(...bits);
      const guess = bits.indexOf(least);
      const truth = labels[chosen];
      pixels.forEach((pixel, i) => {
        const dark = Math.min(ink[i] * strength, FULL);
        pixel.style.setProperty("--ink", `${(100 * dark) / FULL}%`);
        pixel.setAttribute("aria-label", `${where(i)}: ink ${Math.round(dark)} of ${FULL}`);
      });
      picker.show(names[chosen]);
      dial.show(strength, `${fixed(strength, 2)}×`, `${fixed(strength, 2)} times the ink`);
      chart.show();
      facts.show("guess", guess, String(guess));
      facts.show("prob", 2 ** -least, chance(2 ** -least));
      facts.show("bits", bits[truth], fixed(bits[truth]), "bits");
      return (
        `The guess is ${guess} with probability ${chance(2 ** -least)}; ` +
        `the true digit, ${truth}, costs ${fixed(bits[truth])} bits.`
      );
    },
  });
});
