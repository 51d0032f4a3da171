// A bell walks to the tail of the standard normal, level by level: draw around the last mean, find
// the level that a tenth passes, fit the bell to those, weighed; last, fresh points for the
// estimate. Above the bells and the points, below the tail probability on a logarithmic scale.
xent.define("level-walk", (root, params) => {
  "use strict";
  const { line, circle, curve, scale, fixed, text, power, tenTo } = xent;
  const { gamma, looks } = params;
  const final = looks.length - 1;
  const LAST = 2 * final + 1; // two steps a level, and one for the estimate
  const LEFT = 44;
  const LOW = -4;
  const HIGH = gamma + 4;
  const DEEPEST = Math.floor(Math.log10(looks[final].truth)) - 1;

  const density = (x, mean) => Math.exp(-((x - mean) ** 2) / 2) / Math.sqrt(2 * Math.PI);
  const weight = (x, mean) => Math.exp(mean ** 2 / 2 - mean * x);
  const log10 = Math.log10;
  const whole = (value) => fixed(value, 0);
  const xticks = Array.from({ length: Math.floor((HIGH - LOW) / 2) + 1 }, (_, i) => LOW + 2 * i);
  const span = Array.from({ length: 181 }, (_, i) => LOW + ((HIGH - LOW) * i) / 180);

  /** The area under the bell from x on: good to a percent, and only drawn. */
  function tail(x) {
    const places = Array.from({ length: 400 }, (_, i) => x + (i + 0.5) / 40);
    return xent.sum(places.map((z) => density(z, 0))) / 40;
  }
  const truth = span.map((x) => [x, log10(tail(x))]);

  /** Where step `at` stands: which points are shown, and whether the bell has been fitted. */
  const stage = (at) => ({
    look: at === 0 ? null : looks[Math.min(Math.floor((at - 1) / 2), final)],
    number: Math.min(Math.ceil(at / 2), final + 1),
    fitted: at > 0 && at % 2 === 0,
  });

  const walk = xent.player({
    label: "Step",
    name: "step",
    most: LAST,
    speed: 0.8,
    onmove: () => update(),
  });
  const sliders = xent.element("div", { class: "xent-sliders" }, walk.node);

  const bells = xent.picture((width) => {
    const { look, fitted } = stage(walk.at);
    const x = scale([LOW, HIGH], [LEFT, width - 12]);
    const y = scale([0, 0.42], [132, 34]);
    const bell = (mean, style) =>
      curve(
        span.map((z) => [x(z), y(density(z, mean))]),
        style,
      );
    const ticks = [];
    if (look) {
      const heaviest = weight(look.level, look.mean);
      for (const point of look.points) {
        if (point < LOW || point > HIGH) continue;
        const elite = point >= look.level;
        const tall = elite ? 6 + 20 * (weight(point, look.mean) / heaviest) : 5;
        ticks.push(line(x(point), 168, x(point), 168 - tall, elite ? "edge q" : "axis"));
      }
    }
    const now = fitted ? look.next : (look?.mean ?? 0);
    return {
      height: 208,
      label:
        `Density over x: the blue bell of p around 0, the orange bell that is drawn from around ` +
        `${fixed(now, 2)}, and the level to reach at ${fixed(gamma, 1)}.` +
        (look ? ` The points above ${fixed(look.level, 2)} are marked.` : ""),
      shapes: [
        text(0, 12, "density", "tick", "start"),
        line(x(gamma), 30, x(gamma), 168, "limit"),
        text(x(gamma) + 5, 12, `γ = ${fixed(gamma, 1)}`, "strong", "start"),
        ...(look && look.level < gamma
          ? [
              line(x(look.level), 34, x(look.level), 168, "guide"),
              ...(x(gamma) - x(look.level) > 44
                ? [text(x(look.level), 28, "level", "tick halo")]
                : []),
            ]
          : []),
        ...xent.axisX(x, 168, xticks, "x", whole),
        bell(0, "curve p"),
        text(x(-1.1), y(0.33), "p", "p strong halo", "end"),
        ...(fitted ? [bell(look.mean, "guide")] : []),
        ...(look ? [bell(now, "curve q")] : []),
        ...(now > 0 ? [text(x(now + 1.1), y(0.33), "q", "q strong halo", "start")] : []),
        ...ticks,
      ],
    };
  });

  const ladder = xent.picture((width) => {
    const { look, number } = stage(walk.at);
    const x = scale([LOW, HIGH], [LEFT, width - 12]);
    const y = scale([DEEPEST, 0.2], [138, 26]);
    const done = looks.slice(0, number);
    const thirds = Array.from({ length: Math.ceil(-DEEPEST / 3) }, (_, i) => -3 * i);
    const inside = truth.filter(([, height]) => height >= DEEPEST);
    return {
      height: 178,
      label:
        `The probability to reach x, on a logarithmic scale: the blue line of the truth falls to ` +
        `${power(looks[final].truth)} at ${fixed(gamma, 1)}.` +
        (look ? ` Dots mark the estimates of ${number} levels.` : ""),
      shapes: [
        ...xent.axisY(y, LEFT, width - 12, thirds, "P(Z ≥ x)", tenTo),
        ...xent.axisX(x, 138, xticks, "x", whole),
        line(x(gamma), 30, x(gamma), 138, "limit"),
        curve(
          inside.map(([z, height]) => [x(z), y(height)]),
          "curve p",
        ),
        ...done.flatMap(({ level, estimate, error }) => [
          line(
            x(level),
            y(log10(estimate * Math.exp((2 * error) / estimate))),
            x(level),
            y(log10(estimate * Math.exp((-2 * error) / estimate))),
            "edge q",
          ),
          circle(x(level), y(log10(estimate)), 4.5, "solid q"),
        ]),
      ],
    };
  });
  const facts = xent.facts([
    { name: "mean", label: "drawn around", colour: "q" },
    { name: "level", label: "level" },
    { name: "estimate", label: "P(Z ≥ level), estimated", colour: "q" },
    { name: "truth", label: "truth", colour: "p" },
  ]);

  const { update } = xent.mount(root, {
    hint: "Step, or play. The taller the tick of a point above the level, the larger its weight.",
    parts: [sliders, bells.node, ladder.node, facts.node],
    buttons: [...walk.buttons, xent.resetButton(() => walk.go(0))],
    refresh() {
      const at = walk.at;
      const { look, number, fitted } = stage(at);
      walk.show();
      bells.show();
      ladder.show();
      const mean = fitted ? look.next : (look?.mean ?? 0);
      facts.show("mean", mean, fixed(mean, 2));
      facts.show("level", look?.level ?? NaN, look ? fixed(look.level, 2) : "none yet");
      facts.show("estimate", look?.estimate ?? NaN, look ? power(look.estimate) : "none yet");
      facts.show("truth", look?.truth ?? NaN, look ? power(look.truth) : "–");
      if (!look) return `No point of p comes near ${fixed(gamma, 1)}. Take the first step.`;
      const n = look.points.length;
      if (at === LAST) {
        const share = Math.round((100 * look.error) / look.estimate);
        return (
          `${n} fresh points around ${fixed(look.mean, 2)} estimate ${power(look.estimate)}, ` +
          `give or take ${share}%. The truth is ${power(look.truth)}.`
        );
      }
      if (fitted) {
        return (
          `Fit: the weighted mean of the ${look.elites} points above is ${fixed(look.next, 2)}. ` +
          `There the bell moves.`
        );
      }
      return (
        `Level ${number}: ${n} points around ${fixed(look.mean, 2)}. ${look.elites} of them ` +
        `reach ${fixed(look.level, 2)}.`
      );
    },
  });
});
