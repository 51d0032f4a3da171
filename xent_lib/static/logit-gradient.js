// Softmax, the label and their difference. The way from a bar q to its goal y is minus the slope
// of the loss along that logit; a step moves every logit against its slope, and the loss falls.
xent.define("logit-gradient", (root, params) => {
  "use strict";
  const { line, rect, circle, text, path, curve, scale, fixed, chance, sum } = xent;
  const { labels } = params;
  const RATES = [0.1, 0.2, 0.5, 1, 2, 5, 10];
  let { logits: z, target, rate } = params;
  let losses; // one after each step, from the last change that the reader made

  const y = (i) => (i === target ? 1 : 0);
  const signed = (value) => `${value > 0.0005 ? "+" : ""}${fixed(value)}`;
  function softmax(logits) {
    const top = Math.max(...logits);
    const powers = logits.map((logit) => Math.exp(logit - top));
    return powers.map((power) => power / sum(powers));
  }
  /** q − y; at the label minus the sum of the others, so that no digits cancel where q is near 1. */
  function gradient(logits) {
    const probs = softmax(logits);
    const others = sum(probs.filter((_, i) => i !== target));
    return probs.map((prob, i) => (i === target ? -others : prob));
  }
  /** −ln q(label), with the largest logit left out of the sum. */
  function loss(logits) {
    const best = logits.indexOf(Math.max(...logits));
    const rest = logits.filter((_, i) => i !== best).map((logit) => Math.exp(logit - logits[best]));
    return logits[best] - logits[target] + Math.log1p(sum(rest));
  }
  const stepped = () => gradient(z).map((slope, i) => z[i] - rate * slope);

  function begin(logits, label = target) {
    [z, target] = [logits, label];
    losses = [loss(z)];
  }
  begin(z);

  const dials = labels.map((label, i) =>
    xent.slider({
      label: `z(${label})`,
      name: `z-${i}`,
      colour: "q",
      min: -10,
      max: 10,
      step: 0.1,
      room: 3.4,
      oninput(value) {
        begin(z.map((logit, k) => (k === i ? value : logit)));
        update();
      },
    }),
  );
  const pace = xent.slider({
    label: "Learning rate",
    name: "rate",
    max: RATES.length - 1,
    step: 1,
    room: 3.4,
    oninput(position) {
      rate = RATES[position];
      update();
    },
  });
  const sliders = xent.element(
    "div",
    { class: "xent-sliders" },
    ...[...dials, pace].map(({ node }) => node),
  );
  const came = xent.choice("What came, the label y", labels, (label) => {
    begin(z, labels.indexOf(label));
    update();
  });
  const question = xent.element("div", { class: "xent-buttons" });
  question.append("What came:", came.node);

  const chart = xent.picture((width) => {
    const [left, right] = [50, width - 6];
    const up = scale([0, 1], [222, 30]);
    const [probs, slopes] = [softmax(z), gradient(z)];
    const band = (right - left) / labels.length;
    const floor = up(0);
    const shapes = [
      ...xent.axisY(up, left, right, [0, 0.5, 1], "probability"),
      text(0, floor + 40, "q", "q strong", "start"),
      text(0, floor + 58, "y", "p strong", "start"),
      text(0, floor + 76, "q − y", "strong", "start"),
    ];
    probs.forEach((prob, i) => {
      const centre = left + band * (i + 0.5);
      const half = Math.min(band * 0.36, 50);
      const bar = [centre - half, up(prob), 2 * half, floor - up(prob)];
      const [from, to] = [up(prob), up(y(i))];
      const way = Math.sign(to - from);
      shapes.push(
        rect(...bar, "area q"),
        rect(...bar, "edge q"),
        line(centre - half - 4, to, centre + half + 4, to, "curve p"),
      );
      if (Math.abs(to - from) > 9) {
        shapes.push(
          line(centre, from, centre, to - way * 8, "curve run"),
          path(`M${centre},${to - way * 2}l-6,${-way * 9}h12z`, "dot"),
        );
      }
      shapes.push(
        text(centre, floor + 20, labels[i], "strong"),
        text(centre, floor + 40, chance(prob), "q"),
        text(centre, floor + 58, String(y(i)), "p"),
        text(centre, floor + 76, signed(slopes[i]), "strong"),
      );
    });
    const bars = labels.map((label, i) => `${label} q ${chance(probs[i])}, y ${y(i)}`);
    return {
      height: 304,
      label: `Bars and goals: ${bars.join("; ")}. Arrows lead from each bar to its goal.`,
      shapes,
    };
  });

  const road = xent.picture((width) => {
    const last = Math.max(10, 2 * Math.ceil((losses.length - 1) / 2));
    const top = Math.max(2, 2 * Math.ceil(Math.max(...losses) / 2));
    const x = scale([0, last], [32, width - 12]);
    const up = scale([0, top], [110, 28]);
    const points = losses.map((nats, step) => [x(step), up(nats)]);
    return {
      height: 150,
      label: `The loss in nats after each of ${losses.length - 1} steps, now ${fixed(losses.at(-1))}.`,
      shapes: [
        ...xent.axisY(up, 32, width - 12, [0, top / 2, top], "loss in nats"),
        ...xent.axisX(x, up(0), [0, last / 2, last], "steps taken"),
        curve(points, "curve q"),
        ...points.slice(-30).map(([px, py]) => circle(px, py, 4, "knob q")),
      ],
    };
  });

  const facts = xent.facts([
    { name: "loss", label: "loss, −ln q(y)", colour: "q" },
    { name: "next", label: "after one more step", colour: "q" },
    { name: "target", label: "label y" },
    { name: "steps", label: "steps taken" },
  ]);
  const slopes = xent.table(["class", "slope q − y", "the step moves z by"]);
  const walk = (count) => () => {
    for (let step = 0; step < count; step += 1) {
      z = stepped();
      losses.push(loss(z));
    }
    update();
  };

  const { update } = xent.mount(root, {
    hint: "Choose what came, move the logits, take steps.",
    parts: [question, sliders, chart.node, road.node, facts.node, slopes.node],
    buttons: [
      xent.button("Take a step", walk(1)),
      xent.button("Take 10 steps", walk(10)),
      xent.resetButton(() => {
        ({ rate } = params);
        begin(params.logits, params.target);
        update();
      }),
    ],
    refresh() {
      const [now, next] = [loss(z), loss(stepped())];
      z.forEach((logit, i) => dials[i].show(logit, fixed(logit, 2), fixed(logit, 2), logit));
      pace.show(RATES.indexOf(rate), String(rate), `learning rate ${rate}`, rate);
      came.show(labels[target]);
      chart.show();
      road.show();
      facts.show("loss", now, fixed(now), "nats");
      facts.show("next", next, fixed(next), "nats");
      facts.show("target", target, labels[target]);
      facts.show("steps", losses.length - 1, String(losses.length - 1));
      slopes.show(
        gradient(z).map((slope, i) => {
          const cell = xent.element("span", { "data-name": `slope-${i}` });
          cell.dataset.value = String(slope);
          cell.textContent = signed(slope);
          return [labels[i], cell, signed(-rate * slope)];
        }),
      );
      return (
        `What came, ${labels[target]}, had q = ${chance(softmax(z)[target])}: the loss is ` +
        `${fixed(now)} nats, and a step of rate ${rate} takes it to ${fixed(next)}.`
      );
    },
  });
});
