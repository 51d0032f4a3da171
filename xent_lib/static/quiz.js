// Quizzes and predictions. Both are built out of their fallback, which holds all the words, so a
// text stands in a saved notebook only once. A form and labels around their inputs need no ids.
(() => {
  "use strict";

  const { define, element, fixed } = window.xent;

  const QUIET = { "data-lm-suppress-shortcuts": "true" }; // or the notebook takes the keys

  /** A new element with the content of an old one, markup and all. */
  function moved(tag, attributes, from) {
    const node = element(tag, attributes);
    node.append(...from.childNodes);
    return node;
  }

  /** A form that answers into a live region; `onsubmit` returns what to put there. */
  function form(parts, text, onsubmit) {
    const answer = element("div", { role: "status" });
    const button = element("button", { type: "submit", ...QUIET }, text);
    const node = element("form", { class: "xent-form", novalidate: "" });
    node.append(...parts, element("div", { class: "xent-buttons" }, button), answer);
    node.addEventListener("submit", (event) => {
      event.preventDefault();
      answer.replaceChildren(...onsubmit());
    });
    node.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.target.localName !== "input") return;
      event.preventDefault(); // Enter submits a form, but not in an output of JupyterLab
      node.requestSubmit();
    });
    return { node, clear: () => answer.replaceChildren() };
  }

  /** A verdict: a mark for the eye, a word for everyone, and the reason. */
  function verdict(right, word, ...why) {
    const mark = element("span", { class: "xent-mark", "aria-hidden": "true" }, right ? "✓" : "✗");
    const state = right ? "right" : "wrong";
    const text = element("span", {}, element("strong", {}, word), " ", ...why);
    return element("p", { class: `xent-verdict xent-${state}` }, mark, text);
  }

  const remark = (...text) => element("p", { class: "xent-verdict" }, element("span", {}, ...text));

  // ---- quiz -----------------------------------------------------------------------------------

  define("quiz", (root, { right, several }) => {
    const [choices, answers] = root.querySelectorAll("ol");
    const reasons = [...answers.children].map((item) => item.querySelector("span"));
    const reason = (i) => reasons[i].cloneNode(true);

    const type = several ? "checkbox" : "radio";
    const inputs = right.map(() => element("input", { type, name: "choice", ...QUIET }));
    const labels = [...choices.children].map((item, i) => {
      const label = moved("span", {}, item);
      return element("label", { class: "xent-option" }, inputs[i], label);
    });
    const legend = moved("legend", {}, root.querySelector("p"));

    function judge() {
      const chosen = right.map((_, i) => inputs[i].checked);
      if (!chosen.some(Boolean)) return [remark("Choose an answer first.")];
      if (!several) {
        const i = chosen.indexOf(true);
        return [verdict(right[i], right[i] ? "Right." : "Not right.", reason(i))];
      }
      const wrong = right.flatMap((isRight, i) => (chosen[i] && !isRight ? [i] : []));
      const missed = right.filter((isRight, i) => isRight && !chosen[i]).length;
      if (!wrong.length && !missed) {
        return right.flatMap((isRight, i) => (isRight ? [verdict(true, "Right.", reason(i))] : []));
      }
      const said = wrong.map((i) => {
        const words = labels[i].querySelector("span").cloneNode(true);
        return verdict(false, "Not right:", words, " — ", reason(i));
      });
      if (missed) {
        const what = missed === 1 ? "One right answer is" : `${missed} right answers are`;
        said.push(remark(`${what} not ticked yet.`));
      }
      return said;
    }

    const { node, clear } = form([element("fieldset", {}, legend, ...labels)], "Check", judge);
    node.addEventListener("change", clear); // an old verdict must not stand beside a new choice
    root.replaceChildren(node);
  });

  // ---- predict --------------------------------------------------------------------------------

  define("predict", (root, { answer, unit, digits }) => {
    const [lead, question] = root.querySelector("p").children;
    const shown = root.querySelector("details p").textContent;
    const input = element("input", { type: "number", step: "any", inputmode: "decimal", ...QUIET });
    const withUnit = (value) => `${fixed(value, digits)} ${unit}`.trimEnd();
    const label = element("label", {}, lead, " ", moved("span", {}, question));
    label.append(element("span", { class: "xent-guess" }, input, " ", unit));

    function judge() {
      const guess = input.valueAsNumber;
      if (Number.isNaN(guess)) return [remark("Write down a number first: any guess will do.")];
      const truth = element("strong", { "data-name": "answer", "data-value": answer }, shown);
      const off = Math.abs(guess - answer);
      const near = Number(off.toFixed(digits)) === 0;
      const how = near
        ? "You guessed exactly that."
        : `Your guess is ${withUnit(off)} too ${guess > answer ? "high" : "low"}.`;
      return [remark("The answer is ", truth, `. ${how}`)];
    }

    root.replaceChildren(form([label], "Compare", judge).node);
  });
})();
