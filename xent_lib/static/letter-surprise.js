// What each letter of a name costs. The counts of four symbols in a row come packed; those of
// shorter pieces are their sums. The reader types a name, and chooses how far the model looks back.
xent.define("letter-surprise", (root, params) => {
  "use strict";
  const { element, fixed, line, rect, text, scale, sum } = xent;
  const { symbols, models, credit, longest } = params;
  const end = symbols.at(-1);
  let { name, model } = params;

  // ---- the numbers --------------------------------------------------------------------------------

  const seen = {};
  const before = {};
  for (const group of params.counts.split(" ")) {
    const context = group.slice(0, 3);
    for (const [, symbol, digits] of group.slice(3).matchAll(/(\D)(\d*)/g)) {
      const count = Number(digits || 1);
      for (let start = 0; start < 4; start += 1) {
        const rest = context.slice(start);
        seen[rest + symbol] = (seen[rest + symbol] ?? 0) + count;
        before[rest] = (before[rest] ?? 0) + count;
      }
    }
  }
  function prob(symbol, context) {
    const shorter = context ? prob(symbol, context.slice(1)) : 1 / symbols.length;
    return ((seen[context + symbol] ?? 0) + credit * shorter) / ((before[context] ?? 0) + credit);
  }
  /** For each symbol of the name, its probability, and the symbol that was thought most probable. */
  function read(which) {
    const padded = end.repeat(3) + name + end;
    return [...name, end].map((symbol, i) => {
      if (which === 0) return { symbol, q: 1 / symbols.length, expected: "none" };
      const context = padded.slice(i + 4 - which, i + 3);
      const most = [...symbols].reduce((best, other) =>
        prob(other, context) > prob(best, context) ? other : best,
      );
      return { symbol, q: prob(symbol, context), expected: say(most) };
    });
  }
  const say = (symbol) => (symbol === end ? "end" : symbol);
  const bits = ({ q }) => -Math.log2(q);


  // ---- the parts ----------------------------------------------------------------------------------

  const input = element("input", {
    type: "text",
    maxlength: longest,
    value: name,
    autocomplete: "off",
    autocapitalize: "none",
    spellcheck: "false",
    "data-lm-suppress-shortcuts": "true", // or the notebook takes the letters
    oninput() {
      const clean = input.value.toLowerCase().replace(/[^a-z]/g, "");
      if (clean !== input.value) input.value = clean;
      name = clean;
      update();
    },
  });
  const field = element("label", { class: "xent-name-field" }, "Name ", input);
  const choices = xent.choice("How far the model looks back", models, (chosen) => {
    model = models.indexOf(chosen);
    update();
  });

  const bars = xent.picture((width) => {
    const letters = read(model);
    const most = Math.max(...models.flatMap((_, which) => read(which).map(bits)));
    const top = Math.max(6, 2 * Math.ceil(most / 2)); // stays when another model is chosen
    const y = scale([0, top], [230, 34]);
    const step = Math.min((width - 40) / letters.length, 56);
    const ticks = Array.from({ length: top / 2 + 1 }, (_, i) => 2 * i);
    const shapes = letters.flatMap((letter, i) => {
      const [x, height] = [32 + step * i, y(0) - y(bits(letter))];
      return [
        rect(x + 3, y(0) - height, step - 6, height, "area q"),
        text(x + step / 2, y(0) - height - 5, fixed(bits(letter), 1), "halo"),
        text(x + step / 2, y(0) + 18, say(letter.symbol), "strong"),
      ];
    });
    const alike = y(Math.log2(symbols.length));
    return {
      height: 262,
      label: `Bars of surprise in bits: ${letters
        .map((letter) => `${say(letter.symbol)} ${fixed(bits(letter), 1)}`)
        .join(", ")}.`,
      shapes: [
        ...xent.axisY(y, 28, width - 4, ticks, "surprise, in bits (dashed: all alike)"),
        line(28, alike, width - 4, alike, "guide"),
        ...shapes,
      ],
    };
  });

  const facts = xent.facts([
    { name: "total", label: "the name costs", colour: "q" },
    { name: "each", label: "a symbol costs" },
    { name: "perplexity", label: "perplexity" },
  ]);
  const table = xent.table(["letter", "probability", "bits", "most expected"]);
  const detail = element("details", {}, element("summary", {}, "In numbers"), table.node);

  const { update } = xent.mount(root, {
    hint: "Type a name, and choose how far the model looks back.",
    parts: [field, choices.node, bars.node, facts.node, detail],
    buttons: [
      xent.resetButton(() => {
        ({ name, model } = params);
        input.value = name;
        update();
      }),
    ],
    refresh() {
      const letters = read(model);
      const total = sum(letters.map(bits));
      const each = total / letters.length;
      choices.show(models[model]);
      bars.show();
      facts.show("total", total, fixed(total, 1), "bits");
      facts.show("each", each, fixed(each, 2), "bits");
      facts.show("perplexity", 2 ** each, fixed(2 ** each, 1));
      table.show(
        letters.map((letter) => [
          say(letter.symbol),
          letter.q < 0.0005 ? letter.q.toExponential(0) : fixed(letter.q),
          fixed(bits(letter), 2),
          letter.expected,
        ]),
      );
      if (!name) return "No name yet: only the end costs something.";
      if (model === 0) return `${name} costs ${fixed(total, 1)} bits: every symbol costs the same.`;
      const dear = letters.reduce((one, other) => (bits(other) > bits(one) ? other : one));
      const hoped = say(dear.symbol) === dear.expected ? "though it" : `where ${dear.expected}`;
      return `${name} costs ${fixed(total, 1)} bits (${models[model]}). The dearest is ${say(dear.symbol)}, at ${fixed(bits(dear), 1)} bits, ${hoped} was most expected.`;
    },
  });
});
