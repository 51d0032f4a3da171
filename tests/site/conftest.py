"""The built site, served on this machine, and a browser that notes whatever goes wrong."""

from collections.abc import Callable, Iterator

import pytest
from browser import MISSING, QUIET, find
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from server import HTML, serving

pytest.register_assert_rewrite("figures")  # their failures tell what was compared
from figures import document  # noqa: E402

FLAGS = [
    *QUIET,
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",  # nothing is to be had outside
]


@pytest.fixture(scope="session")
def site() -> Iterator[str]:
    """Address of the built site, without a slash at the end."""
    if not (HTML / "index.html").is_file():
        pytest.fail("the site is not built: run `make book` first", pytrace=False)
    with serving() as address:
        yield address


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A headless Chromium for the whole run."""
    path = find() or pytest.fail(MISSING, pytrace=False)
    with (
        sync_playwright() as playwright,
        playwright.chromium.launch(executable_path=path, args=FLAGS) as browser,
    ):
        yield browser


@pytest.fixture(scope="module")
def still(browser: Browser) -> Iterator[BrowserContext]:
    """A window whose reader wants no motion, so that buttons act at once."""
    context = browser.new_context(reduced_motion="reduce", viewport={"width": 800, "height": 900})
    context.set_default_timeout(5_000)
    yield context
    context.close()


@pytest.fixture
def open_figure(still: BrowserContext) -> Iterator[Callable[..., Page]]:
    """``open_figure(*figures, width=390, theme="dark", script=False)`` shows them on a page.

    A complaint of the page fails the test.
    """
    page = still.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", lambda request: complaints.append(request.url))

    def show(*figures: object, width: int = 800, **options: object) -> Page:
        page.set_content(document(*figures, **options))
        page.set_viewport_size({"width": width, "height": 900})
        return page

    yield show
    page.close()
    assert not complaints


class Visitor:
    """Opens pages of the site and writes down errors and requests that should not be."""

    def __init__(self, browser: Browser, site: str) -> None:
        self.browser = browser
        self.site = site
        self.contexts: dict[tuple[str, int, bool], BrowserContext] = {}
        self.pages: list[Page] = []
        self.trouble: list[str] = []

    def __call__(
        self, path: str, *, theme: str = "light", width: int = 1280, javascript: bool = True
    ) -> Page:
        """A page at `path` (relative to the site), loaded, in a theme and a width."""
        page = self.context(theme, width, javascript).new_page()
        self.pages.append(page)
        self.watch(page, javascript)
        page.goto(f"{self.site}/{path}")
        return page

    def context(self, theme: str, width: int, javascript: bool) -> BrowserContext:
        """The browser window of a theme and a width: made once, so that pages share its cache."""
        key = theme, width, javascript
        if key not in self.contexts:
            context = self.browser.new_context(
                color_scheme=theme,
                viewport={"width": width, "height": 900},
                java_script_enabled=javascript,
                reduced_motion="reduce",
            )
            context.add_init_script(  # what the theme's own switch stores
                f"for (const key of ['mode', 'theme']) localStorage.setItem(key, '{theme}')"
            )
            self.contexts[key] = context
        return self.contexts[key]

    def watch(self, page: Page, javascript: bool) -> None:
        """Write down what the page complains about and what it asks for and should not."""
        note = self.trouble.append

        def console(message) -> None:
            if message.type in ("error", "warning"):
                note(f"console {message.type}: {message.text} ({message.location.get('url')})")

        def request(request) -> None:
            if not request.url.startswith((self.site, "data:", "blob:")):
                note(f"request to another host: {request.url}")

        def response(response) -> None:
            if response.status >= 400:
                note(f"answer {response.status}: {response.url}")

        def failed(request) -> None:
            if javascript or request.resource_type != "script":
                note(f"request failed: {request.url}")

        page.on("console", console)
        page.on("pageerror", lambda error: note(f"uncaught error: {error}"))
        page.on("request", request)
        page.on("response", response)
        page.on("requestfailed", failed)
        page.on("websocket", lambda socket: note(f"web socket: {socket.url}"))


@pytest.fixture(scope="session")
def visitor(browser: Browser, site: str) -> Iterator[Visitor]:
    visitor = Visitor(browser, site)
    yield visitor
    for context in visitor.contexts.values():
        context.close()


@pytest.fixture
def visit(visitor: Visitor) -> Iterator[Visitor]:
    """``visit("chapters/information/entropy.html", theme="dark", width=390)`` opens a page.

    No page may complain: each test that opens one also fails on a console error, a request to
    another host or a file that is not there. ``visit.trouble`` is the list so far.
    """
    visitor.trouble.clear()
    yield visitor
    for page in visitor.pages:
        page.close()
    visitor.pages.clear()
    if visitor.trouble:
        pytest.fail("\n".join(visitor.trouble), pytrace=False)
