// Two distributions. Every symbol has a column as wide as p(x), and two heights: its surprise under
// p, whose area adds up to H(p), and its surprise under q, whose area adds up to H(p, q). What lies
// between them, hatched where q costs more and dotted where it costs less, adds up to D(p‖q).
xent.define("cross-entropy", (root, params) => {
  "use strict";
  const { line, rect, circle, text, path, handle, scale, fixed, chance, surprisal, hatch } = xent;
  const { labels } = params;
  const TOP = 6; // bits drawn, upwards in the areas and to the right in the bars
  let { p, q } = params;
  let unit = "bits";
  const set = (which, probs) => {
    [p, q] = which === "p" ? [probs, q] : [p, probs];
    update();
  };
  const amount = (value) => `${fixed(value)}${Number.isFinite(value) ? ` ${unit}` : ""}`;
  const log = () => (unit === "bits" ? "log₂" : "ln");
  // Heights are drawn in bits: nats measure the same picture with another ruler.
  const ticks = () => (unit === "bits" ? [0, 1, 2, 3, 4, 5, 6] : [0, 1, 2, 3, 4]);
  const inBits = (value) => (unit === "bits" ? value : value * Math.LOG2E);
  const ruler = (map) => Object.assign((value) => map(inBits(value)), { range: map.range });

  const bars = {
    p: xent.distribution({
      legend: "p, the true distribution",
      symbol: "p",
      labels,
      colour: "p",
      onchange: (probs) => set("p", probs),
    }),
    q: xent.distribution({
      legend: "q, the predicted distribution",
      symbol: "q",
      labels,
      colour: "q",
      onchange: (probs) => set("q", probs),
    }),
  };
  const sliders = xent.element("div", { class: "xent-pair" }, bars.p.node, bars.q.node);

  const y = scale([0, TOP], [290, 56]);
  const across = (width) => scale([0, 1], [28, width - 62]);
  const areas = xent.picture(
    (width) => {
      const x = across(width);
      const [left, right] = x.range;
      const edges = xent.edges(p).map(x);
      const shapes = xent.axisY(ruler(y), left, right, ticks(), `height: surprise in ${unit}`);
      const handles = xent.grips(edges, y(0));
      const ends = { p: 0, q: 0 }; // heights of the last column, where the two lines are named
      const tall = [];
      let outline = "";
      p.forEach((prob, i) => {
        if (prob === 0) return;
        const [x0, wide] = [edges[i], edges[i + 1] - edges[i]];
        const [own, other] = [surprisal(prob), surprisal(q[i])];
        const [yOwn, yOther] = [y(Math.min(own, TOP)), y(Math.min(other, TOP))];
        const both = Math.max(yOwn, yOther); // the lower of the two tops
        shapes.push(rect(x0, both, wide, y(0) - both, "area p"));
        if (other > own) {
          shapes.push(rect(x0, yOther, wide, yOwn - yOther, "area excess"));
          shapes.push(hatch(x0, yOther, wide, yOwn - yOther));
        } else shapes.push(rect(x0, yOwn, wide, yOther - yOwn, "saved"));
        shapes.push(line(x0, yOwn, x0 + wide, yOwn, "curve p"));
        if (i > 0) shapes.push(line(x0, y(0), x0, Math.min(yOwn, y(0)), "edge p"));
        outline += `${outline ? "L" : "M"}${x0},${yOther}L${x0 + wide},${yOther}`;
        const extra = prob * (surprisal(q[i], unit) - surprisal(prob, unit));
        const signed = `${extra > 0 ? "+" : ""}${fixed(extra)}${wide > 84 ? ` ${unit}` : ""}`;
        if (wide > 46 && Math.abs(yOwn - yOther) > 18 && other < Infinity) {
          shapes.push(text(x0 + wide / 2, (yOwn + yOther) / 2 + 5, signed, "excess strong halo"));
        }
        if (other > TOP) {
          const words =
            other < Infinity ? `${fixed(surprisal(q[i], unit), 1)} ${unit}` : "infinite";
          tall.push([x0 + wide / 2, words]);
        }
        handles.push(circle(x0 + wide / 2, yOther, 6, "knob q"));
        handles.push(handle(circle(x0 + wide / 2, yOther, 14, "grasp upright"), `q${i}`));
        Object.assign(ends, { p: yOwn, q: yOther });
      });
      const [pEnd, qEnd] = xent.spread([ends.p, ends.q], 17, y(TOP), y(0));
      shapes.push(
        path(outline, "curve q"),
        text(right + 6, pEnd + 4.5, `${log()} 1/p`, "p strong", "start"),
        text(right + 6, qEnd + 4.5, `${log()} 1/q`, "q strong", "start"),
        ...xent.offTop(tall, y(TOP) - 8, "q"),
        ...xent.names(labels, edges, y(0) + 28),
        text(right, y(0) + 46, "width: p, in all 1", "tick", "end"),
        ...handles,
      );
      const columns = p.map(
        (prob, i) =>
          `${labels[i]} ${chance(prob)} wide, ${fixed(surprisal(prob, unit))} high under p ` +
          `and ${fixed(surprisal(q[i], unit))} under q`,
      );
      return { height: 340, label: `Columns in ${unit}: ${columns.join("; ")}.`, shapes };
    },
    (name, px, py) => {
      if (name[0] !== "q") {
        set("p", xent.moveEdge(p, Number(name), across(areas.node.clientWidth).invert(px)));
      } else {
        const prob = 2 ** -Math.max(y.invert(py), 0);
        set("q", bars.q.move(Number(name.slice(1)), Math.round(prob * 1000) / 1000));
      }
    },
  );

  const stack = xent.picture((width) => {
    const x = scale([0, TOP], [1, width - 14]);
    const [own, both] = [xent.entropy(p), xent.crossEntropy(p, q)];
    const [end, border] = [x(Math.min(both, TOP)), x(own)];
    const shapes = [
      rect(x(0), 22, end - x(0), 22, "area q"),
      rect(x(0), 22, end - x(0), 22, "edge q"),
      rect(x(0), 50, border - x(0), 22, "solid p"),
      rect(border, 50, end - border, 22, "area excess"),
      hatch(border, 50, end - border, 22),
      rect(border, 50, end - border, 22, "edge excess"),
      line(end, 16, end, 78, "guide"),
      text(x(0), 16, "H(p, q)", "q strong", "start"),
      text(x(0), 89, "H(p)", "p strong", "start"),
      text(xent.clamp(border, 44, width - 130), 89, "D(p‖q), the extra", "excess strong", "start"),
      ...xent.axisX(ruler(x), 98, ticks(), ""),
      text(x.range[1], 134, `average ${unit} per symbol`, "tick", "end"),
    ];
    if (both > TOP) shapes.push(path(`M${end},${22}l11,11l-11,11z`, "solid q"));
    return {
      height: 138,
      label: `Two bars of equal length: H(p, q), ${amount(both)}; and H(p), ${amount(own)}, with D(p‖q) added.`,
      shapes,
    };
  });

  const name = (words, colour) => xent.element("b", { "data-colour": colour }, words);
  const legend = xent.element("p", { class: "xent-legend" });
  legend.append(
    "Area under the line of p: ",
    name("H(p)", "p"),
    "; of q: ",
    name("H(p, q)", "q"),
    ". Between them, hatched less dotted: ",
    name("D(p‖q)", "excess"),
    ".",
  );

  const facts = xent.facts([
    { name: "entropy", label: "H(p)", colour: "p" },
    { name: "divergence", label: "D(p‖q)", colour: "excess", sign: "+" },
    { name: "cross-entropy", label: "H(p, q)", colour: "q", sign: "=" },
  ]);
  const detail = xent.table(["symbol", "p", "q", "log 1/p", "log 1/q", "p × extra"]);
  const summary = xent.element("summary");
  const rows = xent.element("details", {}, summary, detail.node);

  const units = xent.choice("Unit", ["bits", "nats"], (chosen) => {
    unit = chosen;
    update();
  });
  const go = (toP, toQ) =>
    glide([...p, ...q], [...toP, ...toQ], (now) => {
      [p, q] = [now.slice(0, p.length), now.slice(p.length)];
    });

  const { update, glide } = xent.mount(root, {
    hint: "Move a slider (the others make room), or drag a circle or a triangle.",
    parts: [sliders, areas.node, legend, stack.node, facts.node, rows],
    buttons: [
      xent.button("Swap p and q", () => go(q, p)),
      xent.button("Make q equal to p", () => go(p, p)),
      units.node,
      xent.resetButton(() => go(params.p, params.q)),
    ],
    refresh() {
      const [own, both] = [xent.entropy(p, unit), xent.crossEntropy(p, q, unit)];
      const extra = xent.divergence(p, q, unit);
      bars.p.show(p);
      bars.q.show(q);
      units.show(unit);
      areas.show();
      stack.show();
      facts.show("entropy", own, fixed(own), unit);
      facts.show("divergence", extra, fixed(extra), extra < Infinity ? unit : "");
      facts.show("cross-entropy", both, fixed(both), both < Infinity ? unit : "");
      summary.textContent = `Symbol by symbol, in ${unit}`;
      detail.show(
        labels.map((label, i) => {
          const [h, hq] = [surprisal(p[i], unit), surprisal(q[i], unit)];
          const cost = p[i] === 0 ? 0 : p[i] * (hq - h);
          return [label, chance(p[i]), chance(q[i]), fixed(h), fixed(hq), fixed(cost)];
        }),
      );
      if (both === Infinity) {
        const never = labels.filter((_, i) => p[i] > 0 && q[i] === 0).join(", ");
        return `q calls ${never} impossible, and p does not: the cross-entropy is infinite.`;
      }
      if (extra === 0) return `q equals p: nothing extra, H(p, q) = H(p) = ${amount(own)}.`;
      return (
        `Predicting q costs ${amount(both)} on average where ${amount(own)} would do: ` +
        `${amount(extra)} extra.`
      );
    },
  });
});
