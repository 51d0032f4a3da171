// Random paths through the grid of two words, each an alignment. The rounds of the search come
// ready from Python: what is drawn here is how likely a path passes along each line.
xent.define("alignment-paths", (root, params) => {
  "use strict";
  const { line, circle, curve, text, fixed, element } = xent;
  const { a, b, mismatch, gap, runs } = params;
  const [rows, columns] = [a.length, b.length];
  const STEPS = [
    [1, 1],
    [1, 0],
    [0, 1],
  ];
  const THICKEST = 11;
  const names = runs.map(({ points }) => `${points} paths a round`);
  let run = runs[0];
  let shown = false;

  const costOf = (i, j, move) => (move > 0 ? gap : a[i] === b[j] ? 0 : mismatch);
  /** The probabilities of the three moves from a cell: at the borders there is one way left. */
  function movesFrom(i, j) {
    if (i === rows && j === columns) return [0, 0, 0];
    if (i === rows) return [0, 0, 1];
    if (j === columns) return [0, 1, 0];
    const [diagonal, down] = run.tables[walk.at][i][j];
    return [diagonal, down, Math.max(1 - (diagonal + down), 0)];
  }

  /** How likely each move of the grid is passed: [[i, j, move, probability], …]; sums over all. */
  function flow() {
    const through = Array.from({ length: rows + 2 }, () => Array(columns + 2).fill(0));
    const passed = [];
    let [mean, entropy] = [0, 0];
    through[0][0] = 1;
    for (let i = 0; i <= rows; i += 1) {
      for (let j = 0; j <= columns; j += 1) {
        movesFrom(i, j).forEach((prob, move) => {
          if (prob === 0) return;
          const share = through[i][j] * prob;
          through[i + STEPS[move][0]][j + STEPS[move][1]] += share;
          mean += share * costOf(i, j, move);
          entropy -= share * Math.log2(prob);
          passed.push([i, j, move, share]);
        });
      }
    }
    return { passed, mean, entropy };
  }

  /** The cells of a path, its cost, its probability now, and the alignment that it writes. */
  function follow(path) {
    let [i, j, cost, prob] = [0, 0, 0, 1];
    const stops = [[0, 0]];
    const lines = ["", "", ""];
    for (const move of [...path].map(Number)) {
      const [down, right] = STEPS[move];
      cost += costOf(i, j, move);
      prob *= movesFrom(i, j)[move];
      lines[0] += down ? a[i] : "-";
      lines[1] += move > 0 ? " " : a[i] === b[j] ? "|" : "×";
      lines[2] += right ? b[j] : "-";
      stops.push([(i += down), (j += right)]);
    }
    return { stops, cost, prob, words: lines.join("\n") };
  }
  const bestPath = () => (walk.at === 0 ? null : follow(run.paths[walk.at - 1]));

  const walk = xent.player({
    label: "Round",
    name: "round",
    most: runs[0].levels.length,
    speed: 2,
    onmove: () => update(),
  });
  const choice = xent.choice("Paths in a round", names, (name) => {
    run = runs[names.indexOf(name)];
    update();
  });
  const overlay = xent.button("Exact best", () => {
    shown = !shown;
    update();
  });

  const grid = xent.picture((width) => {
    const side = Math.min((width - 46) / columns, 330 / rows, 46);
    const left = (width - side * columns) / 2 + 8;
    const x = (j) => left + j * side;
    const y = (i) => 34 + i * side;
    const place = ([i, j]) => [x(j), y(i)];
    const { passed } = flow();
    const best = bestPath();
    const sure = passed.filter(([, , , share]) => share > 0.95).length;
    const pairs = [...a].flatMap((one, i) =>
      [...b].flatMap((two, j) => (one === two ? [[i, j]] : [])),
    );
    return {
      height: 34 + side * rows + 14,
      label:
        `Grid with ${a} down the side and ${b} along the top. ${passed.length} moves are possible, ` +
        `${sure} of them are taken by more than 95% of the paths. ` +
        (best ? `The best path so far costs ${best.cost}` : "No path has been drawn yet") +
        `${shown ? "; the exact best is drawn below it" : ""}.`,
      shapes: [
        ...[...a, ""].map((_, i) => line(x(0), y(i), x(columns), y(i), "grid")),
        ...[...b, ""].map((_, j) => line(x(j), y(0), x(j), y(rows), "grid")),
        ...pairs.map(([i, j]) => line(x(j), y(i), x(j + 1), y(i + 1), "guide")),
        ...[...a].map((letter, i) => text(x(0) - 16, y(i + 0.5) + 4.5, letter, "strong")),
        ...[...b].map((letter, j) => text(x(j + 0.5), y(0) - 14, letter, "strong")),
        ...(shown
          ? [
              [
                "path",
                {
                  d: `M${follow(params.exact).stops.map(place).join("L")}`,
                  class: "curve p",
                  style: "stroke-width: 16px; stroke-opacity: 0.4",
                },
              ],
            ]
          : []),
        ...passed.map(([i, j, move, share]) => [
          "line",
          {
            ...line(x(j), y(i), x(j + STEPS[move][1]), y(i + STEPS[move][0]))[1],
            class: "edge q",
            style: `stroke-width: ${(THICKEST * share).toFixed(2)}px; stroke-linecap: round`,
          },
        ]),
        ...(best ? [curve(best.stops.map(place), "curve run")] : []),
        circle(x(0), y(0), 4, "dot"),
        circle(x(columns), y(rows), 4, "dot"),
      ],
    };
  });

  const facts = xent.facts([
    { name: "mean", label: "mean cost", colour: "q" },
    { name: "level", label: "level γ" },
    { name: "best", label: "best so far" },
    { name: "entropy", label: "entropy", colour: "q" },
    { name: "chance", label: "P(exact best)", colour: "p" },
  ]);
  const words = element("pre", {});
  const exact = element("pre", {});
  const rest = element(
    "div",
    { style: "margin-bottom: 8px" },
    facts.node,
    element("p", { class: "xent-legend" }, "Best so far:"),
    words,
    exact,
  );

  const { update } = xent.mount(root, {
    hint: "Step, or play; then choose fewer paths. Thick lines are moves that many paths take.",
    parts: [
      ...(runs.length > 1 ? [element("div", { class: "xent-buttons" }, choice.node)] : []),
      element("div", { class: "xent-sliders" }, walk.node),
      element("div", { class: "xent-charts" }, element("div", {}, grid.node), rest),
    ],
    buttons: [
      ...walk.buttons,
      overlay,
      xent.resetButton(() => {
        run = runs[0];
        shown = false;
        walk.go(0);
      }),
    ],
    refresh() {
      const at = walk.at;
      const { mean, entropy } = flow();
      const best = bestPath();
      const truth = follow(params.exact);
      choice.show(`${run.points} paths a round`);
      overlay.setAttribute("aria-pressed", String(shown));
      walk.show();
      grid.show();
      facts.show("mean", mean, fixed(mean, 2));
      facts.show("level", at ? run.levels[at - 1] : "", at ? String(run.levels[at - 1]) : "–");
      facts.show("best", best ? best.cost : "", best ? String(best.cost) : "–");
      facts.show("entropy", entropy, fixed(entropy, 2), "bits");
      facts.show("chance", truth.prob, xent.chance(truth.prob));
      words.textContent = best ? best.words : "no path drawn yet\n \n ";
      exact.textContent = shown ? `\nExact best, cost ${truth.cost}:\n${truth.words}` : "";
      if (at === 0)
        return (
          `Before the first round all moves are alike: a path costs ${fixed(mean, 2)} on average, ` +
          `and its entropy is ${fixed(entropy, 2)} bits.`
        );
      return (
        `After round ${at} (${at * run.points} paths drawn) a path costs ${fixed(mean, 2)} on ` +
        `average and the best so far ${best.cost}; ${fixed(entropy, 2)} bits of entropy are left.`
      );
    },
  });
});
