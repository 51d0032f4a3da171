// One bell q for a p with two peaks. D(p‖q) punishes q where it misses what p does; D(q‖p) where
// q puts what p does not. The best bells of each kind were found in Python, by trying all places.
xent.define("fit", (root, params) => {
  "use strict";
  const { line, rect, text, path, curve, scale, fixed, hatch, sum, divergence } = xent;
  const { peaks, start, forward, reverse } = params;
  const TOP = 0.12; // probability drawn
  const FAR = 6; // bits drawn
  let [mean, width] = start;

  const grid = Array.from({ length: 61 }, (_, i) => (i - 30) / 5);
  function bell(centre, spread) {
    const weights = grid.map((x) => Math.exp(-(((x - centre) / spread) ** 2) / 2));
    const total = sum(weights);
    return weights.map((weight) => weight / total);
  }
  const bells = peaks.map(([, ...place]) => bell(...place));
  const p = grid.map((_, i) => sum(bells.map((one, k) => peaks[k][0] * one[i])));

  const dial = (label, name, min, max, take) =>
    xent.slider({
      label,
      name,
      colour: "q",
      min,
      max,
      step: 0.1,
      oninput(value) {
        take(value);
        update();
      },
    });
  const centre = dial("Mean of q", "mean", -4, 4, (value) => (mean = value));
  const spread = dial("Width of q", "width", 0.7, 4, (value) => (width = value));
  const sliders = xent.element("div", { class: "xent-sliders" }, centre.node, spread.node);

  const chart = xent.picture((wide) => {
    const x = scale([-6, 6], [40, wide - 12]);
    const y = scale([0, TOP], [236, 36]);
    const q = bell(mean, width);
    const points = (probs) => grid.map((place, i) => [x(place), y(probs[i])]);
    return {
      height: 280,
      label: `p with peaks at −2 and 2.4, and the bell q at ${fixed(mean, 1)}, ${fixed(width, 1)} wide.`,
      shapes: [
        ...xent.axisY(y, 40, wide - 12, [0, 0.04, 0.08, 0.12], "probability of each grid point"),
        ...xent.axisX(x, y(0), [-6, -4, -2, 0, 2, 4, 6], "x", (value) => fixed(value, 0)),
        curve([[x(-6), y(0)], ...points(p), [x(6), y(0)]], "area p"),
        curve(points(p), "curve p"),
        curve(points(q), "curve q"),
        text(x(-2), y(Math.max(...p)) - 10, "p", "p strong halo"),
        text(x(mean), y(Math.max(...q)) - 8, "q", "q strong halo"),
      ],
    };
  });

  const bars = xent.picture((wide) => {
    const x = scale([0, FAR], [64, wide - 14]);
    const q = bell(mean, width);
    const shapes = [];
    [
      ["D(p‖q)", divergence(p, q)],
      ["D(q‖p)", divergence(q, p)],
    ].forEach(([name, bits], i) => {
      const [top, end] = [4 + 28 * i, x(Math.min(bits, FAR))];
      shapes.push(
        text(0, top + 15, name, "excess strong", "start"),
        rect(x(0), top, end - x(0), 20, "area excess"),
        hatch(x(0), top, end - x(0), 20),
        rect(x(0), top, end - x(0), 20, "edge excess"),
      );
      if (bits > FAR) shapes.push(path(`M${end},${top}l10,10l-10,10z`, "solid excess"));
    });
    return {
      height: 102,
      label: `Two bars: D(p‖q) ${fixed(divergence(p, q))} bits, D(q‖p) ${fixed(divergence(q, p))} bits.`,
      shapes: [
        ...shapes,
        line(x(0), 0, x(0), 64, "axis"),
        ...xent.axisX(x, 64, [0, 1, 2, 3, 4, 5, 6], "bits"),
      ],
    };
  });

  const facts = xent.facts([
    { name: "forward", label: "forward D(p‖q)", colour: "excess" },
    { name: "reverse", label: "reverse D(q‖p)", colour: "excess" },
  ]);
  const go = (place) => glide([mean, width], place, (now) => ([mean, width] = now));

  const { update, glide } = xent.mount(root, {
    hint: "Move the bell, then let each divergence choose.",
    parts: [sliders, chart.node, bars.node, facts.node],
    buttons: [
      xent.button("Least D(p‖q)", () => go(forward)),
      xent.button("Least D(q‖p)", () => go(reverse)),
      xent.resetButton(() => go(start)),
    ],
    refresh() {
      const q = bell(mean, width);
      const [there, back] = [divergence(p, q), divergence(q, p)];
      centre.show(mean, fixed(mean, 1), `mean ${fixed(mean, 1)}`);
      spread.show(width, fixed(width, 1), `width ${fixed(width, 1)}`);
      chart.show();
      bars.show();
      facts.show("forward", there, fixed(there), "bits");
      facts.show("reverse", back, fixed(back), "bits");
      const is = ([m, w]) => m === mean && w === width;
      if (is(forward))
        return `No bell has a smaller D(p‖q) than ${fixed(there)} bits: it covers both peaks.`;
      if (is(reverse))
        return `No bell has a smaller D(q‖p) than ${fixed(back)} bits: it keeps to one peak.`;
      return `Here D(p‖q) is ${fixed(there)} bits and D(q‖p) is ${fixed(back)} bits.`;
    },
  });
});
