"""What this book asks of Sphinx beyond its settings in _config.yml.

* the repository buttons stand only where the checkout knows its public address;
* math is rendered by the Node that came with the requirements;
* a page that has something interactive loads its one script and one style sheet, no other does.
"""

import os
import re
from pathlib import Path
from typing import Any

import address
import katex_assets
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinxcontrib import katex

from xent_lib import _html

ROOT = Path(__file__).parent.parent
VENDOR = ROOT / "_build" / "vendor"
HANDOUT = ROOT / "_build" / "handout"  # what the site offers for download
STYLE = Path(__file__).parent / "book.css"

# What a reader stumbles over in the HTML that others make, and the same without it.
MENDED = {
    # a table that scrolls on a narrow screen must be within reach of the keyboard
    '<div class="pst-scrollable-table-container"': (
        '<div class="pst-scrollable-table-container" tabindex="0"'
    ),
    # roles that do not fit together
    '<div role="list" class="citation-list">': '<div class="citation-list">',
    ' role="doc-biblioentry"': "",
    # numpydoc's own name for the first reference of a docstring, and for the second
    r">\[R[0-9a-f]{12}-(\d+)\]<": r">[\1]<",
}


def add_repository_buttons(config: Config) -> None:
    """Source, Colab and Binder buttons, for a checkout with a public address."""
    repository = address.repository()
    if not repository:
        return
    branch = os.environ.get("GITHUB_REF_NAME") or address.git("rev-parse", "--abbrev-ref", "HEAD")
    config.html_theme_options |= {
        "repository_url": repository,
        "repository_branch": branch,
        "use_repository_button": True,
        "use_source_button": True,
        "use_issues_button": True,
        "launch_buttons": {
            "notebook_interface": "jupyterlab",
            "binderhub_url": "https://mybinder.org",
            "colab_url": "https://colab.research.google.com",
        },
    }
    config.html_baseurl = config.ogp_site_url = address.site()


def configure(app: Sphinx, config: Config) -> None:
    """Set what depends on this machine or this checkout."""
    add_repository_buttons(config)
    katex.NODEJS_BINARY = str(katex_assets.NODE)
    katex.STARTUP_TIMEOUT = katex.RENDER_TIMEOUT = 60.0
    # Over a port it tries again until Node listens; over a file it fails if Node is a moment late.
    katex.KaTeXServer.start_server_process = katex.KaTeXServer.start_network_socket
    config.html_static_path.append(str(VENDOR))
    config.html_extra_path.append(str(HANDOUT))


def choose_assets(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: Any
) -> None:
    """Give a page the scripts and styles it uses and no others."""
    for files in (context["script_files"], context["css_files"]):  # the builder's own lists
        files[:] = [file for file in files if "thebe" not in f"{file} {file.attributes}".lower()]
    app.add_css_file("book.css")
    for html, better in MENDED.items():
        context["body"] = re.sub(html, better, context.get("body", ""))
    if 'class="xent"' in context["body"]:
        app.add_css_file("xent.css")
        app.add_js_file("xent.js", loading_method="defer")


def write_assets(app: Sphinx, exception: Exception | None) -> None:
    """Write the book's own style and what `xent_lib` needs in a page."""
    if exception is None and app.builder.format == "html":
        static = Path(app.outdir) / "_static"
        static.joinpath("book.css").write_text(STYLE.read_text("utf-8"), "utf-8")
        static.joinpath("xent.css").write_text(_html.style(), "utf-8")
        static.joinpath("xent.js").write_text(_html.script(), "utf-8")


def setup(app: Sphinx) -> dict[str, bool]:
    """Connect the functions above to the steps of a build."""
    app.connect("config-inited", configure)
    app.connect("html-page-context", choose_assets, priority=990)
    app.connect("build-finished", write_assets)
    # Pages are written one after another: each forked writer would leave its KaTeX server behind.
    return {"parallel_read_safe": True, "parallel_write_safe": False}
