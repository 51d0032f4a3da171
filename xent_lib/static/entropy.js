// One distribution: for each symbol a column as wide as its probability and as high as its
// surprise. The total width is 1, so the area is the entropy and also the average height.
xent.define("entropy", (root, params) => {
  "use strict";
  const { line, rect, text, scale, fixed, chance, surprisal } = xent;
  const { p: start, labels } = params;
  const TOP = 5; // bits drawn; higher columns leave through the top
  const MOST = Math.log2(start.length);
  let p = start;
  const set = (probs) => {
    p = probs;
    update();
  };

  const bars = xent.distribution({
    legend: "p, the probabilities",
    symbol: "p",
    labels,
    colour: "p",
    onchange: set,
  });

  const across = (width) => scale([0, 1], [28, width - (width < 480 ? 92 : 128)]);
  const areas = xent.picture(
    (width) => {
      const x = across(width);
      const y = scale([0, TOP], [256, 46]);
      const [left, right] = x.range;
      const unit = width < 480 ? "" : " bits";
      const h = xent.entropy(p);
      const edges = xent.edges(p).map(x);
      const shapes = xent.axisY(
        y,
        left,
        right,
        [0, 1, 2, 3, 4, 5],
        "height: surprise log₂ 1/p, in bits",
      );
      const tall = [];
      p.forEach((prob, i) => {
        if (prob === 0) return;
        const [x0, wide, bits] = [edges[i], edges[i + 1] - edges[i], surprisal(prob)];
        const top = y(Math.min(bits, TOP));
        shapes.push(
          rect(x0, top, wide, y(0) - top, "area p"),
          rect(x0, top, wide, y(0) - top, "edge p"),
        );
        if (bits > TOP) tall.push([x0 + wide / 2, `${fixed(bits, 1)} bits`]);
        const area = fixed(prob * bits) + (wide > 80 ? " bits" : "");
        if (wide > 42 && y(0) - top > 20) shapes.push(text(x0 + wide / 2, y(0) - 8, area));
      });
      const [low, high] = xent.spread([y(h), y(MOST)], 17, 0, y(0));
      shapes.push(
        ...xent.offTop(tall, y(TOP), "p"),
        ...xent.names(labels, edges, y(0) + 28),
        text(right, y(0) + 46, "width: probability p, in all 1", "tick", "end"),
        line(left, y(MOST), right, y(MOST), "guide"),
        text(right + 6, high + 4.5, `log₂ ${p.length} = ${fixed(MOST)}${unit}`, "quiet", "start"),
        line(left, y(h), right, y(h), "curve p"),
        text(right + 6, low + 4.5, `H(p) = ${fixed(h)}${unit}`, "p strong", "start"),
        ...xent.grips(edges, y(0)),
      );
      const columns = p.map(
        (prob, i) => `${labels[i]} ${chance(prob)} wide and ${fixed(surprisal(prob))} bits high`,
      );
      return {
        height: 308,
        label: `Columns whose area is the entropy: ${columns.join("; ")}. Average height ${fixed(h)} bits.`,
        shapes,
      };
    },
    (name, px) => set(xent.moveEdge(p, Number(name), across(areas.node.clientWidth).invert(px))),
  );

  const facts = xent.facts([
    { name: "entropy", label: "entropy H(p)", colour: "p" },
    { name: "maximum", label: `at most log₂ ${start.length}` },
    { name: "perplexity", label: "perplexity" },
  ]);
  const equal = start.map(() => 1 / start.length);
  const go = (probs) => glide(p, probs, (now) => (p = now));

  const { update, glide } = xent.mount(root, {
    hint: "Move a slider (the others make room), or drag a triangle.",
    parts: [bars.node, areas.node, facts.node],
    buttons: [xent.button("Make all equal", () => go(equal)), xent.resetButton(() => go(start))],
    refresh() {
      const h = xent.entropy(p);
      bars.show(p);
      areas.show();
      facts.show("entropy", h, fixed(h), "bits");
      facts.show("maximum", MOST, fixed(MOST), "bits");
      facts.show("perplexity", 2 ** h, fixed(2 ** h, 2), "equally likely choices");
      return (
        `On average ${fixed(h)} bits of surprise, of at most ${fixed(MOST)}: ` +
        `as uncertain as ${fixed(2 ** h, 2)} equally likely choices.`
      );
    },
  });
});
