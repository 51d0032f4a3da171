// A search for the shortest tour: the transition matrix as a heat map, and beside it the map of the
// cities with the ways that it takes. The run comes ready from Python; here it is played.
xent.define("tour-matrix", (root, params) => {
  "use strict";
  const { line, rect, circle, text, path, scale, fixed, element } = xent;
  const { places, tables, level, best, tours, points } = params;
  const c = places.length;
  const MOST = level.length;
  let from = 0;

  const walk = xent.player({
    label: "Round",
    name: "round",
    most: MOST,
    speed: 2,
    onmove: () => update(),
  });
  const dial = xent.slider({
    label: "From city",
    name: "city",
    max: c - 1,
    step: 1,
    oninput(value) {
      from = value;
      update();
    },
  });
  const table = () => tables[walk.at];
  /** The cities in the order in which the chosen one goes on to them, the likeliest first. */
  const onward = () =>
    table()
      [from].map((prob, to) => [prob, to])
      .sort(([a], [b]) => b - a);
  const shaded = (shape, opacity, name) => {
    shape[1][name] = opacity.toFixed(3);
    return shape;
  };

  const matrix = xent.picture((width) => {
    const side = Math.min(width - 26, 310);
    const cell = side / c;
    const left = 24 + (width - 26 - side) / 2;
    const top = 40;
    const [most, next] = onward()[0];
    return {
      height: top + side + 4,
      label:
        `A table of ${c} by ${c} cells, darker where the probability is larger. In the row of ` +
        `city ${from} the darkest cell is ${next}, with ${xent.chance(most)}.`,
      shapes: [
        text(0, 12, "from (row) to (column)", "tick", "start"),
        ...places.flatMap((_, i) => [
          text(left + (i + 0.5) * cell, top - 7, String(i), "tick"),
          text(left - 6, top + (i + 0.5) * cell + 4.5, String(i), i === from ? "strong" : "tick", "end"),
        ]),
        ...table().flatMap((row, i) =>
          row.map((prob, j) =>
            shaded(
              rect(left + j * cell + 0.5, top + i * cell + 0.5, cell - 1, cell - 1, "solid q"),
              prob,
              "fill-opacity",
            ),
          ),
        ),
        ...places.map((_, i) => line(left, top + i * cell, left + side, top + i * cell, "grid")),
        ...places.map((_, i) => line(left + i * cell, top, left + i * cell, top + side, "grid")),
        path(`M${left},${top}h${side}v${side}h${-side}Z`, "edge"),
        path(`M${left},${top + from * cell}h${side}v${cell}h${-side}Z`, "curve run"),
      ],
    };
  });

  const map = xent.picture((width) => {
    const side = Math.min(width - 26, 310);
    const left = (width - side) / 2;
    const x = scale([-0.05, 1.05], [left, left + side]);
    const y = scale([-0.05, 1.05], [40 + side, 40]);
    const spots = places.map(([a, b]) => [x(a), y(b)]);
    const tour = walk.at === 0 ? [] : tours[walk.at - 1];
    const ways = spots.flatMap((one, i) =>
      spots.slice(i + 1).flatMap((two, k) => {
        const share = (table()[i][i + 1 + k] + table()[i + 1 + k][i]) / 2;
        if (share < 0.004) return [];
        const way = line(...one, ...two, "edge q");
        way[1].style = `stroke-width: ${(1 + 11 * share).toFixed(2)}px`; // above the class's own
        return [shaded(way, Math.min(1, 0.12 + 1.7 * share), "stroke-opacity")];
      }),
    );
    return {
      height: side + 44,
      label:
        `The map of ${c} cities. A line is the thicker, the more often its way is taken` +
        (tour.length ? `; the best tour so far, dashed, goes ${tour.join(", ")}.` : "."),
      shapes: [
        text(0, 12, "ways taken; dashed: best so far", "tick", "start"),
        ...ways,
        ...tour.map((city, i) => line(...spots[city], ...spots[tour[(i + 1) % c]], "guide")),
        ...spots.flatMap(([cx, cy], i) => [
          circle(cx, cy, 10, i === from ? "knob" : "knob q"),
          text(cx, cy + 4.5, String(i), i === from ? "strong" : ""),
        ]),
      ],
    };
  });

  const facts = xent.facts([
    { name: "best", label: "best so far" },
    { name: "level", label: "level γ", colour: "q" },
    { name: "entropy", label: "entropy a city" },
    { name: "choices", label: "as if to choose from" },
  ]);

  const { update } = xent.mount(root, {
    hint: "Step, or play. Then choose a city and follow its row.",
    parts: [
      element("div", { class: "xent-sliders" }, walk.node, dial.node),
      facts.node,
      element(
        "div",
        { class: "xent-charts" },
        element("div", {}, matrix.node),
        element("div", {}, map.node),
      ),
    ],
    buttons: [
      ...walk.buttons,
      xent.resetButton(() => {
        from = 0;
        walk.go(0);
      }),
    ],
    refresh() {
      const at = walk.at;
      const entropy = xent.sum(table().map((row) => xent.entropy(row))) / c;
      const [[most, next], [second, other]] = onward();
      dial.show(from, String(from), `city ${from}`);
      walk.show();
      matrix.show();
      map.show();
      facts.show("best", at ? best[at - 1] : "", at ? fixed(best[at - 1]) : "–");
      facts.show("level", at ? level[at - 1] : "", at ? fixed(level[at - 1]) : "–");
      facts.show("entropy", entropy, fixed(entropy), "bits");
      facts.show("choices", 2 ** entropy, fixed(2 ** entropy, 1), "cities");
      if (at === 0)
        return `Before the first round every city goes on to each of the ${c - 1} others alike.`;
      const also = second > 0.0005 ? `, to ${other} with ${xent.chance(second)}` : "";
      return (
        `After round ${at} (${(at * points).toLocaleString("en")} tours tried): city ${from} goes ` +
        `on to ${next} with probability ${xent.chance(most)}${also}. The elites are ` +
        `${fixed(level[at - 1])} long or shorter, the best tour so far ${fixed(best[at - 1])}.`
      );
    },
  });
});
