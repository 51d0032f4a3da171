// A rare event with two sides, |x| ≥ 4, and a bell q to draw from. The run reports an estimate and
// an error; the check asks whether the same draws give back how often |x| ≥ 1.645 happens, which
// draws from the original distribution have told. The draws stand for the bell: mean + width · z.
xent.define("missed-mode", (root, params) => {
  "use strict";
  const { line, rect, circle, text, path, curve, handle, scale, fixed, clamp, sum } = xent;
  const { draws, level, first, truth, pilot, places } = params;
  const MANY = 1e5; // probabilities are told in so many
  const ALARM = 3;
  const WIDEST = 8; // x drawn
  let [mean, width] = params.start;
  let right = params.right;

  const average = (values) => sum(values) / values.length;
  function variance(values) {
    const middle = average(values);
    return sum(values.map((value) => (value - middle) ** 2)) / (values.length - 1);
  }

  /** What a run with these draws says of itself. */
  function report() {
    const n = draws.length;
    const weighed = draws.map((z) => {
      const x = mean + width * z;
      const side = x > 0 ? 2 * right : 2 * (1 - right);
      return [Math.abs(x), side * width * Math.exp((z * z - x * x) / 2)];
    });
    const beyond = (bound) => weighed.map(([size, weight]) => (size >= bound ? weight : 0));
    const [hits, here] = [beyond(level), beyond(first)];
    const [share, size] = pilot;
    const estimate = average(hits);
    return {
      estimate,
      error: Math.sqrt(variance(hits) / n) / estimate,
      ess: estimate > 0 ? sum(hits) ** 2 / sum(hits.map((weight) => weight ** 2)) : 0,
      z: (average(here) - share) / Math.sqrt(variance(here) / n + (share * (1 - share)) / size),
    };
  }
  let now = report();

  const dial = (label, name, min, max, step, colour, take) =>
    xent.slider({
      label,
      name,
      colour,
      min,
      max,
      step,
      oninput(value) {
        take(value);
        update();
      },
    });
  const dials = {
    mean: dial("Mean of the bell", "mean", -6, 6, 0.1, "q", (value) => (mean = value)),
    width: dial("Width of the bell", "width", 0.3, 6, 0.1, "q", (value) => (width = value)),
    right: dial("Share of the right side", "right", 0, 1, 0.05, "p", (value) => (right = value)),
  };
  const nodes = Object.values(dials).map(({ node }) => node);
  const sliders = xent.element("div", { class: "xent-sliders" }, ...nodes);

  const across = (wide) => scale([-WIDEST, WIDEST], [8, wide - 8]);
  const signed = (value) => fixed(value, 0);

  const chart = xent.picture(
    (wide) => {
      const x = across(wide);
      const [base, top] = [188, 48];
      const most = Math.max(right, 1 - right);
      const hill = (sign, share) => {
        const points = Array.from({ length: 41 }, (_, i) => {
          const far = level + i / 20;
          const high = (share / most) * Math.exp((level ** 2 - far ** 2) / 2);
          return [x(sign * far), base - high * (base - top - 22)];
        });
        return curve([[x(sign * level), base], ...points], "area p");
      };
      const bell = Array.from({ length: 161 }, (_, i) => {
        const place = (i / 80 - 1) * WIDEST;
        const high = Math.exp(-(((place - mean) / width) ** 2) / 2);
        return [x(place), base - high * (base - top)];
      });
      const rug = draws
        .filter((_, i) => i % 10 === 0)
        .map((z) => mean + width * z)
        .filter((place) => Math.abs(place) <= WIDEST)
        .map((place) => `M${x(place)},${base + 3}v9`)
        .join("");
      const at = clamp(x(mean), 10, wide - 10);
      return {
        height: 242,
        label:
          `The event has two sides, left of −4 and right of 4, the right one with ` +
          `${Math.round(100 * right)}%. The bell stands at ${fixed(mean, 1)}, ${fixed(width, 1)} wide.`,
        shapes: [
          text(0, 12, "each drawn to its own height", "tick", "start"),
          hill(-1, 1 - right),
          hill(1, right),
          line(x(-level), base, x(-level), top - 10, "guide"),
          line(x(level), base, x(level), top - 10, "guide"),
          text(x(-level) - 5, top - 14, "event", "p strong halo", "end"),
          text(x(level) + 5, top - 14, "event", "p strong halo", "start"),
          curve(bell, "curve q"),
          path(rug, "edge q"),
          ...xent
            .axisX(x, base + 14, [-8, -4, 0, 4, 8], "x (every tenth draw is marked)", signed)
            .slice(1),
          line(x(-WIDEST), base, x(WIDEST), base, "axis"),
          circle(at, top, 6, "knob q"),
          handle(circle(at, top, 16, "grasp sideways"), "mean"),
        ],
      };
    },
    (_, px) => {
      const place = across(chart.node.clientWidth).invert(px);
      mean = clamp(Math.round(place * 10) / 10, -6, 6);
      update();
    },
  );

  const verdict = xent.picture((wide) => {
    const x = scale([0, 12], [8, wide - 14]);
    const z = scale([-8, 8], [8, wide - 14]);
    const found = MANY * now.estimate;
    const reach = 1.96 * found * (now.estimate > 0 ? now.error : 0);
    const end = Math.min(found, 12);
    const at = clamp(now.z, -8, 8);
    const alarm = Math.abs(now.z) > ALARM;
    const whisker = [Math.max(found - reach, 0), Math.min(found + reach, 12)].map(x);
    return {
      height: 224,
      label:
        `The estimate is ${fixed(found, 2)} in 100,000; the truth is ${fixed(MANY * truth, 2)}. ` +
        `The check gives z = ${fixed(now.z, 1)}, ${alarm ? "an alarm" : "no alarm"}.`,
      shapes: [
        text(0, 12, "estimate, with its 95% interval", "q strong", "start"),
        rect(x(0), 38, x(end) - x(0), 20, "solid q"),
        ...(found > 12 ? [path(`M${x(12)},38l10,10l-10,10z`, "solid q")] : []),
        ...(found > 0 && found <= 12 ? [line(whisker[0], 48, whisker[1], 48, "limit")] : []),
        line(x(MANY * truth), 34, x(MANY * truth), 66, "curve p"),
        text(x(MANY * truth), 29, "truth", "p strong halo"),
        line(x(0), 34, x(0), 66, "axis"),
        ...xent.axisX(x, 66, [0, 2, 4, 6, 8, 10, 12], "in 100,000"),
        text(0, 132, "check z: quiet from −3 to 3", "strong", "start"),
        ...(alarm
          ? [text(wide, 132, "alarm", "excess strong", "end")]
          : [text(wide, 132, "quiet", "strong", "end")]),
        rect(z(-ALARM), 142, z(ALARM) - z(-ALARM), 22, "unused"),
        line(z(-8), 164, z(8), 164, "axis"),
        line(z(0), 142, z(0), 164, "grid"),
        alarm
          ? rect(z(at) - 6, 144, 12, 18, "solid excess")
          : rect(z(at) - 3, 144, 6, 18, "dot"),
        ...xent.axisX(z, 168, [-8, -3, 0, 3, 8], "standard errors", signed).slice(1),
      ],
    };
  });

  const facts = xent.facts([
    { name: "estimate", label: "estimate", colour: "q" },
    { name: "error", label: "reported error", colour: "q" },
    { name: "ess", label: "effective draws", colour: "q" },
    { name: "z", label: "check z", colour: "excess" },
  ]);
  const go = (place) => glide([mean, width], place, (at) => ([mean, width] = at));

  const { update, glide } = xent.mount(root, {
    hint: "Move the bell by slider or by its handle.",
    parts: [sliders, chart.node, verdict.node, facts.node],
    buttons: [
      xent.button("Over one side", () => go(places[0])),
      xent.button("Over both sides", () => go(places[1])),
      xent.resetButton(() => {
        right = params.right;
        go(params.start);
      }),
    ],
    refresh() {
      now = report();
      dials.mean.show(mean, fixed(mean, 1), `mean ${fixed(mean, 1)}`);
      dials.width.show(width, fixed(width, 1), `width ${fixed(width, 1)}`);
      const percent = `${Math.round(100 * right)}%`;
      dials.right.show(right, percent, `right side ${percent}`);
      chart.show();
      verdict.show();
      const none = !(now.estimate > 0);
      facts.show("estimate", now.estimate, fixed(MANY * now.estimate, 2), "in 100,000");
      facts.show("error", none ? Infinity : now.error, none ? "–" : fixed(100 * now.error, 1), none ? "" : "%");
      facts.show("ess", now.ess, fixed(now.ess, 0), `of ${draws.length.toLocaleString("en")}`);
      facts.show("z", now.z, fixed(now.z, 1), Math.abs(now.z) > ALARM ? "alarm" : "quiet");
      const told = Math.abs(now.z) > ALARM ? "The check gives alarm." : "The check is quiet.";
      if (none) return `Not one draw hit the event. The truth is ${fixed(MANY * truth, 2)}. ${told}`;
      return (
        `The run reports ${fixed(MANY * now.estimate, 2)} in 100,000, give or take ` +
        `${fixed(100 * now.error, 1)}%; the truth is ${fixed(MANY * truth, 2)}. ${told}`
      );
    },
  });
});
