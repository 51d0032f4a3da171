// Gradient descent on a network of 2 inputs, 2 ReLU nodes and 3 outputs. The reader steps; every
// weight is seen. Forward and backward are written out here, in the notation of the chapter.
xent.define("iris-descent", (root, params) => {
  "use strict";
  const { line, rect, circle, text, path, curve, scale, fixed, chance, element, sum } = xent;
  const { species, rates, more } = params;
  const MOST = 5000; // steps
  const sets = { "three flowers": { x: params.x, y: params.y } };
  if (more) sets["all of Iris"] = more;
  const wholes = Object.keys(sets);
  const names = params.y.map((label) => species[label]); // the three flowers, as they are called

  let set, rate, weights, history, shown, lines;
  let timer = 0;

  // ---- the network ------------------------------------------------------------------------------

  const copy = (value) => JSON.parse(JSON.stringify(value));
  const argmax = (values) => values.indexOf(Math.max(...values));

  function forward([petal, sepal]) {
    const [w1, b1, w2, b2] = weights;
    const a = b1.map((bias, j) => petal * w1[0][j] + sepal * w1[1][j] + bias);
    const h = a.map((value) => Math.max(value, 0));
    const z = b2.map((bias, k) => h[0] * w2[0][k] + h[1] * w2[1][k] + bias);
    return { a, h, z };
  }

  /** Probabilities and the cost of the true species in nats, without overflow. */
  function score({ z }, label) {
    const top = Math.max(...z);
    const log = Math.log(sum(z.map((value) => Math.exp(value - top))));
    return { probs: z.map((value) => Math.exp(value - top - log)), cost: log + top - z[label] };
  }

  /** The mean cost of flowers x of species y, its slope along each weight, and what is right. */
  function measure({ x, y } = sets[set]) {
    const slopes = copy(weights).map((part) => part.map((row) => (row.map ? row.map(() => 0) : 0)));
    const [g1, c1, g2, c2] = slopes;
    let [cost, right] = [0, 0];
    const active = [0, 0]; // for how many flowers each node is on
    x.forEach((flower, n) => {
      const pass = forward(flower);
      const scored = score(pass, y[n]);
      cost += scored.cost / x.length;
      right += argmax(pass.z) === y[n];
      const dz = scored.probs.map((prob, k) => (prob - (k === y[n])) / x.length);
      const dh = [0, 1].map((j) => sum(dz.map((d, k) => d * weights[2][j][k])));
      dz.forEach((d, k) => {
        c2[k] += d;
        g2[0][k] += pass.h[0] * d;
        g2[1][k] += pass.h[1] * d;
      });
      dh.forEach((d, j) => {
        if (pass.a[j] <= 0) return; // the mask: nothing flows back through a node that is off
        active[j] += 1;
        c1[j] += d;
        g1[0][j] += flower[0] * d;
        g1[1][j] += flower[1] * d;
      });
    });
    return { cost, right, slopes, active };
  }

  function step(times) {
    for (let i = 0; i < times && history.length <= MOST; i += 1) {
      const { slopes } = measure();
      const move = (value, slope) =>
        value.map ? value.map((part, i) => move(part, slope[i])) : value - rate * slope;
      weights = weights.map((value, i) => move(value, slopes[i]));
      history.push(measure().cost);
    }
  }

  function restart(chosen = set) {
    set = chosen;
    weights = copy(params.start);
    history = [measure().cost];
  }

  rate = params.rate;
  shown = names[0];
  lines = "weights";
  restart(wholes[0]);

  // ---- controls ---------------------------------------------------------------------------------

  const act = (change) => () => {
    pause();
    change();
    update();
  };
  const dial = xent.slider({
    label: "Learning rate",
    name: "rate",
    max: rates.length - 1,
    step: 1,
    oninput(position) {
      rate = rates[position];
      update();
    },
  });
  const choose = (label, options, take) =>
    xent.choice(label, options, (option) => {
      take(option);
      update();
    });
  const data = choose("Train on", wholes, (option) => {
    pause();
    restart(option);
  });
  const flower = choose("The flower in the picture", names, (option) => (shown = option));
  const label = choose("On the lines", ["weights", "slopes"], (option) => (lines = option));

  function pause() {
    clearInterval(timer);
    timer = 0;
  }
  /** A hundred steps in five seconds, or at once where motion is not wanted. */
  function toggle() {
    if (timer) pause();
    else if (matchMedia("(prefers-reduced-motion: reduce)").matches) step(100);
    else {
      const goal = history.length + 100;
      timer = setInterval(() => {
        step(1);
        if (history.length >= goal || history.length > MOST) pause();
        update();
      }, 50);
    }
    update();
  }
  const play = xent.button("", toggle);
  const forwards = [1, 10].map((times) =>
    xent.button(times === 1 ? "1 step" : `${times} steps`, act(() => step(times))),
  );

  // ---- pictures ---------------------------------------------------------------------------------

  /** The slopes of the chosen flower's own cost. */
  function own() {
    const n = names.indexOf(shown);
    return measure({ x: [params.x[n]], y: [params.y[n]] }).slopes;
  }

  const diagram = xent.picture((width) => {
    const flowerAt = params.x[names.indexOf(shown)];
    const wanted = species.indexOf(shown);
    const { a, h, z } = forward(flowerAt);
    const { probs } = score({ z }, wanted);
    const [w1, b1, w2, b2] = lines === "weights" ? weights : own();
    const digits = lines === "weights" || width < 480 ? 2 : 3;
    const say = (value) => fixed(value, digits);
    const signed = (value) => (say(value).startsWith("−") ? "minus" : "plus");
    const thick = (value) => Math.min(0.8 + Math.abs(value) * (lines === "weights" ? 1 : 3), 8);
    const ins = [92, 212].map((y) => [27, y]);
    const nodes = [92, 212].map((y) => [width * 0.43, y]);
    const outs = [42, 147, 252].map((y) => [width - 66, y]);
    const [edges, words] = [[], []];
    const connect = ([x0, y0], [x1, y1], value, place) => {
      const [from, to] = [x0 + 23, x1 - 23];
      const wire = line(from, y0, to, y1, `wire ${signed(value)}`);
      wire[1]["stroke-width"] = thick(value);
      edges.push(wire);
      const [tx, ty] = [from + place * (to - from), y0 + place * (y1 - y0)];
      const half = xent.widthOf(say(value)) / 2;
      words.push(
        rect(tx - half, ty - 9, 2 * half, 18, "plate"),
        text(tx, ty + 4.5, say(value), `strong ${signed(value)}`),
      );
    };
    ins.forEach((from, i) =>
      nodes.forEach((to, j) => connect(from, to, w1[i][j], i === j ? 0.5 : 0.27)),
    );
    nodes.forEach((from, j) =>
      outs.forEach((to, k) => connect(from, to, w2[j][k], k === 2 * j ? 0.4 : 0.3)),
    );
    const box = ([x, y], value, style = "") => [
      rect(x - 23, y - 13, 46, 26, `node ${style}`),
      text(x, y + 4.5, value),
    ];
    const name = ([x, y], word) => text(x, y - 19, word, "quiet halo");
    // where no line goes: above the upper node, below the lower one, to the right of the outputs
    const bias = ([x, y], value, anchor) =>
      text(x, y, `bias ${say(value)}`, `halo ${signed(value)}`, anchor);
    return {
      height: 286,
      label:
        `The network with all its ${lines}, as it sees ${shown}: node 1 is ${fixed(h[0], 2)}, ` +
        `node 2 is ${fixed(h[1], 2)}, and ${shown} gets a probability of ${chance(probs[wanted])}.`,
      shapes: [
        ...edges,
        ...words,
        ...ins.flatMap((at, i) => [
          ...box(at, fixed(flowerAt[i], 2)),
          name(at, ["petal", "sepal"][i]),
        ]),
        ...nodes.flatMap(([x, y], j) => [
          ...(a[j] > 0 ? box([x, y], fixed(h[j], 2)) : box([x, y], "0, off", "off")),
          text(x, y + (j === 0 ? -36 : 28), `node ${j + 1}`, "quiet halo"),
          bias([x, y + (j === 0 ? -19 : 45)], b1[j], "middle"),
        ]),
        ...outs.flatMap(([x, y], k) => [
          ...box([x, y], fixed(z[k], 2), k === wanted ? "wanted" : ""),
          name([x, y], species[k]),
          bias([x - 22, y + 29], b2[k], "start"),
          text(x + 29, y + 4.5, chance(probs[k]), k === wanted ? "strong" : "", "start"),
        ]),
      ],
    };
  });

  const mark = (k, x, y, size) => {
    if (k === 0) return circle(x, y, size, "mark s0");
    if (k === 1) {
      const [w, t] = [size * 1.15, size * 1.25];
      return path(`M${x},${y - t}L${x + w},${y + size}H${x - w}Z`, "mark s1");
    }
    return rect(x - size, y - size, 2 * size, 2 * size, "mark s2");
  };

  /**
   * Where each species is the likeliest: rows of 3 pixels whose borders are found by halving. The
   * surer the network is there on the average, the fuller the colour.
   */
  function regions(x, y) {
    const paths = species.map(() => "");
    const sure = species.map(() => []);
    const likeliest = (px, sepal) => argmax(forward([x.invert(px), sepal]).z);
    const [left, right] = x.range;
    for (let top = y.range[1]; top < y.range[0]; top += 3) {
      const sepal = y.invert(top + 1.5);
      for (let px = left; px < right; px += 24) {
        const pass = forward([x.invert(px), sepal]);
        const kind = argmax(pass.z);
        sure[kind].push(score(pass, kind).probs[kind]);
      }
      let [from, kind] = [left, likeliest(left, sepal)];
      for (let px = left; px < right; px += 6) {
        const next = Math.min(px + 6, right);
        const other = likeliest(next, sepal);
        if (other !== kind || next === right) {
          let [low, high] = [px, next];
          while (other !== kind && high - low > 0.1) {
            const middle = (low + high) / 2;
            if (likeliest(middle, sepal) === kind) low = middle;
            else high = middle;
          }
          const end = other === kind ? right : high;
          paths[kind] += `M${from},${top}H${end}v3H${from}Z`;
          [from, kind] = [end, other];
        }
      }
    }
    return paths.map((d, k) => {
      const region = path(d, `region s${k}`);
      const mean = sum(sure[k]) / sure[k].length || 0;
      region[1]["fill-opacity"] = (0.05 + 0.4 * (mean - 1 / 3)).toFixed(3);
      return region;
    });
  }

  const map = xent.picture((width) => {
    const x = scale([-0.06, 1.06], [30, width - 4]);
    const y = scale([-0.06, 1.06], [234, 24]);
    const { right } = measure();
    const ticks = [0, 0.25, 0.5, 0.75, 1];
    return {
      height: 274,
      label:
        "The plane of petal and sepal width in three regions, one for each species, with the " +
        `flowers on it: ${right} of ${sets[set].y.length} lie in the region of their species.`,
      shapes: [
        ...regions(x, y),
        ...xent.axisX(x, y.range[0], ticks, "petal width, scaled"),
        ...ticks.map((value) => text(24, y(value) + 4.5, String(value), "tick", "end")),
        text(0, 12, "sepal width, scaled", "tick", "start"),
        ...(set === wholes[0] ? [] : more.x.map(([a, b], n) => mark(more.y[n], x(a), y(b), 2.6))),
        ...params.x.map(([a, b], n) => mark(params.y[n], x(a), y(b), 7)),
        ...params.x.map(([a, b], n) => {
          const side = a > 0.8 ? -1 : 1;
          const anchor = side < 0 ? "end" : "start";
          return text(x(a) + 12 * side, y(b) - 10, names[n], "halo strong", anchor);
        }),
      ],
    };
  });

  const tops = [1.2, 2.4, 4, 8, 16, 40, 80, 200];
  const spans = [20, 50, 100, 200, 500, 1000, 2000, MOST];
  const loss = xent.picture((width) => {
    const worst = Math.max(...history);
    const top = tops.find((value) => value >= worst) ?? worst;
    const span = spans.find((value) => value >= history.length - 1);
    const x = scale([0, span], [34, width - 14]);
    const y = scale([0, top], [130, 24]);
    const stride = Math.ceil(history.length / 400);
    const points = history
      .map((cost, n) => [x(n), y(cost)])
      .filter((_, n) => n % stride === 0 || n === history.length - 1);
    const blind = y(Math.log(3));
    return {
      height: 170,
      label:
        `The mean cross-entropy after each of ${history.length - 1} steps, ` +
        `now ${fixed(history.at(-1))} nats.`,
      shapes: [
        ...xent.axisY(
          y,
          34,
          width - 14,
          [0, top / 2, top],
          "mean loss, nats a flower",
          (value) => String(Number(value.toPrecision(3))),
        ),
        ...xent.axisX(x, y(0), [0, span / 2, span], "steps"),
        line(34, blind, width - 14, blind, "guide"),
        text(width - 14, blind - 6, "ln 3: a blind guess", "quiet halo", "end"),
        curve(points, "curve run"),
        circle(...points.at(-1), 5, "dot"),
      ],
    };
  });

  // ---- numbers ----------------------------------------------------------------------------------

  const facts = xent.facts([
    { name: "steps", label: "steps taken" },
    { name: "total", label: "the three together" },
    { name: "mean", label: "mean, trained on" },
    { name: "right", label: "right" },
  ]);
  const legend = element("p", { class: "xent-legend" });
  const flowers = xent.table(["flower", "probability", "cost, nats"]);
  const every = xent.table(["from → to", "number", "slope, this flower", "slope, mean"]);
  const folded = (words, part) =>
    element("details", {}, element("summary", {}, words), part.node);

  function value(name, number, words) {
    const node = element("span", { "data-name": name });
    node.dataset.value = String(number);
    node.textContent = words;
    return node;
  }

  function entries(slopes) {
    const alone = own();
    const row = (way, key) => {
      const [part, ...place] = key.split("-");
      const at = (arrays) =>
        place.reduce((array, i) => array[i], arrays[["w1", "b1", "w2", "b2"].indexOf(part)]);
      return [
        way,
        value(key, at(weights), fixed(at(weights), 4)),
        value(`own-${key}`, at(alone), fixed(at(alone), 4)),
        value(`slope-${key}`, at(slopes), fixed(at(slopes), 4)),
      ];
    };
    const inputs = ["petal", "sepal"];
    const both = [0, 1];
    return [
      ...inputs.flatMap((from, i) =>
        both.map((j) => row(`${from} → node ${j + 1}`, `w1-${i}-${j}`)),
      ),
      ...both.map((j) => row(`bias of node ${j + 1}`, `b1-${j}`)),
      ...both.flatMap((j) => species.map((to, k) => row(`node ${j + 1} → ${to}`, `w2-${j}-${k}`))),
      ...species.map((to, k) => row(`bias of ${to}`, `b2-${k}`)),
    ];
  }

  const labelled = (words, part) =>
    element(
      "div",
      { class: "xent-labelled" },
      element("span", { class: "xent-hint" }, words),
      part.node,
    );
  root.classList.add("xent-tall"); // its buttons stay in sight
  const { update } = xent.mount(root, {
    hint: "Take a step: every number moves against the slope of the mean.",
    parts: [
      element(
        "div",
        { class: "xent-options" },
        element("div", { class: "xent-sliders" }, dial.node),
        labelled("Train on", data),
      ),
      element("div", { class: "xent-charts" }, element("div", {}, facts.node, loss.node), map.node),
      element(
        "div",
        { class: "xent-options" },
        labelled("Flower", flower),
        labelled("On the lines", label),
      ),
      legend,
      diagram.node,
      folded("The three flowers as a table", flowers),
      folded("All 15 numbers as a table", every),
    ],
    buttons: [...forwards, play, xent.resetButton(act(() => restart()))],
    refresh() {
      const { cost, right, slopes, active } = measure();
      const passes = params.x.map((point, n) => score(forward(point), params.y[n]));
      const total = sum(passes.map((pass) => pass.cost));
      const steps = history.length - 1;
      const many = sets[set].y.length;
      dial.show(rates.indexOf(rate), String(rate), `learning rate ${rate}`, rate);
      data.show(set);
      flower.show(shown);
      label.show(lines);
      legend.textContent =
        lines === "weights"
          ? "In the boxes: inputs, what the nodes give on, logits; beside: probabilities. " +
            "Heavy frame: the true species."
          : `Slopes of the cost of ${shown} alone, in nats a unit. ` +
            `A step takes the mean over ${many} flowers.`;
      play.textContent = timer ? "Pause" : "▶ 100 steps";
      for (const control of [...forwards, play]) control.disabled = steps >= MOST;
      diagram.show();
      map.show();
      loss.show();
      facts.show("steps", steps, String(steps));
      facts.show("total", total, fixed(total, 4), "nats");
      facts.show("mean", cost, fixed(cost, 4), "nats");
      facts.show("right", right, String(right), `of ${many}`);
      flowers.show(
        passes.map(({ probs, cost }, n) => [
          names[n],
          value(`prob-${n}`, probs[params.y[n]], chance(probs[params.y[n]])),
          value(`loss-${n}`, cost, fixed(cost, 4)),
        ]),
      );
      every.show(entries(slopes));
      if (active[0] + active[1] === 0)
        return (
          "Both nodes are off for every flower: they are dead, and no step brings them back. " +
          `Only the biases of the outputs still learn; the mean loss is ${fixed(cost)} nats.`
        );
      const dead = active.indexOf(0);
      const news = dead < 0 ? "" : ` Node ${dead + 1} is off for every flower: it is dead.`;
      const taken = `After ${steps} ${steps === 1 ? "step" : "steps"}`;
      const when = steps === 0 ? "Before the first step" : taken;
      return set === wholes[0]
        ? `${when} the three flowers cost ${fixed(total, 4)} nats together; ${right} are right.${news}`
        : `${when} on ${set}: mean ${fixed(cost, 4)} nats, ${right} of ${many} right.${news}`;
    },
  });
});
