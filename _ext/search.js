// What Sphinx's search does not do by itself.
(() => {
  const parse = Search._parseQuery;
  let asked = "";

  // A reader types H(p,q), I(X;Y), D(p||q) or \gamma; the index has H(p, q), I(X, Y), D(p ‖ q), γ
  // and gamma. What they typed is brought to that form first.
  const normal = (query) =>
    query
      .replace(/[\\$]/g, "")
      .replace(/\s*(\|\||‖|∥)\s*/g, " ‖ ")
      .replace(/\s*[,;]\s*/g, ", ")
      .replace(/\s*([([])\s*/g, "$1")
      .replace(/\s+([)\]])/g, "$1");
  Search._parseQuery = (query) => {
    asked = normal(query);
    return parse(asked);
  };

  // The chapter on what was asked for, by its title, comes before the glossary (100) and the
  // library (16): the more so the more of the title was asked for.
  const words = (text) => ` ${text.toLowerCase().match(/[\p{Letter}\p{Number}]+/gu)?.join(" ")} `;
  Scorer.score = ([, title, anchor, , score]) => {
    const chapter = !anchor && asked.length > 1 && words(title).includes(words(asked));
    return chapter ? score + (101 * words(asked).length) / words(title).length : score;
  };
})();
