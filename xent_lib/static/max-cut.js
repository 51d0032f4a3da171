// A search for the largest cut: each node of the graph has a coin, drawn as a disc that is as full
// as the coin is sure of side 1. The runs come ready from Python; here they are played.
xent.define("max-cut", (root, params) => {
  "use strict";
  const { line, circle, curve, path, text, scale, fixed, element } = xent;
  const { places, edges, weights, runs } = params;
  const MOST = Math.max(...runs.map(({ level }) => level.length));
  const names = runs.map(({ points }) => `${points} points a round`);
  let run = runs[0];

  const total = xent.sum(weights);
  const rounded = (value) => String(Number(value.toFixed(2)));
  /** A run that has come to rest stays where it is. */
  const at = () => Math.min(walk.at, run.level.length);
  const probs = () => run.probs[at()];
  const told = (list) => (at() === 0 ? NaN : list[at() - 1]);
  const bestCut = () => (at() === 0 ? "" : run.cuts[at() - 1]);

  const walk = xent.player({
    label: "Round",
    name: "round",
    most: MOST,
    speed: 2,
    onmove: () => update(),
  });
  const choice = xent.choice("Points a round", names, (name) => {
    run = runs[names.indexOf(name)];
    walk.go(walk.at);
  });

  /** A slice of a disc, from the top clockwise. */
  function slice(x, y, r, share) {
    if (share > 0.9995) return circle(x, y, r, "solid q");
    const turn = 2 * Math.PI * share;
    const [ex, ey] = [x + r * Math.sin(turn), y - r * Math.cos(turn)];
    return path(`M${x},${y}V${y - r}A${r},${r} 0 ${share > 0.5 ? 1 : 0} 1 ${ex},${ey}Z`, "solid q");
  }

  const graph = xent.picture((width) => {
    const half = Math.min(width, 340) / 2;
    const r = places.length > 20 ? 9 : 12;
    const x = scale([-1, 1], [width / 2 - half + r + 4, width / 2 + half - r - 4]);
    const y = scale([-1, 1], [2 * half - r - 4, r + 4]);
    const spots = places.map(([a, b]) => [x(a), y(b)]);
    const cut = bestCut();
    const crosses = ([a, b]) => cut !== "" && cut[a] !== cut[b];
    const sure = probs().filter((prob) => Math.max(prob, 1 - prob) > 0.95).length;
    return {
      height: 2 * half,
      label:
        `${places.length} nodes, of which ${sure} are more than 95% sure of their side. ` +
        (cut === ""
          ? "No cut is known yet."
          : `The best cut so far, drawn in heavy lines, goes through ${edges.filter(crosses).length} ` +
            `of ${edges.length} edges.`),
      shapes: [
        ...edges.map((edge) =>
          line(
            ...spots[edge[0]],
            ...spots[edge[1]],
            crosses(edge) ? "curve run" : cut === "" ? "edge" : "guide",
          ),
        ),
        ...spots.flatMap(([cx, cy], i) => [
          circle(cx, cy, r, "knob"),
          slice(cx, cy, r - 1.2, probs()[i]),
        ]),
      ],
    };
  });

  const chart = xent.picture((width) => {
    const lists = runs.flatMap(({ mean, level, best }) => [...mean, ...level, ...best]);
    const [low, high] = [Math.floor(Math.min(...lists)), Math.ceil(Math.max(...lists))];
    const right = width - 62;
    const x = scale([0, MOST], [34, right]);
    const y = scale([low, high], [158, 30]);
    const ticks = [low, Math.round((low + high) / 2), high];
    const curves = [
      ["best", run.best, "curve run", "strong", "dot"],
      ["level γ", run.level, "edge q", "q", "solid q"],
      ["mean", run.mean, "guide", "quiet", "dot"],
    ];
    const ends = curves.map(([, list]) => y(at() === 0 ? low : list[at() - 1]));
    const places = xent.spread(ends, 15, 30, 158);
    return {
      height: 198,
      label:
        `Best, level and mean over the rounds; ` +
        (at() === 0
          ? "nothing is drawn yet."
          : `after round ${at()} they are ${rounded(told(run.best))}, ` +
            `${rounded(told(run.level))} and ${rounded(told(run.mean))}.`),
      shapes: [
        ...xent.axisY(y, 34, right, ticks, "weight of the cut"),
        ...xent.axisX(x, 158, [0, Math.round(MOST / 2), MOST], "round"),
        ...(at() === 0
          ? []
          : curves.flatMap(([name, list, style, words, dot], i) => {
              const points = list.slice(0, at()).map((value, t) => [x(t + 1), y(value)]);
              return [
                curve(points, style),
                circle(...points.at(-1), 3.5, dot),
                text(x(at()) + 8, places[i] + 4.5, name, `${words} halo`, "start"),
              ];
            })),
      ],
    };
  });

  const facts = xent.facts([
    { name: "best", label: "best so far" },
    { name: "level", label: "level γ", colour: "q" },
    { name: "mean", label: "mean" },
    { name: "entropy", label: "entropy of the coins" },
  ]);
  const every = xent.table(["node", "P(side 1)", "in the best cut"]);
  const number = (i, prob) => {
    const node = element("span", { "data-name": `prob-${i}` }, xent.chance(prob));
    node.dataset.value = String(prob);
    return node;
  };

  const { update } = xent.mount(root, {
    hint: "Step, or play. A full disc is a node on side 1, an empty one on side 0; heavy lines are the edges that the best cut so far goes through.",
    parts: [
      ...(runs.length > 1 ? [element("div", { class: "xent-buttons" }, choice.node)] : []),
      element("div", { class: "xent-sliders" }, walk.node),
      facts.node,
      element(
        "div",
        { class: "xent-charts" },
        element("div", {}, graph.node),
        element("div", {}, chart.node),
      ),
      element("details", {}, element("summary", {}, "All coins as a table"), every.node),
    ],
    buttons: [
      ...walk.buttons,
      xent.resetButton(() => {
        run = runs[0];
        walk.go(0);
      }),
    ],
    refresh() {
      const entropy = xent.sum(probs().map((prob) => xent.entropy([prob, 1 - prob])));
      choice.show(`${run.points} points a round`);
      walk.show();
      graph.show();
      chart.show();
      for (const name of ["best", "level", "mean"]) {
        const value = told(run[name]);
        facts.show(name, at() === 0 ? "" : value, at() === 0 ? "–" : rounded(value));
      }
      facts.show("entropy", entropy, fixed(entropy), "bits");
      every.show(
        probs().map((prob, i) => [String(i), number(i, prob), bestCut() === "" ? "–" : bestCut()[i]]),
      );
      if (at() === 0)
        return (
          `Before the first round every coin is fair: all cuts are alike, and the coins hold ` +
          `${fixed(entropy)} bits of entropy.`
        );
      const rest = at() < walk.at ? `The run came to rest in round ${at()}` : `After round ${at()}`;
      return (
        `${rest} (${(at() * run.points).toLocaleString("en")} cuts tried): the elites weigh ` +
        `${rounded(told(run.level))} or more, the best cut so far ${rounded(told(run.best))} of ` +
        `${rounded(total)}, and ${fixed(entropy)} bits of entropy are left.`
      );
    },
  });
});
