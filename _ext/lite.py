"""The chapters in the reader's browser: a JupyterLite site, served with the book under ``lite/``.

``python _ext/lite.py`` builds it in ``_build/handout/lite``, from which the book's site takes it.
Python itself (Pyodide) comes from its public host when a reader opens a chapter; all else, the
book's library too, comes from the book's own site.
"""

import json
import os
import shutil
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import nbformat
import yaml
from lite_copies import for_browser, picture

HERE = Path(__file__).parent
ROOT = HERE.parent
HANDOUT = ROOT / "_build" / "handout"
WORK = ROOT / "_build" / "lite"
SITE = HANDOUT / "lite"
DOWNLOADS = ROOT / "_build" / "wheels"

PYODIDE = "https://cdn.jsdelivr.net/pyodide/v0.27.7/full/pyodide.js"
# Every chapter wants these; Pyodide loads SciPy and scikit-learn when a cell imports them.
ALWAYS = ["micropip", "ssl", "sqlite3", "jedi", "ipython", "numpy", "matplotlib"]
# Pure Python that comes from the book's own site, in the versions that the book was run with.
# The kernel wants `comm`, which Pyodide lacks.
BUNDLED = ["comm", "networkx", "cma", "vaderSentiment", "names"]
# Pyodide resolves an address from where its worker's script lies.
FROM_WORKER = "../../../../wheels"
EXTENSIONS = ["@jupyterlite/pyodide-kernel-extension", "jupyterlab-myst"]
# They lead to apps that are left out here, or hold the address instead of the reader's work.
DISABLED = [
    "@jupyter-notebook/application-extension:logo",
    "@jupyter-notebook/application-extension:pages",
    "@jupyter-notebook/notebook-extension:open-tree-tab",
    "@jupyter-notebook/notebook-extension:tab-icon",
    "@jupyter-notebook/notebook-extension:trusted",
    "@jupyterlite/application-extension:share-file",
    "@jupyterlite/notebook-application-extension:logo",
]
SETTINGS = {
    "@jupyter-notebook/application-extension:top": {"visible": "no"},
    "@jupyterlab/apputils-extension:themes": {"adaptive-theme": True},
    "@jupyterlab/docmanager-extension:plugin": {"autosaveInterval": 10},
    "@jupyterlab/notebook-extension:tracker": {"windowingMode": "none"},  # the browser can search
}
BAR = """\
    <link rel="icon" href="../../_static/logo.svg" />
    <link rel="stylesheet" href="../bar.css" />
    <script src="../bar.js" defer></script>
  </head>"""
HOME = """\
<!DOCTYPE html>
<html lang="en">
  <meta charset="utf-8" />
  <meta http-equiv="refresh" content="0; url=notebooks/index.html?path=index.ipynb" />
  <title>Cross-Entropy</title>
  <script id="jupyter-config-data" type="application/json" data-jupyter-lite-root=".">{}</script>
  <a href="notebooks/index.html?path=index.ipynb">The book, to be run in the browser</a>
</html>
"""


def offered() -> list[str]:
    """The notebooks that can be opened there, as paths from the root of the checkout."""
    toc = yaml.safe_load((ROOT / "_toc.yml").read_text("utf-8"))
    pages = [toc["root"], *(page["file"] for part in toc["parts"] for page in part["chapters"])]
    chapters = [f"{page}.ipynb" for page in pages if (ROOT / f"{page}.ipynb").is_file()]
    students = sorted(ROOT.glob("coursework/source/*/*.ipynb"))
    return [*chapters, *(f"coursework/{path.name}" for path in students)]


def address(file: str) -> str:
    """Where the site opens a notebook of `offered`, from the root of the site."""
    return f"lite/notebooks/index.html?path={file}"


def source(file: str) -> Path:
    """The notebook that is copied: a chapter, or what students get of an assignment."""
    return (HANDOUT if file.startswith("coursework/") else ROOT) / file


def copy(file: str) -> None:
    """Copy a notebook to where JupyterLite takes its files from."""
    target = WORK / "files" / file
    target.parent.mkdir(parents=True, exist_ok=True)
    book = nbformat.read(source(file), as_version=4)
    notebook = for_browser(book, root="../" * file.count("/"))
    # nbformat's own writer would drop the marks of trust
    text = json.dumps(notebook, ensure_ascii=False, indent=1)
    target.write_text(text, "utf-8")
    for cell in book.cells:
        if f"({picture(cell)})" in text:
            drawn = next(output.data for output in cell.outputs if "data" in output)
            target.with_name(picture(cell)).write_text(drawn["image/svg+xml"], "utf-8")


def gather_wheels() -> list[str]:
    """Put the wheels that the site brings itself into a folder; their names."""
    target = WORK / "wheels"
    target.mkdir()
    for name in BUNDLED:
        pattern = f"{name}-{version(name)}-*.whl"
        if not list(DOWNLOADS.glob(pattern)):
            pip = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps"]
            pip += ["--no-build-isolation", "--wheel-dir", str(DOWNLOADS)]
            subprocess.run([*pip, f"{name}=={version(name)}"], check=True)
        shutil.copy(next(DOWNLOADS.glob(pattern)), target)
    shutil.copy(next((HANDOUT / "coursework").glob("xent_lib-*.whl")), target)
    return sorted(path.name for path in target.glob("*.whl"))


def configure(wheels: list[str]) -> None:
    """Write JupyterLite's settings."""
    kernel = {
        "pyodideUrl": PYODIDE,
        "disablePyPIFallback": True,
        "loadPyodideOptions": {
            "packages": [*ALWAYS, *(f"{FROM_WORKER}/{name}" for name in wheels)]
        },
    }
    settings = {
        "jupyter-lite-schema-version": 0,
        "jupyter-config-data": {
            "appName": "Cross-Entropy",
            "exposeAppInBrowser": True,  # for the bar
            "disabledExtensions": DISABLED,
            "settingsOverrides": SETTINGS,
            "litePluginSettings": {"@jupyterlite/pyodide-kernel-extension:kernel": kernel},
        },
    }
    labextensions = Path(sys.prefix) / "share" / "jupyter" / "labextensions"
    build = {
        "apps": ["notebooks"],
        "ignore_sys_prefix": True,  # what else is installed here does not belong there
        "federated_extensions": [str(labextensions / name) for name in EXTENSIONS],
        "no_sourcemaps": True,
        "no_unused_shared_packages": True,
        "source_date_epoch": 499162500,  # the same bytes each time
        "output_dir": str(WORK / "site"),  # apart: it also sets the times of what lies beside it
        "cache_dir": str(WORK / "cache"),
    }
    (WORK / "jupyter-lite.json").write_text(json.dumps(settings), "utf-8")
    (WORK / "jupyter_lite_config.json").write_text(json.dumps({"LiteBuildConfig": build}), "utf-8")


def add_bar() -> None:
    """Put the bar above every notebook, and lead who comes without one to the first."""
    for name in ("bar.js", "bar.css"):
        shutil.copy(HERE / f"lite_{name}", SITE / name)
    page = SITE / "notebooks" / "index.html"
    html = page.read_text("utf-8").replace("<html>", '<html lang="en">')
    page.write_text(html.replace("  </head>", BAR), "utf-8")
    (SITE / "index.html").write_text(HOME, "utf-8")


def build() -> None:
    """Build the site anew."""
    for folder in (WORK, SITE):
        shutil.rmtree(folder, ignore_errors=True)
    for file in offered():
        copy(file)
    configure(gather_wheels())
    command = [sys.executable, "-m", "jupyterlite_core", "build", "--lite-dir", str(WORK)]
    done = subprocess.run(command, cwd=WORK, capture_output=True, text=True, env=os.environ)
    if done.returncode:
        sys.exit(done.stdout + done.stderr)
    shutil.move(WORK / "site", SITE)
    shutil.copytree(WORK / "wheels", SITE / "wheels")
    add_bar()


if __name__ == "__main__":
    build()
