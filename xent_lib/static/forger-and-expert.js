// A game along a road: the expert answers to where the forged houses stand with the best D there
// is; the forger then moves each of them to where this D is higher. Turn by turn.
xent.define("forger-and-expert", (root, params) => {
  "use strict";
  const { line, circle, curve, path, text, scale, clamp, fixed, sum } = xent;
  const { villages, widths, houses: count, rate, farthest, end, rounds, choices } = params;
  const starts = Object.keys(params.first);
  const losses = ["−ln D", "ln(1 − D)"];
  const FLOOR = -Math.log(4);
  const CUT = -2.5; // nats: values below leave the drawing
  const grid = Array.from({ length: 181 }, (_, i) => (i - 90) / 10);
  const step = 0.1;
  let { start, loss, steps } = params;
  let turns;

  const bell = (x, centre, width) =>
    Math.exp(-(((x - centre) / width) ** 2) / 2) / (width * Math.sqrt(2 * Math.PI));
  const density = (centres, width) =>
    grid.map((x) => sum(centres.map((centre) => bell(x, centre, width))) / centres.length);
  const real = density(villages, widths[0]);
  const forgedBy = (houses) => density(houses, widths[1]);
  const sigmoid = (z) => 1 / (1 + Math.exp(-z));
  const softplus = (z) => Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z)));
  const inVillage = (houses, village) =>
    houses.filter((house) =>
      villages.every((other) => Math.abs(house - village) <= Math.abs(house - other)),
    ).length;

  /** V(D, G) in nats, for the logits of D and the density of G. */
  const value = (logits, forged) =>
    -step * sum(logits.map((z, i) => real[i] * softplus(-z) + forged[i] * softplus(z)));

  /** Where the forger's houses go, the expert being who it is. */
  function move(houses, logits) {
    const slope = logits.map((z, i) => {
      const [left, right] = [Math.max(i - 1, 0), Math.min(i + 1, grid.length - 1)];
      const byLogit = loss === losses[0] ? sigmoid(z) - 1 : -sigmoid(z);
      return (byLogit * (logits[right] - logits[left])) / ((right - left) * step);
    });
    return houses.map((house) => {
      let at = house;
      for (let k = 0; k < steps; k += 1) {
        const down = step * sum(slope.map((one, i) => one * bell(grid[i], at, widths[1])));
        at = clamp(at - clamp(rate * down, -farthest, farthest), -end, end);
      }
      return at;
    });
  }

  /** All turns: the expert's have even numbers, the forger's odd ones. */
  function run() {
    const [first, space] = [params.first[start], params.space[start]];
    let houses = Array.from({ length: count }, (_, i) => first + i * space);
    turns = [];
    for (let round = 0; round < rounds; round += 1) {
      const before = forgedBy(houses);
      const logits = real.map((p, i) => Math.log(p / before[i]));
      turns.push({ houses, logits, forged: before, value: value(logits, before) });
      houses = move(houses, logits);
      const forged = forgedBy(houses);
      turns.push({ houses, logits, forged, value: value(logits, forged) });
    }
  }
  run();

  // ---- controls ---------------------------------------------------------------------------------

  const change = (take) => (chosen) => {
    take(chosen);
    run();
    walk.go(0);
  };
  const controls = [
    ["Houses start", starts, (chosen) => (start = chosen)],
    ["Forger goes down", losses, (chosen) => (loss = chosen)],
    ["Forger's steps each turn", choices.map(String), (chosen) => (steps = Number(chosen))],
  ].map(([label, options, take]) => ({ label, ...xent.choice(label, options, change(take)) }));
  const walk = xent.player({
    label: "Turn",
    name: "turn",
    most: 2 * rounds - 1,
    speed: 2,
    onmove: () => update(),
  });

  // ---- the pictures -----------------------------------------------------------------------------

  const picture = xent.picture((width) => {
    const x = scale([grid[0], grid.at(-1)], [38, width - 10]);
    const y = scale([0, 0.6], [150, 26]);
    const d = scale([0, 1], [276, 192]);
    const { houses, logits, forged } = turns[walk.at];
    const points = (values, to) => grid.map((place, i) => [x(place), to(values[i])]);
    const cut = forged.map((one) => Math.min(one, 0.6));
    return {
      height: 320,
      label:
        `Along a road of 18 km, real houses in three villages and ${count} forged ones; nearest to ` +
        `the villages are ${villages.map((one) => inVillage(houses, one)).join(", ")} of them. ` +
        "Below, what the expert believes at each place.",
      shapes: [
        ...xent.axisY(y, 38, width - 10, [0, 0.2, 0.4, 0.6], "density, for each km"),
        curve([[x(-9), y(0)], ...points(real, y), [x(9), y(0)]], "area p"),
        curve(points(real, y), "curve p"),
        curve(points(cut, y), "curve q"),
        ...houses.map((house) => circle(x(house), y(0) + 8, 3.4, "solid q")),
        text(0, 178, "D(x): the expert's probability of a real house", "tick", "start"),
        ...[0, 0.5, 1].flatMap((v) => [
          line(38, d(v), width - 10, d(v), v === 0.5 ? "guide" : "grid"),
          text(31, d(v) + 4.5, String(v), "tick", "end"),
        ]),
        ...xent.axisX(x, d(0), [-8, -4, 0, 4, 8], "km", (v) => fixed(v, 0)),
        curve(points(logits.map(sigmoid), d), "curve run"),
        ...houses.map((house) => path(`M${x(house)},${d(0)}v-7`, "edge q")),
      ],
    };
  });

  const history = xent.picture((width) => {
    const x = scale([0, 2 * rounds - 1], [38, width - 10]);
    const y = scale([CUT, 0], [112, 26]);
    const seen = turns.slice(0, walk.at + 1);
    const at = ({ value: now }, i) => [x(i), y(Math.max(now, CUT))];
    const track = seen.map(at);
    return {
      height: 150,
      label: `The value over the turns so far; now ${fixed(seen.at(-1).value)} nats, the floor −1.386.`,
      shapes: [
        ...xent.axisY(y, 38, width - 10, [-2, -1, 0], "value in nats", (v) => fixed(v, 0)),
        ...xent.axisX(x, y(CUT), [0, 10, 20, 30], "turn"),
        line(38, y(FLOOR), width - 10, y(FLOOR), "guide"),
        text(width - 10, y(FLOOR) + 15, "−ln 4", "halo", "end"),
        curve(track.length > 1 ? track : [track[0], track[0]], "edge"),
        ...track.map(([px, py], i) => circle(px, py, i % 2 ? 2 : 4, i % 2 ? "solid q" : "dot")),
      ],
    };
  });

  const facts = xent.facts([
    { name: "value", label: "value V(D, G)" },
    { name: "best", label: "with the best D" },
    ...villages.map((one, i) => ({ name: `near-${i}`, label: `at ${fixed(one, 0)} km`, colour: "q" })),
  ]);
  const legend = xent.element(
    "p",
    { class: "xent-legend" },
    xent.element("b", { "data-colour": "p" }, "Blue"),
    ": real houses. ",
    xent.element("b", { "data-colour": "q" }, "Orange"),
    ": forged ones. Large dots of the last drawing are turns of the expert.",
  );
  const labelled = controls.map(({ label, node }) =>
    xent.element(
      "div",
      { class: "xent-labelled" },
      xent.element("span", { class: "xent-hint" }, label),
      node,
    ),
  );

  const { update } = xent.mount(root, {
    hint: "Step through it, then let the forger take fewer steps each turn.",
    parts: [
      xent.element("div", { class: "xent-options" }, ...labelled),
      xent.element("div", { class: "xent-sliders" }, walk.node),
      picture.node,
      legend,
      history.node,
      facts.node,
    ],
    buttons: [
      ...walk.buttons,
      xent.resetButton(() => {
        ({ start, loss, steps } = params);
        run();
        walk.go(0);
      }),
    ],
    refresh() {
      const { houses, forged, value: now } = turns[walk.at];
      const best = value(
        real.map((p, i) => Math.log(p / forged[i])),
        forged,
      );
      [start, loss, String(steps)].forEach((chosen, i) => controls[i].show(chosen));
      walk.show();
      picture.show();
      history.show();
      facts.show("value", now, fixed(now), "nats");
      facts.show("best", best, fixed(best), "nats");
      const near = villages.map((one) => inVillage(houses, one));
      near.forEach((many, i) => facts.show(`near-${i}`, many, String(many), "houses"));
      if (walk.at % 2) {
        return now < FLOOR
          ? "The forger's turn: the houses run to where D was high. The expert of a turn ago is fooled."
          : "The forger's turn: the houses move to where D is higher.";
      }
      if (Math.min(...near) === 0)
        return `The expert's turn: ${fixed(now)} nats. A village has no forged house.`;
      return best < FLOOR + 0.02
        ? `The expert's turn: ${fixed(now)} nats, all but −ln 4. The expert can only guess.`
        : `The expert's turn: ${fixed(now)} nats. D falls where too many houses stand.`;
    },
  });
});
