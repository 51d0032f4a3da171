// The dodecahedron, pressed flat, whose edges fail under a proposal: the thicker an edge, the more
// often. The levels of two runs can be stepped through: one that asks for a way between two
// opposite nodes, one that asks whether all nodes hang together.
xent.define("network-levels", (root, params) => {
  "use strict";
  const { line, circle, text, fixed, power, sum } = xent;
  const { nodes, edges, runs } = params;
  const LISTED = 6;
  const SPEED = 0.8; // levels a second
  let chosen = runs[0];

  const name = (edge) => edges[edge].join("–");
  const asked = (node) => chosen.terminals.includes(node);
  const start = () => chosen.steps[0].probs;
  const now = () => Math.min(walk.at, chosen.steps.length - 1);
  const step = () => chosen.steps[now()];
  const cutOff = (probs) =>
    sum(
      chosen.terminals.map((node) =>
        probs.reduce((all, prob, i) => (edges[i].includes(node) ? all * prob : all), 1),
      ),
    );
  /** The edges from the likeliest to fail on. */
  const ranked = () => {
    const { probs } = step();
    return probs.map((_, i) => i).sort((a, b) => probs[b] - probs[a] || a - b);
  };

  const choice = xent.choice(
    "What is asked",
    runs.map((run) => run.name),
    (option) => {
      chosen = runs.find((run) => run.name === option);
      walk.go(walk.at);
    },
  );
  const walk = xent.player({
    label: "Level",
    name: "step",
    most: Math.max(...runs.map((run) => run.steps.length)) - 1,
    speed: SPEED,
    onmove: () => update(),
  });
  const sliders = xent.element("div", { class: "xent-sliders" }, walk.node);

  const network = xent.picture((width) => {
    const height = Math.min(width, 380);
    const radius = height / 2 - 16;
    const place = ([x, y]) => [width / 2 + radius * x, height / 2 + radius * y];
    const { probs } = step();
    const raised = edges.flatMap((ends, i) => {
      if (probs[i] < 1.5 * start()[i]) return [];
      const [[x1, y1], [x2, y2]] = ends.map((node) => place(nodes[node]));
      const wide = 1.5 + 16 * probs[i];
      return [
        ["line", { x1, y1, x2, y2, class: "curve q", style: `stroke-width: ${wide.toFixed(2)}px` }],
      ];
    });
    const top = ranked().slice(0, LISTED).map((i) => `${name(i)} ${fixed(probs[i], 2)}`);
    return {
      height,
      label:
        `The network of 20 nodes and 30 edges; ${raised.length} edges are drawn thick in orange. ` +
        `The likeliest to fail: ${top.join(", ")}.`,
      shapes: [
        ...edges.map(([a, b]) => line(...place(nodes[a]), ...place(nodes[b]), "axis")),
        ...raised,
        ...nodes.map((at, i) => {
          const [tag, attributes] = circle(...place(at), 12, asked(i) ? "knob p" : "knob");
          return [tag, { ...attributes, style: `stroke-width: ${asked(i) ? 2.5 : 1}px` }];
        }),
        ...nodes.map((at, i) => {
          const [x, y] = place(at);
          return text(x, y + 4.5, String(i), asked(i) ? "strong" : "quiet");
        }),
      ],
    };
  });
  const facts = xent.facts([
    { name: "gamma", label: "level γ" },
    { name: "failing", label: "edges failing", colour: "q" },
    { name: "cut-off", label: "nodes cut off", colour: "q" },
  ]);
  const table = xent.table(["edge", "fails"]);

  const { update } = xent.mount(root, {
    hint: "Step through the levels, or play. The thicker an edge, the more often it fails.",
    parts: [choice.node, sliders, network.node, facts.node, table.node],
    buttons: [
      ...walk.buttons,
      xent.resetButton(() => {
        chosen = runs[0];
        walk.go(0);
      }),
    ],
    refresh() {
      const at = now();
      const { gamma, probs } = step();
      const last = chosen.steps.length - 1;
      walk.show(`step ${at} of ${last}`);
      choice.show(chosen.name);
      network.show();
      const off = cutOff(probs);
      facts.show("gamma", gamma ?? NaN, gamma === null ? "none yet" : String(gamma));
      facts.show("failing", sum(probs), fixed(sum(probs), 2), "a draw");
      facts.show("cut-off", off, power(off), "a draw");
      table.show(
        ranked()
          .slice(0, LISTED)
          .map((i) => [name(i), fixed(probs[i])]),
      );
      if (at === 0) return `The network as it is: each edge fails with probability ${probs[0]}.`;
      const raised = probs.filter((prob, i) => prob >= 1.5 * start()[i]).length;
      const done = at === last ? " This is the final proposal." : "";
      const are = raised === 1 ? "edge is" : "edges are";
      return `After γ = ${gamma}, ${raised} ${are} broken more often than by nature.${done}`;
    },
  });
});
