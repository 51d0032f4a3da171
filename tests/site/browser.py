"""The Chromium or Chrome that the tests drive: one found on the machine, else a new one.

``python tests/site/browser.py`` makes sure that there is one and prints where it is.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import sync_playwright

NAMES = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "microsoft-edge",
    "msedge",
)
PLACES = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    *(
        os.path.expandvars(f"%{folder}%\\{program}")
        for folder in ("ProgramFiles", "ProgramFiles(x86)", "LocalAppData")
        for program in (
            "Google\\Chrome\\Application\\chrome.exe",
            "Chromium\\Application\\chrome.exe",
            "Microsoft\\Edge\\Application\\msedge.exe",
        )
    ),
)
# A browser that only does what it is told, also for root on a machine without a screen.
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
MISSING = (
    "no Chromium or Chrome on this machine, and none could be installed: install Chromium, "
    "Google Chrome or Microsoft Edge, or run `python -m playwright install --with-deps chromium`"
)


def candidates() -> Iterator[str]:
    """Paths at which a browser may be, the machine's own first."""
    yield from filter(None, map(shutil.which, NAMES))
    yield from PLACES
    with sync_playwright() as playwright:
        yield playwright.chromium.executable_path


def starts(path: str) -> bool:
    """Whether the program is there and runs: some systems ship a stub that only prints advice."""
    if not Path(path).is_file():
        return False
    if os.name == "nt":  # there, asking for the version opens a window
        return True
    return subprocess.run([path, "--version"], capture_output=True).returncode == 0


def find() -> str | None:
    """The path of the first browser that starts."""
    return next(filter(starts, candidates()), None)


def install() -> None:
    """Try the ways to get a browser, until one is there."""
    ways = [[sys.executable, "-m", "playwright", "install", "--with-deps", "chromium"]]
    if shutil.which("apt-get") and os.geteuid() == 0:
        ways += [["apt-get", "update"], ["apt-get", "install", "-y", "chromium"]]
    for command in ways:
        print("No browser found, trying:", *command, flush=True)
        subprocess.run(command)
        if find():
            return


if __name__ == "__main__":
    if not find():
        install()
    print(path := find() or MISSING)
    sys.exit(path == MISSING)
