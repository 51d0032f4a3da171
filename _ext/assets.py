"""What a page loads: one style sheet, one script, and a script for what is interactive on it.

The theme and its extensions bring some 25 style sheets, scripts and icon fonts to every page. Here
they become ``_static/site.css``, with the rules that some page uses, and ``_static/site.js``.
Figures lose what no browser draws, and pages learn how large they are.
"""

import hashlib
import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import node
from sphinx.application import Sphinx

from xent_lib import _html

HERE = Path(__file__).parent
BUILD = HERE.parent / "_build"
KATEX = node.MODULES / "katex" / "dist"
LIGHT = BUILD / "figures"  # lightened figures, by the names of their content
SHEET, SCRIPT, SEARCH = "site.css", "site.js", "search.js"
SHEETS = (  # of the theme and the extensions, in their order
    "basic.css",
    "styles/bootstrap.css",
    "styles/pydata-sphinx-theme.css",
    "pygments.css",
    "styles/sphinx-book-theme.css",
    "copybutton.css",
    "mystnb.*.css",
    "sphinx-design.min.css",
)
OUR_SHEETS = ("icons.css", "book.css", "cite.css", "formulas.css", "glossary.css", "print.css")
SCRIPTS = (
    "documentation_options.js",
    "doctools.js",
    "sphinx_highlight.js",
    "clipboard.min.js",
    "copybutton.js",
    "scripts/pydata-sphinx-theme.js",
    "scripts/sphinx-book-theme.js",
)
FONT = re.compile(
    r'url\((fonts/[\w-]+\.woff2)\) format\("woff2"\)(?:,url\([^)]*\) format\([^)]*\))*'
)
FIGURE = re.compile(r'<img ([^>]*)src="([^"]*_images/)([^"/]+\.svg)" />')
POINTS = re.compile(r'<svg [^>]*?width="([\d.]+)pt" height="([\d.]+)pt"')
ASSET = re.compile(r'_static/([\w./-]+\.\w+)(?:\?v=\w*)?"')


def choose(app: Sphinx, pagename: str, context: dict[str, Any]) -> None:
    """Give a page the one sheet, the one script, and a script for its interactive parts."""
    for files in (context["css_files"], context["script_files"]):  # the builder's own lists
        files.clear()
    app.add_css_file(SHEET)
    if pagename == "search":  # its scripts do not wait for the page, and need this one before them
        app.add_js_file(SCRIPT)
        app.add_js_file(SEARCH, loading_method="defer")  # but before the search begins
    else:
        app.add_js_file(SCRIPT, loading_method="defer")
    kinds = set(re.findall(r'data-xent="([\w-]+)"', context.get("body", "")))
    if kinds:
        name = f"xent/{pagename.removeprefix('chapters/').replace('/', '-')}.js"
        target = Path(app.outdir) / "_static" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(_html.script(kinds), "utf-8")
        app.add_js_file(name, loading_method="defer")


def pages(site: Path) -> Iterator[Path]:
    """The pages that Sphinx wrote, without what the site offers for download."""
    offered = {path.name for path in (BUILD / "handout").iterdir()}
    for path in sorted(site.rglob("*.html")):
        if path.relative_to(site).parts[0] not in {*offered, "_static"}:
            yield path


def finish(site: Path) -> None:
    """Write the one sheet and the one script, lighten the figures, and tell the pages of it."""
    static = site / "_static"
    written = list(pages(site))
    script = [*(static / name for name in SCRIPTS), HERE / "page.js", HERE / "glossary.js"]
    static.joinpath(SCRIPT).write_text(
        ";\n".join(part.read_text("utf-8") for part in script), "utf-8"
    )
    formulas, ours = BUILD / "katex.css", BUILD / "xent.css"
    formulas.write_text(
        FONT.sub(r'url(\1) format("woff2")', KATEX.joinpath("katex.min.css").read_text("utf-8")),
        "utf-8",
    )
    ours.write_text(_html.style(), "utf-8")
    sheets = [path for name in SHEETS for path in static.glob(name)]
    sheets += [formulas, static / "katex-math.css", ours, *(HERE / name for name in OUR_SHEETS)]
    LIGHT.mkdir(exist_ok=True)
    figures = [path for path in site.glob("_images/*.svg") if not (LIGHT / path.name).exists()]
    task = {
        "sheets": sheets,
        "used_by": [*written, static / SCRIPT, *static.glob("xent/*.js")],
        "sheet": static / SHEET,
        "figures": [(path, LIGHT / path.name) for path in figures],
    }
    node.run(HERE / "lighten.mjs", given=json.dumps(task, default=str))
    shutil.copy(HERE / SEARCH, static)
    shutil.copytree(KATEX / "fonts", static / "fonts", dirs_exist_ok=True)
    tell(site, written)


def tell(site: Path, written: list[Path]) -> None:
    """Give the pages the sizes of the figures and the versions of what they load; drop the rest."""
    static = site / "_static"
    asked = set(re.findall(r"fonts/[\w-]+\.woff2", static.joinpath(SHEET).read_text("utf-8")))

    def sized(image: re.Match[str]) -> str:
        told, folder, name = image.groups()
        found = POINTS.search((site / "_images" / name).read_text("utf-8"))
        width, height = (
            (round(float(points) * 4 / 3) for points in found.groups()) if found else ("", "")
        )
        size = f'width="{width}" height="{height}" loading="lazy" decoding="async"'
        return f'<img {told}src="{folder}{name}" {size} />'

    def versioned(found: re.Match[str]) -> str:
        asked.add(found[1])
        digest = hashlib.sha256(static.joinpath(found[1]).read_bytes()).hexdigest()[:8]
        return f'_static/{found[1]}?v={digest}"'

    for page in written:
        text = page.read_text("utf-8")
        page.write_text(ASSET.sub(versioned, FIGURE.sub(sized, text)), "utf-8")
    for path in sorted(static.rglob("*"), reverse=True):  # a folder comes after what it holds
        if path.is_dir():
            if not any(path.iterdir()):
                path.rmdir()
        elif path.relative_to(static).as_posix() not in asked:
            path.unlink()
    for figure in site.glob("_images/*.svg"):
        shutil.copy(LIGHT / figure.name, figure)
