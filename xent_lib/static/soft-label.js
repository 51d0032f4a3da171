// Binary cross-entropy as a map over the prediction q and the soft label y: dark where the loss is
// high, with lines of equal loss. Below, the loss as its floor H(y) and the excess D(y‖q).
xent.define("soft-label", (root, params) => {
  "use strict";
  const { line, rect, circle, text, path, curve, handle, hatch, scale, fixed, clamp } = xent;
  const LEVELS = [0.1, 0.2, 0.4, 0.6, 0.8, 1, 1.5, 2, 3];
  const NAMED = [1, 1.5, 2, 3]; // their lines reach the upper edge
  const TILES = 25;
  const FAR = 3; // nats drawn in the bar
  let { y: label, q } = params;

  const pair = (prob) => [prob, 1 - prob];
  const loss = (y, prob) => xent.crossEntropy(pair(y), pair(prob), "nats");
  const set = (take) => {
    take();
    update();
  };
  const dial = (words, name, colour, take) =>
    xent.slider({ label: words, name, colour, oninput: (value) => set(() => take(value)) });
  const truth = dial("Soft label y", "target", "p", (value) => (label = value));
  const guess = dial("Prediction q", "prob", "q", (value) => (q = value));
  const sliders = xent.element("div", { class: "xent-sliders" }, truth.node, guess.node);

  /** Where the loss has one height, left of q = 1/2; the other half is the same, turned round. */
  function contour(level) {
    const end = Math.min(1 - Math.exp(-level), Math.exp(-level));
    const points = [[0, 0]];
    for (let i = 1; i <= 150; i += 1) {
      const prob = end * (i / 150) ** 3; // dense where the line is steep
      const y = (level + Math.log1p(-prob)) / (Math.log1p(-prob) - Math.log(prob));
      points.push([prob, clamp(y, 0, 1)]);
    }
    return points;
  }
  const contours = LEVELS.map(contour);

  const TOP = 50;
  /** A square in the middle, as large as the place allows. */
  function square(width) {
    const side = Math.min(width - 54, 380);
    const left = Math.max(40, (width - side) / 2);
    return [scale([0, 1], [left, left + side]), scale([0, 1], [TOP + side, TOP])];
  }
  const map = xent.picture(
    (width) => {
      const [x, y] = square(width);
      const shapes = [];
      for (let i = 0; i < TILES; i += 1) {
        for (let j = 0; j < TILES; j += 1) {
          const height = loss((j + 0.5) / TILES, (i + 0.5) / TILES);
          const [left, top] = [x(i / TILES), y((j + 1) / TILES)];
          const tile = rect(left, top, x((i + 1) / TILES) - left, y(j / TILES) - top, "solid q");
          tile[1]["fill-opacity"] = Math.min(height / 3.7, 1) * 0.6;
          tile[1]["shape-rendering"] = "crispEdges";
          shapes.push(tile);
        }
      }
      for (const points of contours) {
        shapes.push(
          curve(
            points.map(([a, b]) => [x(a), y(b)]),
            "edge",
          ),
          curve(
            points.map(([a, b]) => [x(1 - a), y(1 - b)]),
            "edge",
          ),
        );
      }
      const quarters = [0, 0.25, 0.5, 0.75, 1];
      shapes.push(
        ...xent.axisX(x, y(0), quarters, "prediction q"),
        ...quarters.map((value) => text(x(0) - 7, y(value) + 4.5, String(value), "tick", "end")),
        text(x(0) - 34, 12, "soft label y", "tick", "start"),
        text(x(1), 12, "lines: loss in nats", "tick", "end"),
        ...NAMED.map((level) => text(x(Math.exp(-level)), y(1) - 8, String(level), "tick")),
        line(x(0), y(0), x(1), y(1), "guide"),
        line(x(q), y(0), x(q), y(label), "guide"),
        line(x(0), y(label), x(q), y(label), "guide"),
        circle(x(q), y(label), 7, "knob"),
        handle(circle(x(q), y(label), 20, "grasp anywhere"), "point"),
      );
      return {
        height: y(0) + 40,
        label:
          `A map of the loss: low along the diagonal where q equals y, high in the corners where ` +
          `one is 0 and the other 1. The point is at q ${fixed(q, 2)}, y ${fixed(label, 2)}, ` +
          `loss ${fixed(loss(label, q))} nats.`,
        shapes,
      };
    },
    (_, px, py) => {
      const whole = (place) => clamp(Math.round(place * 100) / 100, 0, 1);
      const [x, y] = square(map.node.clientWidth);
      set(() => {
        q = whole(x.invert(px));
        label = whole(y.invert(py));
      });
    },
  );

  const bar = xent.picture((width) => {
    const x = scale([0, FAR], [8, width - 22]);
    const [floor, nats] = [loss(label, label), loss(label, q)];
    const [split, end] = [x(floor), x(Math.min(nats, FAR))];
    const shapes = [
      rect(x(0), 2, split - x(0), 24, "area p"),
      rect(x(0), 2, split - x(0), 24, "edge p"),
      rect(split, 2, end - split, 24, "area excess"),
      hatch(split, 2, Math.max(end - split, 0), 24),
      rect(split, 2, end - split, 24, "edge excess"),
      ...xent.axisX(x, 30, [0, 1, 2, 3], "nats"),
    ];
    if (nats > FAR) shapes.push(path(`M${end},2l12,12l-12,12z`, "solid excess"));
    return {
      height: 68,
      label: `A bar of ${fixed(nats)} nats, of which ${fixed(floor)} are the floor.`,
      shapes,
    };
  });

  const facts = xent.facts([
    { name: "floor", label: "floor H(y)", colour: "p" },
    { name: "excess", label: "excess D(y‖q)", colour: "excess", sign: "+" },
    { name: "loss", label: "loss", colour: "q", sign: "=" },
  ]);

  const { update, glide } = xent.mount(root, {
    hint: "Move a slider, or drag the point.",
    parts: [sliders, map.node, bar.node, facts.node],
    buttons: [
      xent.button("Make q equal to y", () => glide([q], [label], (now) => ([q] = now))),
      xent.resetButton(() => set(() => ({ y: label, q } = params))),
    ],
    refresh() {
      const [floor, nats] = [loss(label, label), loss(label, q)];
      const extra = xent.divergence(pair(label), pair(q), "nats");
      truth.show(label, fixed(label, 2), `y ${fixed(label, 2)}`, label);
      guess.show(q, fixed(q, 2), `q ${fixed(q, 2)}, loss ${fixed(nats)} nats`, q);
      map.show();
      bar.show();
      facts.show("floor", floor, fixed(floor), "nats");
      facts.show("excess", extra, fixed(extra), extra < Infinity ? "nats" : "");
      facts.show("loss", nats, fixed(nats), nats < Infinity ? "nats" : "");
      if (nats === Infinity)
        return `The prediction ${q} calls impossible what the label gives ${fixed(q ? 1 - label : label, 2)}: the loss is infinite.`;
      if (q === label)
        return floor === 0
          ? "Sure and right: the loss is 0."
          : `They agree: no excess. The floor H(y) = ${fixed(floor)} nats stays, whatever is predicted.`;
      return (
        `The loss is ${fixed(nats)} nats. ${fixed(floor)} of them are the floor of this label, ` +
        `${fixed(extra)} come from predicting ${fixed(q, 2)} where the label says ${fixed(label, 2)}.`
      );
    },
  });
});
