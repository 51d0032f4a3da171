"""Fetch the type that the PDF is set in, so that it has the same lines on every machine.

Source Sans and Source Code are under the SIL Open Font License. The few signs that they do not
have come from DejaVu Sans, which is a part of matplotlib. The one argument is the folder.
"""

import shutil
import sys
from pathlib import Path

import matplotlib

sys.path.insert(0, str(Path(__file__).parents[1] / "_ext"))
from katex_assets import unpack


def fetch(target: Path) -> None:
    target.mkdir(parents=True, exist_ok=True)
    styles = "(Regular|It|Semibold|SemiboldIt)"
    for package in ("source-sans@3.52.0", "source-code-pro@2.42.0"):
        unpack(package, "WOFF2/TTF", rf"Source(Sans3|CodePro)-{styles}\.ttf\.woff2", target)
    shutil.copy(Path(matplotlib.get_data_path()) / "fonts/ttf/DejaVuSans.ttf", target)


if __name__ == "__main__":
    fetch(Path(sys.argv[1]))
