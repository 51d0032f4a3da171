// One neuron with one input, x = 1, whose output should be 0. It learns twice from one start: by
// squared error and by cross-entropy. Left each loss as a hill over the logit w + b, with the
// neuron and its tangent on it; right the same loss, step by step.
xent.define("loss-race", (root, params) => {
  "use strict";
  const { line, circle, curve, scale, fixed, text } = xent;
  const { rates } = params;
  const MOST = 300;
  const SPEED = 60; // steps a second
  const WIDEST = 9; // logits drawn
  let { weight, bias, rate } = params;

  const sigmoid = (z) => 1 / (1 + Math.exp(-z));
  const softplus = (z) => Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z)));
  const racers = {
    se: {
      name: "squared error",
      title: "squared error",
      loss: (z) => sigmoid(z) ** 2,
      slope: (z) => 2 * sigmoid(z) * sigmoid(z) * sigmoid(-z),
      ticks: [0, 0.5, 1],
      top: 1,
      styles: ["curve run", "limit", "knob"],
    },
    ce: {
      name: "cross-entropy",
      title: "cross-entropy, in nats",
      loss: softplus, // −ln(1 − q), without taking 1 − q
      slope: sigmoid,
      ticks: [0, 2, 4, 6, 8],
      top: 8.2,
      colour: "q",
      styles: ["edge q", "curve q", "knob q"],
    },
  };
  const both = Object.entries(racers);

  /** The logits from the start through all steps down the slope. */
  function descend(slope) {
    let [w, b] = [weight, bias];
    const logits = [w + b];
    for (let step = 0; step < MOST; step += 1) {
      const by = rate * slope(logits.at(-1)); // the same for both, as x = 1
      [w, b] = [w - by, b - by];
      logits.push(w + b);
    }
    return logits;
  }
  const run = () =>
    both.forEach(([, racer]) => {
      racer.logits = descend(racer.slope);
      racer.through = racer.logits.findIndex((z) => z < 0); // the output falls below one half
    });
  run();

  const passed = (through) => through >= 0 && through <= walk.at;
  const count = (steps) => `${steps} step${steps === 1 ? "" : "s"}`;

  const dial = (label, name, limits, take) =>
    xent.slider({
      label,
      name,
      ...limits,
      oninput(value) {
        take(value);
        run();
        walk.go(walk.at);
      },
    });
  const tenths = { min: -4, max: 4, step: 0.1 };
  const dials = {
    weight: dial("Start weight w", "weight", tenths, (value) => (weight = value)),
    bias: dial("Start bias b", "bias", tenths, (value) => (bias = value)),
    rate: dial("Learning rate", "rate", { max: rates.length - 1, step: 1 }, (position) => {
      rate = rates[position];
    }),
  };
  const walk = xent.player({
    label: "Step",
    name: "step",
    most: MOST,
    speed: SPEED,
    onmove: () => update(),
  });
  const nodes = [...Object.values(dials), walk].map(({ node }) => node);
  const sliders = xent.element("div", { class: "xent-sliders" }, ...nodes);

  /** A hill over the logit, and beside it the loss step by step, on one scale of losses. */
  const chart = ({ title, name, loss, slope, ticks, top, styles, ...racer }) =>
    xent.picture((width) => {
      const at = walk.at;
      const { logits, through } = racers[racer.key];
      const y = scale([0, top], [138, 30]);
      const finish = y(loss(0)); // where the output is one half
      const middle = Math.round(width * 0.47);
      const x = scale([-WIDEST, WIDEST], [30, middle]);
      const steps = scale([0, MOST], [middle + 26, width - 12]);
      const z = logits[at];
      const [px, py] = [x(z), y(loss(z))];
      const hill = Array.from({ length: 121 }, (_, i) => (i / 60 - 1) * WIDEST);
      const rise = (y(slope(z)) - y(0)) / (x(1) - x(0));
      const reach = 34 / Math.hypot(1, rise);
      const past = logits.slice(0, at + 1).map((value, i) => [steps(i), y(loss(value))]);
      return {
        height: 178,
        label:
          `${name}: left a hill over the logit with the neuron at ${fixed(z, 2)}, where the slope ` +
          `is ${fixed(slope(z))}; right the loss, ${fixed(loss(z))} after ${count(at)}` +
          `${passed(through) ? `, past the finish since step ${through}` : ""}.`,
        shapes: [
          ...xent.axisY(y, 30, middle, ticks, ""),
          text(0, 12, title, racer.colour ? "q strong" : "strong", "start"),
          ...ticks.map((tick) =>
            line(steps(0), y(tick), width - 12, y(tick), tick === 0 ? "axis" : "grid"),
          ),
          ...xent.axisX(x, y(0), [-8, -4, 0, 4, 8], "logit w + b", (value) => fixed(value, 0)),
          ...xent.axisX(steps, y(0), [0, 100, 200, 300], "steps"),
          line(steps(0), finish, width - 12, finish, "edge"),
          text(width - 12, finish - 5, "output ½", "tick halo", "end"),
          line(px, py, past.at(-1)[0], py, "guide"),
          curve(
            hill.map((value) => [x(value), y(loss(value))]),
            styles[0],
          ),
          line(px - reach, py - reach * rise, px + reach, py + reach * rise, styles[1]),
          circle(px, py, 6, styles[2]),
          curve(past, racer.colour ? "curve q" : "curve run"),
          circle(...past.at(-1), 4, racer.colour ? "solid q" : "dot"),
          ...(passed(through)
            ? [
                line(steps(through), finish - 9, steps(through), finish + 9, "axis"),
                text(steps(through) + 5, finish - 5, String(through), "strong halo", "start"),
              ]
            : []),
        ],
      };
    });
  const charts = both.map(([key, racer]) => chart({ key, ...racer }));
  const facts = both.map(([key, { colour }]) =>
    xent.facts([
      { name: `${key}-loss`, label: "loss", colour },
      { name: `${key}-slope`, label: "slope", colour },
      { name: `${key}-output`, label: "output q", colour },
    ]),
  );

  const { update } = xent.mount(root, {
    hint: "Step, or play; then start elsewhere. The heights of the two differ: read the slopes.",
    parts: [sliders, ...both.flatMap((_, i) => [charts[i].node, facts[i].node])],
    buttons: [
      ...walk.buttons,
      xent.resetButton(() => {
        ({ weight, bias, rate } = params);
        run();
        walk.go(0);
      }),
    ],
    refresh() {
      dials.weight.show(weight, fixed(weight, 1), `weight ${fixed(weight, 1)}`);
      dials.bias.show(bias, fixed(bias, 1), `bias ${fixed(bias, 1)}`);
      dials.rate.show(rates.indexOf(rate), String(rate), `learning rate ${rate}`, rate);
      const at = walk.at;
      walk.show();
      const outputs = both.map(([key, { loss, slope, logits, through }], i) => {
        const z = logits[at];
        charts[i].show();
        facts[i].show(`${key}-loss`, loss(z), fixed(loss(z)), key === "ce" ? "nats" : "");
        facts[i].show(`${key}-slope`, slope(z), fixed(slope(z)));
        facts[i].show(`${key}-output`, sigmoid(z), fixed(sigmoid(z)));
        const since = passed(through) && through > 0 ? ` (below one half since step ${through})` : "";
        return fixed(sigmoid(z)) + since;
      });
      if (at === 0) return `At the start the output is ${outputs[0]}, and 0 is right.`;
      return (
        `After ${count(at)} the output is ${outputs[0]} by squared error ` +
        `and ${outputs[1]} by cross-entropy.`
      );
    },
  });
});
