// Ten people judge a word, each a button that changes their mind; q is a forecast of their votes.
// Two bars: the loss against the votes, as its floor H(p) and the excess D(p‖q), and the loss
// against the majority alone, which knows no floor.
xent.define("opinions", (root, params) => {
  "use strict";
  const { rect, text, path, hatch, scale, fixed } = xent;
  const { votes: start, q: guess, labels } = params;
  const MARKS = ["−", "0", "+"];
  const FAR = 4; // bits drawn; what is more leaves at the right
  const opening = start.flatMap((count, i) => Array(count).fill(i));
  let [minds, q] = [opening, guess];

  const counts = () => labels.map((_, i) => minds.filter((mind) => mind === i).length);
  const shares = () => counts().map((count) => count / minds.length);
  const top = () => counts().indexOf(Math.max(...counts())); // of several, the first
  const set = (take) => {
    take();
    update();
  };

  const people = opening.map((_, i) =>
    xent.button(
      "",
      () => set(() => (minds = minds.map((mind, j) => (j === i ? (mind + 1) % 3 : mind)))),
      { style: "min-width: 44px; min-height: 44px; font-size: 18px" },
    ),
  );
  const row = xent.element(
    "div",
    {
      class: "xent-buttons",
      role: "group",
      "aria-label": "The ten people",
      style: "max-width: 252px", // two rows of five, which are easily counted
    },
    ...people,
  );
  const told = xent.element("p", { class: "xent-hint" });
  const bars = xent.distribution({
    legend: "q, the forecast",
    symbol: "q",
    labels,
    colour: "q",
    onchange: (probs) => set(() => (q = probs)),
  });

  const picture = xent.picture((width) => {
    const [p, best] = [shares(), top()];
    const [floor, bits] = [xent.entropy(p), xent.crossEntropy(p, q)];
    const hard = xent.surprisal(q[best]);
    const x = scale([0, FAR], [8, width - 22]);
    const [split, end] = [x(floor), x(Math.min(bits, FAR))];
    const last = x(Math.min(hard, FAR));
    const arrow = (y, style) => path(`M${x(FAR)},${y}l12,12l-12,12z`, `solid ${style}`);
    return {
      height: 150,
      label:
        `Two bars. Against the ten votes: ${fixed(bits)} bits, of which ${fixed(floor)} are the ` +
        `floor. Against the majority alone: ${fixed(hard)} bits.`,
      shapes: [
        text(8, 14, "against the ten votes: floor, and excess", "tick", "start"),
        rect(x(0), 20, split - x(0), 24, "area p"),
        rect(x(0), 20, split - x(0), 24, "edge p"),
        rect(split, 20, end - split, 24, "area excess"),
        hatch(split, 20, Math.max(end - split, 0), 24),
        rect(split, 20, end - split, 24, "edge excess"),
        ...(bits > FAR ? [arrow(20, "excess")] : []),
        text(8, 66, `against the majority alone: ${labels[best]}`, "tick", "start"),
        rect(x(0), 72, last - x(0), 24, "area q"),
        rect(x(0), 72, last - x(0), 24, "edge q"),
        ...(hard > FAR ? [arrow(72, "q")] : []),
        ...xent.axisX(x, 106, [0, 1, 2, 3, 4], "bits"),
      ],
    };
  });

  const facts = xent.facts([
    { name: "floor", label: "floor H(p)", colour: "p" },
    { name: "excess", label: "excess D(p‖q)", colour: "excess", sign: "+" },
    { name: "loss", label: "loss H(p, q)", sign: "=" },
    { name: "hard", label: "majority alone", colour: "q" },
  ]);

  const aim = (to) => glide(q, to, (now) => (q = now));
  const { update, glide } = xent.mount(root, {
    hint: "Press a person to change their mind; move the sliders of q.",
    parts: [row, told, bars.node, picture.node, facts.node],
    buttons: [
      xent.button("Predict the votes", () => aim(shares())),
      xent.button("Predict the majority", () => aim(labels.map((_, i) => Number(i === top())))),
      xent.resetButton(() => set(() => ([minds, q] = [opening, guess]))),
    ],
    refresh() {
      const [p, best] = [shares(), top()];
      people.forEach((person, i) => {
        person.textContent = MARKS[minds[i]];
        person.setAttribute("aria-label", `Person ${i + 1} says ${labels[minds[i]]}`);
      });
      told.textContent = counts()
        .map((count, i) => `${MARKS[i]} ${labels[i]}: ${count}`)
        .join(", ");
      bars.show(q);
      picture.show();
      const [floor, extra] = [xent.entropy(p), xent.divergence(p, q)];
      const [bits, hard] = [xent.crossEntropy(p, q), xent.surprisal(q[best])];
      const values = { floor, excess: extra, loss: bits, hard };
      for (const [name, value] of Object.entries(values)) {
        facts.show(name, value, fixed(value), value < Infinity ? "bits" : "");
      }
      if (bits === Infinity)
        return (
          "The forecast calls impossible what somebody said: against the votes the loss is " +
          `infinite, against the majority alone it is ${fixed(hard)}${hard < Infinity ? " bits" : ""}.`
        );
      if (extra < 1e-9)
        return floor === 0
          ? "All ten agree, and the forecast with them: the loss is 0."
          : `The forecast is the votes, and ${fixed(floor)} bits stay: what people disagree about, no forecast can save.`;
      return (
        `A vote costs ${fixed(bits)} bits: ${fixed(floor)} because the ten disagree, ` +
        `${fixed(extra)} because the forecast is not their votes.`
      );
    },
  });
});
