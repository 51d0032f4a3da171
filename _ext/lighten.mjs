// Makes a built site light. Reads what to do as JSON from standard input:
//
//   sheets   style sheets that become one, in this order
//   used_by  pages and scripts: a rule for a class that none of them speaks of is left out
//   sheet    the file that the one sheet goes to
//   figures  [[from, to], …] SVG files to rewrite without what no browser draws
//
// The packages come from _build/node, where this runs: a module's imports are looked up beside
// the module, so they are required from the current folder instead.
import { createRequire } from "node:module";
import { readFileSync, writeFileSync } from "node:fs";

const require = createRequire(`${process.cwd()}/`);
const { PurgeCSS } = require("purgecss");
const { transform } = require("lightningcss");
const { optimize } = require("svgo");

const read = (path) => readFileSync(path, "utf-8");
const { sheets, used_by, sheet, figures } = JSON.parse(readFileSync(0, "utf-8"));

// A class, an id or a name of an attribute is any run of these characters in a page or a script.
const words = (text) => text.match(/[\w-]+/g) ?? [];
const [purged] = await new PurgeCSS().purge({
  content: used_by.map((path) => ({ raw: read(path), extension: path.split(".").pop() })),
  css: [{ raw: sheets.map(read).join("\n") }],
  defaultExtractor: words,
});
const { code } = transform({ filename: sheet, code: Buffer.from(purged.css), minify: true });
writeFileSync(sheet, code);

for (const [from, to] of figures) {
  const { data } = optimize(read(from), { multipass: true, floatPrecision: 2 });
  writeFileSync(to, data);
}
