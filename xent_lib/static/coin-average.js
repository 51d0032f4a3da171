// The share of heads among the first n tosses, against the probability of heads. Each toss was
// drawn once as a number between 0 and 1 and shows heads where it lies below the probability.
xent.define("coin-average", (root, params) => {
  "use strict";
  const { line, circle, text, curve, scale, fixed } = xent;
  const { draws } = params;
  const MOST = draws.length;
  let { prob, tosses } = params;
  const heads = (n) => draws.slice(0, n).filter((draw) => draw < prob).length;

  const chance = xent.slider({
    label: "p(heads)",
    name: "prob",
    colour: "p",
    oninput(value) {
      prob = value;
      update();
    },
  });
  const count = xent.slider({
    label: "Tosses",
    name: "tosses",
    min: 1,
    max: MOST,
    step: 1,
    oninput(value) {
      tosses = value;
      update();
    },
  });
  const sliders = xent.element("div", { class: "xent-sliders" }, chance.node, count.node);

  const chart = xent.picture((width) => {
    const span = [20, 50, 100, 200, MOST].find((limit) => limit >= tosses); // zooms out with n
    const x = scale([0, span], [34, width - 92]);
    const y = scale([0, 1], [232, 32]);
    const [left, right] = x.range;
    let sum = 0;
    const shares = draws.slice(0, tosses).map((draw, i) => {
      sum += draw < prob;
      return [x(i + 1), y(sum / (i + 1))];
    });
    const [endX, endY] = shares.at(-1);
    const share = sum / tosses;
    const [labelP, labelShare] = xent.spread([y(prob), endY], 17, y(1), y(0));
    const ticks = [0, 0.25, 0.5, 0.75, 1].map((part) => part * span);
    return {
      height: 276,
      label:
        `The share of heads as a line that ends at ${fixed(share)} after ${tosses} tosses; ` +
        `the probability ${fixed(prob, 2)} is a level line.`,
      shapes: [
        ...xent.axisY(y, left, right, [0, 0.25, 0.5, 0.75, 1], "share of heads so far"),
        ...xent.axisX(x, y(0), ticks, "number of tosses"),
        line(left, y(prob), right, y(prob), "curve p"),
        text(right + 8, labelP + 4.5, `p = ${fixed(prob, 2)}`, "p strong", "start"),
        curve(shares, "curve run"),
        circle(endX, endY, 5, "dot"),
        text(right + 8, labelShare + 4.5, `share ${fixed(share)}`, "strong", "start"),
      ],
    };
  });

  const coins = xent.picture((width) => {
    const shown = Math.min(tosses, Math.floor((width - 100) / 28));
    const shapes = [text(0, 20, "latest tosses", "tick", "start")];
    draws.slice(tosses - shown, tosses).forEach((draw, i) => {
      const [cx, isHead] = [110 + 28 * i, draw < prob];
      if (isHead) shapes.push(circle(cx, 16, 12, "area p"));
      shapes.push(
        circle(cx, 16, 12, isHead ? "edge p" : "edge"),
        text(cx, 20.5, isHead ? "H" : "T"),
      );
    });
    const faces = draws.slice(tosses - shown, tosses).map((draw) => (draw < prob ? "H" : "T"));
    return { height: 32, label: `The latest tosses: ${faces.join(" ")}.`, shapes };
  });

  const facts = xent.facts([
    { name: "heads", label: "heads" },
    { name: "share", label: "share of heads" },
    { name: "distance", label: "distance from p", colour: "p" },
  ]);
  const more = (n) => {
    tosses = Math.min(tosses + n, MOST);
    update();
  };

  const { update } = xent.mount(root, {
    hint: "Move the number of tosses, or the coin itself.",
    parts: [sliders, chart.node, coins.node, facts.node],
    buttons: [
      xent.button("Toss once", () => more(1)),
      xent.button("Toss 10 times", () => more(10)),
      xent.resetButton(() => {
        ({ prob, tosses } = params);
        update();
      }),
    ],
    refresh() {
      const share = heads(tosses) / tosses;
      const distance = Math.abs(share - prob);
      chance.show(prob, fixed(prob, 2), `probability ${fixed(prob, 2)}`);
      count.show(tosses, String(tosses), `${tosses} tosses`);
      chart.show();
      coins.show();
      facts.show("heads", heads(tosses), String(heads(tosses)), `of ${tosses}`);
      facts.show("share", share, fixed(share));
      facts.show("distance", distance, fixed(distance));
      return (
        `After ${tosses} tosses, ${heads(tosses)} heads: a share of ${fixed(share)}, ` +
        `which is ${fixed(distance)} from p = ${fixed(prob, 2)}.`
      );
    },
  });
});
