// One probability and its surprise: a point on the curve −log2 P, and as many heads in a row.
xent.define("surprise", (root, params) => {
  "use strict";
  const { prob: start } = params;
  const { line, circle, text, path, curve, handle, scale, fixed, surprisal, clamp } = xent;
  const TOP = 8; // bits drawn; rarer events leave through the top

  // Where the slider stops: single percents, and below them 1, 2 and 5 in each power of ten, so
  // that one slider reaches both 1 in 2 and 1 in a million.
  const stops = [0];
  for (let power = -6; power < -2; power += 1) {
    for (const digit of [1, 2, 5]) stops.push(Number(`${digit}e${power}`));
  }
  for (let percent = 1; percent <= 100; percent += 1) stops.push(percent / 100);
  if (!stops.includes(start)) stops.push(start);
  stops.sort((a, b) => a - b);

  let prob = start;
  const say = (value) => String(Number(value.toPrecision(3)));
  const set = (value) => {
    prob = value;
    update();
  };

  const dial = xent.slider({
    label: "Probability P",
    name: "prob",
    colour: "p",
    max: stops.length - 1,
    step: 1,
    room: 4.2,
    oninput: (position) => set(stops[position]),
  });
  const sliders = xent.element("div", { class: "xent-sliders" }, dial.node);

  const chart = xent.picture(
    (width) => {
      const x = scale([0, 1], [28, width - 12]);
      const y = scale([0, TOP], [296, 46]);
      const bits = surprisal(prob);
      const points = [];
      for (let b = 0; b <= TOP; b += 0.1) points.push([x(2 ** -b), y(b)]);
      const [px, py] = [x(prob), y(Math.min(bits, TOP))];
      const left = px < width - 130;
      const shapes = [
        ...xent.axisY(y, 28, width - 12, [0, 2, 4, 6, 8], "surprise log₂ 1/P, in bits"),
        ...xent.axisX(x, y(0), [0, 0.25, 0.5, 0.75, 1], "probability P of the event"),
        curve(points, "curve p"),
        line(px, y(0), px, py, "guide"),
        line(28, py, px, py, "guide"),
      ];
      if (bits > TOP) shapes.push(path(`M${px - 7},${py}l7,-14l7,14z`, "solid p"));
      else shapes.push(circle(px, py, 7, "knob p"));
      const words = `${fixed(bits, 2)}${bits < Infinity ? " bits" : ""}`;
      shapes.push(
        text(px + (left ? 14 : 0), py - 14, words, "strong halo", left ? "start" : "end"),
        handle(circle(px, py, 20, "grasp anywhere"), "point"),
      );
      return {
        height: 336,
        label: `The falling curve of surprise against probability, with a point at ${say(prob)}, ${words}.`,
        shapes,
      };
    },
    (_, px, py) => {
      // the stop whose point on the curve is nearest to the pointer
      const x = scale([0, 1], [28, chart.node.clientWidth - 12]);
      const y = scale([0, TOP], [296, 46]);
      const distance = (p) => Math.hypot(x(p) - px, y(Math.min(surprisal(p), TOP + 12)) - py);
      set(stops.reduce((best, p) => (distance(p) < distance(best) ? p : best)));
    },
  );

  const coins = xent.picture((width) => {
    const bits = surprisal(prob);
    const room = Math.floor((width - 20) / 28);
    const drawn = Math.min(Math.ceil(bits - 1e-9), room);
    const shapes = [];
    for (let i = 0; i < drawn; i += 1) {
      const [cx, cy, r] = [14 + 28 * i, 16, 12];
      const share = clamp(bits - i, 0, 1);
      if (share === 1) shapes.push(circle(cx, cy, r, "area p"));
      else {
        const reach = r * (2 * share - 1);
        const rise = Math.sqrt(r * r - reach * reach);
        const arc = `A${r},${r} 0 ${share > 0.5 ? 1 : 0} 0 ${cx + reach},${cy + rise}`;
        shapes.push(path(`M${cx + reach},${cy - rise}${arc}Z`, "area p"));
      }
      shapes.push(circle(cx, cy, r, "edge p"), text(cx, cy + 4.5, "H"));
    }
    if (bits > room) shapes.push(text(14 + 28 * drawn - 8, 20, "…", "strong", "start"));
    if (bits === 0) shapes.push(text(2, 20, "no coin at all", "quiet", "start"));
    return { height: 32, label: `${fixed(bits, 1)} coins that all show heads.`, shapes };
  });

  const facts = xent.facts([
    { name: "bits", label: "surprise", colour: "p" },
    { name: "nats", label: "the same in nats" },
    { name: "tosses", label: "as surprising as" },
  ]);
  const { update } = xent.mount(root, {
    hint: "Move the slider, or drag the point.",
    parts: [sliders, chart.node, coins.node, facts.node],
    buttons: [xent.resetButton(() => set(start))],
    refresh() {
      const [bits, nats] = [surprisal(prob), surprisal(prob, "nats")];
      const position = stops.indexOf(prob);
      dial.show(position, say(prob), `probability ${say(prob)}, ${fixed(bits)} bits`, prob);
      chart.show();
      coins.show();
      facts.show("bits", bits, fixed(bits), bits < Infinity ? "bits" : "");
      facts.show("nats", nats, fixed(nats), nats < Infinity ? "nats" : "");
      facts.show(
        "tosses",
        bits,
        fixed(bits, bits < 1 ? 2 : 1),
        bits < Infinity ? "heads in a row" : "",
      );
      if (prob === 0) return "Probability 0 is infinitely surprising: no number of heads compares.";
      if (prob === 1) return "A certain event carries 0 bits: it is no surprise at all.";
      return (
        `An event of probability ${say(prob)} carries ${fixed(bits)} bits (${fixed(nats)} nats): ` +
        `as surprising as ${fixed(bits, bits < 1 ? 2 : 1)} heads in a row.`
      );
    },
  });
});
