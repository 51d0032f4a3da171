// Importance sampling of a normal tail. One set of draws, moved along with the mean of the
// proposal: above the bells and the points, in the middle the weights of the hits, below the
// estimate and its error for every place of the mean.
xent.define("importance-weights", (root, params) => {
  "use strict";
  const { line, rect, circle, curve, scale, fixed, text, power, tenTo } = xent;
  const { gamma, draws, truth } = params;
  const MOST = 8;
  const LEFT = 44;
  const [LOW, HIGH] = [-4, 12];
  const BIN = 0.5; // of log₁₀ weight
  const [LIGHTEST, HEAVIEST] = [-18, 1];
  const n = draws.length;
  let { mean } = params;

  const log10 = Math.log10;
  const density = (x, at) => Math.exp(-((x - at) ** 2) / 2) / Math.sqrt(2 * Math.PI);
  const span = Array.from({ length: 161 }, (_, i) => LOW + ((HIGH - LOW) * i) / 160);

  /** What the points around m say. */
  function tell(m) {
    const weights = draws
      .map((draw) => m + draw)
      .filter((x) => x >= gamma)
      .map((x) => Math.exp(m ** 2 / 2 - m * x));
    const total = xent.sum(weights);
    const squares = xent.sum(weights.map((weight) => weight ** 2));
    const spread = (Math.max(squares / n - (total / n) ** 2, 0) * n) / (n - 1);
    return {
      weights,
      estimate: total / n,
      relative: Math.sqrt(spread / n) / (total / n), // NaN without a hit
      effective: weights.length ? total ** 2 / squares : 0,
      share: Math.max(0, ...weights) / total,
    };
  }
  const all = Array.from({ length: MOST * 10 + 1 }, (_, i) => tell(i / 10));
  const now = () => all[Math.round(mean * 10)];

  const dial = xent.slider({
    label: "Mean m of the proposal",
    name: "mean",
    colour: "q",
    max: MOST,
    step: 0.1,
    oninput(value) {
      mean = value;
      update();
    },
  });
  const sliders = xent.element("div", { class: "xent-sliders" }, dial.node);

  const bells = xent.picture((width) => {
    const x = scale([LOW, HIGH], [LEFT, width - 12]);
    const y = scale([0, 0.42], [112, 30]);
    const bell = (at, style) =>
      curve(
        span.map((z) => [x(z), y(density(z, at))]),
        style,
      );
    const ticks = draws
      .map((draw) => mean + draw)
      .filter((z) => z >= LOW && z <= HIGH)
      .map((z) => line(x(z), 134, x(z), z >= gamma ? 118 : 128, z >= gamma ? "edge q" : "axis"));
    return {
      height: 172,
      label:
        `The blue bell of p around 0 and the orange one of the proposal around ${fixed(mean, 1)}; ` +
        `${now().weights.length} of ${n} points lie at or above ${fixed(gamma, 1)}.`,
      shapes: [
        text(0, 12, "density", "tick", "start"),
        line(x(gamma), 22, x(gamma), 134, "limit"),
        text(x(gamma), 14, `γ = ${fixed(gamma, 1)}`, "strong"),
        ...xent.axisX(x, 134, [-4, 0, 4, 8, 12], "x", (value) => fixed(value, 0)),
        bell(0, "curve p"),
        text(x(-1.1), y(0.33), "p", "p strong halo", "end"),
        bell(mean, "curve q"),
        ...(mean > 0 ? [text(x(mean + 1.1), y(0.33), "q", "q strong halo", "start")] : []),
        ...ticks,
      ],
    };
  });

  const histogram = xent.picture((width) => {
    const { weights } = now();
    const counts = Array((HEAVIEST - LIGHTEST) / BIN).fill(0);
    for (const weight of weights) {
      const bin = Math.floor((log10(weight) - LIGHTEST) / BIN);
      counts[xent.clamp(bin, 0, counts.length - 1)] += 1;
    }
    const top = Math.max(10, ...counts);
    const step = top > 100 ? 50 : top > 40 ? 20 : top > 20 ? 10 : 5;
    const ticks = Array.from({ length: Math.floor(top / step) + 1 }, (_, i) => i * step);
    const x = scale([LIGHTEST, HEAVIEST], [LEFT, width - 12]);
    const y = scale([0, top], [112, 32]);
    return {
      height: 152,
      label: weights.length
        ? `A histogram of the weights of the hits, from ${power(Math.min(...weights))} to ` +
          `${power(Math.max(...weights))}; the best proposal would give each ${power(truth)}.`
        : "No hit, so there is no weight to draw.",
      shapes: [
        ...xent.axisY(y, LEFT, width - 12, ticks, "hits"),
        ...xent.axisX(x, 112, [-16, -12, -8, -4, 0], "weight of a hit", tenTo),
        ...counts.map((count, i) =>
          rect(
            x(LIGHTEST + i * BIN) + 0.5,
            y(count),
            x(BIN) - x(0) - 1,
            y(0) - y(count),
            "solid q",
          ),
        ),
        line(x(log10(truth)), 24, x(log10(truth)), 112, "edge p"),
        text(x(log10(truth)), 18, "best: all equal", "p halo"),
      ],
    };
  });

  const estimates = xent.picture((width) => {
    const x = scale([0, MOST], [LEFT, width - 12]);
    const y = scale([-7, -3], [128, 34]);
    const height = (value) => y(xent.clamp(log10(value), -7, -3));
    const bar = ({ estimate, relative }, m, style) =>
      line(
        x(m),
        height(estimate * Math.exp(2 * relative)),
        x(m),
        height(estimate * Math.exp(-2 * relative)),
        style,
      );
    const { estimate } = now();
    return {
      height: 168,
      label:
        `The estimate for every mean m, with twice its error; the truth is ${power(truth)}. ` +
        (estimate ? `At ${fixed(mean, 1)} it is ${power(estimate)}.` : "Here there is none."),
      shapes: [
        ...xent.axisY(y, LEFT, width - 12, [-7, -6, -5, -4, -3], "estimate", tenTo),
        ...xent.axisX(x, 128, [0, 2, 4, 6, 8], "mean m of the proposal"),
        ...all.flatMap((told, i) => (told.estimate ? [bar(told, i / 10, "edge")] : [])),
        line(x(0), y(log10(truth)), width - 12, y(log10(truth)), "edge p"),
        ...(estimate
          ? [bar(now(), mean, "curve q"), circle(x(mean), height(estimate), 5, "solid q")]
          : [circle(x(mean), 128, 5, "knob q")]),
      ],
    };
  });
  const facts = xent.facts([
    { name: "hits", label: "hits" },
    { name: "effective", label: "effective sample size" },
    { name: "estimate", label: "estimate", colour: "q" },
    { name: "relative", label: "relative error", colour: "q" },
    { name: "truth", label: "truth", colour: "p" },
  ]);

  function says({ weights, estimate, relative, effective, share }) {
    const hits = weights.length;
    if (!hits) return `None of ${n} points hits: there is nothing to say.`;
    const told = `${hits} of ${n} points hit, and count like ${fixed(effective, 1)} equal ones. `;
    const off = estimate / truth;
    if (share > 0.3) {
      return `${told}One of them carries ${fixed(100 * share, 0)}% of the estimate: do not trust it.`;
    }
    return (
      `${told}The estimate is ${fixed(off, 2)} times the truth, ` +
      `give or take ${fixed(100 * relative, 0)}%.`
    );
  }

  const { update } = xent.mount(root, {
    hint: "Move the proposal over the tail.",
    parts: [sliders, bells.node, histogram.node, estimates.node, facts.node],
    buttons: [
      xent.resetButton(() => {
        ({ mean } = params);
        update();
      }),
    ],
    refresh() {
      const told = now();
      dial.show(mean, fixed(mean, 1), `mean ${fixed(mean, 1)}`);
      for (const picture of [bells, histogram, estimates]) picture.show();
      facts.show("hits", told.weights.length, String(told.weights.length), `of ${n}`);
      facts.show("effective", told.effective, fixed(told.effective, 1));
      const hit = told.weights.length > 0;
      facts.show("estimate", told.estimate, hit ? power(told.estimate) : "none");
      const percent = `${fixed(100 * told.relative, 0)}%`;
      facts.show("relative", told.relative, hit ? percent : "none");
      facts.show("truth", truth, power(truth));
      return says(told);
    },
  });
});
