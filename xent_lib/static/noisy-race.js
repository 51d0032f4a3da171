// Some plans, each measured in more and more noisy runs. Above each plan's runs, their mean with
// two standard errors, and, once shown, its truth; below the luck of the leader, averaged over all
// races, against the number of runs.
xent.define("noisy-race", (root, params) => {
  "use strict";
  const { line, rect, circle, curve, scale, fixed, text } = xent;
  const { labels, truth, quantity, first } = params;
  const races = params.runs.map((plans) => plans.map((runs) => runs.map((v) => v / params.scale)));
  const most = races[0][0].length;
  const best = truth.indexOf(Math.max(...truth));
  const SECRETS = ["hidden", "shown"];
  let race = 0;
  let count = first;
  let secret = SECRETS[0];

  const mean = (values) => xent.sum(values) / values.length;
  /** Mean and standard error of the first n runs of each plan; one run has no error. */
  function standing(number, n) {
    return races[number].map((runs) => {
      const some = runs.slice(0, n);
      const middle = mean(some);
      const squares = xent.sum(some.map((v) => (v - middle) ** 2));
      return { mean: middle, error: n > 1 ? Math.sqrt(squares / (n - 1) / n) : NaN };
    });
  }
  function ahead(number, n) {
    const means = standing(number, n).map((plan) => plan.mean);
    const leader = means.indexOf(Math.max(...means));
    return { leader, luck: means[leader] - truth[leader] };
  }
  const all = Array.from({ length: most }, (_, i) => races.map((_, number) => ahead(number, i + 1)));
  const luckAt = all.map((leaders) => mean(leaders.map(({ luck }) => luck)));
  const wrongAt = all.map((leaders) => leaders.filter(({ leader }) => leader !== best).length);
  const everything = [...races.flat(2), ...truth];
  const [low, high] = [Math.min(...everything), Math.max(...everything)];

  /** Round numbers between two ends, about as many as `parts`, and how to write them. */
  function ticks(from, to, parts) {
    const rough = (to - from) / parts;
    const ten = 10 ** Math.floor(Math.log10(rough));
    const step = [1, 2, 5, 10].find((times) => times * ten >= rough) * ten;
    const start = Math.ceil(from / step - 1e-9);
    const length = Math.floor(to / step + 1e-9) - start + 1;
    const digits = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
    return {
      values: Array.from({ length }, (_, i) => (start + i) * step),
      write: (value) => (value === 0 ? "0" : fixed(value, digits)),
    };
  }

  const runsDial = xent.slider({
    label: "Runs of each plan",
    name: "count",
    min: 1,
    max: most,
    step: 1,
    oninput(value) {
      count = value;
      update();
    },
  });
  const raceDial = xent.slider({
    label: "Race",
    name: "race",
    min: 1,
    max: races.length,
    step: 1,
    oninput(value) {
      race = value - 1;
      update();
    },
  });
  const choice = xent.choice("The truth", SECRETS, (option) => {
    secret = option;
    update();
  });
  const sliders = xent.element(
    "div",
    { class: "xent-sliders" },
    runsDial.node,
    ...(races.length > 1 ? [raceDial.node] : []),
  );

  const ROW = 46;
  const rows = xent.picture((width) => {
    const left = Math.max(...labels.map((label) => xent.widthOf(label))) + 14;
    const x = scale([low, high], [left, width - 12]);
    const bottom = 10 + ROW * labels.length;
    const places = standing(race, count);
    const { leader, luck } = ahead(race, count);
    const marks = ticks(low, high, 6);
    const shapes = labels.flatMap((label, i) => {
      const y = ROW * i + 32;
      const { mean: middle, error } = places[i];
      const known = secret === "shown";
      const row = [
        line(left, y, width - 12, y, "grid"),
        text(0, y + 4.5, label, i === leader ? "strong" : "quiet", "start"),
        ...races[race][i].slice(0, count).map((v) => circle(x(v), y + 9, 1.6, "dot")),
      ];
      if (known && i === leader) {
        const [from, to] = [x(middle), x(truth[i])].sort((a, b) => a - b);
        row.push(rect(from, y - 7, to - from, 14, "area excess"));
      }
      if (error > 0) row.push(line(x(middle - 2 * error), y, x(middle + 2 * error), y, "edge q"));
      if (known) row.push(line(x(truth[i]), y - 9, x(truth[i]), y + 13, "curve p"));
      row.push(circle(x(middle), y, 5, i === leader ? "solid q" : "knob q"));
      if (i === leader) row.push(text(x(middle), y - 14, "leads", "strong halo"));
      return row;
    });
    return {
      height: bottom + 42,
      label:
        `Race ${race + 1}, ${count} runs of each plan: ` +
        labels.map((label, i) => `${label} has the mean ${fixed(places[i].mean)}`).join(", ") +
        `. ${labels[leader]} leads` +
        (secret === "shown" ? `, ${fixed(luck)} from its truth.` : "."),
      shapes: [...shapes, ...xent.axisX(x, bottom, marks.values, quantity, marks.write)],
    };
  });

  const luckChart = xent.picture((width) => {
    const ceiling = Math.max(...luckAt, 1e-9) * 1.1;
    const floor = Math.min(...luckAt, 0);
    const x = scale([1, most], [44, width - 12]);
    const y = scale([floor, ceiling], [104, 26]);
    const [px, py] = [x(count), y(luckAt[count - 1])];
    const marks = ticks(floor, ceiling, 3);
    return {
      height: 146,
      label:
        `The luck of the leader against the runs, averaged over ${races.length} races: ` +
        `${fixed(luckAt[0])} after 1 run, ${fixed(luckAt[count - 1])} after ${count}.`,
      shapes: [
        ...xent.axisY(y, 44, width - 12, marks.values, "mean luck of the leaders", marks.write),
        ...xent.axisX(x, 104, [1, Math.round(most / 2), most], "runs of each plan"),
        line(px, 26, px, 104, "guide"),
        curve(
          luckAt.map((luck, i) => [x(i + 1), y(luck)]),
          "edge excess",
        ),
        circle(px, py, 5, "solid excess"),
      ],
    };
  });

  const facts = xent.facts([
    { name: "mean", label: "leader’s mean", colour: "q" },
    { name: "truth", label: "its truth", colour: "p", sign: "−" },
    { name: "luck", label: "its luck", colour: "excess", sign: "=" },
    { name: "wrong", label: "wrong leaders" },
  ]);

  const { update } = xent.mount(root, {
    hint: "Guess which plan is best, then show the truth. Add runs; try another race.",
    parts: [sliders, rows.node, facts.node, luckChart.node],
    buttons: [
      xent.element("span", {}, "The truth:"),
      choice.node,
      xent.resetButton(() => {
        [race, count, secret] = [0, first, SECRETS[0]];
        update();
      }),
    ],
    refresh() {
      const { leader, luck } = ahead(race, count);
      const value = standing(race, count)[leader].mean;
      const known = secret === "shown";
      runsDial.show(count, String(count), `${count} runs of each plan`);
      raceDial.show(race + 1, String(race + 1), `race ${race + 1} of ${races.length}`);
      choice.show(secret);
      rows.show();
      luckChart.show();
      facts.show("mean", value, fixed(value));
      facts.show("truth", truth[leader], known ? fixed(truth[leader]) : "?");
      facts.show("luck", luck, known ? fixed(luck) : "?");
      facts.show("wrong", wrongAt[count - 1], String(wrongAt[count - 1]), `of ${races.length}`);
      const so = `After ${count} run${count > 1 ? "s" : ""} of each plan, ${labels[leader]} leads`;
      if (!known) return `${so} with ${fixed(value)}. Is it the best?`;
      return leader === best
        ? `${so}, and it is the best.`
        : `${so}, but ${labels[best]} is the best.`;
    },
  });
});
