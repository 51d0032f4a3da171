// A policy with one choice. The way that was chosen is the label y of a cross-entropy; its reward,
// less the baseline, is the weight of the step against the slope q − y.
xent.define("policy-push", (root, params) => {
  "use strict";
  const { line, rect, text, path, scale, fixed, chance, sum } = xent;
  const { rewards, labels, rate, reach, draws } = params;
  const largest = Math.max(...rewards.map(Math.abs));
  let z, chosen, baseline, steps, drawn;

  function begin() {
    z = labels.map(() => 0);
    ({ chosen } = params);
    baseline = steps = drawn = 0;
  }
  begin();

  const signed = (value) => `${value > 0.0005 ? "+" : ""}${fixed(value)}`;
  function policy() {
    const powers = z.map((logit) => Math.exp(logit - Math.max(...z)));
    return powers.map((power) => power / sum(powers));
  }
  /** How choosing `way` pushes each logit. */
  function push(q, way) {
    return q.map((prob, i) => (rewards[way] - baseline) * ((i === way) - prob));
  }
  const expected = (q, values) => sum(q.map((prob, i) => prob * values[i]));
  const average = (q) => q.map((prob, i) => prob * (rewards[i] - expected(q, rewards)));
  /** The mean squared way of one push from the average push. */
  function spread(q) {
    const mean = average(q);
    const off = labels.map((_, way) => sum(push(q, way).map((one, i) => (one - mean[i]) ** 2)));
    return expected(q, off);
  }

  const came = xent.choice("The way that was chosen", labels, (label) => {
    chosen = labels.indexOf(label);
    update();
  });
  const question = xent.element("div", { class: "xent-buttons" });
  question.append("Chosen:", came.node);
  const dial = xent.slider({
    label: "Baseline",
    name: "baseline",
    min: -largest,
    max: largest,
    step: 0.1,
    room: 3.6,
    oninput(value) {
      baseline = value;
      update();
    },
  });

  const chart = xent.picture((width) => {
    const [left, right] = [50, width - 6];
    const q = policy();
    const [one, mean] = [push(q, chosen), average(q)];
    const up = scale([0, 1], [150, 30]);
    const most = 0.5 * largest;
    const far = scale([-most, most], [352, 202]);
    const band = (right - left) / labels.length;
    const shapes = [
      ...xent.axisY(up, left, right, [0, 0.5, 1], "probability q"),
      text(0, 192, "push on the logit", "tick", "start"),
      text(left - 7, far(0) + 4.5, "0", "tick", "end"),
      line(left, far(0), right, far(0), "axis"),
    ];
    const arrow = (x, value, style) => {
      const [from, to] = [far(0), far(xent.clamp(value, -most, most))];
      const way = Math.sign(to - from);
      const head = path(`M${x},${to}l-6,${-way * 9}h12z`, `solid ${style}`);
      return Math.abs(to - from) > 9
        ? [line(x, from, x, to - way * 8, `curve ${style}`), head]
        : [line(x - 6, to, x + 6, to, `curve ${style}`)];
    };
    q.forEach((prob, i) => {
      const centre = left + band * (i + 0.5);
      const half = Math.min(band * 0.3, 40);
      const bar = [centre - half, up(prob), 2 * half, up(0) - up(prob)];
      shapes.push(
        rect(...bar, "area q"),
        rect(...bar, "edge q"),
        text(centre, 168, labels[i], "strong"),
        ...arrow(centre - half / 2, one[i], "q"),
        ...arrow(centre + half / 2, mean[i], "p"),
        text(centre, 374, signed(one[i]), "q"),
        text(centre, 392, signed(mean[i]), "p"),
      );
    });
    shapes.push(text(0, 374, "now", "q", "start"), text(0, 392, "mean", "p", "start"));
    const bars = labels.map((label, i) => `${label} q ${chance(q[i])}, push ${signed(one[i])}`);
    return {
      height: 402,
      label: `Bars and pushes: ${bars.join("; ")}. A second arrow shows the average push.`,
      shapes,
    };
  });

  const facts = xent.facts([
    { name: "expected", label: "expected reward" },
    { name: "weight", label: "weight, reward − baseline", colour: "q" },
    { name: "spread", label: "variance of the push" },
    { name: "steps", label: "steps taken" },
  ]);
  function step() {
    z = push(policy(), chosen).map((way, i) => xent.clamp(z[i] + rate * way, -reach, reach));
    steps += 1;
  }
  function play(count) {
    for (let left = count; left; left -= 1) {
      const q = policy();
      const mark = draws[drawn++ % draws.length];
      chosen = q.findIndex((_, i) => mark < sum(q.slice(0, i + 1)));
      if (chosen < 0) chosen = q.length - 1;
      step();
    }
    update();
  }

  const { update } = xent.mount(root, {
    hint: "Choose a way, move the baseline, take steps.",
    parts: [
      question,
      xent.element("div", { class: "xent-sliders" }, dial.node),
      chart.node,
      facts.node,
    ],
    buttons: [
      xent.button("Take this step", () => {
        step();
        update();
      }),
      xent.button("Play by chance", () => play(1)),
      xent.button("Play 20", () => play(20)),
      xent.button("Baseline = expected reward", () => {
        baseline = expected(policy(), rewards);
        update();
      }),
      xent.resetButton(() => {
        begin();
        update();
      }),
    ],
    refresh() {
      const q = policy();
      const [weight, value] = [rewards[chosen] - baseline, expected(q, rewards)];
      came.show(labels[chosen]);
      dial.show(baseline, fixed(baseline, 2), `baseline ${fixed(baseline, 2)}`, baseline);
      chart.show();
      facts.show("expected", value, fixed(value, 2));
      facts.show("weight", weight, fixed(weight, 2));
      facts.show("spread", spread(q), fixed(spread(q), 2));
      facts.show("steps", steps, String(steps));
      const moved = Math.abs(weight) < 1e-9 ? "is not pushed" : weight > 0 ? "goes up" : "goes down";
      return (
        `${labels[chosen]} was chosen, reward ${fixed(rewards[chosen], 1)}: its weight is ` +
        `${fixed(weight, 2)}, so its logit ${moved}. The expected reward is ${fixed(value, 2)}.`
      );
    },
  });
});
