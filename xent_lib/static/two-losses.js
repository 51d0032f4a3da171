// One prediction q for a true class: cross-entropy −ln q and squared error (1 − q)², and how steep
// each is there, by the probability q or by the logit z that the sigmoid turned into q.
xent.define("two-losses", (root, params) => {
  "use strict";
  const { line, rect, circle, text, path, curve, handle, scale, fixed, clamp } = xent;
  const TOP = 7; // loss drawn: −ln 0.001 is 6.9
  const WIDEST = 7; // logits drawn: that of 0.001 is −6.9

  // Where the slider stops: single percents, and near both ends 1, 2 and 5 in a thousand.
  const stops = [0.001, 0.002, 0.005];
  for (let percent = 1; percent <= 99; percent += 1) stops.push(percent / 100);
  stops.push(0.995, 0.998, 0.999);
  if (!stops.includes(params.prob)) stops.push(params.prob);
  stops.sort((a, b) => a - b);

  let { prob, by } = params;
  const logit = (q) => Math.log(q / (1 - q));
  const sigmoid = (z) => 1 / (1 + Math.exp(-z));
  const losses = {
    ce: { of: (q) => -Math.log(q), slope: { probability: (q) => -1 / q, logit: (q) => q - 1 } },
    se: {
      of: (q) => (1 - q) ** 2,
      slope: { probability: (q) => -2 * (1 - q), logit: (q) => -2 * (1 - q) * q * (1 - q) },
    },
  };
  const slope = (name) => losses[name].slope[by](prob);
  // near level, more digits: or two slopes of a different size both read 0.000
  const steep = (value) => fixed(value, Math.abs(value) < 0.01 ? 6 : 3);
  const set = (value) => {
    prob = value;
    update();
  };

  const dial = xent.slider({
    label: "Probability q",
    name: "prob",
    colour: "q",
    max: stops.length - 1,
    step: 1,
    oninput: (position) => set(stops[position]),
  });
  const sliders = xent.element("div", { class: "xent-sliders" }, dial.node);

  const y = scale([0, TOP], [296, 30]);
  const across = (width) =>
    scale(by === "logit" ? [-WIDEST, WIDEST] : [0, 1], [28, width - 12]);
  const place = (q) => (by === "logit" ? logit(q) : q);

  /** A piece of the tangent, as long on the screen wherever it lies, inside the drawing. */
  function tangent(x, name, style) {
    const [px, py] = [x(place(prob)), y(losses[name].of(prob))];
    const rise = (y(slope(name)) - y(0)) / (x(1) - x(0)); // pixels down for one to the right
    const reach = 80 / Math.hypot(1, rise);
    const inside = (way) => {
      const room = rise === 0 ? reach : ((way * rise > 0 ? y(0) : y(TOP)) - py) / (way * rise);
      const end = clamp(px + way * Math.min(reach, room), ...x.range);
      return [end, py + rise * (end - px)];
    };
    return line(...inside(-1), ...inside(1), style);
  }

  const chart = xent.picture(
    (width) => {
      const x = across(width);
      const points = { ce: [], se: [] };
      for (let i = 0; i <= 200; i += 1) {
        const q = by === "logit" ? sigmoid((i / 100 - 1) * WIDEST) : Math.exp(-TOP) ** (1 - i / 200);
        for (const name of ["ce", "se"]) points[name].push([x(place(q)), y(losses[name].of(q))]);
      }
      if (by === "logit") points.ce[0][1] = y(TOP);
      const at = x(place(prob));
      const [yCe, ySe] = [y(losses.ce.of(prob)), y(losses.se.of(prob))];
      const title =
        by === "logit" ? "logit z of the true class" : "probability q of the true class";
      const ticks = by === "logit" ? [-6, -4, -2, 0, 2, 4, 6] : [0, 0.25, 0.5, 0.75, 1];
      // the name of squared error keeps out of the way of the guide and of both tangents
      const named =
        by === "logit"
          ? [x(-3.9), y(4.7), prob < 0.12 ? x(1.2) : x(-WIDEST) + 4, y(1) - 8]
          : [x(0.05), y(4.1), prob < 0.5 ? x(0.62) : x(0) + 4, prob < 0.5 ? y(1) : y(0) - 6];
      return {
        height: 336,
        label:
          `Both losses against the ${by === "logit" ? "logit" : "probability"}, with their ` +
          `tangents at q = ${prob}: cross-entropy ${fixed(losses.ce.of(prob))} nats, ` +
          `squared error ${fixed(losses.se.of(prob))}.`,
        shapes: [
          ...xent.axisY(y, 28, width - 12, [0, 1, 2, 3, 4, 5, 6, 7], "loss"),
          ...xent.axisX(x, y(0), ticks, title, (value) => String(value).replace("-", "−")),
          curve(points.se, "curve run"),
          curve(points.ce, "edge q"),
          line(at, y(0), at, yCe, "guide"),
          text(named[0], named[1], "cross-entropy, in nats", "q strong halo", "start"),
          text(named[2], named[3], "squared error", "strong halo", "start"),
          tangent(x, "se", "limit"),
          tangent(x, "ce", "curve q"),
          circle(at, ySe, 7.5, "knob"), // the larger one below: both show where they meet
          circle(at, yCe, 5, "knob q"),
          handle(circle(at, ySe, 16, "grasp sideways"), "se"),
          handle(circle(at, yCe, 16, "grasp anywhere"), "ce"),
        ],
      };
    },
    (name, px, py) => {
      const x = across(chart.node.clientWidth);
      const away = (q) =>
        Math.hypot(x(place(q)) - px, name === "ce" ? y(losses.ce.of(q)) - py : 0);
      set(stops.reduce((best, q) => (away(q) < away(best) ? q : best)));
    },
  );

  const bars = xent.picture((width) => {
    const most = by === "logit" ? 1 : 10;
    const x = scale([0, most], [116, width - 14]);
    const shapes = ["ce", "se"].flatMap((name, i) => {
      const [top, end] = [4 + 28 * i, x(Math.min(-slope(name), most))];
      const style = name === "ce" ? " q" : "";
      const bar = [
        text(0, top + 15, name === "ce" ? "cross-entropy" : "squared error", `strong${style}`, "start"),
        rect(x(0), top, end - x(0), 20, name === "ce" ? "solid q" : "dot"),
      ];
      if (-slope(name) > most) {
        bar.push(path(`M${end},${top}l11,10l-11,10z`, `solid${style}`));
        bar.push(text(end - 6, top + 15, fixed(-slope(name), 1), "strong halo", "end"));
      }
      return bar;
    });
    const ticks = by === "logit" ? [0, 0.25, 0.5, 0.75, 1] : [0, 2, 4, 6, 8, 10];
    return {
      height: 102,
      label:
        `Two bars for the steepness: cross-entropy ${steep(-slope("ce"))}, ` +
        `squared error ${steep(-slope("se"))}.`,
      shapes: [
        ...shapes,
        line(x(0), 0, x(0), 64, "axis"),
        ...xent.axisX(x, 64, ticks, `steepness by ${by === "logit" ? "z" : "q"}`),
      ],
    };
  });

  const facts = {
    ce: xent.facts([
      { name: "ce", label: "cross-entropy", colour: "q" },
      { name: "ce-slope", label: "its slope", colour: "q" },
    ]),
    se: xent.facts([
      { name: "se", label: "squared error" },
      { name: "se-slope", label: "its slope" },
    ]),
  };
  const NAMES = { probability: "by probability q", logit: "by logit z" };
  const switcher = xent.choice("Draw the losses", Object.values(NAMES), (chosen) => {
    by = Object.keys(NAMES).find((key) => NAMES[key] === chosen);
    update();
  });

  const { update } = xent.mount(root, {
    hint: "Move the slider, or drag a circle.",
    parts: [sliders, chart.node, bars.node, facts.ce.node, facts.se.node],
    buttons: [
      switcher.node,
      xent.resetButton(() => {
        ({ prob, by } = params);
        update();
      }),
    ],
    refresh() {
      const symbol = by === "logit" ? "z" : "q";
      dial.show(stops.indexOf(prob), String(prob), `probability ${prob}`, prob);
      switcher.show(NAMES[by]);
      chart.show();
      bars.show();
      for (const name of ["ce", "se"]) {
        const loss = losses[name].of(prob);
        facts[name].show(name, loss, fixed(loss), name === "ce" ? "nats" : "");
        facts[name].show(`${name}-slope`, slope(name), steep(slope(name)), `by ${symbol}`);
      }
      const times = slope("ce") / slope("se");
      const where = by === "logit" ? `, a logit of ${fixed(logit(prob), 2)},` : "";
      return `At q = ${prob}${where} cross-entropy is ${fixed(times, 1)} times as steep as squared error.`;
    },
  });
});
