// The core of the explorable figures: a registry that brings components to life, and the few
// parts they share (sliders, drawings, axes, read-outs). A classic script, so that it works from a
// file, on the website and inline in a notebook; loading it again is harmless.
(() => {
  "use strict";

  // ---- components -----------------------------------------------------------------------------

  const setups = {};

  /** Says how components of one kind come alive: `setup(root, params)`, once for each element. */
  function define(kind, setup) {
    setups[kind] = setup;
    if (document.readyState !== "loading") hydrate(kind);
  }

  function hydrate(kind) {
    for (const root of document.querySelectorAll(`[data-xent="${kind}"]:not([data-ready])`)) {
      root.dataset.ready = "true"; // also in the page: a second copy of this script passes it by
      setups[kind](root, JSON.parse(root.dataset.params));
    }
  }

  document.addEventListener("DOMContentLoaded", () => Object.keys(setups).forEach(hydrate));

  // ---- mathematics ----------------------------------------------------------------------------

  const LOG = { bits: Math.log2, nats: Math.log };
  const sum = (values) => values.reduce((total, value) => total + value, 0);
  const surprisal = (prob, unit = "bits") => (prob === 1 ? 0 : -LOG[unit](prob));

  /** Average of the surprise that q assigns, weighted by p; what never happens costs nothing. */
  function crossEntropy(p, q, unit = "bits") {
    return sum(p.map((prob, i) => (prob === 0 ? 0 : prob * surprisal(q[i], unit))));
  }

  const entropy = (p, unit = "bits") => crossEntropy(p, p, unit);

  /** D(p‖q) as a sum of terms that are never negative, so that no digits cancel where q is near p. */
  function divergence(p, q, unit = "bits") {
    const terms = p.map((prob, i) => {
      if (prob === 0) return q[i];
      const step = (q[i] - prob) / prob;
      return Math.abs(step) < 0.5
        ? prob * (step - Math.log1p(step))
        : q[i] - prob - prob * Math.log(q[i] / prob);
    });
    return sum(terms) / (unit === "bits" ? Math.LN2 : 1);
  }

  /** p with p[index] set to value; the others share the rest in the proportions of `shape`. */
  function rescale(shape, index, value) {
    const others = sum(shape) - shape[index];
    return shape.map((weight, i) => {
      if (i === index) return value;
      return others > 0 ? ((1 - value) * weight) / others : (1 - value) / (shape.length - 1);
    });
  }

  const clamp = (value, low, high) => Math.min(Math.max(value, low), high);

  // ---- text -----------------------------------------------------------------------------------

  /** A number for people: fixed digits, a real minus sign, infinity in words. */
  function fixed(value, digits = 3) {
    if (!Number.isFinite(value)) return value < 0 ? "−infinite" : "infinite";
    return value
      .toFixed(digits)
      .replace(/^-(0\.?0*)$/, "$1")
      .replace("-", "−");
  }

  /** A probability in three decimals, and never 0 where it is not. */
  const chance = (prob) => (prob > 0 && prob < 0.0005 ? "<0.001" : prob.toFixed(3));

  /** A power of ten: 10⁻³. */
  const tenTo = (exponent) =>
    `10${String(exponent).replace(/./g, (sign) => (sign === "-" ? "⁻" : "⁰¹²³⁴⁵⁶⁷⁸⁹"[sign]))}`;

  /** A number of any size: 29.64, 1,024, 2.22 × 10⁻³. */
  function power(value) {
    if (value === 0) return "0";
    if (value >= 0.1 && value < 1000) return fixed(value, 2);
    if (value >= 1000 && value < 1e6) return Math.round(value).toLocaleString("en");
    const [digits, exponent] = value.toExponential(2).split("e");
    return `${digits}\u00a0×\u00a0${tenTo(Number(exponent))}`;
  }

  // ---- HTML -----------------------------------------------------------------------------------

  /** An HTML element with attributes, listeners (on…) and children. */
  function element(tag, attributes = {}, ...children) {
    const node = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
      else node.setAttribute(name, value);
    }
    node.append(...children);
    return node;
  }

  /** Shows a number as text and keeps all its digits in `data-value`. */
  function showNumber(node, value, text) {
    node.dataset.value = String(value);
    node.textContent = text;
  }

  /** A slider with a visible label and its value beside it, in `room` ems; `show` moves it. */
  function slider({ label, name, colour, min = 0, max = 1, step = 0.01, room = 3.1, oninput }) {
    const input = element("input", {
      type: "range",
      min,
      max,
      step,
      "data-lm-suppress-shortcuts": "true", // or the notebook takes the arrow keys
      oninput: () => oninput(Number(input.value)),
    });
    const value = element("span", { "data-name": name, style: `min-width: ${room}em` });
    const node = element(
      "div",
      { class: "xent-slider", ...(colour && { "data-colour": colour }) },
      element("label", {}, element("span", {}, label), input),
      value,
    );
    /** `exact` is what the position stands for, `spoken` what a screen reader says. */
    function show(position, text, spoken = text, exact = position) {
      input.value = position;
      const share = (input.value - min) / (max - min);
      input.style.setProperty("--xent-fill", `calc(6px + (100% - 12px) * ${share})`);
      input.setAttribute("aria-valuetext", spoken);
      showNumber(value, exact, text);
    }
    return { node, show };
  }

  /** The sliders of one distribution; `onchange` gets the new one, which sums to 1. */
  function distribution({ legend, symbol, labels, colour, onchange }) {
    let shape = labels.map(() => 1); // the last proportions: a bar pushed to 1 can come back
    let current = shape;
    const sliders = labels.map((label, i) =>
      slider({
        label: `${symbol}(${label})`,
        name: `${symbol}-${i}`,
        colour,
        oninput: (value) => onchange(move(i, value)),
      }),
    );
    function move(index, value) {
      if (sum(current) - current[index] > 0) shape = current;
      return rescale(shape, index, clamp(value, 0, 1));
    }
    function show(probs) {
      current = probs;
      probs.forEach((prob, i) => sliders[i].show(prob, chance(prob), chance(prob), prob));
    }
    const node = element(
      "fieldset",
      { class: "xent-sliders", "data-colour": colour },
      element("legend", {}, legend),
      ...sliders.map(({ node }) => node),
    );
    return { node, show, move };
  }

  function button(text, onclick, attributes = {}) {
    const quiet = { type: "button", "data-lm-suppress-shortcuts": "true" };
    return element("button", { ...quiet, ...attributes, onclick }, text);
  }

  const resetButton = (onclick) => button("Reset", onclick, { class: "xent-reset" });

  /** Buttons of which one is pressed. */
  function choice(label, options, onchoose) {
    const buttons = options.map((option) => button(option, () => onchoose(option)));
    const node = element("span", { class: "xent-choice", role: "group", "aria-label": label });
    node.append(...buttons);
    function show(chosen) {
      buttons.forEach((one, i) => one.setAttribute("aria-pressed", String(options[i] === chosen)));
    }
    return { node, show };
  }

  /** Read-outs: `facts([{ name, label, colour, sign }])`, then `show(name, value, text, unit)`. */
  function facts(items) {
    const node = element("div", { class: "xent-facts" });
    const places = {};
    for (const { name, label, colour, sign } of items) {
      const value = element("span", { "data-name": name });
      const unit = element("span");
      node.append(
        element(
          "div",
          { ...(colour && { "data-colour": colour }), ...(sign && { "data-sign": sign }) },
          element("div", { class: "xent-name" }, label),
          element("div", { class: "xent-amount" }, value, " ", unit),
        ),
      );
      places[name] = { value, unit };
    }
    function show(name, value, text, unit = "") {
      showNumber(places[name].value, value, text);
      places[name].unit.textContent = unit;
    }
    return { node, show };
  }

  /** A table whose cells `show(rows)` fills; the first cell of a row is its header. */
  function table(headers) {
    const head = element("tr", {}, ...headers.map((text) => element("th", { scope: "col" }, text)));
    const body = element("tbody");
    const node = element("table", {}, element("thead", {}, head), body);
    function show(rows) {
      body.replaceChildren(
        ...rows.map(([first, ...rest]) =>
          element(
            "tr",
            {},
            element("th", { scope: "row" }, first),
            ...rest.map((cell) => element("td", {}, cell)),
          ),
        ),
      );
    }
    return { node, show };
  }

  // ---- drawing --------------------------------------------------------------------------------
  // A shape is [tag, attributes, text]. A drawing is a list of shapes in pixels, made anew from the
  // state each time; `paint` changes only what differs.

  const SVG = "http://www.w3.org/2000/svg";

  const line = (x1, y1, x2, y2, style) => ["line", { x1, y1, x2, y2, class: style }];
  const rect = (x, y, width, height, style) => [
    "rect",
    { x, y, width: Math.max(width, 0), height: Math.max(height, 0), class: style },
  ];
  const circle = (cx, cy, r, style) => ["circle", { cx, cy, r, class: style }];
  const text = (x, y, words, style = "", anchor = "middle") => [
    "text",
    { x, y, class: style, "text-anchor": anchor },
    words,
  ];
  const path = (d, style) => ["path", { d, class: style }];
  const curve = (points, style) => path(`M${points.map(([x, y]) => `${x},${y}`).join("L")}`, style);
  const handle = (shape, name) => [shape[0], { ...shape[1], "data-drag": name }];

  /** Slanted lines that fill a rectangle, in step with those of its neighbours. */
  function hatch(x, y, width, height, gap = 7) {
    let d = "";
    for (let c = Math.ceil((x + y) / gap) * gap; c < x + y + width + height; c += gap) {
      const left = Math.max(x, c - y - height);
      const right = Math.min(x + width, c - y);
      if (right > left) d += `M${left},${c - left}L${right},${c - right}`;
    }
    return path(d, "hatch");
  }

  /** A map from data to pixels, and back by `.invert`. */
  function scale([d0, d1], [r0, r1]) {
    const map = (value) => r0 + ((value - d0) / (d1 - d0)) * (r1 - r0);
    map.invert = (pixel) => d0 + ((pixel - r0) / (r1 - r0)) * (d1 - d0);
    map.range = [r0, r1];
    return map;
  }

  function axisX(x, y, ticks, title, format = String) {
    const [left, right] = x.range;
    return [
      line(left, y, right, y, "axis"),
      ...ticks.flatMap((value) => [
        line(x(value), y, x(value), y + 5, "axis"),
        text(x(value), y + 18, format(value), "tick"),
      ]),
      text(right, y + 36, title, "tick", "end"),
    ];
  }

  function axisY(y, x, right, ticks, title, format = String) {
    return [
      ...ticks.flatMap((value) => [
        line(x, y(value), right, y(value), value === 0 ? "axis" : "grid"),
        text(x - 7, y(value) + 4.5, format(value), "tick", "end"),
      ]),
      text(0, 12, title, "tick", "start"),
    ];
  }

  /** Moves positions apart until neighbours keep `gap`, inside [low, high]; order is kept. */
  function spread(positions, gap, low, high) {
    const order = positions.map((_, i) => i).sort((a, b) => positions[a] - positions[b]);
    const placed = [...positions];
    let floor = low;
    for (const i of order) floor = (placed[i] = Math.max(placed[i], floor)) + gap;
    let ceiling = high;
    for (const i of order.reverse()) ceiling = (placed[i] = Math.min(placed[i], ceiling)) - gap;
    return placed;
  }

  /** About how wide a text will be: drawings are laid out before they are seen. */
  const widthOf = (words, size = 13) => words.length * size * 0.6;

  // ---- columns: symbols side by side, as wide as their probabilities ---------------------------

  /** Where the columns begin and end: 0, p₀, p₀ + p₁, …, 1. */
  const edges = (p) => p.reduce((ends, prob) => [...ends, ends.at(-1) + prob], [0]);

  /** p after the border left of column `index` was moved to `place`: two neighbours trade. */
  function moveEdge(p, index, place) {
    const [before, after] = [edges(p)[index - 1], edges(p)[index + 1]];
    const border = clamp(Math.round(place * 100) / 100, before, after);
    return p.map((prob, i) => {
      if (i === index - 1) return border - before;
      return i === index ? after - border : prob;
    });
  }

  /** The names of the columns below them, kept apart where columns are narrow. */
  function names(labels, ends, y) {
    const centres = labels.map((_, i) => (ends[i] + ends[i + 1]) / 2);
    const gap = Math.max(...labels.map((label) => widthOf(label))) + 6;
    const placed = spread(centres, gap, ends[0], ends.at(-1));
    return labels.map((label, i) => text(placed[i], y, label, "strong"));
  }

  /** Handles on the borders between columns. */
  function grips(ends, y) {
    return ends
      .slice(1, -1)
      .flatMap((x, i) => [
        path(`M${x},${y + 3}l6,9h-12z`, "knob p"),
        handle(rect(x - 13, y - 4, 26, 26, "grasp sideways"), String(i + 1)),
      ]);
  }

  /** Marks of columns that leave through the top: [[x, words], …]; words that would touch are left out. */
  function offTop(columns, y, style) {
    let free = -Infinity;
    return columns.flatMap(([x, words]) => {
      const half = widthOf(words) / 2 + 3;
      const fits = x - half > free;
      if (fits) free = x + half;
      const arrow = path(`M${x - 6},${y}l6,-11l6,11z`, `solid ${style}`);
      return fits ? [arrow, text(x, y - 15, words, "halo")] : [arrow];
    });
  }

  function paint(group, shapes) {
    shapes.forEach(([tag, attributes, words = ""], i) => {
      let node = group.childNodes[i];
      if (node?.localName !== tag) {
        const fresh = document.createElementNS(SVG, tag);
        if (node) node.replaceWith(fresh);
        else group.append(fresh);
        node = fresh;
      }
      for (const { name } of [...node.attributes]) {
        if (!(name in attributes)) node.removeAttribute(name);
      }
      for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
      if (node.textContent !== words) node.textContent = words;
    });
    while (group.childNodes.length > shapes.length) group.lastChild.remove();
  }

  /**
   * A drawing as wide as its place. `draw(width)` gives { height, label, shapes }, where `label`
   * says what is to be seen; `ondrag(name, x, y)` hears of the handles that the reader moves.
   */
  function picture(draw, ondrag) {
    const svg = document.createElementNS(SVG, "svg");
    svg.setAttribute("role", "img");
    // handles lie above all else, in a group of their own: a finger must not lose what it holds
    const drawing = svg.appendChild(document.createElementNS(SVG, "g"));
    const handles = svg.appendChild(document.createElementNS(SVG, "g"));
    const node = element("div", { class: "xent-picture" }, svg);
    let width = 0;
    function show() {
      width = node.clientWidth || 600; // no width yet: not on the page, or folded away
      const { height, label, shapes } = draw(width);
      svg.setAttribute("height", height);
      svg.setAttribute("aria-label", label);
      paint(
        drawing,
        shapes.filter(([, attributes]) => !attributes["data-drag"]),
      );
      paint(
        handles,
        shapes.filter(([, attributes]) => attributes["data-drag"]),
      );
    }
    new ResizeObserver(() => node.clientWidth !== width && node.clientWidth && show()).observe(
      node,
    );
    const hold = (event) => event.target.dataset.drag && event.preventDefault();
    svg.addEventListener("touchstart", hold, { passive: false }); // drag, and do not scroll
    svg.addEventListener("pointerdown", (event) => {
      const name = event.target.dataset.drag;
      if (!name) return;
      event.preventDefault();
      svg.setPointerCapture(event.pointerId);
      const box = svg.getBoundingClientRect();
      const move = ({ clientX, clientY }) => ondrag(name, clientX - box.left, clientY - box.top);
      svg.addEventListener("pointermove", move);
      svg.addEventListener(
        "lostpointercapture",
        () => svg.removeEventListener("pointermove", move),
        { once: true },
      );
    });
    return { node, show };
  }

  // ---- what goes by in steps ---------------------------------------------------------------------

  /**
   * A walk through the steps 0 … `most`: a slider, a button for the next and one that plays, at
   * `speed` steps a second. `onmove()` hears of every move and brings the figure up to date; its
   * refresh calls `show(words)`. Where motion is not wanted, Play goes to the end at once.
   */
  function player({ label, name, most, speed, onmove }) {
    let at = 0;
    let playing = false;
    const dial = slider({ label, name, max: most, step: 1, oninput: go });

    function go(step) {
      at = clamp(step, 0, most);
      playing = false;
      onmove();
    }
    function play() {
      if (playing) return go(at);
      if (matchMedia("(prefers-reduced-motion: reduce)").matches) return go(most);
      if (at === most) at = 0;
      const first = at;
      const started = performance.now();
      const mine = (playing = {}); // whoever stops this, or plays again, leaves another value here
      function frame(now) {
        if (playing !== mine) return;
        at = clamp(first + Math.floor(((now - started) / 1000) * speed), first, most);
        if (at === most) playing = false;
        onmove();
        if (playing) requestAnimationFrame(frame);
      }
      frame(started);
    }
    const next = button("Step", () => go(at + 1));
    const runner = button("Play", play);

    function show(words = `${name} ${at} of ${most}`) {
      dial.show(at, String(at), words);
      next.disabled = at === most;
      runner.textContent = playing ? "Pause" : "Play";
    }
    return {
      node: dial.node,
      buttons: [next, runner],
      go,
      show,
      get at() {
        return at;
      },
    };
  }

  // ---- the whole ------------------------------------------------------------------------------

  /**
   * Puts the parts and a row of buttons in the place of the fallback. `refresh()` brings all up to
   * date and returns the figure in one sentence, shown at once and spoken when the reader pauses.
   */
  function mount(root, { hint, parts, buttons, refresh }) {
    const title = root.querySelector(".xent-title");
    const says = element("p", { class: "xent-says" });
    const spoken = element("p", { class: "xent-hidden", role: "status", "aria-live": "polite" });
    let timer;
    let flight = 0;

    function update() {
      flight += 1; // whatever glides stops where the reader takes over
      says.textContent = refresh();
      clearTimeout(timer);
      timer = setTimeout(() => (spoken.textContent = says.textContent), 600);
    }

    /** Takes numbers from here to there in 0.4 s, or at once where motion is not wanted. */
    function glide(from, to, take) {
      const start = performance.now();
      const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
      let mine = flight;
      function frame(now) {
        if (flight !== mine) return;
        const time = still ? 1 : clamp((now - start) / 400, 0, 1);
        const ease = time * time * (3 - 2 * time);
        take(time === 1 ? to : from.map((value, i) => value + (to[i] - value) * ease));
        update();
        mine = flight;
        if (time < 1) requestAnimationFrame(frame);
      }
      frame(start);
    }

    root.setAttribute("role", "group");
    root.setAttribute("aria-label", title.textContent);
    title.append(" ", element("span", { class: "xent-hint" }, hint));
    const row = element("div", { class: "xent-buttons" }, ...buttons);
    root.replaceChildren(title, ...parts, says, row, spoken);
    says.textContent = refresh();
    return { update, glide };
  }

  window.xent = {
    define,
    mount,
    element,
    slider,
    distribution,
    button,
    resetButton,
    choice,
    facts,
    table,
    picture,
    player,
    line,
    rect,
    circle,
    text,
    path,
    curve,
    handle,
    hatch,
    scale,
    axisX,
    axisY,
    spread,
    widthOf,
    edges,
    moveEdge,
    names,
    grips,
    offTop,
    sum,
    clamp,
    fixed,
    chance,
    power,
    tenTo,
    surprisal,
    entropy,
    crossEntropy,
    divergence,
  };
})();
