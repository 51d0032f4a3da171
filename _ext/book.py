"""What this book asks of Sphinx beyond its settings in _config.yml.

* a chapter's title is followed by what one can do with the chapter;
* math is rendered by the Node that came with the requirements;
* a page loads no more than it uses (assets.py).
"""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import address
import assets
import lite
import node
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinxcontrib import katex

ROOT = Path(__file__).parent.parent
HANDOUT = ROOT / "_build" / "handout"  # what the site offers for download
PRINT = ROOT / "_build" / "print"  # pages that become a PDF
FIRST = "chapters/start/python"  # where a reader starts

# What a reader stumbles over in the HTML that others make, and the same without it.
MENDED: dict[str, str | Callable[[re.Match[str]], str]] = {
    # a table that scrolls on a narrow screen must be within reach of the keyboard
    '<div class="pst-scrollable-table-container"': (
        '<div class="pst-scrollable-table-container" tabindex="0"'
    ),
    # a long name in code may go on in the next line after an underscore
    r'(?<=<span class="pre">)[\w/]+_\w+(?=[^<]*</span>)': (
        lambda name: name[0].replace("_", "_<wbr>")
    ),
    # a name that is not the one to be seen
    '<summary aria-label="Toggle hidden content">': "<summary>",
    # roles that do not fit together
    '<div role="list" class="citation-list">': '<div class="citation-list">',
    ' role="doc-biblioentry"': "",
    # numpydoc's own name for the first reference of a docstring, and for the second
    r">\[R[0-9a-f]{12}-(\d+)\]<": r">[\1]<",
}

# The pages that Sphinx makes by itself have no description of their own.
MADE = {
    "genindex": "All that has a name in the book and in its library, from A to Z, with its place.",
    "py-modindex": "The modules of xent_lib, the small NumPy library of the book, with links.",
    "search": "Search the book: words, names of functions, and symbols such as H(p, q) or σ.",
}


def place(app: Sphinx, pagename: str) -> str:
    """Where a page stands in the book, as a line over its title."""
    for part in app.env.external_site_map[app.config.root_doc].subtrees:  # type: ignore[attr-defined]
        files = [str(item) for item in part.items]
        if pagename in files:
            count = f"{files.index(pagename) + 1} of {len(files)}"
            return f'<p class="place">{part.caption} · {count}</p>'
    return ""


def ways(app: Sphinx, pagename: str) -> str:
    """What one can do with a chapter, as links under its title."""
    up, links = "../" * pagename.count("/"), []
    if pagename == app.config.root_doc:
        links.append(("read", "Start reading", f"{FIRST}.html", ""))
    if notebook := app.env.doc2path(pagename, base=False).endswith(".ipynb"):
        links += [
            ("run", "Run in the browser", up + lite.address(f"{pagename}.ipynb"), ""),
            ("get", "Notebook", f"{up}_sources/{pagename}.ipynb", " download"),
        ]
    for what, pdf, wanted in (
        ("Book as PDF", "cross-entropy", notebook),
        ("This page as PDF", "cheat-sheet", pagename.endswith("cheat-sheet")),
    ):
        if wanted and (HANDOUT / "pdf" / f"{pdf}.pdf").exists():
            links.append(("page", what, f"{up}pdf/{pdf}.pdf", ""))
    if notebook and (repository := address.repository()):
        links.append(("say", "Report an error", f"{repository}/issues/new?title={pagename}", ""))
    items = "".join(
        f'<li><a href="{href}"{more}><span class="icon icon-{icon}"></span>{name}</a></li>'
        for icon, name, href, more in links
    )
    return f'<ul class="ways" aria-label="This chapter">{items}</ul>' if items else ""


def configure(app: Sphinx, config: Config) -> None:
    """Set what depends on this machine or this checkout."""
    config.html_baseurl = config.ogp_site_url = address.site()
    katex.NODEJS_BINARY = str(node.NODE)
    katex.STARTUP_TIMEOUT = katex.RENDER_TIMEOUT = 60.0
    # Over a port it tries again until Node listens; over a file it fails if Node is a moment late.
    katex.KaTeXServer.start_server_process = katex.KaTeXServer.start_network_socket
    if PRINT not in Path(app.outdir).parents:
        config.html_extra_path.append(str(HANDOUT))


def finish_page(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: Any
) -> None:
    """Mend what others made of a page, and add what the book has to say."""
    for html, better in MENDED.items():
        context["body"] = re.sub(html, better, context.get("body", ""))
    if pagename in MADE:
        description = f'<meta name="description" content="{MADE[pagename]}" />'
        context["metatags"] = context.get("metatags", "") + description
    if doctree is not None:
        over, under = place(app, pagename), ways(app, pagename)
        context["body"] = re.sub("<h1>.*?</h1>", rf"{over}\g<0>{under}", context["body"], count=1)
    assets.choose(app, pagename, context)


def finish_site(app: Sphinx, exception: Exception | None) -> None:
    """Make the site light, once all its pages are there."""
    if exception is None and app.builder.name == "html":
        assets.finish(Path(app.outdir))


def setup(app: Sphinx) -> dict[str, bool]:
    """Connect the functions above to the steps of a build."""
    app.connect("config-inited", configure)
    app.connect("html-page-context", finish_page, priority=990)
    app.connect("build-finished", finish_site, priority=990)
    # Pages are written one after another: each forked writer would leave its KaTeX server behind.
    return {"parallel_read_safe": True, "parallel_write_safe": False}
