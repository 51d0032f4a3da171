// A guess q for a coin, and a row of tosses with a share of heads p̂. Above, the likelihood as a
// share of the highest, which is e^(−n·D(p̂‖q)); below, the mean negative log-likelihood, which is
// the cross-entropy H(p̂, q), with its tangent.
xent.define("likelihood", (root, params) => {
  "use strict";
  const { line, rect, circle, text, path, curve, handle, hatch, scale } = xent;
  const { fixed, power, tenTo, clamp } = xent;
  const SIZES = [10, 100, 2000];
  const TOP = 2.5; // nats on the axis
  const CUT = 2.65; // where the arms of the valley, which have no end, leave the drawing
  const REACH = 60; // pixels of the tangent to each side
  let { share, q, tosses } = params;

  const pair = (prob) => [prob, 1 - prob];
  const loss = (guess) => xent.crossEntropy(pair(share), pair(guess), "nats");
  const excess = (guess) => xent.divergence(pair(share), pair(guess), "nats");
  const slope = (guess) =>
    (share < 1 ? (1 - share) / (1 - guess) : 0) - (share > 0 ? share / guess : 0);
  const heads = () => Math.round(share * tosses);
  /** How many times as likely the row is by the best guess. */
  function times(nats) {
    const ratio = Math.exp(nats);
    return ratio < Infinity ? power(ratio) : `about ${tenTo(Math.round(nats / Math.LN10))}`;
  }
  const likelihood = () => q ** heads() * (1 - q) ** (tosses - heads());

  const set = (take) => {
    take();
    update();
  };
  const guess = xent.slider({
    label: "Guess q",
    name: "q",
    colour: "q",
    oninput: (value) => set(() => (q = value)),
  });
  const data = xent.slider({
    label: "Share of heads p̂",
    name: "share",
    colour: "p",
    step: 0.1,
    oninput: (value) => set(() => (share = value)),
  });
  const sliders = xent.element("div", { class: "xent-sliders" }, guess.node, data.node);

  const across = (width) => scale([0, 1], [34, width - 46]);
  const grid = (width) => {
    const count = Math.max(100, Math.round(width / 2));
    const places = Array.from({ length: count + 1 }, (_, i) => i / count);
    return [...places, share].sort((a, b) => a - b);
  };

  const hill = xent.picture(
    (width) => {
      const x = across(width);
      const y = scale([0, 1], [166, 42]);
      const [left, right] = x.range;
      const high = (place) => Math.exp(-tosses * excess(place));
      const points = grid(width).map((place) => [x(place), y(high(place))]);
      const words = `p̂ = ${fixed(share, 1)}`;
      return {
        height: 206,
        label:
          `The likelihood of the row against the guess: a hill with its top at ${fixed(share, 1)}. ` +
          `At the guess ${fixed(q, 2)} it is ${fixed(high(q))} of the highest.`,
        shapes: [
          ...xent.axisY(y, left, right, [0, 0.5, 1], "likelihood, as a share of the highest"),
          ...xent.axisX(x, y(0), [0, 0.25, 0.5, 0.75, 1], "guess q of the probability of heads"),
          curve([[x(0), y(0)], ...points, [x(1), y(0)]], "area q"),
          curve(points, "curve q"),
          line(x(share), y(1), x(share), y(0), "guide"),
          text(x(share), y(1) - 12, words, "p strong halo"),
          line(x(q), y(0), x(q), y(high(q)), "axis"),
          circle(x(q), y(high(q)), 7, "knob q"),
          handle(circle(x(q), y(high(q)), 20, "grasp sideways"), "top"),
        ],
      };
    },
    (_, px) => drag(px),
  );

  /** How far the valley is drawn on the side of `end`, which is 0 or 1. */
  function arm(end) {
    if (loss(end) <= CUT) return end;
    let [inside, outside] = [share, end];
    for (let i = 0; i < 50; i += 1) {
      const middle = (inside + outside) / 2;
      if (loss(middle) <= CUT) inside = middle;
      else outside = middle;
    }
    return inside;
  }

  /** Points of the valley, closest where it is steep: near its ends. */
  function walls(x, y) {
    const [from, to] = [arm(0), arm(1)];
    const count = Math.max(100, Math.round((x(1) - x(0)) / 2));
    return Array.from({ length: count + 1 }, (_, i) => {
      const way = (1 - Math.cos((Math.PI * i) / count)) / 2;
      const place = (1 - way) * from + way * to;
      return [x(place), y(loss(place))];
    });
  }

  /** The tangent at a point, cut where it leaves the drawing. */
  function tangent(x, y, steep) {
    const [px, py] = [x(q), y(loss(q))];
    const [dx, dy] = [x(1) - x(0), (y(1) - y(0)) * steep];
    const length = Math.hypot(dx, dy);
    const ends = [-1, 1].map((way) => {
      const room = dy * way < 0 ? (py - y(TOP)) / Math.abs(dy) : (y(0) - py) / Math.abs(dy);
      const reach = Math.min(REACH / length, dy === 0 ? Infinity : room) * way;
      return [px + reach * dx, py + reach * dy];
    });
    return curve(ends, "curve run");
  }

  const valley = xent.picture(
    (width) => {
      const x = across(width);
      const y = scale([0, TOP], [216, 36]);
      const [left, right] = x.range;
      const [nats, floor, steep] = [loss(q), loss(share), slope(q)];
      const [px, py] = [x(q), y(Math.min(nats, TOP))];
      const shapes = [
        ...xent.axisY(
          y,
          left,
          right,
          [0, 0.5, 1, 1.5, 2, 2.5],
          "mean negative log-likelihood, in nats",
        ),
        ...xent.axisX(x, y(0), [0, 0.25, 0.5, 0.75, 1], "guess q of the probability of heads"),
        line(left, y(floor), right, y(floor), "guide"),
        text(right + 11, y(floor) + 4.5, "H(p̂)", "p strong", "start"),
        rect(px - 5, py, 10, y(floor) - py, "area excess"),
        hatch(px - 5, py, 10, y(floor) - py, 5),
        curve(walls(x, y), "curve q"),
      ];
      if (nats > TOP) shapes.push(path(`M${px - 7},${py}l7,-14l7,14z`, "solid q"));
      else shapes.push(tangent(x, y, steep), circle(px, py, 7, "knob q"));
      shapes.push(handle(circle(px, py, 20, "grasp sideways"), "q"));
      return {
        height: 256,
        label:
          `The loss against the guess: a valley with its floor of ${fixed(floor)} nats at ` +
          `${fixed(share, 1)}. At ${fixed(q, 2)} it is ${fixed(nats)} nats high, with slope ${fixed(steep)}.`,
        shapes,
      };
    },
    (_, px) => drag(px),
  );

  function drag(px) {
    const place = across(valley.node.clientWidth).invert(px);
    set(() => (q = clamp(Math.round(place * 100) / 100, 0, 1)));
  }

  const facts = xent.facts([
    { name: "likelihood", label: "likelihood", colour: "q" },
    { name: "loss", label: "mean NLL", colour: "q" },
    { name: "excess", label: "excess D(p̂‖q)", colour: "excess" },
    { name: "slope", label: "slope" },
  ]);
  const options = SIZES.map((size) => `${size} tosses`);
  const sizes = xent.choice("Number of tosses", options, (option) =>
    set(() => (tosses = SIZES[options.indexOf(option)])),
  );

  const { update, glide } = xent.mount(root, {
    hint: "Move a slider, or drag a point.",
    parts: [sliders, hill.node, valley.node, facts.node],
    buttons: [
      sizes.node,
      xent.button("Best guess", () => glide([q], [share], (now) => ([q] = now))),
      xent.resetButton(() => set(() => ({ share, q, tosses } = params))),
    ],
    refresh() {
      const [nats, floor, extra, steep] = [loss(q), loss(share), excess(q), slope(q)];
      guess.show(q, fixed(q, 2), `q ${fixed(q, 2)}, ${fixed(nats)} nats`, q);
      data.show(share, fixed(share, 1), `${heads()} heads in ${tosses} tosses`, share);
      sizes.show(`${tosses} tosses`);
      hill.show();
      valley.show();
      facts.show("likelihood", likelihood(), power(likelihood()));
      const unit = nats < Infinity ? "nats" : "";
      facts.show("loss", nats, fixed(nats), unit);
      facts.show("excess", extra, fixed(extra), unit);
      facts.show("slope", steep, fixed(steep));
      const row = `${heads()} heads in ${tosses} tosses`;
      if (nats === Infinity)
        return `The guess ${q} calls impossible what came: the likelihood is 0, the loss infinite.`;
      if (q === share)
        return (
          `${row}: no guess is likelier than ${fixed(q, 2)}. ` +
          `What is left is H(p̂) = ${fixed(floor)} nats a toss.`
        );
      const lost = likelihood() === 0 ? " The likelihood is too small for a computer." : "";
      return (
        `${row}: the best guess makes this row ${times(tosses * extra)} times as likely as the ` +
        `guess ${fixed(q, 2)} does, which costs ${fixed(extra)} nats a toss too much.${lost}`
      );
    },
  });
});
