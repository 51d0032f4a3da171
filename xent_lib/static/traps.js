// One batch of logits, its loss, and what the usual slips with a framework print in its place. The
// reader moves the first example's logits; the other examples stay.
xent.define("traps", (root, params) => {
  "use strict";
  const { line, rect, text, path, scale, fixed, sum, clamp } = xent;
  const { labels, names, traps } = params;
  const ENDS = [4, 8, 24]; // of the axis
  const EPSILON = 1e-7; // Keras raises smaller probabilities to this
  let batch = params.logits;
  let chosen = traps[0][0];

  // ---- the numbers --------------------------------------------------------------------------------

  const mean = (values) => sum(values) / values.length;
  function logSoftmax(row) {
    const top = Math.max(...row);
    const gaps = row.map((z) => z - top);
    const log = Math.log(sum(gaps.map(Math.exp)));
    return gaps.map((gap) => gap - log);
  }
  const losses = (rows) => rows.map((row, i) => -logSoftmax(row)[labels[i]]);
  const softmax = (rows) => rows.map((row) => logSoftmax(row).map(Math.exp));
  function clipped(rows) {
    const inside = rows.map((row) => row.map((prob) => clamp(prob, EPSILON, 1 - EPSILON)));
    return mean(inside.map((row, i) => -Math.log(row[labels[i]] / sum(row))));
  }
  /** A probability rounded to float16: 11 significant bits, and nothing finer than 2⁻²⁴. */
  function toHalf(prob) {
    const step = 2 ** Math.max(Math.floor(Math.log2(prob)) - 10, -24);
    const [whole, rest] = [Math.floor(prob / step), (prob / step) % 1];
    return (whole + (rest > 0.5 || (rest === 0.5 && whole % 2 === 1) ? 1 : 0)) * step;
  }

  const PRINTED = {
    "softmax twice": () => mean(losses(softmax(batch))),
    "logits as probs": () => clipped(batch),
    "labels as rows": () =>
      mean(batch.map((row) => -sum(logSoftmax(row).map((log, k) => log * labels[k])))),
    sum: () => sum(losses(batch)),
    bits: () => mean(losses(batch)) / Math.LN2,
    clipped: () => clipped(softmax(batch)),
    swapped: () =>
      mean(losses(batch).map((loss) => Math.log(Math.E + names.length - 1) - Math.exp(-loss))),
    float16: () => mean(losses(batch).map((loss) => -Math.log(toHalf(Math.exp(-loss))))),
  };
  const WHY = {
    "softmax twice":
      "The loss takes logits and does the softmax itself. Fed with probabilities, it squeezes them together once more: sure answers look unsure, and the number cannot come near 0.",
    "logits as probs":
      "Without from_logits=True, Keras takes what it gets for probabilities, cuts it to the range from 0 to 1, and divides by the sum. The number may even look better than the right one.",
    "labels as rows":
      "This call wants one-hot rows. With as many examples as classes, the list of labels fits as a row, and is used for every example.",
    sum: "The same losses, added up and not averaged. It grows with the batch, and so does the step.",
    bits: "The same loss in another unit: one nat is 1/ln 2 bits.",
    clipped:
      "Given probabilities, Keras never lets one be below 0.0000001. As long as the true class has more than that, nothing is lost; below it, the price of a mistake stops growing.",
    swapped:
      "PyTorch wants the prediction first, most others the truth. Here the one-hot rows are taken for logits and the probabilities for the truth.",
    float16:
      "A probability below about 0.00000003 is 0 in float16, and the log of 0 is infinite. Nothing to fear where the loss is computed from logits.",
  };

  // ---- the parts ----------------------------------------------------------------------------------

  const dials = names.map((name, k) =>
    xent.slider({
      label: `logit of ${name}`,
      name: `logit-${k}`,
      colour: "q",
      min: -12,
      max: 12,
      step: 0.1,
      oninput(value) {
        batch = [batch[0].map((z, i) => (i === k ? value : z)), ...batch.slice(1)];
        update();
      },
    }),
  );
  const sliders = xent.element(
    "fieldset",
    { class: "xent-sliders", "data-colour": "q" },
    xent.element("legend", {}, `first example, true class ${names[labels[0]]}`),
    ...dials.map(({ node }) => node),
  );

  const bars = xent.picture((width) => {
    const right = mean(losses(batch));
    const rows = [["right", right], ...traps.map(([name]) => [name, PRINTED[name]()])];
    const highest = Math.max(...rows.map(([, value]) => value).filter(Number.isFinite));
    const far = ENDS.find((end) => highest <= end) ?? ENDS.at(-1);
    const x = scale([0, far], [1, width - 90]);
    const here = x(right);
    const told = (name, value) => fixed(value) + (name === "bits" ? " bits" : "");
    const bottom = rows.length * 34;
    const shapes = rows.flatMap(([name, value], i) => {
      const [top, end] = [34 * i + 18, x(Math.min(value, far))];
      const style = i === 0 ? "p" : "q";
      const strong = i === 0 || name === chosen;
      // The number stands clear of the line of the right one.
      const beside = end < here - 1 && here < end + 80 ? here : end;
      return [
        text(x(0), top - 4, name, strong ? `${style} strong` : "tick", "start"),
        rect(x(0), top, end - x(0), 12, `${strong ? "solid" : "area"} ${style}`),
        ...(value > far ? [path(`M${end},${top}l8,6l-8,6z`, `solid ${style}`)] : []),
        text(beside + 12, top + 11, told(name, value), strong ? "strong" : "tick", "start"),
      ];
    });
    return {
      height: bottom + 50,
      label: `Bars: ${rows.map(([name, value]) => `${name} ${told(name, value)}`).join(", ")}.`,
      shapes: [
        ...xent.axisX(x, bottom + 6, [0, 1, 2, 3, 4].map((k) => (k * far) / 4), "what is printed, in nats or bits"),
        ...rows.map((_, i) => line(here, 34 * i + 18, here, 34 * i + 30, "guide")),
        ...shapes,
      ],
    };
  });

  const facts = xent.facts([
    { name: "right", label: "right", colour: "p" },
    { name: "printed", label: "printed", colour: "q" },
  ]);
  const choices = xent.choice(
    "Trap",
    traps.map(([name]) => name),
    (name) => {
      chosen = name;
      update();
    },
  );
  const call = xent.element("code");
  const shown = xent.element("p", { class: "xent-legend" }, "The slip: ", call);

  const detail = xent.table(["trap", "printed", "the slip"]);
  /** A call that may be broken after a bracket or a `_` and before a capital, and nowhere else. */
  const broken = (slip) =>
    slip
      .split(/(?<=[(_])|(?=[A-Z])|(?<=, )/)
      .flatMap((part) => [xent.element("span", {}, part), xent.element("wbr")]);
  const rows = xent.element(
    "details",
    {},
    xent.element("summary", {}, "All traps and their slips"),
    detail.node,
  );

  const { update } = xent.mount(root, {
    hint: "Choose a trap, then move a logit.",
    parts: [choices.node, shown, facts.node, sliders, bars.node, rows],
    buttons: [
      xent.resetButton(() => {
        batch = params.logits;
        chosen = traps[0][0];
        update();
      }),
    ],
    refresh() {
      const [right, printed] = [mean(losses(batch)), PRINTED[chosen]()];
      dials.forEach(({ show }, k) => {
        const value = batch[0][k];
        show(value, fixed(value, 2), `logit ${fixed(value, 2)}`, value);
      });
      choices.show(chosen);
      call.textContent = traps.find(([name]) => name === chosen)[1];
      bars.show();
      detail.show(
        traps.map(([name, slip], i) => {
          const value = PRINTED[name]();
          const cell = { "data-name": `trap-${i}`, "data-value": value };
          return [
            name,
            xent.element("span", cell, fixed(value)),
            xent.element("code", {}, ...broken(slip)),
          ];
        }),
      );
      facts.show("right", right, fixed(right), "nats");
      const unit = chosen === "bits" ? "bits" : "nats";
      facts.show("printed", printed, fixed(printed), printed < Infinity ? unit : "");
      return `${WHY[chosen]} Right ${fixed(right)}, printed ${fixed(printed)}.`;
    },
  });
});
