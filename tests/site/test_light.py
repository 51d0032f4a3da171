"""What a page costs its reader, and that it needs nothing but itself: no host, no network."""

import gzip
import re

import pytest
from server import HTML
from test_pages import CHAPTERS, LOAD_ALL, LOADED, MADE, PAGES, article, parsed

BYTES, REQUESTS = 300_000, 20
FIGURE = 100_000  # bytes on the way; the heaviest has half of that

every_page = pytest.mark.parametrize("page", [*PAGES, *MADE])
each_chapter = pytest.mark.parametrize("file", CHAPTERS)


@pytest.fixture(autouse=True)
def built(site):
    """All tests here read the built site."""


@every_page
def test_first_load_is_light(browser, site, page):
    context = browser.new_context(viewport={"width": 390, "height": 844})
    tab = context.new_page()
    network = context.new_cdp_session(tab)
    sizes = []
    network.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    network.send("Network.enable")
    tab.goto(f"{site}/{page}", wait_until="networkidle")
    context.close()
    assert len(sizes) <= REQUESTS
    assert sum(sizes) <= BYTES or page == "search.html"  # which brings the index of all words


@every_page
def test_page_loads_no_script_that_it_does_not_use(page):
    scripts = [
        tag["src"].split("?")[0].split("/_static/")[-1]
        for tag in parsed(page).select("script[src]")
    ]
    scripts = [name.removeprefix("_static/") for name in scripts]
    mine = re.sub(r"^chapters/", "", page).replace("/", "-").replace(".html", ".js")
    wanted = ["site.js"] + ([f"xent/{mine}"] if parsed(page).select("[data-xent]") else [])
    if page == "search.html":
        wanted += ["search.js", "searchtools.js", "language_data.js", "searchindex.js"]
    assert scripts == wanted


@pytest.mark.parametrize("page", PAGES)
def test_figures_are_vectors_with_a_size_and_wait_until_they_are_near(page):
    for image in article(page).select("img"):
        file = (HTML / page).parent / image["src"]
        assert file.suffix in {".svg", ".webp"}, f"{file.name} is no vector drawing and no WebP"
        assert image["loading"] == "lazy"
        assert int(image["width"]) > 0
        assert int(image["height"]) > 0
        weight = len(gzip.compress(file.read_bytes()))
        assert weight < FIGURE, f"{file.name} has {weight / 1000:.0f} KB"


def test_no_file_of_the_pages_is_heavy():
    folders = ("_static", "_images")
    heavy = [
        f"{path.name}: {path.stat().st_size / 1000:.0f} KB"
        for folder in folders
        for path in (HTML / folder).rglob("*")
        if path.is_file() and path.stat().st_size > 250_000
    ]
    assert not heavy


@each_chapter
def test_a_copy_in_a_folder_works_without_a_server(browser, file):
    context = browser.new_context(viewport={"width": 1000, "height": 900})
    tab = context.new_page()
    trouble = []
    tab.on("console", lambda message: message.type == "error" and trouble.append(message.text))
    tab.on("pageerror", lambda error: trouble.append(str(error)))
    tab.on("requestfailed", lambda request: trouble.append(request.url))
    tab.goto((HTML / f"{file}.html").as_uri())
    tab.evaluate("document.fonts.ready")
    assert tab.locator("[data-xent]").count() == tab.locator("[data-xent][data-ready]").count()
    if tab.locator(".katex").count():
        loaded = (
            "[...document.fonts].filter(font => font.status === 'loaded').map(font => font.family)"
        )
        assert any("KaTeX" in family for family in tab.evaluate(loaded)), "formulas have no font"
    sliders = tab.locator("[data-xent] input[type=range], [data-xent] [role=slider]")
    if sliders.count():
        slider = sliders.first
        before = slider.get_attribute("aria-valuenow") or slider.input_value()
        slider.focus()
        slider.press("ArrowRight")
        assert (slider.get_attribute("aria-valuenow") or slider.input_value()) != before
    else:  # a figure to type into
        told = tab.locator("[data-xent] .xent-says").inner_text()
        tab.locator("[data-xent]:has(.xent-says) input[type=text]").fill("zoe")
        assert tab.locator("[data-xent] .xent-says").inner_text() != told
    tab.evaluate(f"() => {{ {LOAD_ALL} }}")
    tab.wait_for_function(LOADED)
    context.close()
    assert not trouble


def test_search_works_in_a_copy_in_a_folder(browser):
    tab = browser.new_page()
    tab.goto((HTML / "search.html").as_uri() + "?q=Huffman")
    tab.locator("#search-results a").first.wait_for()
    assert tab.locator('#search-results a[href*="codes.html"]').count()
    tab.close()
