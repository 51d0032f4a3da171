// A reader types H(p,q), I(X;Y), D(p||q) or \gamma; the index has H(p, q), I(X, Y), D(p ‖ q), γ
// and gamma. What they typed is brought to that form before Sphinx's search looks at it.
(() => {
  const parse = Search._parseQuery;
  const normal = (query) =>
    query
      .replace(/[\\$]/g, "")
      .replace(/\s*(\|\||‖|∥)\s*/g, " ‖ ")
      .replace(/\s*[,;]\s*/g, ", ")
      .replace(/\s*([([])\s*/g, "$1")
      .replace(/\s+([)\]])/g, "$1");
  Search._parseQuery = (query) => parse(normal(query));
})();
