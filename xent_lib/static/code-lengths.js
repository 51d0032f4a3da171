// Lengths of code words against the budget of Kraft's inequality. A word of l bits takes 2^−l of
// the budget; laid side by side, shorter words first, the pieces are the words of a prefix code.
xent.define("code-lengths", (root, params) => {
  "use strict";
  const { line, rect, text, scale, fixed, hatch, sum } = xent;
  const { p, labels } = params;
  const LONGEST = 6;
  const entropy = xent.entropy(p);
  let lengths = [...params.lengths];
  const share = (length) => 2 ** -length;
  const spent = () => sum(lengths.map(share));

  /** Each symbol's place in the budget, shorter words first: { symbol, begin, word }. */
  function places() {
    let begin = 0;
    return labels
      .map((_, symbol) => symbol)
      .sort((a, b) => lengths[a] - lengths[b])
      .map((symbol) => {
        const number = begin * 2 ** lengths[symbol];
        const place = { symbol, begin, word: number.toString(2).padStart(lengths[symbol], "0") };
        begin += share(lengths[symbol]);
        return place;
      });
  }

  const sliders = labels.map((label, i) =>
    xent.slider({
      label: `${label}, p = ${fixed(p[i])}`,
      name: `length-${i}`,
      colour: "q",
      min: 1,
      max: LONGEST,
      step: 1,
      room: 6.8,
      oninput(value) {
        lengths = lengths.with(i, value);
        update();
      },
    }),
  );
  const controls = xent.element(
    "fieldset",
    { class: "xent-sliders", "data-colour": "q" },
    xent.element("legend", {}, "Length of each code word"),
    ...sliders.map(({ node }) => node),
  );

  const budget = xent.picture((width) => {
    const total = spent();
    const x = scale([0, Math.max(1, total)], [1, width - 14]);
    const [top, high] = [34, 46];
    const shapes = [text(0, 14, "the budget for code words", "tick", "start")];
    for (const { symbol, begin, word } of places()) {
      const [left, wide] = [x(begin), x(begin + share(lengths[symbol])) - x(begin)];
      shapes.push(rect(left, top, wide, high, "area q"), rect(left, top, wide, high, "edge q"));
      if (wide > 16) shapes.push(text(left + wide / 2, top + 19, labels[symbol], "strong"));
      if (wide > 12 + 8 * word.length && total <= 1) {
        shapes.push(text(left + wide / 2, top + 37, word, "code"));
      }
    }
    if (total > 1) {
      const [from, wide] = [x(1), x(total) - x(1)];
      shapes.push(
        hatch(from, top, wide, high),
        text(x(total), 26, "too much", "excess strong", "end"),
      );
    } else if (total < 1) {
      shapes.push(rect(x(total), top, x(1) - x(total), high, "unused"));
      if (x(1) - x(total) > 52)
        shapes.push(text((x(1) + x(total)) / 2, top + 28, "unused", "tick"));
    }
    shapes.push(line(x(1), top - 8, x(1), top + high + 5, "limit"));
    shapes.push(...xent.axisX(x, top + high + 5, [0, 0.25, 0.5, 0.75, 1], "share of the budget"));
    return {
      height: top + high + 46,
      label: `A bar of the budget: ${fixed(total, 4)} of 1 is spent.`,
      shapes,
    };
  });

  const average = xent.picture((width) => {
    const x = scale([0, LONGEST], [1, width - 14]);
    const expected = sum(p.map((prob, i) => prob * lengths[i]));
    const shapes = [
      text(0, 14, "expected length", "q strong", "start"),
      rect(x(0), 20, x(expected) - x(0), 20, "area q"),
      rect(x(0), 20, x(expected) - x(0), 20, "edge q"),
      rect(x(0), 46, x(entropy) - x(0), 20, "solid p"),
      text(0, 82, "entropy H(p)", "p strong", "start"),
      line(x(entropy), 20, x(entropy), 70, "guide"),
      ...xent.axisX(x, 90, [0, 1, 2, 3, 4, 5, 6], "bits per symbol"),
    ];
    if (expected > entropy) {
      shapes.push(
        hatch(x(entropy), 46, x(expected) - x(entropy), 20),
        rect(x(entropy), 46, x(expected) - x(entropy), 20, "edge excess"),
      );
    }
    return {
      height: 128,
      label: `Two bars: expected length ${fixed(expected)} bits, entropy ${fixed(entropy)} bits.`,
      shapes,
    };
  });

  const facts = xent.facts([
    { name: "kraft", label: "budget spent" },
    { name: "expected", label: "expected length", colour: "q" },
    { name: "entropy", label: "entropy H(p)", colour: "p" },
  ]);

  const { update } = xent.mount(root, {
    hint: "Choose a length for each word; the words appear while the budget allows them.",
    parts: [controls, budget.node, average.node, facts.node],
    buttons: [
      xent.resetButton(() => {
        lengths = [...params.lengths];
        update();
      }),
    ],
    refresh() {
      const total = spent();
      const expected = sum(p.map((prob, i) => prob * lengths[i]));
      for (const { symbol, word } of places()) {
        const length = lengths[symbol];
        const bits = `${length} ${length === 1 ? "bit" : "bits"}`;
        const shown = total > 1 ? bits : `${bits}: ${word}`;
        sliders[symbol].show(length, shown, total > 1 ? bits : `${bits}, word ${word}`);
      }
      budget.show();
      average.show();
      facts.show("kraft", total, fixed(total, 4), "of 1");
      facts.show("expected", expected, fixed(expected), "bits");
      facts.show("entropy", entropy, fixed(entropy), "bits");
      if (total > 1)
        return `${fixed(total, 4)} is more than the budget of 1: no such prefix code exists.`;
      const over = `${fixed(expected)} bits on average, ${fixed(expected - entropy)} above the entropy`;
      return total < 1
        ? `${over}; ${fixed(1 - total, 4)} of the budget is unused, so some word could be shorter.`
        : `${over}; the whole budget is spent.`;
    },
  });
});
