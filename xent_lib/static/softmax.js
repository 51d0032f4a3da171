// Logits and a temperature, and their softmax as bars. One slider adds the same number to every
// logit: the bars stay, while the formula written naively runs out of numbers.
xent.define("softmax", (root, params) => {
  "use strict";
  const { rect, text, scale, fixed, chance, power, sum } = xent;
  const { labels } = params;
  let { logits: z, temperature } = params;
  let shift = 0;

  const shifted = () => z.map((logit) => logit + shift);
  const naive = () => shifted().map((logit) => Math.exp(logit / temperature));
  function softmax() {
    const top = Math.max(...shifted());
    const powers = shifted().map((logit) => Math.exp((logit - top) / temperature));
    return powers.map((power) => power / sum(powers));
  }
  const warmth = () => (temperature < 1 ? temperature.toFixed(2) : temperature.toFixed(1));

  const dials = labels.map((label, i) =>
    xent.slider({
      label: `z(${label})`,
      name: `z-${i}`,
      colour: "q",
      min: -5,
      max: 5,
      step: 0.1,
      oninput(value) {
        z = z.map((logit, k) => (k === i ? value : logit));
        update();
      },
    }),
  );
  const heat = xent.slider({
    label: "Temperature T",
    name: "temperature",
    min: -1,
    max: 1,
    step: 0.05,
    oninput(power) {
      temperature = 10 ** power;
      update();
    },
  });
  const lift = xent.slider({
    label: "Add to every z",
    name: "shift",
    min: -1000,
    max: 1000,
    step: 10,
    oninput: (value) => raise(value),
  });
  function raise(value) {
    shift = value;
    update();
  }
  const group = (...parts) =>
    xent.element("div", { class: "xent-sliders" }, ...parts.map(({ node }) => node));
  const sliders = xent.element(
    "div",
    { class: "xent-pair" },
    group(...dials),
    group(heat, lift),
  );

  const chart = xent.picture((width) => {
    const [left, right] = [38, width - 6];
    const y = scale([0, 1], [246, 52]);
    const probs = softmax();
    const best = probs.indexOf(Math.max(...probs));
    const band = (right - left) / labels.length;
    const shapes = xent.axisY(y, left, right, [0, 0.25, 0.5, 0.75, 1], "probability q");
    probs.forEach((prob, i) => {
      const centre = left + band * (i + 0.5);
      const half = Math.min(band * 0.36, 50);
      const bar = [centre - half, y(prob), 2 * half, y(0) - y(prob)];
      shapes.push(
        rect(...bar, "area q"),
        rect(...bar, "edge q"),
        text(centre, y(prob) - 7, chance(prob), "q strong halo"),
        text(centre, y(0) + 18, labels[i], "strong"),
      );
      if (i === best) shapes.push(text(centre, y(prob) - 23, "argmax", "strong halo"));
    });
    const bars = probs.map((prob, i) => `${labels[i]} ${chance(prob)}`);
    return { height: 270, label: `Bars: ${bars.join(", ")}. argmax is ${labels[best]}.`, shapes };
  });

  const facts = xent.facts([
    { name: "entropy", label: "entropy H(q)", colour: "q" },
    { name: "argmax", label: "argmax" },
  ]);
  const detail = xent.table(["class", "z", "exp(z/T)", "naive share", "stable share"]);
  function precise(name, value) {
    const cell = xent.element("span", { "data-name": name });
    cell.dataset.value = String(value);
    cell.textContent = chance(value);
    return cell;
  }
  /** A number as Python would call it where it is none. */
  const plain = (value, show) => {
    if (Number.isNaN(value)) return "nan";
    return value === Infinity ? "inf" : show(value);
  };

  const { update } = xent.mount(root, {
    hint: "Move a logit, the temperature, or all logits at once.",
    parts: [sliders, chart.node, facts.node, detail.node],
    buttons: [
      xent.button("Add 1000 to every z", () => raise(1000)),
      xent.resetButton(() => {
        ({ logits: z, temperature } = params);
        raise(0);
      }),
    ],
    refresh() {
      const [probs, powers] = [softmax(), naive()];
      const shares = powers.map((power) => power / sum(powers));
      const [own, best] = [xent.entropy(probs, "nats"), probs.indexOf(Math.max(...probs))];
      z.forEach((logit, i) => dials[i].show(logit, fixed(logit, 1)));
      heat.show(Math.log10(temperature), warmth(), `temperature ${warmth()}`, temperature);
      lift.show(shift, fixed(shift, 0), `${fixed(shift, 0)} added to every logit`);
      chart.show();
      facts.show("entropy", own, fixed(own), "nats");
      facts.show("argmax", best, labels[best]);
      detail.show(
        labels.map((label, i) => [
          label,
          fixed(shifted()[i], 1),
          plain(powers[i], power),
          plain(shares[i], chance),
          precise(`prob-${i}`, probs[i]),
        ]),
      );
      if (shift !== 0) {
        const broken = shares.some(Number.isNaN) ? " The formula written naively gives nan." : "";
        return `Every logit has moved by ${fixed(shift, 0)}, and no probability with it.${broken}`;
      }
      return (
        `At temperature ${warmth()}, ${labels[best]} has probability ${chance(probs[best])}; ` +
        `the entropy is ${fixed(own)} of at most ${fixed(Math.log(labels.length))} nats.`
      );
    },
  });
});
