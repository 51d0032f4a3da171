"""Measures every page of the built site as a reader on a phone meets it, and writes a report.

``python -m tests.site.audit`` needs the built site and Lighthouse (``python _ext/node.py --all``).
For each page: bytes on the way and requests until it rests, Lighthouse's four scores, and what axe
finds. The table goes to the screen and to ``_build/audit/pages.md``, Lighthouse's reports beside
it. The program fails where a page misses what the book promises.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT / "_ext"), str(Path(__file__).parent)]
import assets  # noqa: E402
import node  # noqa: E402
from browser import QUIET, find  # noqa: E402
from server import HTML, serving  # noqa: E402

REPORTS = ROOT / "_build" / "audit"
LIGHTHOUSE = node.MODULES / "lighthouse" / "cli" / "index.js"
SCORES = {"performance": 0.95, "accessibility": 1.0, "best-practices": 0.95, "seo": 1.0}
LONG = ("chapters/reference/api.html", 0.85)  # every function on one page, to be searched in
BYTES, REQUESTS = 300_000, 20


def pages() -> list[str]:
    """The pages of the book and those that Sphinx adds."""
    return [path.relative_to(HTML).as_posix() for path in assets.pages(HTML)]


def lighthouse(site: str, page: str) -> dict:
    """Lighthouse's report on one page, also kept as a file."""
    report = REPORTS / f"{page.removesuffix('.html').replace('/', '-')}.json"
    command = [str(node.NODE), str(LIGHTHOUSE), f"{site}/{page}", "--quiet", "--output=json"]
    command += ["--disable-full-page-screenshot"]  # of pages as high as a house
    command += [f"--output-path={report}", f"--chrome-flags={' '.join(['--headless=new', *QUIET])}"]
    done = subprocess.run(
        command, env=os.environ | {"CHROME_PATH": str(find())}, capture_output=True, text=True
    )
    if done.returncode:
        raise RuntimeError(f"Lighthouse failed on {page}:\n{done.stderr[-2000:]}")
    return json.loads(report.read_text("utf-8"))


def scores(site: str, page: str) -> dict[str, float]:
    """The four scores; where performance misses, its best of three: a busy machine only slows."""
    found = lighthouse(site, page)
    categories = {name: found["categories"][name]["score"] for name in SCORES}
    if categories["performance"] < SCORES["performance"]:
        again = [lighthouse(site, page)["categories"]["performance"]["score"] for _ in range(2)]
        categories["performance"] = max([categories["performance"], *again])
    loaded = [
        item
        for item in found["audits"]["network-requests"]["details"]["items"]
        if item["url"].startswith("http")
    ]
    return categories | {
        "bytes": sum(item["transferSize"] for item in loaded),
        "requests": len(loaded),
    }


def axe(site: str) -> dict[str, int]:
    """How many places of each page axe objects to, on a phone."""
    options = {"resultTypes": ["violations"], "preload": False}
    found = {}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find(), args=QUIET)
        phone = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
        tab = browser.new_page(**phone)
        for page in pages():
            tab.goto(f"{site}/{page}")
            violations = Axe().run(tab, options=options).response["violations"]
            found[page] = sum(len(violation["nodes"]) for violation in violations)
        browser.close()
    return found


def misses(page: str, row: dict[str, float]) -> list[str]:
    """What a page fails to keep of the promise, in words."""
    promised = SCORES | ({"performance": LONG[1]} if page == LONG[0] else {})
    told = [
        f"{name} {row[name]:.2f} < {least}" for name, least in promised.items() if row[name] < least
    ]
    told += [f"{row['bytes'] / 1000:.0f} KB"] if row["bytes"] > BYTES else []
    told += [f"{row['requests']} requests"] if row["requests"] > REQUESTS else []
    return told + ([f"axe {row['axe']}"] if row["axe"] else [])


def main() -> int:
    REPORTS.mkdir(parents=True, exist_ok=True)
    wanted = pages()
    with serving() as site:
        violations = axe(site)
        measured = {page: scores(site, page) for page in wanted}  # one at a time: it takes times
    lines = ["| page | KB | requests | performance | accessibility | best practices | SEO | axe |"]
    lines += ["|---|---|---|---|---|---|---|---|"]
    failed = []
    for page, row in measured.items():
        row["axe"] = violations[page]
        four = " | ".join(f"{row[name]:.2f}" for name in SCORES)
        weight = f"{row['bytes'] / 1000:.0f} | {row['requests']}"
        lines.append(f"| {page} | {weight} | {four} | {row['axe']} |")
        failed += [f"{page}: {', '.join(told)}"] if (told := misses(page, row)) else []
    table = "\n".join(lines)
    (REPORTS / "pages.md").write_text(table + "\n", "utf-8")
    print(table, *failed, f"{len(measured)} pages, {len(failed)} miss the mark.", sep="\n")
    return bool(failed)


if __name__ == "__main__":
    sys.exit(main())
