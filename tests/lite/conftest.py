"""The published lite site in Chromium, with Pyodide's host played by this machine."""

import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pyodide_host
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT / "tests" / "site"), str(ROOT / "_ext")]

import browser as machine  # noqa: E402
import lite  # noqa: E402
from server import HTML, serving  # noqa: E402

NOTHING_OUTSIDE = "MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"
NOT_TO_BE_HAD = f"{pyodide_host.PACKAGE} IS NOT TO BE HAD: THE CHAPTERS DID NOT RUN IN A BROWSER"


# A line for each notebook that ran, by whichever worker.
ROWS = ROOT / "_build" / "lite-chapters.jsonl"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--all-chapters", action="store_true", help="run every chapter, not a few")


def pytest_configure(config: pytest.Config) -> None:
    """Before the workers start: begin the table, and fetch Pyodide once for all."""
    if not hasattr(config, "workerinput"):
        ROWS.unlink(missing_ok=True)
        pyodide_host.fetch()


@pytest.fixture
def note() -> Callable[[dict], None]:
    """``note(row)`` adds a line to the table of the notebooks that ran."""

    def add(row: dict) -> None:
        with ROWS.open("a", encoding="utf-8") as lines:
            lines.write(json.dumps(row) + "\n")

    return add


def pytest_terminal_summary(terminalreporter, config: pytest.Config) -> None:
    """Print the table of all chapters, in the order of the book."""
    if not config.getoption("--all-chapters") or not ROWS.exists():
        return
    rows = [json.loads(line) for line in ROWS.read_text("utf-8").splitlines()]
    rows.sort(key=lambda row: lite.offered().index(row["chapter"]))
    write = terminalreporter.write_line
    write("| chapter | ran to its end | seconds to ready | seconds to run | cells left out |")
    write("|---|---|--:|--:|--:|")
    for row in rows:
        ran = "yes" if row["ran"] else "no"
        seconds = f"{row['ready']:.0f} | {row['run']:.0f}"
        write(f"| {row['chapter']} | {ran} | {seconds} | {row['left out']} |")


@pytest.fixture(scope="session")
def site() -> Iterator[str]:
    """Address of the built site, without a slash at the end."""
    if not (HTML / "lite" / "index.html").is_file():
        pytest.fail("the site is not built: run `make book` first", pytrace=False)
    with serving() as address:
        yield address


@pytest.fixture(scope="session")
def launch() -> Iterator[Callable[..., Browser]]:
    """``launch(*flags)`` starts a headless Chromium."""
    path = machine.find() or pytest.fail(machine.MISSING, pytrace=False)
    with sync_playwright() as playwright:
        started = []

        def start(*flags: str) -> Browser:
            started.append(
                playwright.chromium.launch(executable_path=path, args=[*machine.QUIET, *flags])
            )
            return started[-1]

        yield start
        for browser in started:
            browser.close()


@pytest.fixture(scope="session")
def online(launch: Callable[..., Browser]) -> Iterator[Browser]:
    """A Chromium that finds Pyodide's host, and no other, on this machine."""
    files = pyodide_host.fetch() or pytest.skip(NOT_TO_BE_HAD)
    with pyodide_host.serve(files) as (rule, *flags):
        yield launch(f"--host-resolver-rules={rule}, {NOTHING_OUTSIDE}", *flags)


@pytest.fixture(scope="session")
def offline(launch: Callable[..., Browser]) -> Browser:
    """A Chromium that finds the site alone."""
    return launch(f"--host-resolver-rules={NOTHING_OUTSIDE}")


class Notebook:
    """A notebook in the reader's browser."""

    def __init__(self, context: BrowserContext, site: str, file: str) -> None:
        self.trouble: list[str] = []
        self.site = site
        self.page: Page = context.new_page()
        self.page.on("pageerror", lambda error: self.trouble.append(f"uncaught error: {error}"))
        self.page.on("request", self._request)
        self.page.on("response", self._response)
        self.page.goto(f"{site}/{lite.address(file)}")

    def _request(self, request) -> None:
        # the service worker answers at the root of the site's host
        known = (self.site.removesuffix("book"), lite.PYODIDE.rsplit("/", 1)[0], "data:", "blob:")
        if not request.url.startswith(known):
            self.trouble.append(f"request to another host: {request.url}")

    def _response(self, response) -> None:
        if response.status >= 400:
            self.trouble.append(f"answer {response.status}: {response.url}")

    def wait_for_python(self) -> None:
        """Wait until Python is there, however slow the machine, or is known never to come."""
        self.page.wait_for_function(
            "/Ready|cannot|missing/.test(document.querySelector('#bar-state').textContent)",
            timeout=400_000,
        )
        assert self.state() == "Ready", self.page.locator("#bar-notice").inner_text()

    def state(self) -> str:
        return self.page.locator("#bar-state").inner_text()

    def write(self, sources: dict[int, str]) -> None:
        """Write over the code of some cells, given by their numbers."""
        self.page.evaluate(
            "sources => { for (const [number, source] of sources) jupyterapp.shell.currentWidget"
            ".content.model.cells.get(number).sharedModel.setSource(source) }",
            list(sources.items()),
        )

    def run_all(self) -> bool:
        """Run all cells; whether none of them failed."""
        return self.page.evaluate("jupyterapp.commands.execute('notebook:run-all-cells')")

    def cells(self) -> list[dict]:
        """The cells as they are now."""
        return self.page.evaluate("jupyterapp.shell.currentWidget.context.model.toJSON().cells")


@pytest.fixture
def open_in(site: str) -> Iterator[Callable[..., Notebook]]:
    """``open_in(online, file, width=390)`` opens a notebook in a browser.

    No notebook may complain: each test that opens one also fails on an uncaught error, a request
    to a strange host or a file that is not there.
    """
    contexts: list[BrowserContext] = []
    notebooks: list[Notebook] = []

    def show(browser: Browser, file: str, width: int = 1280, theme: str = "light") -> Notebook:
        window = {"width": width, "height": 900}
        contexts.append(browser.new_context(viewport=window, color_scheme=theme))
        notebooks.append(Notebook(contexts[-1], site, file))
        return notebooks[-1]

    yield show
    for context in contexts:
        context.close()
    if trouble := [told for notebook in notebooks for told in notebook.trouble]:
        pytest.fail("\n".join(trouble), pytrace=False)
