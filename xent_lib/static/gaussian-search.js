// The cross-entropy method in the plane, round by round: the ground as seen from above, the bell
// that is drawn from, its points, and the elites among them, to which the next bell is fitted.
xent.define("gaussian-search", (root, params) => {
  "use strict";
  const { line, circle, curve, path, text, scale, clamp, fixed, sum } = xent;
  const { landscapes, elites: count, rounds, meanShare, shares, small, injected } = params;
  const names = Object.keys(landscapes);
  const families = ["diagonal", "full"];
  const injections = ["off", "on"];
  const points = params.draws.length / rounds / 2;
  let { landscape, family, share, inject } = params;
  let seen;
  let ground = {}; // the shades of the last drawing

  const HEIGHTS = {
    slope: (x, y) => Math.hypot(x - landscapes.slope.best[0], y),
    "bent valley": (x, y) => 100 * (y - x * x) ** 2 + (1 - x) ** 2,
    "many pits": (x, y) =>
      sum([x, y].map((value) => value * value + 10 * (1 - Math.cos(2 * Math.PI * value)))),
  };

  // A bell is its centre (x, y) and its covariance: a b / b c. Where it stands upright, b is 0.
  const widest = ({ a, b, c }) => Math.sqrt((a + c + Math.hypot(a - c, 2 * b)) / 2);
  const root2 = ({ a, b, c }) => {
    const left = Math.sqrt(a);
    const low = b / left;
    return [left, low, Math.sqrt(Math.max(c - low * low, 0))];
  };

  function fit(kept) {
    const mean = (value) => sum(kept.map(value)) / count;
    const [x, y] = [mean((point) => point.x), mean((point) => point.y)];
    const about = (one, other) => mean((point) => one(point) * other(point));
    const [dx, dy] = [(point) => point.x - x, (point) => point.y - y];
    return { x, y, a: about(dx, dx), b: about(dx, dy), c: about(dy, dy) };
  }
  const mix = (one, other, part) => part * one + (1 - part) * other;
  /** An upright bell mixes deviations, a slanting one covariances. */
  function blend(fitted, old) {
    const deviation = (key) => mix(Math.sqrt(fitted[key]), Math.sqrt(old[key]), share) ** 2;
    const upright = family === "diagonal";
    return {
      x: mix(fitted.x, old.x, meanShare),
      y: mix(fitted.y, old.y, meanShare),
      a: upright ? deviation("a") : mix(fitted.a, old.a, share),
      b: upright ? 0 : mix(fitted.b, old.b, share),
      c: upright ? deviation("c") : mix(fitted.c, old.c, share),
    };
  }
  function widened(bell, first) {
    const more = injected ** 2 * first.a;
    return family === "diagonal"
      ? { ...bell, a: Math.max(bell.a, more), c: Math.max(bell.c, more) }
      : { ...bell, a: bell.a + more, c: bell.c + more };
  }

  function run() {
    const { mean, std } = landscapes[landscape];
    const first = { x: mean[0], y: mean[1], a: std ** 2, b: 0, c: std ** 2 };
    let bell = first;
    let best = Infinity;
    seen = Array.from({ length: rounds }, (_, round) => {
      const [left, low, right] = root2(bell);
      const drawn = Array.from({ length: points }, (_, i) => {
        const at = 2 * (round * points + i);
        const [z, w] = [params.draws[at] / 100, params.draws[at + 1] / 100];
        const [x, y] = [bell.x + left * z, bell.y + low * z + right * w];
        return { x, y, height: HEIGHTS[landscape](x, y) };
      });
      const order = [...drawn].sort((one, other) => one.height - other.height);
      best = Math.min(best, order[0].height);
      const now = { bell, drawn: order, best, wide: false };
      bell = blend(fit(order.slice(0, count)), bell);
      if (inject && widest(bell) <= small * widest(first)) {
        bell = widened(bell, first);
        now.wide = true;
      }
      return now;
    });
  }
  run();

  // ---- controls ---------------------------------------------------------------------------------

  const change = (take) => (value) => {
    take(value);
    run();
    walk.go(walk.at);
  };
  const choices = [
    ["Ground", names, (value) => (landscape = value)],
    ["Bell", families, (value) => (family = value)],
    ["Injection", injections, (value) => (inject = value === "on")],
  ].map(([label, options, take]) => ({
    label,
    ...xent.choice(label, options, change(take)),
  }));
  const dial = xent.slider({
    label: "Share of the new spread",
    name: "share",
    max: shares.length - 1,
    step: 1,
    oninput: change((position) => (share = shares[position])),
  });
  const walk = xent.player({
    label: "Round",
    name: "round",
    most: rounds - 1,
    speed: 4,
    onmove: () => update(),
  });

  // ---- the picture ------------------------------------------------------------------------------

  /** The ground in shades of the ink: the higher, the darker. */
  function shades(x, y) {
    const { levels } = landscapes[landscape];
    const key = `${landscape} ${x.range}`;
    if (ground.key === key) return ground.shapes;
    const paths = levels.map(() => "");
    const [[left, right], [bottom, top]] = [x.range, y.range];
    const [wide, high] = [4, 4];
    for (let py = top; py < bottom; py += high) {
      const tall = Math.min(high, bottom - py);
      let [from, level] = [left, 0];
      for (let px = left; px <= right; px += wide) {
        const at = HEIGHTS[landscape](x.invert(px + wide / 2), y.invert(py + tall / 2));
        const over = px + wide > right;
        const next = over ? -1 : levels.filter((value) => at >= value).length;
        if (next === level) continue;
        const end = over ? right : px;
        if (level > 0 && end > from) paths[level - 1] += `M${from},${py}H${end}v${tall}H${from}Z`;
        [from, level] = [px, next];
      }
    }
    const shapes = paths.map((d, i) => {
      const shape = path(d || "M0,0", "dot");
      shape[1]["fill-opacity"] = (0.07 * (i + 1)).toFixed(2);
      return shape;
    });
    ground = { key, shapes };
    return shapes;
  }

  const picture = xent.picture((width) => {
    const { window: frame, best } = landscapes[landscape];
    const x = scale(frame[0], [34, width - 6]);
    const y = scale(frame[1], [Math.round(clamp(width * 0.58, 250, 360)), 24]);
    const at = walk.at;
    const { bell, drawn } = seen[at];
    const [left, low, right] = root2(bell);
    const inside = (value, { range }) => clamp(value, Math.min(...range), Math.max(...range));
    const place = ([px, py]) => [inside(x(px), x), inside(y(py), y)];
    const shown = ({ x: px, y: py }) =>
      px > frame[0][0] && px < frame[0][1] && py > frame[1][0] && py < frame[1][1];
    const ring = Array.from({ length: 65 }, (_, i) => {
      const [z, w] = [2 * Math.cos((i * Math.PI) / 32), 2 * Math.sin((i * Math.PI) / 32)];
      return place([bell.x + left * z, bell.y + low * z + right * w]);
    });
    const way = seen.slice(0, at + 1).map((one) => place([one.bell.x, one.bell.y]));
    const dots = (part, radius, style) =>
      part.filter(shown).map((point) => circle(x(point.x), y(point.y), radius, style));
    const [bx, by] = [x(best[0]), y(best[1])];
    const ticks = ([from, to]) => {
      const step = to - from > 8 ? 2 : 1;
      const first = Math.ceil(from / step) * step;
      const many = Math.floor((to - first) / step) + 1;
      return Array.from({ length: many }, (_, i) => first + i * step);
    };
    return {
      height: y.range[0] + 40,
      label:
        `The ${landscape} from above. In round ${at} the bell stands at (${fixed(bell.x, 2)}, ` +
        `${fixed(bell.y, 2)}), ${fixed(widest(bell))} wide; the lowest place is at ` +
        `(${best.join(", ")}).`,
      shapes: [
        ...shades(x, y),
        ...xent.axisX(x, y.range[0], ticks(frame[0]), "x₁", (value) => fixed(value, 0)),
        ...ticks(frame[1]).map((v) => text(28, y(v) + 4.5, fixed(v, 0), "tick", "end")),
        text(0, 12, "x₂", "tick", "start"),
        line(bx - 6, by - 6, bx + 6, by + 6, "limit"),
        line(bx - 6, by + 6, bx + 6, by - 6, "limit"),
        ...dots(drawn.slice(count), 1.7, "dot"),
        curve(way.length > 1 ? way : [way[0], way[0]], "edge q"),
        curve(ring, "curve q"),
        ...dots(drawn.slice(0, count), 3.6, "solid p"),
      ],
    };
  });

  const facts = xent.facts([
    { name: "height", label: "height of the centre" },
    { name: "spread", label: "widest deviation", colour: "q" },
    { name: "best", label: "best seen", colour: "p" },
    { name: "evaluations", label: "evaluations" },
  ]);
  const legend = xent.element(
    "p",
    { class: "xent-legend" },
    "The fuller the grey, the higher the ground; the cross is the lowest place. ",
    xent.element("b", { "data-colour": "q" }, "Orange"),
    ": the bell, two deviations wide, and the way of its centre. ",
    xent.element("b", { "data-colour": "p" }, "Blue"),
    `: the ${count} elites of ${points} points.`,
  );
  const labelled = choices.map(({ label, node }) =>
    xent.element(
      "div",
      { class: "xent-labelled" },
      xent.element("span", { class: "xent-hint" }, label),
      node,
    ),
  );
  const sliders = xent.element("div", { class: "xent-sliders" }, dial.node, walk.node);

  const { update } = xent.mount(root, {
    hint: "Play it, then let the bell shrink more slowly.",
    parts: [
      xent.element("div", { class: "xent-options" }, ...labelled),
      sliders,
      picture.node,
      legend,
      facts.node,
    ],
    buttons: [
      ...walk.buttons,
      xent.resetButton(() => {
        ({ landscape, family, share, inject } = params);
        run();
        walk.go(0);
      }),
    ],
    refresh() {
      const { bell, best, wide } = seen[walk.at];
      const [height, spread] = [HEIGHTS[landscape](bell.x, bell.y), widest(bell)];
      const first = widest(seen[0].bell);
      [landscape, family, injections[Number(inject)]].forEach((value, i) => choices[i].show(value));
      dial.show(shares.indexOf(share), String(share), `share ${share}`, share);
      walk.show();
      picture.show();
      facts.show("height", height, fixed(height, 4));
      facts.show("spread", spread, fixed(spread, 4));
      facts.show("best", best, fixed(best, 4));
      const asked = points * (walk.at + 1);
      facts.show("evaluations", asked, asked.toLocaleString("en"));
      const where = `Round ${walk.at}: centre (${fixed(bell.x, 2)}, ${fixed(bell.y, 2)})`;
      if (wide) return `${where}. It has shrunk: the next bell is widened again.`;
      if (spread > 0.01 * first) return `${where}, height ${fixed(height, 4)}.`;
      return height < 0.01
        ? `${where}. The bell has shrunk to a point, at the bottom.`
        : `${where}. The bell has shrunk to a point, at height ${fixed(height, 4)}: it stands still.`;
    },
  });
});
