// A reliability diagram: predictions sorted by how sure they were, and how many of each bin came
// true. Dividing all logits by one temperature makes every prediction surer or less sure.
xent.define("reliability", (root, params) => {
  "use strict";
  const { line, rect, text, scale, fixed, hatch, sum } = xent;
  const { labels, logits, best, range } = params;
  const N = labels.length;
  let temperature = 1;
  let { bins } = params;

  const rows = logits.map((row, i) => {
    const top = Math.max(...row);
    const gaps = row.map((logit) => top - logit); // none negative, so that no power overflows
    return { gaps, gap: gaps[labels[i]], hit: row.indexOf(top) === labels[i] };
  });
  const accuracy = sum(rows.map(({ hit }) => Number(hit))) / N;

  /** The loss in nats, and of each bin the count, the mean confidence and the share right. */
  function measure() {
    const total = { loss: 0, sure: 0 };
    const found = Array.from({ length: bins }, () => ({ count: 0, sure: 0, right: 0 }));
    for (const { gaps, gap, hit } of rows) {
      const mass = sum(gaps.map((each) => Math.exp(-each / temperature)));
      total.loss += gap / temperature + Math.log(mass);
      const sure = 1 / mass;
      total.sure += sure;
      let b = 0;
      while (b < bins - 1 && sure > (b + 1) / bins) b += 1;
      found[b].count += 1;
      found[b].sure += sure;
      found[b].right += hit;
    }
    const error = sum(found.map(({ sure, right }) => Math.abs(right - sure))) / N;
    for (const bin of found) {
      bin.sure /= bin.count;
      bin.right /= bin.count;
    }
    return { loss: total.loss / N, sure: total.sure / N, error, found };
  }

  const heat = xent.slider({
    label: "Temperature T",
    name: "temperature",
    colour: "q",
    min: range[0],
    max: range[1],
    step: 0.05,
    oninput: (power) => warm(2 ** power),
  });
  const cuts = xent.slider({
    label: "Bins",
    name: "bins",
    min: 2,
    max: 20,
    step: 1,
    oninput(value) {
      bins = value;
      update();
    },
  });
  const sliders = xent.element("div", { class: "xent-sliders" }, heat.node, cuts.node);
  function warm(value) {
    temperature = value;
    update();
  }

  const SIDE = 44;
  const quarters = [0, 0.25, 0.5, 0.75, 1];
  const chart = xent.picture((width) => {
    const x = scale([0, 1], [SIDE, width - 10]);
    const y = scale([0, 1], [282, 30]);
    const { found } = measure();
    const shapes = xent.axisY(y, SIDE, width - 10, quarters, "share that was right");
    found.forEach(({ count, sure, right }, b) => {
      if (!count) return;
      const [left, room] = [x(b / bins) + 1.5, x(1 / bins) - x(0) - 3];
      const [low, high] = [y(Math.min(sure, right)), y(Math.max(sure, right))];
      shapes.push(
        rect(left, low, room, y(0) - low, "area p"),
        rect(left, high, room, low - high, "area excess"),
        hatch(left, high, room, low - high),
        line(left, y(right), left + room, y(right), "curve p"),
        line(left, y(sure), left + room, y(sure), "curve q"),
      );
    });
    shapes.push(
      line(x(0), y(0), x(1), y(1), "guide"),
      ...xent.axisX(x, y(0), quarters, "confidence: the largest probability q"),
    );
    const told = found
      .filter(({ count }) => count)
      .map(({ sure, right }) => `${fixed(sure, 2)} sure, ${fixed(right, 2)} right`);
    return { height: 320, label: `Bars by confidence: ${told.join("; ")}.`, shapes };
  });

  const crowd = xent.picture((width) => {
    const x = scale([0, 1], [SIDE, width - 10]);
    const { found } = measure();
    const counts = found.map(({ count }) => count);
    const most = Math.max(...counts);
    const y = scale([0, most], [86, 40]);
    const room = x(1 / bins) - x(0) - 3;
    const allFit = counts.every((count) => xent.widthOf(String(count)) < room + 2);
    const shapes = [text(0, 12, "examples in each bin", "tick", "start")];
    counts.forEach((count, b) => {
      const left = x(b / bins) + 1.5;
      if (count) shapes.push(rect(left, y(count), room, y(0) - y(count), "edge"));
      if (count && (allFit || b === counts.indexOf(most))) {
        shapes.push(text(left + room / 2, y(count) - 4, String(count), "tick"));
      }
    });
    shapes.push(line(SIDE, y(0), width - 10, y(0), "axis"));
    return { height: 92, label: `Examples in each bin: ${counts.join(", ")}.`, shapes };
  });

  const name = (words, colour) => xent.element("b", { "data-colour": colour }, words);
  const legend = xent.element("p", { class: "xent-legend" });
  legend.append(
    "In each bin: ",
    name("the share that was right", "p"),
    ", ",
    name("how sure the model was", "q"),
    " on average, and between them ",
    name("the gap", "excess"),
    ". Where the blue line meets the orange one, the bin is honest.",
  );

  const facts = xent.facts([
    { name: "loss", label: "loss", colour: "q" },
    { name: "error", label: "calibration error", colour: "excess" },
    { name: "accuracy", label: "accuracy", colour: "p" },
    { name: "confidence", label: "mean confidence", colour: "q" },
  ]);

  const { update, glide } = xent.mount(root, {
    hint: "Warm the model up, or cool it down.",
    parts: [sliders, chart.node, crowd.node, legend, facts.node],
    buttons: [
      xent.button("Best temperature", () =>
        glide([temperature], [best], ([now]) => (temperature = now)),
      ),
      xent.resetButton(() => {
        ({ bins } = params);
        warm(1);
      }),
    ],
    refresh() {
      const { loss, sure, error } = measure();
      const degrees = fixed(temperature, 2);
      heat.show(Math.log2(temperature), degrees, `temperature ${degrees}`, temperature);
      cuts.show(bins, String(bins), `${bins} bins`);
      chart.show();
      crowd.show();
      facts.show("loss", loss, fixed(loss), "nats");
      facts.show("error", error, fixed(error));
      facts.show("accuracy", accuracy, fixed(accuracy));
      facts.show("confidence", sure, fixed(sure));
      const side = sure > accuracy ? "surer than it should be" : "less sure than it could be";
      const verdict = Math.abs(sure - accuracy) < 0.02 ? "about as sure as it is right" : side;
      const tells = temperature === best ? "No temperature has a smaller loss. " : "";
      return (
        `${tells}At T\u00a0=\u00a0${degrees} the loss is ${fixed(loss)} nats and the calibration error ` +
        `${fixed(error)}: on average the model is ${verdict}.`
      );
    },
  });
});
