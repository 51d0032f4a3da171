// The blocks of one run on several workers. Above the timetable: whoever is free first takes the
// next block, and no stage starts before the last one is done. Below how many times as fast that
// is. The digits of the result come from the library, one set for each size of the blocks.
xent.define("block-schedule", (root, params) => {
  "use strict";
  const { line, rect, circle, text, curve, hatch, scale, fixed, sum } = xent;
  const { most, runs } = params;
  const sizes = Object.keys(runs);
  const FATES = ["all live", "one dies"];
  let { workers, size, dies } = params;

  /** As in Python: [{ worker, stage, block, start, end, lost }]. */
  function schedule(stages, count, diesAt = Infinity) {
    const bars = [];
    let now = 0;
    stages.forEach((costs, stage) => {
      let free = Array.from({ length: count }, (_, worker) => [now, worker]);
      if (now >= diesAt) free.shift();
      if (count === 1 && diesAt < Infinity) free.push([Math.max(now, diesAt), 1]);
      const waiting = costs.map((_, i) => i);
      let again = null; // the block that was lost
      const ends = [now];
      while (waiting.length || again !== null) {
        free.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
        let [start, worker] = free.shift();
        let block;
        if (again !== null && (start >= diesAt || !waiting.length)) {
          [block, again, start] = [again, null, Math.max(start, diesAt)];
        } else block = waiting.shift();
        const end = start + costs[block];
        if (worker === 0 && start < diesAt && diesAt < end) {
          bars.push({ worker, stage, block, start, end: diesAt, lost: true });
          again = block;
          continue;
        }
        bars.push({ worker, stage, block, start, end, lost: false });
        ends.push(end);
        if (worker > 0 || end < diesAt) free.push([end, worker]);
      }
      now = Math.max(...ends);
    });
    return bars;
  }
  const length = (bars) => Math.max(...bars.map((bar) => bar.end));

  function outOfOrder(bars) {
    const arrived = bars.filter((bar) => !bar.lost);
    arrived.sort((a, b) => b.end - a.end || b.worker - a.worker);
    const lowest = {};
    return arrived.filter(({ stage, block }) => {
      const late = block > (lowest[stage] ?? block);
      lowest[stage] = Math.min(block, lowest[stage] ?? block);
      return late;
    }).length;
  }

  /** The timetable of so many workers, with the fate that is chosen. */
  function run(count) {
    const { stages } = runs[size];
    const bars = schedule(stages, count);
    return dies ? schedule(stages, count, length(bars) / 2) : bars;
  }
  const alone = () => sum(runs[size].stages.map(sum));
  const chain = () => sum(runs[size].stages.map((costs) => Math.max(...costs)));

  const dial = xent.slider({
    label: "Workers",
    name: "workers",
    min: 1,
    max: most,
    step: 1,
    oninput(value) {
      workers = value;
      update();
    },
  });
  const sliders = xent.element("div", { class: "xent-sliders" }, dial.node);
  const sized = xent.choice("Points in a block", sizes, (chosen) => {
    size = Number(chosen);
    update();
  });
  const fated = xent.choice("What happens to the workers", FATES, (chosen) => {
    dies = chosen === FATES[1];
    update();
  });
  const legend = xent.element("p", { class: "xent-legend" });
  legend.innerHTML =
    'Drawn from p, <b data-colour="p">blue</b>: the first pilot and the audit at the end. Drawn ' +
    'from proposals q, <b data-colour="q">orange</b>: pale the other pilots, full the final points. ' +
    'A block that was lost is <b data-colour="excess">hatched</b>. At each grey line everyone waits.';

  const timetable = xent.picture((width) => {
    const bars = run(workers);
    const rows = Math.max(...bars.map((bar) => bar.worker)) + 1;
    const total = alone();
    const end = length(bars);
    const x = scale([0, end], [36, width - 10]);
    const last = runs[size].stages.length - 1; // the audit; before it come the final points
    const styles = runs[size].stages.map((_, stage) => (stage === last - 1 ? "solid q" : "area q"));
    styles[0] = styles[last] = "solid p";
    const top = (worker) => 24 + 22 * worker;
    const bottom = top(most) + 2;
    const step = [1, 2, 5, 10].find((gap) => end / gap <= width / 60);
    const ticks = Array.from({ length: Math.floor(end / step) + 1 }, (_, i) => i * step);
    const ends = runs[size].stages
      .slice(0, last)
      .map((_, stage) => length(bars.filter((bar) => bar.stage === stage)));
    const shapes = [
      text(0, 12, "worker", "tick", "start"),
      ...xent.axisX(x, bottom, ticks, "time, in seconds"),
      ...ends.map((time) => line(x(time), 20, x(time), top(rows), "axis")),
    ];
    for (let worker = 0; worker < rows; worker += 1) {
      const here = worker === workers; // nobody is left: the process that started it all
      shapes.push(text(28, top(worker) + 14, here ? "here" : String(worker + 1), "tick", "end"));
    }
    for (const bar of bars) {
      const [left, wide] = [x(bar.start), Math.max(x(bar.end) - x(bar.start) - 0.8, 0.6)];
      const y = top(bar.worker);
      if (bar.lost) {
        shapes.push(hatch(left, y, Math.max(wide, 3), 18, 4));
        shapes.push(text(left + wide + 5, y + 14, "✕ dies", "excess strong halo", "start"));
      } else {
        shapes.push(rect(left, y, wide, 18, styles[bar.stage]));
      }
    }
    return {
      height: bottom + 42,
      label:
        `${bars.length} blocks on ${workers} worker${workers > 1 ? "s" : ""} over time, done after ` +
        `${fixed(end, 1)} of the ${fixed(total, 1)} seconds that one worker takes.`,
      shapes,
    };
  });

  const speed = xent.picture((width) => {
    const x = scale([1, most], [30, width - 96]);
    const y = scale([0, most], [196, 30]);
    const counts = Array.from({ length: most }, (_, i) => i + 1);
    const total = alone();
    const limit = total / chain();
    const amdahl = (k) => 1 / (1 / limit + (1 - 1 / limit) / k);
    const found = counts.map((k) => total / length(run(k)));
    const right = x(most) + 8;
    const names = [
      ["k times", most, "quiet"],
      [`limit ${fixed(limit, 1)}${limit > most ? " ↑" : ""}`, Math.min(limit, most), "strong"],
      ["this run", found.at(-1), "q strong"],
      ["Amdahl", amdahl(most), "quiet"],
    ];
    const places = xent.spread(
      names.map(([, value]) => y(value)),
      16,
      y(most) - 8,
      y(0),
    );
    return {
      height: 240,
      label:
        `Speed-up against the number of workers, from ${fixed(found[0], 2)} for one to ` +
        `${fixed(found.at(-1), 2)} for ${most}; the limit is ${fixed(limit, 2)}.`,
      shapes: [
        ...xent.axisY(y, 30, x(most), [0, 2, 4, 6, 8], "how many times as fast as one"),
        ...xent.axisX(x, y(0), counts, "number of workers k"),
        line(x(1), y(1), x(most), y(most), "guide"),
        ...(limit > most ? [] : [line(x(1), y(limit), x(most), y(limit), "limit")]),
        curve(
          counts.map((k) => [x(k), y(amdahl(k))]),
          "edge",
        ),
        curve(
          found.map((value, i) => [x(i + 1), y(value)]),
          "curve q",
        ),
        ...found.map((value, i) => circle(x(i + 1), y(value), 3.5, "solid q")),
        circle(x(workers), y(found[workers - 1]), 7, "knob q"),
        ...names.map(([words, , style], i) => text(right, places[i] + 4.5, words, style, "start")),
      ],
    };
  });

  const facts = xent.facts([
    { name: "time", label: "the run takes" },
    { name: "speedup", label: "speed-up", colour: "q" },
    { name: "limit", label: "limit" },
    { name: "swapped", label: "out of order" },
    { name: "digits", label: "estimate" },
  ]);

  const { update } = xent.mount(root, {
    hint: "Add workers, cut the blocks smaller, let one die. What becomes of the estimate?",
    parts: [sliders, legend, timetable.node, facts.node, speed.node],
    buttons: [
      xent.element("span", { class: "xent-hint" }, "Points in a block"),
      sized.node,
      fated.node,
      xent.resetButton(() => {
        ({ workers, size, dies } = params);
        update();
      }),
    ],
    refresh() {
      const bars = run(workers);
      const [time, total, { digits }] = [length(bars), alone(), runs[size]];
      const blocks = bars.filter((bar) => !bar.lost).length;
      const people = `${workers} worker${workers > 1 ? "s" : ""}`;
      dial.show(workers, String(workers), people);
      sized.show(String(size));
      fated.show(FATES[dies ? 1 : 0]);
      timetable.show();
      speed.show();
      facts.show("time", time, fixed(time, 1), "s");
      facts.show("speedup", total / time, fixed(total / time, 2), "times");
      facts.show("limit", total / chain(), fixed(total / chain(), 2), "times");
      facts.show("swapped", outOfOrder(bars), String(outOfOrder(bars)), `of ${blocks} blocks`);
      facts.show("digits", digits, digits);
      return (
        `${people}, ${blocks} blocks of ${size} points${dies ? ", and one dies" : ""}: ` +
        `${fixed(time, 1)} s instead of ${fixed(total, 1)} s, ${fixed(total / time, 2)} times as ` +
        `fast. The estimate is ${digits}.`
      );
    },
  });
});
